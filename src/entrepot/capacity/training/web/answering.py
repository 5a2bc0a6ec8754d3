"""Pages that people reach signed in or by a signed link: an invitation, a release, an offered seat, a participant's own page."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from entrepot.ground.access.api import Arrival, LinkGone, arrive
from entrepot.ground.limits.api import counted_address, guessing
from entrepot.kernel.errors import DomainError, Invalid, NotFound
from entrepot.shell.forms import acted, page_with_form, show_faults
from entrepot.shell.words import say

from .. import actions, introductions
from .. import workbook as book
from ..core import moment_words, zone_named
from ..enums import InvitationState, OfferAnswer, Outcome, Release, Stage
from ..models import Invitation, Nomination
from ..purposes import NOMINATE, OFFER, PASS, RELEASE
from ..queries import papers_of
from ..rules import invitation_rules, nomination_rules
from .activities import form_page
from .forms import CancelInvitationForm, DeadlineForm, DoorForm, NominationForm, ReasonForm, ReplacementForm, WorkbookForm

MOST_REMARKS = 20
_ABOUT = ("activity__region", "activity__host", "activity__competency")


def _invitation(request: Any, key: str) -> Arrival[Invitation]:
    return arrive(request.principal, key, purpose=NOMINATE, rules=invitation_rules, at=request.at, related=(*_ABOUT, "place"))


def came(request: Any, key: str, purpose: str) -> Arrival[Nomination]:
    """Whoever came to a nomination's page, signed in or by a link for this purpose."""
    related = (*_ABOUT, "person__home", "invitation__place", "supervisor")
    return arrive(request.principal, key, purpose=purpose, rules=nomination_rules, at=request.at, related=related)


@require_http_methods(["GET", "POST"])
def invitation(request: Any, key: str) -> HttpResponse:
    """What a Member is asked, and its answer: nominees one by one, by workbook, done, or none this time."""
    here = _invitation(request, key)
    held = here.record
    may = bool(invitation_rules.may(here.by, "answer", held))
    what = request.POST.get("what", "") if request.method == "POST" else ""
    rank = held.nominations.filter(withdrawn_at__isnull=True).count() + 1
    form = NominationForm(request.POST if what == "nominate" else None, invitation=held, day=request.at.date(), initial={"rank": rank})
    upload = WorkbookForm(request.POST if what == "workbook" else None, request.FILES if what == "workbook" else None)
    faults: list[Any] = []
    try:
        done = _answer(request, here, what, (form, upload), faults) if may and what else ""
    except DomainError as error:
        messages.error(request, str(error))
        done = ""
    if done:
        messages.success(request, done)
        return redirect(request.path)
    context = {
        "invitation": held,
        "activity": held.activity,
        "key": key,
        "nominations": held.nominations.filter(withdrawn_at__isnull=True).select_related("person", "supervisor").order_by("rank"),
        "form": form,
        "upload": upload,
        "faults": faults,
        "decline": ReasonForm(),
        "open": may and held.state != InvitationState.CANCELLED and held.activity.stage in (Stage.INVITATION, Stage.SELECTION),
        "late": bool(held.deadline and held.deadline.passed(request.at)),
        "replaces": may and held.activity.stage == Stage.CONFIRMED,
    }
    status = 422 if form.errors or upload.errors or faults else 200
    return render(request, "training/invitation.html", context, status=status)


def _answer(request: Any, here: Arrival[Invitation], what: str, forms: tuple[Any, Any], faults: list[Any]) -> str:
    form, upload = forms
    who = {"by": here.by, "at": request.at, "invitation": here.record.uuid}
    match what:
        case "nominate":
            made = acted(form, lambda **values: actions.nominate(**who, values=values))
            for told in actions.other_names(made.person, form.cleaned_data) if made else ():
                messages.warning(request, say(told))
            return gettext("Nominated.") if made else ""
        case "workbook":
            return _take_workbook(request, here, upload, faults) if upload.is_valid() else ""
        case "finish":
            actions.finish(**who)
            return gettext("Thank you. The regional office has your nominations.")
        case "decline":
            actions.decline(**who, reason=request.POST.get("reason", ""))
            return gettext("Recorded: nobody from you this time.")
        case "withdraw":
            mine = here.record.nominations.filter(uuid=_uuid(request.POST.get("nomination", ""))).first()
            if mine is None:
                raise NotFound
            actions.remove_nominee(by=here.by, at=request.at, uuid=mine.uuid)
            return gettext("Taken off.")
    raise NotFound


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _take_workbook(request: Any, here: Arrival[Invitation], upload: Any, faults: list[Any]) -> str:
    who = {"by": here.by, "at": request.at, "invitation": here.record.uuid}
    try:
        sent = book.read(upload.cleaned_data["file"], here.record.uuid)
        taken = actions.nominate_rows(**who, rows=sent.rows, faults=sent.faults)
    except actions.BadRows as error:
        faults += error.rows
        return ""
    except Invalid as error:
        show_faults(upload, error)
        return ""
    for remark in [*sent.remarks, *taken.told][:MOST_REMARKS]:
        messages.warning(request, say(remark))
    counts = {"added": taken.added, "changed": taken.changed, "unchanged": taken.unchanged}
    return gettext("Taken: %(added)s added, %(changed)s changed, %(unchanged)s as before.") % counts


@require_GET
def workbook(request: Any, key: str) -> HttpResponse:
    """The workbook of an invitation."""
    here = _invitation(request, key)
    invitation_rules.require(here.by, "answer", here.record)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = f"{here.record.activity.code}-{here.record.place.code}.xlsx"
    return HttpResponse(book.write(here.record), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_http_methods(["GET", "POST"])
def cancel_invitation(request: Any, uuid: UUID) -> HttpResponse:
    """Take an invitation back, after asking."""
    held = invitation_rules.visible_to(request.principal).select_related("activity", "place").filter(uuid=uuid).first()
    if held is None:
        raise NotFound
    invitation_rules.require(request.principal, "cancel", held)
    seats = (
        held.nominations.filter(outcome=Outcome.SEAT, withdrawn_at__isnull=True).count() if held.activity.stage == Stage.CONFIRMED else 0
    )
    form = CancelInvitationForm(request.POST or None, seats=seats)
    act = partial(actions.invitation_cancelled, by=request.principal, at=request.at, invitation=uuid)
    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Cancelled, and told. Seats that came free are offered to those who wait."))
        return redirect("training:activity", held.activity.uuid)
    title = gettext("Cancel the invitation to %(member)s") % {"member": held.place.name}
    warning = gettext("%(n)s officers of this Member have a seat. They lose it, and are told at once.") % {"n": seats} if seats else ""
    return form_page(request, form, held.activity, title, tone="stop", intro=warning, submit=gettext("Cancel the invitation"))


@require_http_methods(["GET", "POST"])
def extend_deadline(request: Any, uuid: UUID) -> HttpResponse:
    """Give one Member more time to nominate."""
    held = invitation_rules.visible_to(request.principal).select_related("activity", "place").filter(uuid=uuid).first()
    if held is None:
        raise NotFound
    invitation_rules.require(request.principal, "extend", held)
    form = DeadlineForm(request.POST or None)
    act = partial(actions.extend_deadline, by=request.principal, at=request.at, invitation=uuid)
    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Extended, and told to the Member’s coordinator."))
        return redirect("training:activity", held.activity.uuid)
    title = gettext("More time for %(member)s") % {"member": held.place.name}
    now = gettext("So far: %(until)s.") % {"until": say(held.deadline.until)} if held.deadline else ""
    return form_page(request, form, held.activity, title, intro=now, submit=gettext("Extend the deadline"))


@require_http_methods(["GET", "POST"])
def replace_participant(request: Any, key: str, nomination: UUID) -> HttpResponse:
    """A Member puts another officer into a seat that it has."""
    here = _invitation(request, key)
    shown = nomination_rules.visible_to(here.by).select_related("person").filter(invitation=here.record, uuid=nomination).first()
    if shown is None:
        raise NotFound
    nomination_rules.require(here.by, "replace", shown)
    form = ReplacementForm(request.POST or None, invitation=here.record, day=request.at.date())

    def act(**values: Any) -> Any:
        return actions.replace_participant(by=here.by, at=request.at, uuid=shown.uuid, values=values)

    back = reverse("training:invitation", args=[key])
    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Replaced. Both are told, and the supervisor is asked to release the new participant."))
        return redirect(back)
    title = gettext("Replace %(name)s") % {"name": shown.person.full_name}
    intro = gettext("The seat, the letters and the calendar pass to the officer you name now.")
    return page_with_form(request, form, title, back, here.record.activity.title, intro=intro, submit=gettext("Replace the participant"))


@require_http_methods(["GET", "POST"])
def release(request: Any, key: str) -> HttpResponse:
    """A supervisor releases an officer, or does not."""
    here = came(request, key, RELEASE)
    nomination_rules.require(here.by, "release", here.record)
    context = {
        "nomination": here.record,
        "activity": here.record.activity,
        "answered": bool(here.link) and here.record.release != Release.ASKED,
    }
    if request.method == "POST":
        given = request.POST.get("given") == "1"
        if context["answered"] and given != (here.record.release == Release.GIVEN):
            raise LinkGone  # by a link one answers once; signed in, one may change one's mind
        actions.release(by=here.by, at=request.at, uuid=here.record.uuid, given=given)
        return render(request, "training/thanks.html", context)
    return render(request, "training/release.html", context)


@require_http_methods(["GET", "POST"])
def seat(request: Any, key: str) -> HttpResponse:
    """Someone who waits takes the seat that came free, or leaves it."""
    here = came(request, key, OFFER)
    context = {"nomination": here.record, "activity": here.record.activity}
    if request.method == "POST":
        # The link stays good until its time is over: it says what came of the offer, to someone who taps twice too.
        done = actions.answer_offer(by=here.by, at=request.at, uuid=here.record.uuid, take=request.POST.get("take") == "1")
        return render(request, "training/seat.html", context | {"nomination": done, "answered": True})
    offer = here.record.offers.filter(answer=OfferAnswer.OPEN, ends_at__gt=request.at).first()
    until = moment_words(offer.ends_at, zone_named(here.record.invitation.place.time_zone)) if offer else None
    answered = here.record.offers.filter(answer__in=[OfferAnswer.TAKEN, OfferAnswer.DECLINED]).exists()
    return render(request, "training/seat.html", context | {"offer": offer, "until": until, "answered": answered and not offer})


@require_http_methods(["GET", "POST"])
def participant(request: Any, key: str) -> HttpResponse:
    """A participant's own page: agenda, check-in, and what rooms above ask of them."""
    here = came(request, key, PASS)
    own = here.record
    may_attend = bool(nomination_rules.may(here.by, "attend", own)) and own.outcome == Outcome.SEAT
    form = DoorForm(request.POST or None)

    def check_in(**values: Any) -> Any:
        with guessing("failures.code", str(own.uuid), address=counted_address(request), at=request.at):
            return actions.check_in(by=here.by, at=request.at, nomination=own.uuid, **values)

    if request.method == "POST" and may_attend and acted(form, check_in):
        messages.success(request, gettext("You are checked in."))
        return redirect(request.path)
    sessions = own.activity.sessions.select_related("trainer").order_by("starts_at")
    there = set(own.attendances.values_list("session_id", flat=True))
    context = {
        "nomination": own,
        "activity": own.activity,
        "key": key,
        "sessions": [(session, session.pk in there) for session in sessions],
        "papers": papers_of(here.by, own.activity),
        "duties": [duty for room in introductions.duties for duty in room(own, key, request.at)] if own.outcome == Outcome.SEAT else [],
        "form": form,
        "may_attend": may_attend,
        "zone": own.activity.host.time_zone if own.activity.host else "",
    }
    return render(request, "training/participant.html", context, status=422 if form.errors else 200)
