"""What a Member does with an invitation: nominate, release, submit, decline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change
from entrepot.ground.people.api import in_force, plain_address
from entrepot.ground.people.core import fold
from entrepot.kernel.characters import clean_line, clean_text, without_unfit
from entrepot.kernel.errors import Conflict, Invalid
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Text, gettext_noop

from .. import letters
from ..core import COLUMNS, RowFault, is_answer
from ..enums import InvitationState, LanguageLevel, Outcome, Release, Stage
from ..models import Invitation, Nomination
from ..rules import invitation_rules, nomination_rules
from .holding import hold_invitation, hold_nomination
from .knowing import nominee
from .selecting import decide_again

TEXTS: dict[str, tuple[int, Callable[..., str]]] = {
    "post": (120, clean_line),
    "unit": (120, clean_line),
    "duties": (500, clean_text),
    "special_needs": (500, clean_text),
}
"""What is said in words of a nominee: how long it may be, and how it is cleaned."""
DETAILS = ("rank", "post", "unit", "duties", "years", "language_level", "special_needs", "consent")


class Closed(Conflict):
    """Nominations for this activity are no longer taken."""

    code = "nominations-closed"
    message = gettext_noop(
        "Nominations for this activity are closed. Nothing was changed; write to the regional office if it still matters."
    )


class WasCancelled(Conflict):
    """The invitation was cancelled."""

    code = "invitation-cancelled"
    message = gettext_noop("This invitation was cancelled. Nothing was changed.")


def _hold_open(by: Principal, uuid: UUID) -> Invitation:
    invitation = hold_invitation(by, uuid)
    invitation_rules.require(by, "answer", invitation)
    if invitation.state == InvitationState.CANCELLED:
        raise WasCancelled
    if invitation.activity.stage not in (Stage.INVITATION, Stage.SELECTION):
        raise Closed
    return invitation


@dataclass(frozen=True, slots=True)
class Taken:
    """What a workbook did: how many nominees were added, changed, as before; and what its sender should know."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    told: tuple[Text, ...] = ()


class BadRows(Invalid):
    """Some rows of a workbook are at fault; `rows` says each with its row and column. Nothing was taken."""

    code = "bad-rows"

    def __init__(self, rows: Iterable[RowFault]) -> None:
        order = {column.title: at for at, column in enumerate(COLUMNS)}
        self.rows = sorted(rows, key=lambda fault: (fault.row, order.get(fault.column, -1)))
        super().__init__({f"row {fault.row}, {fault.column}": fault.text for fault in self.rows})


@action
def nominate(*, by: Principal, at: datetime, invitation: UUID, values: Mapping[str, Any]) -> Nomination:
    """Put an officer forward, or change what was said of one (found by e-mail). Raises `Invalid`, `Closed`, `WasCancelled`."""
    held = _hold_open(by, invitation)
    nomination, _ = put_nominee(held, by, at, dict(values))
    require_own_rank(nomination)
    return nomination


@action
def nominate_rows(
    *, by: Principal, at: datetime, invitation: UUID, rows: Sequence[tuple[int, Mapping[str, Any]]], faults: Iterable[RowFault] = ()
) -> Taken:
    """All rows of a workbook or none; the same rows again change nothing.

    `faults` are those that reading found; rows at fault come without the values that are wrong. Raises `BadRows` with all faults, those
    that only the records show too.
    """
    held = _hold_open(by, invitation)
    found = [*faults, *_taken_ranks(held, rows)]
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    told: list[Text] = []
    titles = {column.name: column.title for column in COLUMNS}
    for number, values in rows:
        try:
            nomination, what = put_nominee(held, by, at, dict(values))
        except Invalid as error:
            # Of a value that is not there, reading said what is wrong.
            found += [
                RowFault(number, titles[name], text)
                for name, text in error.faults.items()
                if (name in values or name == "same_as") and name in titles
            ]
            continue
        counts[what] += 1
        told += [Text(_IN_ROW, {"row": number, "told": text}) for text in other_names(nomination.person, values)]
    if found:
        raise BadRows(found)
    nothing_done()
    return Taken(**counts, told=tuple(told))


_IN_ROW = gettext_noop("Row %(row)s: %(told)s")
_KNOWN_AS = gettext_noop(
    "“%(known)s” is kept with this address, not “%(given)s”. The name was not changed: correct it on the person’s page."
)


def other_names(person: Any, values: Mapping[str, Any]) -> list[Text]:
    """What is said of a nominee's names and differs from what is kept; a nomination changes no names."""
    given = {name: str(values.get(name) or "") for name in ("full_name", "family_name", "latin_name")}
    differing = [name for name, value in given.items() if value and clean_line(value) != clean_line(getattr(person, name))]
    return [Text(_KNOWN_AS, {"known": getattr(person, name), "given": given[name]}) for name in differing]


def require_own_rank(nomination: Nomination) -> None:
    """Raise `Invalid` where another nominee of the same invitation has this one's rank."""
    rival = _active(nomination.invitation).filter(rank=nomination.rank).exclude(pk=nomination.pk).first()
    if rival:
        said = gettext_noop("Rank %(rank)s is given to %(name)s already. Choose another, or change that one first.")
        raise Invalid({"rank": Text(said, {"rank": rival.rank, "name": rival.person.full_name})})


def _active(invitation: Invitation) -> Any:
    return invitation.nominations.filter(withdrawn_at__isnull=True).select_related("person")


def _taken_ranks(invitation: Invitation, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> Iterable[RowFault]:
    """Rows whose rank belongs to a nominee who is not in the file, and so stays."""
    listed = {values.get("email") for _, values in rows}
    unaddressed = {fold(str(values.get("full_name") or "")) for _, values in rows if not values.get("email")}
    stay = {one.rank: one for one in _active(invitation) if one.person.email not in listed and not _named_in(one.person, unaddressed)}
    for number, values in rows:
        rival = stay.get(values.get("rank", 0))
        if rival is None:
            continue
        namesake = fold(str(values.get("full_name") or "")) == fold(rival.person.full_name)
        facts = {"rank": rival.rank, "name": rival.person.full_name, "email": rival.person.email or "–"}
        yield RowFault(number, "Rank", Text(_OLD_ADDRESS if namesake else _STAYS, facts))


def _named_in(person: Any, names: Collection[str]) -> bool:
    """Whether someone without an address of their own is among these names."""
    return not person.email and bool({fold(person.full_name), fold(person.latin_name)} & {*names})


_STAYS = gettext_noop(
    "Rank %(rank)s belongs to %(name)s (%(email)s), who is nominated and not in this file. Take that nominee off on this page first, or "
    "choose another rank."
)
_OLD_ADDRESS = gettext_noop(
    "Rank %(rank)s belongs to %(name)s, who is nominated under another address (%(email)s). If it is the same person, write that address "
    "here, or take the nominee off on this page first."
)


def put_nominee(
    invitation: Invitation, by: Principal, at: datetime, values: Mapping[str, Any], *, keep_rank: bool = False
) -> tuple[Nomination, str]:
    """Inside an action that has decided it: keep what is said of a nominee; with `keep_rank`, one who is ranked already stays so."""
    faults: dict[str, Text | str] = {}
    person = _or_told(faults, lambda: nominee(invitation, by, at, values))
    found = Nomination.objects.select_for_update().filter(activity=invitation.activity, person=person).first() if person else None
    details = _or_told(faults, lambda: _details(values, found)) or {}
    details["supervisor"] = _or_told(faults, lambda: _supervisor(invitation, values, at, kept=found.supervisor if found else None))
    if person and details["supervisor"] == person:
        faults[_named(values)] = gettext_noop("Nobody releases themselves: name another supervisor.")
    if faults:
        raise Invalid(faults)
    late = bool(invitation.deadline and invitation.deadline.passed(at))
    if found is None:
        return _made(invitation, person, by, at, details | {"late": late}), "added"
    if keep_rank and not found.withdrawn_at:
        del details["rank"]
    if found.withdrawn_at:
        # Taken off and nominated again: what counts is when that was, not when they were nominated first.
        first = found.first_submitted_at or found.submitted_at
        details |= {"withdrawn_at": None, "submitted_at": at, "first_submitted_at": first, "late": late, "reasons": []}
    if details["supervisor"] != found.supervisor:
        details |= {"release": Release.ASKED, "released_at": None}
    changed = change(found, details, version=None)
    if not changed:
        nothing_done()
        return found, "unchanged"
    append(by=by, at=at, verb="training.nomination.changed", thing=found, place=invitation.place.lineage, facts={"fields": sorted(changed)})
    if "supervisor" in changed:
        letters.ask_release(found, by=by, at=at)
    return found, "changed"


def _or_told(faults: dict[str, Text | str], found: Callable[[], Any]) -> Any:
    """What this finds; where it is at fault, nothing, and `faults` says why."""
    try:
        return found()
    except Invalid as error:
        faults |= error.faults
        return None


def _made(invitation: Invitation, person: Any, by: Principal, at: datetime, details: dict[str, Any]) -> Nomination:
    nomination = Nomination.objects.create(activity=invitation.activity, invitation=invitation, person=person, submitted_at=at, **details)
    facts = {"person": person.uuid, "rank": nomination.rank, "late": nomination.late}
    append(by=by, at=at, verb="training.nomination.made", thing=nomination, place=invitation.place.lineage, facts=facts)
    letters.ask_release(nomination, by=by, at=at)
    return nomination


def _details(values: Mapping[str, Any], found: Nomination | None) -> dict[str, Any]:
    """What is said of the nominee for this activity; what is not said stays as it was."""
    faults: dict[str, Text | str] = {}
    before = found or Nomination()
    details = {name: values.get(name, getattr(before, name)) for name in DETAILS}
    if not isinstance(details["rank"], int) or not 1 <= details["rank"] <= 999:
        faults["rank"] = gettext_noop("Rank your nominees from 1.")
    if not isinstance(details["years"], int) or not 0 <= details["years"] <= 70:
        faults["years"] = gettext_noop("Years from 0 to 70.")
    if details["language_level"] not in list(LanguageLevel):
        faults["language_level"] = gettext_noop("Choose one of the answers offered.")
    for name, (limit, clean) in TEXTS.items():
        kept = getattr(before, name)
        details[name] = _or_told(faults, partial(_cleaned, details[name], kept, name, clean)) or ""
        if len(details[name]) > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    if not is_answer(details["post"]):
        faults.setdefault("post", gettext_noop("Which post do they hold?"))
    if details["consent"] is not True:
        faults["consent"] = gettext_noop("Ask the officer first: only those who agree to be nominated can be.")
    if faults:
        raise Invalid(faults)
    return details


def _cleaned(text: Any, kept: str, name: str, clean: Callable[..., str]) -> str:
    """The text as it is kept; what was kept before texts were cleaned stays as it is, while nobody changes it."""
    if text == kept or clean(str(text), field=name).strip() == clean(without_unfit(kept)).strip():
        return kept
    return clean(str(text), field=name).strip()


def _named(values: Mapping[str, Any]) -> str:
    return "supervisor" if values.get("supervisor") else "supervisor_email"


def _supervisor(invitation: Invitation, values: Mapping[str, Any], at: datetime, *, kept: Any = None) -> Any:
    given, email = values.get("supervisor"), str(values.get("supervisor_email") or "")
    if given is None and not email:
        return None
    if kept is not None and (given == kept if given else _spelt(email) == kept.email):
        return kept
    supervisors = in_force(at.date()).filter(role=Role.SUPERVISOR, place__lineage__under=invitation.place.lineage).select_related("person")
    match = supervisors.filter(person=given) if given else supervisors.filter(person__email=_spelt(email))
    found = match.first()
    if found is None:
        raise Invalid({_named(values): gettext_noop("Nobody with this address is a supervisor of your administration.")})
    return found.person


def _spelt(email: str) -> str:
    try:
        return plain_address(email)
    except ValueError:
        return ""


@action
def finish(*, by: Principal, at: datetime, invitation: UUID) -> Invitation:
    """Say that these are all: the office need not wait."""
    held = _hold_open(by, invitation)
    if not held.nominations.filter(withdrawn_at__isnull=True).exists():
        raise Invalid({"nominations": gettext_noop("Nominate at least one officer, or decline.")})
    change(held, {"state": InvitationState.ANSWERED, "answered_at": at}, version=None)
    append(by=by, at=at, verb="training.invitation.answered", thing=held, place=held.place.lineage)
    return held


@action
def decline(*, by: Principal, at: datetime, invitation: UUID, reason: str = "") -> Invitation:
    """Say that the Member nominates nobody this time."""
    held = _hold_open(by, invitation)
    for nomination in held.nominations.filter(withdrawn_at__isnull=True):
        change(nomination, {"withdrawn_at": at, "outcome": Outcome.NONE, "line": 0}, version=None)
    change(held, {"state": InvitationState.DECLINED, "answered_at": at, "reason": reason.strip()[:300]}, version=None)
    append(by=by, at=at, verb="training.invitation.declined", thing=held, place=held.place.lineage)
    decide_again(held.activity, at)
    return held


@action
def release(*, by: Principal, at: datetime, uuid: UUID, given: bool) -> Nomination:
    """The supervisor lets an officer go, or does not. The answer may change until seats are confirmed."""
    nomination = hold_nomination(by, uuid)
    nomination_rules.require(by, "release", nomination)
    if nomination.activity.stage not in (Stage.INVITATION, Stage.SELECTION, Stage.CONFIRMED):
        raise Closed
    answer = Release.GIVEN if given else Release.REFUSED
    if not change(nomination, {"release": answer, "released_at": at}, version=None):
        nothing_done()
        return nomination
    append(
        by=by,
        at=at,
        verb="training.release.answered",
        thing=nomination,
        place=nomination.invitation.place.lineage,
        facts={"answer": answer},
    )
    return nomination


@action
def remove_nominee(*, by: Principal, at: datetime, uuid: UUID) -> Nomination:
    """Take an officer off the Member's list before seats are confirmed."""
    nomination = hold_nomination(by, uuid)
    nomination_rules.require(by, "change", nomination)
    if nomination.activity.stage not in (Stage.INVITATION, Stage.SELECTION):
        raise Closed
    change(nomination, {"withdrawn_at": at, "outcome": Outcome.NONE, "line": 0, "override": "", "note": ""}, version=None)
    append(by=by, at=at, verb="training.nomination.withdrawn", thing=nomination, place=nomination.invitation.place.lineage)
    decide_again(nomination.activity, at)
    return nomination


@action
def name_supervisor(*, by: Principal, at: datetime, uuid: UUID, supervisor_email: str) -> Nomination:
    """Another supervisor answers for an officer from now on, at any stage. Nobody is asked to release anew. Raises `Invalid`."""
    nomination = hold_nomination(by, uuid)
    nomination_rules.require(by, "change", nomination)
    found = _supervisor(nomination.invitation, {"supervisor_email": supervisor_email.strip()}, at)
    if found is None:
        raise Invalid({"supervisor_email": gettext_noop("Who is the supervisor now?")})
    if found.pk == nomination.person_id:
        raise Invalid({"supervisor_email": gettext_noop("Nobody releases themselves: name another supervisor.")})
    if not change(nomination, {"supervisor": found}, version=None):
        nothing_done()
        return nomination
    place = nomination.invitation.place.lineage
    append(by=by, at=at, verb="training.supervisor.named", thing=nomination, place=place, facts={"person": found.uuid})
    return nomination
