"""What training centres tell before a meeting, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.region.api import in_force
from entrepot.ground.region.enums import StandingKind
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.lineages import region_of
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..models import Initiative, Practice, Round
from ..queries import centres_of
from ..rules import CENTRE, OFFICE, initiative_rules, round_rules
from .drafting import begin

TOLD = ("title", "purpose", "method", "results", "lessons", "materials")
BEFORE = timedelta(days=7)


@action
def open_round(*, by: Principal, at: datetime, region: Any, title: str, meeting_on: date, due_on: date) -> Round:
    """The regional office asks every centre for its initiatives before a meeting. Raises `NotAllowed`, `Invalid`."""
    if not by.is_system and not (by.holds(*OFFICE, over=region.lineage) and by.scoped("knowledge:write")):
        raise NotAllowed
    faults: dict[str, Text | str] = {}
    if not title.strip() or len(title) > 200:
        faults["title"] = gettext_noop("Name the meeting in up to 200 characters.")
    if due_on > meeting_on:
        faults["due_on"] = gettext_noop("What is told is due before the meeting.")
    if meeting_on < at.date():
        faults["meeting_on"] = gettext_noop("The meeting is over.")
    if faults:
        raise Invalid(faults)
    made = Round.objects.create(region=region, title=title.strip(), meeting_on=meeting_on, due_on=due_on, opened_at=at)
    append(by=by, at=at, verb="knowledge.round.opened", thing=made, place=region.lineage, facts={"due_on": due_on})
    for centre in centres_of(made):
        letters.ask_initiative(made, centre, by=by, at=at)
    return made


@action
def tell(*, by: Principal, at: datetime, round: UUID, place: Any, values: Mapping[str, Any]) -> Initiative:  # noqa: A002
    """A centre tells what it has begun; told again before the meeting, the newer text stands. Raises `Conflict`, `Invalid`."""
    held = hold(round_rules.visible_to(by).select_related("region"), round)
    if not by.is_system and not (by.holds(*CENTRE, over=place.lineage) and by.scoped("knowledge:write")):
        raise NotAllowed(gettext_noop("A centre’s manager tells what the centre does."))
    if region_of(place.lineage) != held.region.lineage:
        raise NotAllowed
    if held.meeting_on < at.date():
        raise Conflict(gettext_noop("The meeting is over."))
    clean = {name: str(values.get(name, "")).strip() for name in TOLD}
    faults: dict[str, Text | str] = {n: gettext_noop("Please answer this.") for n in ("title", "purpose", "results") if not clean[n]}
    for name, text in clean.items():
        if len(text) > (200 if name == "title" else 4000):
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": 200 if name == "title" else 4000})
    if faults:
        raise Invalid(faults)
    kept = Initiative.objects.select_for_update().filter(round=held, place=place).first()
    if kept:
        change(kept, clean | {"said_at": at, "said_by": by.uuid}, version=None)
    else:
        kept = Initiative.objects.create(round=held, place=place, said_at=at, said_by=by.uuid, **clean)
    append(by=by, at=at, verb="knowledge.initiative.told", thing=kept, place=place.lineage, facts={"round": held.uuid})
    return kept


@action
def promote(*, by: Principal, at: datetime, uuid: UUID, topic: Any) -> Practice:
    """Make a draft of a good practice of an initiative, for the Member that hosts the centre; that Member clears it like any other."""
    initiative = hold(initiative_rules.visible_to(by).select_related("place", "round__region"), uuid)
    initiative_rules.require(by, "promote", initiative)
    if initiative.practices.exists():
        raise Conflict(gettext_noop("A practice has been drafted from this already."))
    host = in_force(at.date(), StandingKind.HOST).filter(place=initiative.place).select_related("other").first()
    if host is None or host.other is None or host.other.kind != "member":
        raise Conflict(gettext_noop("No Member hosts this centre, so that nobody could clear a practice of it."))
    values = {
        "title": initiative.title,
        "problem": initiative.purpose,
        "done": initiative.method,
        "results": initiative.results,
        "lessons": initiative.lessons,
        "resources": initiative.materials,
    }
    return begin(by=by, at=at, place=host.other, topic=topic, initiative=initiative, **values)


@action
def remind(*, at: datetime) -> int:
    """Remind, a week before and once more when they are late, the centres that have not told. Returns how many letters went."""
    sent = 0
    due = Round.objects.filter(meeting_on__gte=at.date(), due_on__lte=(at + BEFORE).date()).select_related("region")
    for one in due:
        late = one.due_on < at.date()
        if one.reminded_at and (not late or one.reminded_at.date() > one.due_on):
            continue
        for centre in centres_of(one):
            if not centre.told:
                letters.ask_initiative(one, centre, by=SYSTEM, at=at, again=True)
                sent += 1
        change(one, {"reminded_at": at}, version=None)
        append(by=SYSTEM, at=at, verb="knowledge.round.reminded", thing=one, place=one.region.lineage, facts={"sent": sent})
    nothing_done()
    return sent
