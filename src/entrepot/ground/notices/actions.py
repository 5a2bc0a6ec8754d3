"""Sending notices, reading them, and saying what one wants by mail."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from django.urls import Resolver404, resolve

from entrepot.ground.access.api import secret_in
from entrepot.ground.journal.api import action, append, digest, nothing_done
from entrepot.ground.keeping.api import WrittenOutsideAction, change, is_writing
from entrepot.kernel.errors import Invalid, NotAllowed, NotFound
from entrepot.kernel.offers import NoticeKind
from entrepot.kernel.principals import Principal, PrincipalKind
from entrepot.kernel.texts import Text, gettext_noop

from .core import after_quiet
from .kinds import kind_of, kinds
from .models import Enclosure, Notice, Wishes
from .outbox import post
from .queries import route_of, wishes_of, zone_of
from .rules import notice_rules, wishes_rules

LARGEST = 10_000_000
UNSUBSCRIBE = "notices.unsubscribe"


@dataclass(frozen=True, slots=True)
class File:
    """A file to enclose in a mail."""

    name: str
    content_type: str
    content: bytes


def notify(
    *,
    by: Principal,
    at: datetime,
    person: Any,
    kind: str,
    title: Text,
    body: Text,
    href: str = "",
    key: str = "",
    files: Sequence[File] = (),
    instead: str = "",
) -> Notice | None:
    """Tell one person something, inside the action that gives rise to it; return the notice, or None where there is nobody to tell.

    `kind` is one that an app offers. The same `key` twice for one person is one notice. `href` is a path of this product; if its route
    has a part that holds a signed link's secret, the path goes into the mail only and is wiped once that is out, while the notice points
    to `instead`, a page for the signed-in. `files` go with the mail, ten megabytes at most. Nothing goes to people who are erased, merged
    or inactive; no mail where there is no address, where it bounced, or where the person has switched the kind off.
    """
    if not is_writing():
        msg = "notices are sent inside the action that gives rise to them"
        raise WrittenOutsideAction(msg)
    sort = kind_of(kind)
    if sum(len(file.content) for file in files) > LARGEST:
        raise Invalid({"files": gettext_noop("The files are too large to go by mail.")})
    if not person.is_active or person.erased_at or person.merged_into_id:
        return None
    notice = Notice(person=person, kind=kind, key=key[:160], href=instead if _holds_secret(href) else href, by_uuid=by.uuid, at=at)
    notice.title_packed, notice.body_packed = title.packed(), body.packed()
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    kept = Notice.objects.filter(uuid=notice.uuid).first()
    if kept and _wants_mail(person, sort, at):
        _mail(kept, sort, at=at, href=href, files=files)
    return kept


def _holds_secret(href: str) -> bool:
    if href and not (href.startswith("/") and not href.startswith("//")):
        msg = f"a notice leads to a path of this product, not to {href!r}"
        raise ValueError(msg)
    try:
        found = resolve(href.split("?", 1)[0]) if href else None
    except Resolver404:
        return False
    return found is not None and bool(secret_in(found.route, found.kwargs))


def _wants_mail(person: Any, kind: NoticeKind, at: datetime) -> bool:
    wishes = wishes_of(person)
    return bool(route_of(person, at, essential=kind.essential).addresses) and not wishes.silences(kind)


def _mail(notice: Notice, kind: NoticeKind, *, at: datetime, href: str, files: Sequence[File]) -> None:
    wishes = wishes_of(notice.person)
    due = at if kind.urgent else after_quiet(at, zone_of(notice.person), wishes.quiet_from, wishes.quiet_to)
    mail = post(at=at, due=due, notice=notice, href=href)
    Enclosure.objects.bulk_create([Enclosure(mail=mail, name=f.name, content_type=f.content_type, content=f.content) for f in files])


@action
def mark_read(*, by: Principal, at: datetime, uuid: UUID | None = None) -> Notice | None:
    """Mark one of one's notices read and return it; without `uuid`, all of them. Raises `NotFound`."""
    nothing_done()  # reading is a person's own trail, kept on the notice; the journal is for what is done to records
    mine = notice_rules.visible_to(by, "read")
    if uuid is None:
        mine.filter(read_at__isnull=True).update(read_at=at)
        return None
    notice = mine.filter(uuid=uuid).first()
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


@action
def wish(
    *, by: Principal, at: datetime, person: Any, quiet_from: time, quiet_to: time, silenced: Collection[str], version: int | None
) -> Wishes:
    """Say when and about what one wants no mail. Raises `NotAllowed`, `Invalid`, `StaleEdit`."""
    if by.person_id != person.pk or not by.scoped(f"{wishes_rules.scope}:write"):
        raise NotAllowed(gettext_noop("Everyone says for themselves what mail they want."))
    unknown = set(silenced) - {kind.code for kind in kinds() if not kind.essential}
    if unknown:
        raise Invalid({"mailed": gettext_noop("Choose among the kinds that are offered.")})
    return _change(by=by, at=at, person=person, version=version, quiet_from=quiet_from, quiet_to=quiet_to, silenced=sorted(silenced))


@action
def unsubscribe(*, by: Principal, at: datetime, person: Any, kind: str) -> Wishes:
    """Switch the mail of one kind off, by the link that every such mail carries. Raises `NotAllowed` for an essential kind."""
    if by.kind is not PrincipalKind.LINK or by.uuid != person.uuid or not by.scoped(UNSUBSCRIBE):
        raise NotAllowed
    if kind_of(kind).essential:
        raise NotAllowed(gettext_noop("Mail of this kind cannot be switched off."))
    return _change(by=by, at=at, person=person, version=None, silenced=sorted({*wishes_of(person).silenced, kind}))


def _change(*, by: Principal, at: datetime, person: Any, version: int | None, **values: Any) -> Wishes:
    wishes, _ = Wishes.objects.select_for_update().get_or_create(person=person, defaults={"uuid": uuid4()})
    changed = change(wishes, values, version=version)
    if not changed:
        nothing_done()
        return wishes
    append(by=by, at=at, verb="notices.wishes.changed", thing=wishes, place=person.home.lineage, facts=_facts(changed))
    return wishes


def _facts(changed: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value.isoformat("minutes") if isinstance(value, time) else value for name, value in changed.items()}
    return {name: digest(value) if name == "bounced" else value for name, value in plain.items()}


@action
def bounced(*, by: Principal, at: datetime, person: Any, address: str) -> None:
    """Note that mail to this address of a person cannot be delivered; it counts until the person has another address."""
    if not by.is_system:
        raise NotAllowed
    _change(by=by, at=at, person=person, version=None, bounced=address)
