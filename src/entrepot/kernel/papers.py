"""A paper: what a letter, concept note, certificate or report says, before it is a page, a PDF or a Word file.

It is built once, from records, in the reader's language; each form is made from it, so that all say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of lines."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """(what, value) pairs."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under column titles; `numbers` are the indexes of columns that hold figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numbers: frozenset[int] = frozenset()


Block = Heading | Para | Listing | Details | Table


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
