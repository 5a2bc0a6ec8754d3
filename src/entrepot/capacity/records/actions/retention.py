"""For how long a store keeps statements, and letting go of those that are older."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from ..core import from_instant
from ..enums import Role
from ..models import Mark, Statement, Store
from ..models.partitions import drop_empty_partitions, make_partitions
from ..rules import store_rules
from .people import drop_unused

BATCH = 20_000


@action
def set_retention(*, by: Principal, at: datetime, uuid: UUID, days: int | None) -> Store:
    """Say for how many days a store keeps statements (None: for good). Raises `NotFound`, `NotAllowed`, `Invalid`."""
    if days is not None and not 30 <= days <= 36_500:
        raise Invalid({"days": gettext_noop("Keep statements for thirty days at least and a hundred years at most, or for good.")})
    store = hold(store_rules.visible_to(by).select_related("place"), uuid)
    store_rules.require(by, "set retention", store)
    if not change(store, {"keep_days": days}, version=None):
        nothing_done()
        return store
    append(by=by, at=at, verb="records.retention.set", thing=store, place=store.place.lineage, facts={"days": days})
    return store


@action
def let_go(*, at: datetime, store: Any) -> int:
    """Remove up to a batch of statements that the store no longer keeps; return how many. Counts and identifiers stay."""
    if store.keep_days is None:
        nothing_done()
        return 0
    before = from_instant(at - timedelta(days=store.keep_days))
    old = Statement.objects.filter(store_id=store.pk, position__lt=before).order_by("position")
    positions = list(old.values_list("position", flat=True)[:BATCH])
    if not positions:
        nothing_done()
        return 0
    last = positions[-1]
    attached = set(Mark.objects.filter(store_id=store.pk, role=int(Role.ATTACHMENT), position__lte=last).values_list("key", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_mark WHERE store_id = %s AND position <= %s", [store.pk, last])
        cursor.execute("DELETE FROM records_statement WHERE store_id = %s AND position <= %s", [store.pk, last])
    drop_unused(store.pk, attached)
    append(by=SYSTEM, at=at, verb="records.statements.let_go", thing=store, place=store.place.lineage, facts={"statements": len(positions)})
    return len(positions)


def retain(at: datetime) -> int:
    """Let every store go of what it no longer keeps, and PostgreSQL of partitions that are empty; return how many statements went."""
    gone = 0
    for store in Store.objects.filter(keep_days__isnull=False).select_related("place").order_by("pk"):
        while went := let_go(at=at, store=store):
            gone += went
    make_partitions(at)
    drop_empty_partitions(at)
    return gone
