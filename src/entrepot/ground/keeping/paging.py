"""Reading a long list page by page, by a cursor that stays right while rows come and go."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from entrepot.kernel.errors import Invalid
from entrepot.kernel.periods import FIRST_DAY, LAST_DAY
from entrepot.kernel.texts import gettext_noop

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows and the cursor of the next page ("" on the last)."""

    rows: list[M]
    following: str


def page(rows: QuerySet[M], *, by: str = "id", cursor: str = "", size: int = 50, descending: bool = False) -> Page[M]:
    """The page of `rows` after `cursor`, in the order of the column `by`, ties broken by id. Raises `Invalid` for a bad cursor."""
    step, sign = ("lt", "-") if descending else ("gt", "")
    if cursor:
        value, last = _read(cursor)
        if by == "id":
            rows = rows.filter(**{f"id__{step}": last})
        else:
            value = _fit(value, rows, by)
            # The first condition is implied by the second; it is there because an index can answer it.
            rows = rows.filter(**{f"{by}__{step}e": value})
            rows = rows.filter(Q(**{f"{by}__{step}": value}) | Q(**{by: value, f"id__{step}": last}))
    order = (f"{sign}id",) if by == "id" else (f"{sign}{by}", f"{sign}id")
    found = list(rows.order_by(*order)[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    kept = found[:size]
    return Page(kept, _write(getattr(kept[-1], by), kept[-1].pk))


def _write(value: Any, pk: int) -> str:
    plain = value if isinstance(value, int | str) else value.isoformat()
    return base64.urlsafe_b64encode(json.dumps([plain, pk]).encode()).decode().rstrip("=")


NO_CURSOR = gettext_noop("This is not a cursor that a previous page gave.")


def _fit(value: Any, rows: QuerySet[Any], by: str) -> Any:
    """The value as the column holds it: a cursor may be anybody's invention."""
    made = rows.query.annotations.get(by)
    column: Any = rows.model._meta.get_field(by) if made is None else made.output_field
    try:
        found = column.to_python(value)
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise Invalid({"cursor": NO_CURSOR}) from None
    if isinstance(found, datetime) and (found.tzinfo is None or not FIRST_DAY.year <= found.year <= LAST_DAY.year):
        raise Invalid({"cursor": NO_CURSOR})
    return found


def _read(cursor: str) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(pk, int) or not isinstance(value, int | str) or not 0 <= pk < 2**63:
            raise ValueError(cursor)
        if "\0" in str(value).encode().decode():  # nor half a character, which is a `ValueError` itself
            raise ValueError(cursor)
    except (ValueError, TypeError, RecursionError):
        raise Invalid({"cursor": NO_CURSOR}) from None
    return value, pk
