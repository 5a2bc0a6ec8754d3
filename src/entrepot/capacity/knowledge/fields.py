"""What a practice says, field by field: which there are, which a translation has, and what is wrong with what was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from entrepot.kernel.errors import Invalid
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.periods import ImpreciseDate
from entrepot.kernel.texts import Text, gettext_noop

from .enums import CostClass, PracticeKind, Supplier
from .models import Practice

TEXTS = ("problem", "context", "done", "steps", "resources", "results", "evidence", "lessons", "transfer")
CASE_TEXTS = ("system", "data", "workflow", "failed", "risks")
CASE = (*CASE_TEXTS, "supplier", "cost_class", "claims", "demonstration")
"""What only a technology case says."""
TOLD = ("title", *TEXTS, *CASE_TEXTS)
"""What a translation may say anew."""
VERSIONED = (*TOLD, "contact", "supplier", "cost_class", "claims", "demonstration", "language", "kind")
EDITABLE = frozenset({*VERSIONED, "topic"})
LABELS = {
    "title": gettext_noop("Title"),
    "topic": gettext_noop("Topic"),
    "language": gettext_noop("Language of the text"),
    "problem": gettext_noop("The problem"),
    "context": gettext_noop("The setting"),
    "system": gettext_noop("The system"),
    "supplier": gettext_noop("Where it comes from"),
    "data": gettext_noop("The data it works with"),
    "workflow": gettext_noop("How work runs with it"),
    "done": gettext_noop("What was done"),
    "steps": gettext_noop("Steps"),
    "resources": gettext_noop("What it took"),
    "cost_class": gettext_noop("Cost in the first year, staff time apart"),
    "results": gettext_noop("What came of it"),
    "evidence": gettext_noop("What shows that"),
    "failed": gettext_noop("What failed"),
    "risks": gettext_noop("Risks"),
    "claims": gettext_noop("Claims and their sources"),
    "demonstration": gettext_noop("Where it can be tried here"),
    "lessons": gettext_noop("What one would do differently"),
    "transfer": gettext_noop("What it needs elsewhere"),
    "contact": gettext_noop("Whom to ask"),
}
"""What each part is called, wherever it is asked or told."""
NEEDED = ("problem", "done", "results")
"""What has to be said before a Member can clear a practice."""
NEEDED_OF_CASE = (*NEEDED, "system", "supplier", "data", "cost_class", "failed")
LIMITS = {**dict.fromkeys((*TEXTS, *CASE_TEXTS), 6000), "title": 200, "contact": 200, "demonstration": 200}
_CHOICES: Mapping[str, Any] = {
    "language": LANGUAGES,
    "kind": set(PracticeKind),
    "supplier": {"", *Supplier},
    "cost_class": {"", *CostClass},
}
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+|(?:\+|00)?\d[\d\s().\-]{6,}\d")
MOST_CLAIMS = 20


def checked(values: Mapping[str, Any], allowed: frozenset[str] = EDITABLE) -> dict[str, Any]:
    """`values` cleaned. Raises `Invalid` with every fault under its field."""
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    faults: dict[str, Text | str] = {name: gettext_noop("This cannot be changed here.") for name in set(clean) - allowed}
    faults |= {
        name: gettext_noop("Choose one of those offered.") for name, known in _CHOICES.items() if clean.get(name, "") not in {"", *known}
    }
    for name, limit in LIMITS.items():
        if len(clean.get(name) or "") > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    _particular(clean, faults)
    if faults:
        raise Invalid(faults)
    return clean


def _particular(clean: dict[str, Any], faults: dict[str, Text | str]) -> None:
    """What concerns one field only."""
    needed = {"title": gettext_noop("Give the practice a title."), "language": gettext_noop("Choose one of those offered.")}
    faults |= {name: said for name, said in needed.items() if name in clean and not clean[name]}
    if _ADDRESS.search(clean.get("contact") or ""):
        faults["contact"] = gettext_noop("Name a function, not an address or a number: questions reach it through this product.")
    if (path := clean.get("demonstration") or "") and not re.fullmatch(r"/(?!/)[\w\-./]*", path):
        faults["demonstration"] = gettext_noop("Give a path of this product, as /programme/.")
    if "claims" in clean:
        _claims(clean, faults)


def _claims(clean: dict[str, Any], faults: dict[str, Text | str]) -> None:
    kept = []
    for row in clean["claims"] or []:
        claim = {name: str(row.get(name, "")).strip()[:400] for name in ("claim", "source", "dated")}
        if not claim["claim"]:
            continue
        try:
            claim["dated"] = ImpreciseDate.parse(claim["dated"]).text if claim["dated"] else ""
        except Invalid as error:
            faults["claims"] = error.faults["date"]
        if claim["source"] and not claim["dated"]:
            faults["claims"] = gettext_noop("A claim with a source says of when the source is: 2025, 2025-06 or 2025-06-30.")
        kept.append(claim)
    if len(kept) > MOST_CLAIMS:
        faults["claims"] = Text(gettext_noop("At most %(most)s claims."), {"most": MOST_CLAIMS})
    clean["claims"] = kept


def missing(practice: Practice) -> list[str]:
    """What still has to be said before the practice can be cleared."""
    needed = NEEDED_OF_CASE if practice.kind == PracticeKind.TECHNOLOGY else NEEDED
    return [name for name in needed if not getattr(practice, name)]


def told(practice: Practice) -> dict[str, Any]:
    """What the practice says now, as a version keeps it."""
    return {name: getattr(practice, name) for name in VERSIONED}


def read_claims(text: str) -> list[dict[str, str]]:
    """Claims as people write them: one a line, `claim | source | date`.

    >>> read_claims("Half the time | Office log | 2025-06")
    [{'claim': 'Half the time', 'source': 'Office log', 'dated': '2025-06'}]
    """
    rows = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if parts[0]:
            rows.append(dict(zip(("claim", "source", "dated"), [*parts, "", ""][:3], strict=True)))
    return rows


def write_claims(claims: list[dict[str, str]]) -> str:
    """What `read_claims` reads."""
    return "\n".join(" | ".join(part for part in (row["claim"], row["source"], row["dated"]) if part) for row in claims)
