"""Every marked string is found, and the pseudo-languages keep what must be kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from entrepot.desk.catalogues.build import PSEUDO, build
from entrepot.desk.catalogues.extract import from_template, messages
from entrepot.kernel.roles import ROLES

PIECES = st.lists(st.sampled_from(["Save ", "%(n)s", "%s", "<b>", "</b>", "&amp;", "a word", " – ", "{}", "100%%", "é"]), max_size=8)


@given(PIECES)
def test_places_for_values_markup_and_entities_stay(pieces: list[str]) -> None:
    text = "".join(pieces)
    kept = [piece for piece in pieces if re.fullmatch(r"%\(n\)s|%s|</?b>|&amp;|\{\}", piece)]
    for change in PSEUDO.values():
        changed, position = change(text), 0
        for piece in kept:
            position = changed.index(piece, position) + len(piece)


def test_strings_are_found_wherever_they_are_marked(db: None) -> None:
    found = {message.id for message in messages()}
    assert ROLES[next(iter(ROLES))].title in found, "the kernel's"
    assert "Mark all read" in found, "a template's"
    assert ("%(n)s minute", "%(n)s minutes") in found, "a plural"
    assert "The file is empty." in found, "a fault's"
    assert "journal entry" in found, "the rules' own words"
    assert list(from_template('{% load i18n %}<a title="{% translate "It\'s (one)" %}">')) == [("gettext", ("It's (one)",))]


def test_the_template_for_translators_reads_back_whole(db: None, tmp_path: Path) -> None:
    count = build(tmp_path)
    with (tmp_path / "entrepot.pot").open("rb") as file:
        assert len(read_po(file)) == count > 350
    assert {f.parent.parent.name for f in tmp_path.rglob("django.mo")} == {"en_XA", "ar_XB", "en_XC"}


def test_pseudo_languages_are_offered_in_a_demo_only() -> None:
    import os
    import subprocess
    import sys

    asked = "from entrepot.config.settings import LANGUAGES; print(len(LANGUAGES))"
    answers = {}
    for demo in ("0", "1"):
        environment: dict[str, Any] = {**os.environ, "ENTREPOT_DEMO": demo, "ENTREPOT_SECRET_KEY": "x"}
        answers[demo] = subprocess.run(
            [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
    assert answers == {"0": "1", "1": "4"}
