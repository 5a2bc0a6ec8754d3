"""Criteria: a tree of conditions on a declaration's columns, as officers write it and as JSON holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entrepot.kernel.errors import Invalid

OPERATORS = ("in", "starts", "contains", "lt", "le", "gt", "ge", "between", "missing")
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Condition:
    """One column compared: `values` are texts for `in`, `starts` and `contains`, one number for `lt le gt ge`, two for `between`.

    A missing cell meets only `missing`; so `not` of a comparison holds for it.
    """

    field: str
    operator: str
    values: tuple[Any, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it compares text."""
        return self.operator in ("in", "starts", "contains")


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Criteria, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part holds."""

    parts: tuple[Criteria, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Criteria


Criteria = Condition | All | AnyOf | Not


def criteria_from(data: Any, fields: Mapping[str, str], *, depth: int = 0) -> Criteria:
    """Read criteria from plain data. `fields` gives each column that may be named its kind, `text` or `number`. Raises `Invalid`.

    >>> fields = {"hs6": "text", "value": "number"}
    >>> tree = criteria_from({"all": [{"field": "hs6", "starts": ["6402"]}, {"field": "value", "lt": 100}]}, fields)
    >>> in_words(tree)
    'hs6 starts with 6402 and value < 100'
    >>> criteria_from({"field": "hs8", "in": ["1"]}, fields)
    Traceback (most recent call last):
    entrepot.kernel.errors.Invalid: The criteria are wrong: there is no column hs8; there are hs6, value.
    """
    if depth > DEEPEST:
        raise _wrong(f"they are nested more than {DEEPEST} deep")
    if not isinstance(data, Mapping):
        raise _wrong(f"{str(data)[:40]} is neither a condition nor all, any, not")
    for word, kind in (("all", All), ("any", AnyOf)):
        if word in data:
            parts = data[word]
            if len(data) != 1 or not isinstance(parts, list) or not parts:
                raise _wrong(f"{word} holds a list of one part or more, and nothing stands beside it")
            return kind(tuple(criteria_from(part, fields, depth=depth + 1) for part in parts))
    if "not" in data:
        if len(data) != 1:
            raise _wrong("nothing stands beside not")
        return Not(criteria_from(data["not"], fields, depth=depth + 1))
    return _condition(data, fields)


def _condition(data: Mapping[str, Any], fields: Mapping[str, str]) -> Condition:
    field = str(data.get("field"))
    operators = [key for key in data if key != "field"]
    if field not in fields:
        raise _wrong(f"there is no column {field[:40]}; there are {', '.join(sorted(fields))}")
    if len(operators) != 1 or operators[0] not in OPERATORS:
        raise _wrong(f"{field} needs one of {', '.join(OPERATORS)}")
    operator, value = operators[0], data[operators[0]]
    values = tuple(value) if isinstance(value, list) else (value,)
    kind = fields[field]
    if operator == "missing":
        if value is not True:
            raise _wrong(f"{field}: missing is true, or stands inside not")
        return Condition(field, operator)
    if operator in ("in", "starts", "contains"):
        if kind != "text" or not values or not all(isinstance(one, str) and one for one in values):
            raise _wrong(f"{field}: {operator} needs a text column and texts")
        return Condition(field, operator, tuple(sorted(set(values))))
    wanted = 2 if operator == "between" else 1
    if kind != "number" or len(values) != wanted or not all(_is_number(one) for one in values):
        raise _wrong(f"{field}: {operator} needs a number column and {wanted} number{'s' if wanted > 1 else ''}")
    return Condition(field, operator, tuple(float(one) for one in values))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _wrong(what: str) -> Invalid:
    return Invalid({"criteria": what}, "The criteria are wrong: %(what)s.", what=what)


WORDS = {"in": "is", "starts": "starts with", "contains": "contains", "lt": "<", "le": "≤", "gt": ">", "ge": "≥"}


def in_words(tree: Criteria) -> str:
    """The criteria as an officer reads them."""
    match tree:
        case Condition(field, "missing"):
            return f"{field} is missing"
        case Condition(field, "between", (low, high)):
            return f"{field} from {low:g} to {high:g}"
        case Condition(field, operator, values):
            return f"{field} {WORDS[operator]} {' or '.join(f'{one:g}' if isinstance(one, float) else one for one in values)}"
        case All(parts):
            return " and ".join(f"({in_words(part)})" if isinstance(part, AnyOf) else in_words(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(f"({in_words(part)})" if isinstance(part, All) else in_words(part) for part in parts)
        case Not(part):
            return f"not ({in_words(part)})"


def plain(tree: Criteria) -> dict[str, Any]:
    """The criteria as plain data, which `criteria_from` reads."""
    match tree:
        case Condition(field, "missing"):
            return {"field": field, "missing": True}
        case Condition(field, operator, values):
            return {"field": field, operator: list(values) if len(values) > 1 or operator in ("in", "starts", "contains") else values[0]}
        case All(parts):
            return {"all": [plain(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [plain(part) for part in parts]}
        case Not(part):
            return {"not": plain(part)}
