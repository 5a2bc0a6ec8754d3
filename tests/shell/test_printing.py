"""Papers as PDF in every script of the region: what no font holds stands as a box and is named, and nothing stops a paper."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from entrepot.kernel.papers import Details, Heading, Listing, Paper, Para, Table
from entrepot.shell.papers import forget_prints, made_once, to_pdf
from entrepot.shell.papers.glyphs import BOX, drawable, without_missing
from entrepot.shell.papers.pdf import Unprintable, _printable

SCRIPTS = {
    "Tamil": (0x0B80, 0x0BFF), "Thaana": (0x0780, 0x07BF), "Telugu": (0x0C00, 0x0C7F), "Gujarati": (0x0A80, 0x0AFF),
    "Gurmukhi": (0x0A00, 0x0A7F), "Kannada": (0x0C80, 0x0CFF), "Malayalam": (0x0D00, 0x0D7F), "Mongolian": (0x1820, 0x1878),
    "Odia": (0x0B00, 0x0B7F), "Devanagari": (0x0900, 0x097F), "Bengali": (0x0980, 0x09FF), "Sinhala": (0x0D80, 0x0DFF),
    "Thai": (0x0E00, 0x0E7F), "Lao": (0x0E80, 0x0EFF), "Tibetan": (0x0F00, 0x0FBC), "Myanmar": (0x1000, 0x109F),
    "Khmer": (0x1780, 0x17FF), "Arabic": (0x0600, 0x06FF), "Hangul": (0xAC00, 0xD7A3), "Kana": (0x3041, 0x30FF),
    "Han": (0x4E00, 0x9FA5), "Cyrillic": (0x0400, 0x04FF), "Latin": (0x00A0, 0x024F), "Ol Chiki": (0x1C50, 0x1C7F),
    "emoji": (0x1F600, 0x1F64F),
}  # fmt: skip


def _paper(text: str, *, ornate: bool = False) -> Paper:
    return Paper(text, (Heading(text), Para(text), Listing((text,)), Details(((text, text),)), Table((text,), ((text,),))), ornate=ornate)


def _words(pdf: bytes) -> str:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_of_a_script_of_the_region_can_be_printed(script: str) -> None:
    first, last = SCRIPTS[script]
    # As far as this Python's Unicode knows them; Noto adds letters of later versions at its own pace.
    lacking = [hex(n) for n in range(first, last + 1) if unicodedata.category(chr(n)) not in ("Cn", "Cf") and n not in drawable()]
    assert len(lacking) <= (last - first) * 0.02, lacking
    letters = "".join(chr(n) for n in range(first, last + 1) if n in drawable())[:40]
    assert without_missing(letters) == (letters, ())
    assert to_pdf(_paper(letters, ornate=True)).startswith(b"%PDF")


@pytest.mark.row("R17.4")
def test_a_character_without_a_font_stands_as_a_box_and_is_named_with_its_place() -> None:
    said = " ".join(_words(to_pdf(_paper("Team 𠮷野 meets"))).split())
    assert "Team ▯野 meets" in said
    assert "▯ in “Team ▯野 meets” is U+20BB7 (CJK UNIFIED IDEOGRAPH-20BB7): there is no font for it here." in said
    assert "no font" not in _words(to_pdf(_paper("Équipe 野 ✓ 🙂")))


def test_many_missing_characters_are_counted_after_the_first_dozen() -> None:
    said = " ".join(_words(to_pdf(_paper("".join(chr(0x11005 + n) for n in range(40))))).split())
    assert said.count("there is no font for it here") == 12
    assert "28 more characters have no font here." in said


def test_what_only_alters_a_sign_is_left_out_rather_than_the_sign() -> None:
    said = _words(to_pdf(_paper("well done 👍🏽 1️⃣")))
    assert "👍" in said
    assert BOX not in said


@settings(max_examples=40, deadline=None)
@example("")
@example("\x00")
@example("\u3000")
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
def test_no_text_stops_a_paper(text: str) -> None:
    assert to_pdf(_paper(text)).startswith(b"%PDF")


@pytest.mark.parametrize("word", ["क्", "ক্", "ਕ੍", "ક્", "କ୍", "க்", "క్", "ಕ್", "ക്", "क़्\u200d", "क्\x07"])
def test_a_syllable_without_an_end_stops_no_paper(word: str) -> None:
    assert to_pdf(Paper("x", (Para(word * 129),))).startswith(b"%PDF")


@pytest.mark.parametrize("text", ["का" + "ा" * 300, "\u093f" * 300, "கெ" + "ெ" * 300, "क" + "\u1cd0" * 300 + "\ua8e0" * 300])
def test_marks_without_an_end_stop_no_paper(text: str) -> None:
    assert to_pdf(Paper("x", (Para(text),))).startswith(b"%PDF")


def test_words_of_people_are_left_whole() -> None:
    for text in ("हिन्दी में कर्त्तव्य निर्धारण " * 20, "क" * 300, "മലയാളം " * 50, "क्षि" * 100):
        assert _printable(text) == text


def test_a_panic_of_typst_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entrepot.shell.papers.pdf._ENDLESS", re.compile("(?!)"))
    with pytest.raises(Unprintable, match="No PDF can be made"):
        to_pdf(Paper("x", (Para("क्" * 129),)))


@pytest.mark.row("R17.4")
def test_a_name_without_blanks_stays_on_the_paper() -> None:
    said = _words(to_pdf(Paper("Certificate", (Heading("W" * 200),), ornate=True)))
    assert len([line for line in said.splitlines() if "WWW" in line]) >= 3, "it takes several lines"
    assert said.count("W") == 200


def test_a_frozen_paper_is_made_once_and_again_when_it_says_something_else() -> None:
    made: list[str] = []

    def make(paper: Paper) -> bytes:
        made.append(paper.title)
        return paper.title.encode()

    forget_prints()
    first, other = Paper("One", (Para("x"),)), Paper("One", (Para("y"),))
    assert [made_once(paper, "pdf", make) for paper in (first, first, other, first)] == [b"One"] * 4
    assert made == ["One", "One"]
    assert made_once(first, "docx", make) == b"One"
    forget_prints()
    made_once(first, "pdf", make)
    assert len(made) == 4, "whoever is erased takes what was kept along"
