"""Every string that is marked for translation: in Python, in templates, in rules and enums whose words are shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from django.utils.translation.template import templatize

from entrepot import __version__
from entrepot.ground.region.enums import CentreStatus, Connectivity
from entrepot.kernel.principals import PrincipalKind

SOURCE = Path(__file__).parents[2]
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
_CALL = re.compile(r"\b(n?p?gettext|npgettext)\(")


def from_template(text: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(function, arguments) of each marked string in a Django template, by Django's own reading of it."""
    plain = templatize(text)
    for found in _CALL.finditer(plain):
        end = found.end()
        while (end := plain.find(")", end) + 1) > 0:
            try:
                call = ast.parse(plain[found.start() : end].strip(), mode="eval").body
            except SyntaxError:
                continue
            assert isinstance(call, ast.Call)
            yield found.group(1), tuple(a.value if isinstance(a, ast.Constant) else None for a in call.args)
            break


def messages() -> Catalog:
    """The catalogue of the product, in English, without translations."""
    catalog = Catalog(project="Entrepot", version=__version__, copyright_holder="the Entrepot authors", charset="utf-8", fuzzy=False)
    # Migrations and vendored files say nothing to people.
    for _file, _line, message, _notes, context in extract_from_dir(
        SOURCE, [("**/migrations/**", "ignore"), ("**.py", "python")], keywords=KEYWORDS
    ):
        catalog.add(message, context=context)
    for file in sorted(SOURCE.rglob("*.html")) + sorted(SOURCE.rglob("templates/**/*.txt")):
        for function, arguments in from_template(file.read_text(encoding="utf-8")):
            if function == "ngettext":
                catalog.add(arguments[:2])
            elif function == "pgettext":
                catalog.add(arguments[1], context=arguments[0])
            else:
                catalog.add(arguments[0])
    for words in _words_of_rules():
        catalog.add(words)
    return catalog


def _words_of_rules() -> Iterator[str]:
    from entrepot.ground.keeping.api import Rules  # noqa: PLC0415  (needs Django set up)

    for rules in Rules.every:
        yield rules.thing
        yield from rules.verbs
    for shown in (PrincipalKind, CentreStatus, Connectivity):
        yield from (member.value for member in shown)
