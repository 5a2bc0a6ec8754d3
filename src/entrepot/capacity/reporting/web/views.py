"""Pages of reports: the activity report over any period, and the brief on one Member."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.texts import gettext_noop
from entrepot.shell.papers import as_file
from entrepot.shell.tables import as_table

from ..briefs import brief, brief_paper, member_for, members_for
from ..core import halves_over
from ..papers import definitions, filters, narrative, period, report_paper, report_table
from ..queries import HOST, NOT_A_HALF, OFFICE, READERS, Wanted, before, in_halves, report, usual
from .forms import HalfForm, ReportForm


def _asked(request: Any) -> tuple[ReportForm | HalfForm, Any]:
    """The form as filled in, and the report that it asks for; None where it is wrong."""
    if not request.principal.reaches(*READERS):
        raise NotFound
    who, data = request.principal, request.GET.copy()
    start, end = usual(who, request.at.date())
    data.setdefault("start", start.isoformat())
    if in_halves(who):
        half = HalfForm({"start": data["start"]}, over=halves_over(request.at.date()))
        return half, report(who, Wanted(*half.cleaned_data["start"])) if half.is_valid() else None
    data.setdefault("end", before(end).isoformat())
    form = ReportForm(data, principal=who, sees_all=bool(who.reaches(*OFFICE, *HOST)))
    if not form.is_valid():
        return form, None
    clean = form.cleaned_data
    narrowed = {name: clean.get(name) or "" for name in ("mode", "source")} | {name: clean[name] for name in ("member", "centre", "topic")}
    wanted = Wanted(clean["start"], clean["end"] + timedelta(days=1), guarded=bool(clean.get("passed_on")), **narrowed)
    return form, report(who, wanted)


@require_GET
def activities(request: Any) -> HttpResponse:
    """The activity report."""
    form, made = _asked(request)
    context: dict[str, Any] = {"form": form, "report": made, "query": request.GET.urlencode()}
    if made:
        most = max((group.n or 0 for group in made.totals.groups["member"]), default=0)
        context |= {"narrative": narrative(made), "period": period(made), "filters": filters(made), "most": most or 1}
        context |= {"definitions": definitions(), "invented": _invented(made)}
    return render(request, "reporting/activities.html", context, status=200 if made else 422)


def _invented(made: Any) -> bool:
    return any(line.activity.region.invented for line in made.lines)


@require_GET
def activities_file(request: Any, form: str) -> HttpResponse:
    """The same report as a file: a table of activities, or the whole as a paper."""
    asked, made = _asked(request)
    if made is None and isinstance(asked, HalfForm):
        raise Invalid({"start": NOT_A_HALF})
    if made is None:
        raise Invalid({"end": gettext_noop("Choose a beginning and an end.")})
    name = f"activities-{made.wanted.start}-{before(made.wanted.end)}"
    if form in ("csv", "xlsx"):
        return as_table(form, name, *report_table(made))
    return as_file(report_paper(made, invented=_invented(made)), form, name)


@require_GET
def members(request: Any) -> HttpResponse:
    """The Members that one can be briefed on."""
    shown = members_for(request.principal)
    if not shown:
        raise NotFound
    return render(request, "reporting/members.html", {"members": shown})


@require_GET
def member(request: Any, uuid: UUID) -> HttpResponse:
    """Two pages about one Member."""
    told = brief(request.principal, member_for(request.principal, uuid), request.at)
    return render(request, "reporting/member.html", {"brief": told, "member": told.member})


@require_GET
def member_file(request: Any, uuid: UUID, form: str) -> HttpResponse:
    """The same as a paper."""
    told = brief(request.principal, member_for(request.principal, uuid), request.at)
    return as_file(brief_paper(told), form, f"brief-{told.member.code}")
