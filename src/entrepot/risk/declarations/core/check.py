"""What is wrong with a row, as table expressions: each fault is a condition and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import ibis.expr.types as ir

from entrepot.kernel.errors import Invalid

from .codes import COUNTRIES, USER_ASSIGNED
from .layout import Column, Kind, Layout

TRUE = ("1", "true", "t", "yes", "y")
FALSE = ("0", "false", "f", "no", "n")
ROW = "row_in_file"
EARLIEST = date(1990, 1, 1)


class MissingColumns(Invalid):
    """The file lacks columns that the layout requires."""

    code = "missing-columns"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where `when` holds, `words` says what is wrong with the row."""

    when: Any
    words: Any


def present(raw: ir.Table, layout: Layout) -> list[Column]:
    """The layout's columns that the file has. Raises `MissingColumns` where a required one is not there."""
    missing = [layout.called(column.name) for column in layout.columns if column.required and layout.called(column.name) not in raw.columns]
    if missing:
        has = ", ".join(str(name)[:40] for name in raw.columns[:40] if name != ROW)
        raise MissingColumns(
            dict.fromkeys(missing, "is not in the file"),
            "The file has no column %(missing)s. It has: %(has)s. Name its columns with --layout where they are called otherwise.",
            missing=", ".join(missing),
            has=has,
        )
    return [column for column in layout.columns if layout.called(column.name) in raw.columns]


def _text(cell: Any) -> Any:
    return cell.cast("string").strip()


def _typed(cell: Any, kind: Kind) -> Any:
    """The cell's value in our type, null where it cannot be read as one."""
    text = _text(cell)
    empty = text.nullif("")
    match kind:
        case Kind.DATE:
            return cell.cast("date") if cell.type().is_date() or cell.type().is_timestamp() else empty.try_cast("date")
        case Kind.NUMBER:
            return cell.cast("float64") if cell.type().is_numeric() else empty.try_cast("float64")
        case Kind.FLAG:
            if cell.type().is_boolean():
                return cell
            low = text.lower()
            return ibis.cases((low.isin([*TRUE, "1.0"]), True), (low.isin([*FALSE, "0.0"]), False))
        case Kind.COUNTRY:
            return empty.upper()
        case Kind.TEXT | Kind.HS:
            return empty


def typed(raw: ir.Table, layout: Layout) -> ir.Table:
    """Every column of the layout in its type, null where the file has no such column or the cell is empty or unreadable."""
    has = {column.name for column in present(raw, layout)}
    types = {Kind.DATE: "date", Kind.NUMBER: "float64", Kind.FLAG: "boolean"}
    columns = {
        column.name: _typed(raw[layout.called(column.name)], column.kind)
        if column.name in has
        else ibis.null().cast(types.get(column.kind, "string"))
        for column in layout.columns
    }
    return raw.select(**{ROW: raw[ROW]}, **columns)


def faults(raw: ir.Table, layout: Layout, *, today: date) -> list[Fault]:
    """Each thing that can be wrong with a row of `raw`, in the order of columns. `today` is the day after which a date is in the future."""
    found: list[Fault] = []
    for column in present(raw, layout):
        cell = raw[layout.called(column.name)]
        text = _text(cell)
        is_empty = cell.isnull() | (text == "")
        value = _typed(cell, column.kind)
        name = layout.called(column.name)
        shown = text.substr(0, 40)
        if column.required:
            found.append(Fault(is_empty, ibis.literal(f"{name} is empty")))
        found += [
            Fault(~is_empty & when.fill_null(True), shown.concat(f" {words}")) for when, words in _wrong(column, name, text, value, today)
        ]
    return found


def _wrong(  # noqa: C901  # one branch for each kind
    column: Column, name: str, text: Any, value: Any, today: date
) -> list[tuple[Any, str]]:
    match column.kind:
        case Kind.DATE:
            bad = [(value.isnull(), f"is no date of the form 2024-12-31 ({name})")]
            future = (value.notnull() & (value > ibis.literal(today)), f"lies in the future ({name}; today is {today})")
            early = (value.notnull() & (value < ibis.literal(EARLIEST)), f"is before {EARLIEST} ({name})")
            return [*bad, future, early]
        case Kind.NUMBER:
            odd = value.isnull() | value.isnan() | value.isinf()
            rules = [(odd, f"is no number ({name})")]
            if column.low is not None:
                rules.append((~odd & (value < column.low), f"is below {column.low:g} ({name})"))
            if column.high is not None:
                rules.append((~odd & (value > column.high), f"is above {column.high:g} ({name})"))
            return rules
        case Kind.FLAG:
            return [(value.isnull(), f"is neither yes nor no ({name})")]
        case Kind.HS:
            return [(~text.re_search(r"^(0[1-9]|[1-8][0-9]|9[0-9])[0-9]{4}$"), f"is no six-digit HS code ({name})")]
        case Kind.COUNTRY:
            return [(~value.isin(sorted(COUNTRIES | USER_ASSIGNED)), f"is no country code of ISO 3166 ({name})")]
        case Kind.TEXT:
            rules = []
            if column.max_length:
                rules.append((text.length() > column.max_length, f"… is longer than {column.max_length} characters ({name})"))
            if column.codes:
                rules.append((~text.isin(column.codes), f"is not one of {', '.join(column.codes)} ({name})"))
            return rules


def repeated(raw: ir.Table, layout: Layout) -> Fault:
    """A row whose identifier stands in an earlier row already."""
    name = layout.called(layout.key)
    key = _text(raw[name])
    earlier = ibis.row_number().over(ibis.window(group_by=key, order_by=raw[ROW]))
    return Fault(key.notnull() & (key != "") & (earlier > 0), key.substr(0, 40).concat(f" stands in an earlier row already ({name})"))


def is_bad(raw: ir.Table, layout: Layout, *, today: date) -> Any:
    """Whether anything is wrong with the row, apart from repetition."""
    condition = ibis.literal(False)
    for fault in faults(raw, layout, today=today):
        condition = condition | fault.when
    return condition


def reasons(raw: ir.Table, layout: Layout, *, today: date) -> Any:
    """All that is wrong with the row, joined by `; `."""
    words = ibis.literal("")
    for fault in faults(raw, layout, today=today):
        words = words.concat(fault.when.ifelse(fault.words.concat("; "), ""))
    return words
