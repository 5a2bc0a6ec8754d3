"""Reading a long list page by page, by a cursor that stays right while rows come and go."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

from entrepot.kernel.errors import Invalid
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


def _read(cursor: str) -> tuple[Any, int]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(pk, int) or not isinstance(value, int | str) or not 0 <= pk < 2**63:
            raise ValueError(cursor)
    except (ValueError, TypeError):
        raise Invalid({"cursor": gettext_noop("This is not a cursor that a previous page gave.")}) from None
    return value, pk
