"""The kinds of notice there are. Every app offers its own; desk introduces them here when the product starts."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.kernel.offers import NoticeKind

_KINDS: dict[str, NoticeKind] = {}


def introduce(kinds: Iterable[NoticeKind]) -> None:
    """Make these kinds known; the same again changes nothing."""
    _KINDS.update({kind.code: kind for kind in kinds})


def kind_of(code: str) -> NoticeKind:
    """The kind with this code. Raises `LookupError`: a notice of a kind that no app offers is a defect."""
    try:
        return _KINDS[code]
    except KeyError:
        msg = f"no app offers notices of the kind {code!r}: name it in that app's offers"
        raise LookupError(msg) from None


def kinds() -> list[NoticeKind]:
    """All of them, by title."""
    return sorted(_KINDS.values(), key=lambda kind: kind.title)
