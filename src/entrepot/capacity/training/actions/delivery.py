"""The agenda, and who was there."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, BinaryIO
from uuid import UUID

from entrepot.ground.documents.api import keep
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.codes import typed_code
from entrepot.kernel.errors import Conflict, Invalid, NotFound
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..core.kits import MOST_SESSIONS
from ..enums import Attended, Outcome, Stage
from ..models import Attendance, Nomination, Session
from ..rules import activity_rules, nomination_rules, session_rules
from .design import require_not_over
from .holding import hold_activity, hold_nomination

DOOR_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""What a door code is made of: nothing that is mistaken for something else when read from across a room."""


MOVES = frozenset({"title", "starts_at", "ends_at", "room", "join_link"})
"""What everyone has to know of a session: another of these, and it has moved."""


class WrongDoor(Invalid):
    """No session of this activity has that code now."""

    message = gettext_noop("No session that is open now has this code. Look at the screen at the door again.")


class NoSeat(Conflict):
    """Only participants attend."""

    code = "no-seat"
    message = gettext_noop("This person has no confirmed seat in the activity.")


@action
def keep_session(*, by: Principal, at: datetime, activity: UUID, uuid: UUID | None = None, **values: Any) -> Session:
    """Add a session to the agenda, or change one (`uuid`). Raises `Invalid`."""
    held = hold(activity_rules.visible_to(by).select_related("region", "host"), activity)
    activity_rules.require(by, "deliver", held)
    require_not_over(held)
    faults: dict[str, Text | str] = {}
    if not str(values.get("title", "")).strip():
        faults["title"] = gettext_noop("Give the session a title.")
    starts, ends = values.get("starts_at"), values.get("ends_at")
    if not starts or not ends or ends <= starts:
        faults["ends_at"] = gettext_noop("The end has to come after the start.")
    link = values.get("join_link") or ""
    if link and not link.startswith(("https://", "http://")):
        faults["join_link"] = gettext_noop("A join link begins with https://")
    if faults:
        raise Invalid(faults)
    verb = "training.session.changed" if uuid else "training.session.added"
    if uuid:
        session = hold(session_rules.visible_to(by).filter(activity=held), uuid)
        ended = session.ends_at
        changed = change(session, values, version=None)
    else:
        if held.sessions.count() >= MOST_SESSIONS:
            raise Invalid({"title": Text(gettext_noop("An agenda holds at most %(n)s sessions."), {"n": MOST_SESSIONS})})
        door = "".join(secrets.choice(DOOR_LETTERS) for _ in range(6))
        session = Session.objects.create(activity=held, door=door, **values)
        ended, changed = session.ends_at, {}
    append(by=by, at=at, verb=verb, thing=session, place=held.region.lineage, facts={"fields": sorted(changed)} if changed else None)
    if MOVES & set(changed) and held.stage == Stage.CONFIRMED and max(ended, session.ends_at) > at:
        session.activity = held
        letters.number_appointments(held)
        letters.session_moved(session, by=by, at=at)
    return session


def _hold_session(by: Principal, uuid: UUID) -> Session:
    """A session that the principal may see, with its activity, both locked: a close comes before or after. Raises `NotFound`."""
    visible = session_rules.visible_to(by)
    activity = hold_activity(visible.filter(uuid=uuid).values_list("activity_id", flat=True).first())
    held = hold(visible, uuid)
    held.activity = activity
    return held


@action
def remove_session(*, by: Principal, at: datetime, uuid: UUID) -> None:
    """Take a session out of the agenda, while nobody is recorded at it."""
    session = _hold_session(by, uuid)
    activity = session.activity
    session_rules.require(by, "keep", session)
    require_not_over(activity)
    if session.attendances.exists():
        raise Conflict(gettext_noop("People are recorded at this session. Take them off first."))
    append(by=by, at=at, verb="training.session.removed", thing=session, place=activity.region.lineage)
    gone = Session.objects.get(pk=session.pk)
    session.delete()
    if activity.stage == Stage.CONFIRMED and gone.ends_at > at:
        gone.activity = activity
        letters.number_appointments(activity)
        letters.session_moved(gone, by=by, at=at, gone=True)


@action
def mark(*, by: Principal, at: datetime, session: UUID, present: Mapping[UUID, Attended | None]) -> Session:
    """Record who was at a session and how; None takes someone off. People who are not named stay as they are."""
    held = _hold_session(by, session)
    session_rules.require(by, "keep", held)
    require_not_over(held.activity)
    seated = {n.uuid: n for n in Nomination.objects.filter(activity=held.activity, outcome=Outcome.SEAT, uuid__in=present)}
    if set(present) - set(seated):
        raise NoSeat
    now = {a.nomination_id: a for a in held.attendances.all()}
    changed = 0
    for uuid, mode in present.items():
        nomination, kept = seated[uuid], now.get(seated[uuid].pk)
        if mode is None and kept:
            kept.delete()
        elif mode and kept and kept.mode != mode:
            change(kept, {"mode": mode, "at": at, "by_door": False}, version=None)
        elif mode and not kept:
            Attendance.objects.create(session=held, nomination=nomination, mode=mode, at=at)
        else:
            continue
        changed += 1
    if changed:
        append(by=by, at=at, verb="training.attendance.marked", thing=held, place=held.activity.region.lineage, facts={"changed": changed})
    else:
        nothing_done()
    return held


@action
def check_in(*, by: Principal, at: datetime, nomination: UUID, door: str, mode: Attended = Attended.IN_PERSON) -> Attendance:
    """A participant checks in by the code that the screen at the door shows, from half an hour before to the end of the session."""
    held = hold_nomination(by, nomination)
    nomination_rules.require(by, "attend", held)
    if held.outcome != Outcome.SEAT or held.activity.stage not in (Stage.CONFIRMED, Stage.DELIVERED):
        raise NoSeat
    for session in held.activity.sessions.filter(ends_at__gt=at):
        if session.door == typed_code(door) and (session.starts_at - at).total_seconds() <= 1800:
            found, new = Attendance.objects.get_or_create(
                session=session, nomination=held, defaults={"mode": mode, "at": at, "by_door": True}
            )
            if new:
                append(by=by, at=at, verb="training.attendance.checked_in", thing=found, place=held.activity.region.lineage)
            else:
                nothing_done()
            return found
    raise WrongDoor({"door": WrongDoor.message})


def keep_paper(*, by: Principal, at: datetime, activity: UUID, title: str, name: str, content: BinaryIO) -> Any:
    """Keep a paper for the participants: slides, a reading, an exercise. The host answers for it. Raises `Invalid`, `FileTooLarge`."""
    held = activity_rules.visible_to(by).select_related("region", "host").filter(uuid=activity).first()
    if held is None:
        raise NotFound
    activity_rules.require(by, "deliver", held)
    if held.stage == Stage.CANCELLED:
        raise Conflict(gettext_noop("The activity is cancelled."))
    return keep(by=by, at=at, place=held.host or held.region, about=held.uuid, title=title, name=name, content=content)
