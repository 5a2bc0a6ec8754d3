"""What `notices` contributes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from entrepot.kernel.offers import DemoMaker, NoticeKind, Offers, PersonData, RecurringJob
from entrepot.kernel.texts import gettext_noop

from .demo import WELCOME, make, remove
from .forgetting import erase
from .models import Mail, Notice, Wishes


def _export(person_id: int) -> Mapping[str, Any]:
    mine = Notice.objects.filter(person_id=person_id).order_by("id")
    wishes = Wishes.objects.filter(person_id=person_id).values("quiet_from", "quiet_to", "silenced", "bounced").first()
    told = [{"kind": n.kind, "title": str(n.title), "body": str(n.body), "at": n.at, "read_at": n.read_at} for n in mine]
    return {"notices": told, "wishes": wishes}


def _merge(dropped: int, kept: int, _at: datetime) -> None:
    known = Notice.objects.filter(person_id=kept).exclude(key="").values("key")
    Mail.objects.filter(notice__person_id=dropped, notice__key__in=known).delete()
    Notice.objects.filter(person_id=dropped, key__in=known).delete()
    Notice.objects.filter(person_id=dropped).update(person_id=kept)
    if Wishes.objects.filter(person_id=kept).exists():
        Wishes.objects.filter(person_id=dropped).delete()
    Wishes.objects.filter(person_id=dropped).update(person_id=kept)


OFFERS = Offers(
    jobs=[RecurringJob("notices.clear", timedelta(days=1), "notices.clear")],
    demo=[DemoMaker(50, remove, make)],
    rest=[("", "entrepot.ground.notices.rest.router")],
    person=PersonData(_export, erase, _merge),
    notices=[NoticeKind(WELCOME, gettext_noop("Words of welcome"), urgent=True)],
)
