"""A paper: what a letter, concept note, certificate or report says, before it is a page, a PDF or a Word file.

It is built once, from records, in the reader's language; each form is made from it, so that all say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part: level 1 begins a chapter, on a new page where the paper has a cover; 2 a part; 3 a part of that.

    `language` is given where it differs from the paper's, as in the next ones.
    """

    text: str
    level: int = 2
    language: str = ""


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of lines; `ordered` where they are steps."""

    items: tuple[str, ...]
    ordered: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said aside: how figures were made, what was taken out."""

    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures to be seen from afar: (value, what it is, what it rests on)."""

    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Details:
    """(what, value) pairs."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column titles; `numbers` are the indexes of columns that hold figures.

    `bars` draws a bar in each row, after its first cell: how long it is, from 0 to 1; `beside` is the title of that column.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numbers: frozenset[int] = frozenset()
    bars: tuple[float, ...] = ()
    beside: str = ""

    def __post_init__(self) -> None:
        if self.bars and len(self.bars) != len(self.rows):
            msg = "a bar for each row, or none"
            raise ValueError(msg)


Block = Heading | Para | Listing | Details | Table | Remark | Figures
KINDS: dict[str, type[Block]] = {kind.__name__.lower(): kind for kind in (Heading, Para, Listing, Details, Table, Remark, Figures)}


def packed(block: Block) -> dict[str, Any]:
    """A block as plain JSON, to be kept and read again.

    >>> packed(Para("Said."))
    {'kind': 'para', 'text': 'Said.', 'language': ''}
    """
    return {"kind": type(block).__name__.lower(), **{name: _plain(value) for name, value in asdict(block).items()}}


def unpacked(plain: Mapping[str, Any]) -> Block:
    """What `packed` was made from."""
    values = {name: _deep(value) for name, value in plain.items() if name != "kind"}
    if "numbers" in values:
        values["numbers"] = frozenset(values["numbers"])
    return KINDS[plain["kind"]](**values)


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _deep(value: Any) -> Any:
    return tuple(_deep(part) for part in value) if isinstance(value, list | tuple) else value


@dataclass(frozen=True, slots=True)
class Cover:
    """A first page of its own: what stands above and below the title. `lines` are said at its foot."""

    series: str
    under: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The whole. `ornate` is for certificates: one page, centred, meant to hang on a wall. `code` is shown as a QR code where given."""

    title: str
    blocks: tuple[Block, ...]
    over: str = ""
    """A line above the title."""
    language: str = "en"
    invented: bool = False
    """Says on each page that it belongs to the practice region."""
    ornate: bool = False
    code: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    """Words of the form itself (`invented`, `page`), in the reader's language."""
    cover: Cover | None = None
    """A paper with a cover has a page of contents and running heads."""
    contents: str = ""
    """The title of the contents; none without it."""
    running: str = ""
    """What stands at the head of every page but the cover."""
