"""Layouts: which columns a file has, what may stand in each, and what another's columns are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from entrepot.kernel.errors import Invalid


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    FLAG = "flag"
    HS = "hs"
    COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `low` and `high` bound a number, `codes` a text; an empty cell is allowed unless `required`."""

    name: str
    kind: Kind
    required: bool = False
    unique: bool = False
    max_length: int = 0
    low: float | None = None
    high: float | None = None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns in order; `source` gives the name in the file where it is not ours."""

    name: str
    columns: tuple[Column, ...]
    title: str = ""
    source: Mapping[str, str] = field(default_factory=dict)

    def called(self, name: str) -> str:
        """What the file calls our column `name`."""
        return self.source.get(name, name)

    def column(self, name: str) -> Column:
        """Our column of this name; raises `KeyError`."""
        return next(column for column in self.columns if column.name == name)

    @property
    def key(self) -> str:
        """The column that names a row."""
        return next(column.name for column in self.columns if column.unique)


def layout_from(name: str, data: Mapping[str, Any], base: Layout | None = None) -> Layout:
    """A layout from a TOML file's content; with `base` only names differ. Raises `Invalid` where the content is no layout.

    >>> layout_from("mine", {"columns": [{"name": "id", "kind": "text", "unique": True}], "source": {"id": "No."}}).called("id")
    'No.'
    """
    try:
        columns = tuple(
            Column(**{**entry, "kind": Kind(entry["kind"]), "codes": tuple(entry.get("codes", ()))}) for entry in data.get("columns", ())
        )
        source = {str(ours): str(theirs) for ours, theirs in data.get("source", {}).items()}
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise Invalid({"layout": str(error)}, "The layout %(name)s is wrong: %(what)s", name=name, what=error) from None
    if base:
        columns = base.columns
    unknown = set(source) - {column.name for column in columns}
    if unknown or not columns or sum(column.unique for column in columns) != 1:
        what = f"no such column of ours: {', '.join(sorted(unknown))}" if unknown else "it needs columns, one of them unique"
        raise Invalid({"layout": what}, "The layout %(name)s is wrong: %(what)s", name=name, what=what)
    return Layout(name=name, columns=columns, title=str(data.get("title", "")), source=source)
