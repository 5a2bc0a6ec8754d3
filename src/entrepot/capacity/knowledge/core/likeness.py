"""How alike two administrations are, by what the region room knows of them: four plain questions, each a point, none weighed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class Size(StrEnum):
    """By the number of offices in the region room."""

    SMALL = "small"
    MIDDLE = "middling"
    LARGE = "large"
    UNKNOWN = "unknown"


class Likeness(StrEnum):
    """In what two administrations are alike."""

    SUB_REGION = "sub_region"
    SIZE = "size"
    LINE = "line"
    LANGUAGE = "spoken"


LIKENESSES = {
    Likeness.SUB_REGION: gettext_noop("the same sub-region"),
    Likeness.SIZE: gettext_noop("about as many offices"),
    Likeness.LINE: gettext_noop("the same sort of line"),
    Likeness.LANGUAGE: gettext_noop("a language in common beside English"),
}


@dataclass(frozen=True, slots=True)
class Administration:
    """What is known of one: empty or "unknown" where nothing is."""

    sub_region: str
    size: Size
    line: str
    languages: frozenset[str]


def size_of(offices: int) -> Size:
    """The size class: one office is small, two middling, three and more large, none recorded unknown."""
    return Size.UNKNOWN if offices < 1 else Size.SMALL if offices == 1 else Size.MIDDLE if offices == 2 else Size.LARGE


def alike(one: Administration, other: Administration) -> tuple[Likeness, ...]:
    """In what two are alike. What is not known of either makes them alike in nothing.

    >>> a = Administration("PX/ISLES/", Size.SMALL, "patchy", frozenset({"en", "to"}))
    >>> b = Administration("PX/ISLES/", Size.LARGE, "patchy", frozenset({"en", "fr"}))
    >>> [str(reason) for reason in alike(a, b)]
    ['sub_region', 'line']
    """
    found = []
    if one.sub_region and one.sub_region == other.sub_region:
        found.append(Likeness.SUB_REGION)
    if one.size is not Size.UNKNOWN and one.size is other.size:
        found.append(Likeness.SIZE)
    if one.line and one.line == other.line:
        found.append(Likeness.LINE)
    if (one.languages & other.languages) - {"en"}:
        found.append(Likeness.LANGUAGE)
    return tuple(found)
