"""The characters that texts are kept in."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.kernel.characters import UnfitText, clean_address, clean_line, clean_text, clean_values, without_unfit

# Any character at all, lone surrogates too, and the troublesome ones often.
_TROUBLE = (
    "\x00\x07\x1b\x7f\x85\r\n\t\u00ad\u200b\u200c\u200d\u200e\u200f\u2028\u202e\u2066\ufeff\ufffe\ud800\ue000\uf0b7\U000f0000\U0010ffff"
)
_anything = st.text(st.one_of(st.characters(), st.sampled_from(_TROUBLE)), max_size=30)


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800", "\ue000", "\U000f0000", "\U00100000", "\ufdd0", "\uffff"]
)
def test_a_character_that_nobody_can_read_is_refused_by_its_code_and_place(character: str) -> None:
    with pytest.raises(UnfitText) as caught:
        clean_text(f"First line\nTraining on {character}value", field="title")
    told = str(caught.value.faults["title"])
    assert f"U+{ord(character):04X}" in told
    assert "after “Training on”" in told


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\u202eb\u2066c\ufeff", "abc"),
        ("in\u00advoice", "invoice"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("\uf0b7 first", "• first"),
        ("a\u200bb\u200dc", "abc"),
        ("ភាសា\u200bខ្មែរ", "ភាសា\u200bខ្មែរ"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("神崎", "神崎"),
        ("𠮷野", "𠮷野"),
    ],
)
def test_what_nobody_sees_is_removed_and_what_a_script_needs_stays(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_two_addresses_that_look_alike_are_the_same() -> None:
    typed = ["ana@customs.example", "ana\u200b@customs.example", "\u2066ana@customs.example\u2069", "ana@customs.example\u200f\u200d"]
    assert {clean_address(one) for one in typed} == {"ana@customs.example"}


@given(_anything)
def test_cleaning_twice_changes_nothing_and_lets_nothing_unfit_through(typed: str) -> None:
    for clean in (clean_text, clean_line, clean_address):
        try:
            kept = clean(typed)
        except UnfitText:
            continue
        assert clean(kept) == kept
        kept.encode()
        assert not set(kept) & set("\x00\x1b\u202e\ufeff\r\U000f0000")
    assert clean_text(without_unfit(typed)) == without_unfit(typed)


@given(st.text(st.sampled_from("a\u0301\u0323\u0f73\u0344\uff9e\u200b\u200d\u05b8ب"), max_size=300))
def test_marks_beyond_thirty_go_and_cleaning_twice_changes_nothing(typed: str) -> None:
    kept = clean_text(typed)
    assert clean_text(kept) == kept
    assert not re.search("[\u0301\u0323\u05b8]{61}", unicodedata.normalize("NFD", kept))


def test_every_text_of_a_json_value_is_looked_at() -> None:
    assert clean_values({"a\ufeff": [1, None, {"b": "x\r\ny"}]}) == {"a": [1, None, {"b": "x\ny"}]}
    with pytest.raises(UnfitText) as caught:
        clean_values({"items": [{"title": "fine"}, {"title": "a\x00"}]})
    assert list(caught.value.faults) == ["items.1.title"]
