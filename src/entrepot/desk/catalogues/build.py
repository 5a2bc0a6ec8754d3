"""Building the catalogues: a template for translators, translations compiled, and the pseudo-languages of the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import allauth
import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from .extract import SOURCE, messages
from .pseudo import expanded, right_to_left, unspaced

PSEUDO: dict[str, Callable[[str], str]] = {"en_XA": expanded, "ar_XB": right_to_left, "en_XC": unspaced}
"""By the convention of the Unicode locale data: XA longer and accented, XB right to left; XC, without word spaces, is ours."""


def build(folder: Path) -> int:
    """Write `entrepot.pot` and the pseudo-languages below `folder`, compile the translations beside the source, return how many strings."""
    ours = messages()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "entrepot.pot").open("wb") as file:
        write_po(file, ours, no_location=True, sort_output=True, omit_header=False)
    for translated in sorted((SOURCE / "locale").glob("*/LC_MESSAGES/django.po")):
        with translated.open("rb") as file:
            _write(read_po(file), translated.parent)
    everything = _with_libraries(ours)
    for locale, change in PSEUDO.items():
        _write(_changed(everything, change), folder / locale / "LC_MESSAGES")
    return len(ours)


def _with_libraries(ours: Catalog) -> Catalog:
    """Our strings and those of Django and allauth, which stand on our pages too: months, faults of forms, the sign-in."""
    whole = Catalog(charset="utf-8", fuzzy=False)
    roots = (Path(django.__file__).parent, Path(allauth.__file__).parent)
    known = [file for root in roots for file in sorted(root.rglob("locale/en/LC_MESSAGES/django.po"))]
    for file in known:
        with file.open("rb") as opened:
            for message in read_po(opened):
                if message.id:
                    whole.add(message.id, context=message.context)
    for message in ours:
        if message.id:
            whole.add(message.id, context=message.context)
    return whole


def _changed(catalog: Catalog, change: Callable[[str], str]) -> Catalog:
    made = Catalog(charset="utf-8", fuzzy=False)
    for message in catalog:
        if not message.id:
            continue
        string = change(message.id) if isinstance(message.id, str) else tuple(change(text) for text in message.id)
        made.add(message.id, string, context=message.context)
    return made


def _write(catalog: Catalog, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "django.mo").open("wb") as file:
        write_mo(file, catalog)
