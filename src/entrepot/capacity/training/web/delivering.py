"""Pages of delivery: the agenda, who was there, the screen at the door."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.ground.documents.api import retire, serve
from entrepot.kernel.errors import NotFound
from entrepot.shell.forms import acted

from .. import actions
from ..calendar import feed
from ..enums import Attended
from ..purposes import PASS
from ..queries import papers_of, participants
from ..rules import session_rules
from .activities import form_page, found
from .answering import came
from .forms import PaperForm, SessionForm


def _zone(activity: Any) -> ZoneInfo:
    return ZoneInfo((activity.host.time_zone if activity.host else "") or "UTC")


@require_GET
def agenda_file(request: Any, uuid: UUID) -> HttpResponse:
    """The agenda for calendar programs."""
    activity = found(request, uuid)
    return HttpResponse(feed(activity, at=request.at), content_type="text/calendar; charset=utf-8")


@require_http_methods(["GET", "POST"])
def new_session(request: Any, uuid: UUID) -> HttpResponse:
    """Add a session; times are the host's."""
    activity = found(request, uuid, "deliver")
    with timezone.override(_zone(activity)):
        form = SessionForm(request.POST or None, activity=activity)
        if request.method == "POST" and acted(form, partial(actions.keep_session, by=request.principal, at=request.at, activity=uuid)):
            messages.success(request, gettext("Added to the agenda."))
            return redirect("training:activity", uuid)
        return form_page(request, form, activity, gettext("A session"), intro=_times_of(activity))


def _times_of(activity: Any) -> str:
    return gettext("Times are those of the host: %(zone)s.") % {"zone": _zone(activity).key}


def _session(request: Any, uuid: UUID) -> Any:
    related = ("activity__region", "activity__host")
    session = session_rules.visible_to(request.principal, "keep").select_related(*related).filter(uuid=uuid).first()
    if session is None:
        raise NotFound
    return session


@require_http_methods(["GET", "POST"])
def edit_session(request: Any, uuid: UUID) -> HttpResponse:
    """Change a session."""
    session = _session(request, uuid)
    activity = session.activity
    with timezone.override(_zone(activity)):
        initial = {name: getattr(session, name) for name in SessionForm.base_fields}
        form = SessionForm(request.POST or None, activity=activity, initial=initial)
        act = partial(actions.keep_session, by=request.principal, at=request.at, activity=activity.uuid, uuid=uuid)
        if request.method == "POST" and acted(form, act):
            messages.success(request, gettext("Saved."))
            return redirect("training:activity", activity.uuid)
        return form_page(request, form, activity, gettext("A session"), intro=_times_of(activity))


@require_POST
def remove_session(request: Any, uuid: UUID) -> HttpResponse:
    """Take a session out."""
    session = _session(request, uuid)
    actions.remove_session(by=request.principal, at=request.at, uuid=uuid)
    messages.success(request, gettext("Removed."))
    return redirect("training:activity", session.activity.uuid)


@require_http_methods(["GET", "POST"])
def attendance(request: Any, uuid: UUID) -> HttpResponse:
    """Who was at a session, and how."""
    session = _session(request, uuid)
    people = list(participants(session.activity))
    if request.method == "POST":
        present = {n.uuid: _mode(request.POST.get(f"n-{n.uuid}", "")) for n in people if f"n-{n.uuid}" in request.POST}
        actions.mark(by=request.principal, at=request.at, session=uuid, present=present)
        messages.success(request, gettext("Saved."))
        return redirect("training:attendance", uuid)
    now = {a.nomination_id: a for a in session.attendances.all()}
    rows = [(person, now.get(person.pk)) for person in people]
    return render(
        request, "training/attendance.html", {"session": session, "activity": session.activity, "rows": rows, "modes": list(Attended)}
    )


def _mode(text: str) -> Attended | None:
    return Attended(text) if text in list(Attended) else None


@require_GET
def door(request: Any, uuid: UUID) -> HttpResponse:
    """The code for the screen at the door."""
    session = _session(request, uuid)
    return render(request, "training/door.html", {"session": session, "activity": session.activity, "n": session.attendances.count()})


@require_http_methods(["GET", "POST"])
def new_paper(request: Any, uuid: UUID) -> HttpResponse:
    """Hand out a paper."""
    activity = found(request, uuid, "deliver")
    form = PaperForm(request.POST or None, request.FILES or None)

    def act(title: str, file: Any) -> Any:
        return actions.keep_paper(by=request.principal, at=request.at, activity=uuid, title=title, name=file.name, content=file)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Handed out: participants find it on their page."))
        return redirect("training:activity", uuid)
    return form_page(request, form, activity, gettext("Hand out a paper"), submit=gettext("Hand it out"))


@require_GET
def paper(request: Any, uuid: UUID, paper: UUID) -> HttpResponse:
    """A paper, for those who run the activity or have a seat in it."""
    return _paper(request.principal, found(request, uuid), paper)


@require_GET
def participant_paper(request: Any, key: str, paper: UUID) -> HttpResponse:
    """The same by a participant's pass."""
    here = came(request, key, PASS)
    return _paper(here.by, here.record.activity, paper)


def _paper(principal: Any, activity: Any, uuid: UUID) -> HttpResponse:
    for kept in papers_of(principal, activity):
        if kept.uuid == uuid:
            return serve(kept)
    raise NotFound


@require_POST
def remove_paper(request: Any, uuid: UUID, paper: UUID) -> HttpResponse:
    """Take a paper back."""
    found(request, uuid, "deliver")
    retire(by=request.principal, at=request.at, uuid=paper)
    messages.success(request, gettext("Taken back."))
    return redirect("training:activity", uuid)
