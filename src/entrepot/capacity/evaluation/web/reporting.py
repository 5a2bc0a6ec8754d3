"""Pages that say what came of it: after a workshop, over a year, and what it asked of people."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.training.api import activity_rules, attended, budget_line_rules, nomination_rules
from entrepot.ground.keeping.api import page
from entrepot.ground.region.api import place_rules
from entrepot.kernel.disclosure import FEWEST
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.periods import months_after
from entrepot.shell.forms import acted
from entrepot.shell.papers import as_file
from entrepot.shell.tables import as_table

from .. import actions
from ..compiled import activities_of
from ..core import CEILING, SECTIONS, quarter_of
from ..enums import FORM_KINDS, LATER, OF_PARTICIPANT, TESTS, FormKind
from ..models import Ask, Compilation, Report
from ..papers import claim_row, report_paper, spent_or_planned
from ..queries import (
    Given,
    burdens_seen,
    cleared_answers,
    figures,
    for_everyone,
    overdue,
    pairs,
    report_body,
    silence,
)
from ..rules import OFFICE, action_item_rules, ask_rules, compilation_rules, report_rules
from .forms import PeriodForm
from .pages import activity_of

MONTHS = 12
PEOPLE, ITEMS, ROWS = 20, 60, 100
"""How many of them a page shows."""


@require_GET
def after(request: Any, uuid: UUID) -> HttpResponse:
    """What they did: action items and both answers side by side, for those who may read them."""
    activity = activity_of(request, uuid)
    who = request.principal
    # The activity is said twice: PostgreSQL walks every nomination there is, in order, where only the sub-select says it.
    visible = nomination_rules.visible_to(who).filter(activity=activity, pk__in=attended(activity).values("pk"))
    readable = ask_rules.visible_to(who).filter(form__activity=activity, form__kind=FormKind.SUPERVISOR).values("nomination_id")
    rows = visible.filter(pk__in=readable).select_related("person", "invitation__place")
    shown = page(rows, cursor=request.GET.get("cursor", ""), size=PEOPLE)
    people = shown.rows
    items = (
        action_item_rules.visible_to(who)
        .filter(nomination__activity=activity)
        .select_related("nomination__person", "nomination__invitation__place")
    )
    if not people and not items.exists() and not activity_rules.may(who, "oversee", activity):
        raise NotFound
    members = (
        ask_rules.visible_to(who).filter(form__activity=activity, form__kind=FormKind.MEMBER).select_related("place", "person", "form")
    )
    context = {
        "activity": activity,
        "members": members.annotate(amended=Count("amendments")).order_by("place__name"),
        "pairs": pairs(activity, people),
        "following": shown.following,
        "items": items.order_by("due_on")[:ITEMS],
        "more": max(0, items.count() - ITEMS),
        "day": request.at.date(),
        "may_ask": bool(activity_rules.may(who, "design", activity)) and activity.stage == "closed",
        "may_oversee": bool(activity_rules.may(who, "oversee", activity)),
        "person": who.person_id,
    }
    return render(request, "evaluation/after.html", context)


@require_POST
def ask_now(request: Any, uuid: UUID) -> HttpResponse:
    """Send the follow-up before its date; past a Member's ceiling only with a reason."""
    activity_of(request, uuid, "design")
    try:
        n = actions.follow_up(by=request.principal, at=request.at, activity=uuid, reason=request.POST.get("reason", ""))
    except actions.OverBurdened as error:
        messages.error(request, gettext(error.text.message) % error.text.values)
    else:
        messages.success(request, gettext("%(n)s people are asked.") % {"n": n})
    return redirect("evaluation:after", uuid)


@require_GET
def late(request: Any) -> HttpResponse:
    """Follow-up answers that are overdue."""
    if not request.principal.person_id:
        raise NotFound
    found = overdue(ask_rules.visible_to(request.principal), request.at.date())
    # First which, by the index on their day, then what is shown of them: in one step SQLite reads every ask of the region.
    first = list(found.order_by("due_on", "pk").values_list("pk", flat=True)[:ROWS])
    rows = (
        Ask.objects.filter(pk__in=first).select_related("form__activity", "nomination__person", "place", "person").order_by("due_on", "pk")
    )
    mine = ask_rules.visible_to(request.principal, "hand_over").filter(pk__in=[ask.pk for ask in rows])
    handed = set(mine.values_list("pk", flat=True)) if rows else set()
    return render(request, "evaluation/overdue.html", {"rows": [(ask, ask.pk in handed) for ask in rows]})


def _report(request: Any, uuid: UUID) -> tuple[Any, Any, Report | None]:
    activity = activity_rules.visible_to(request.principal).select_related("region", "host", "competency").filter(uuid=uuid).first()
    if activity is None:
        raise NotFound
    published = report_rules.visible_to(request.principal).filter(activity=activity).first()
    invented = activity.region.invented
    if published:
        on = date_format(published.published_at, "j F Y")
        return activity, report_paper(published.body, invented=invented, digest=published.digest, published=on), published
    activity_rules.require(request.principal, "oversee", activity)
    return activity, report_paper(report_body(activity), invented=invented), None


@require_GET
def report(request: Any, uuid: UUID) -> HttpResponse:
    """The report: frozen once published; before that, as the figures stand, for those who oversee the activity."""
    activity, paper, published = _report(request, uuid)
    may_publish = (
        published is None and activity.stage in ("closed", "followed_up") and activity_rules.may(request.principal, "design", activity)
    )
    context = {
        "activity": activity,
        "paper": paper,
        "published": published,
        "may_publish": bool(may_publish),
        "sound": published is None or actions.digest_of(published.body) == published.digest,
        "links": bool(activity_rules.may(request.principal, "oversee", activity)),
    }
    return render(request, "evaluation/report.html", context)


@require_GET
def report_file(request: Any, uuid: UUID, form: str) -> HttpResponse:
    """The report as a file."""
    activity, paper, published = _report(request, uuid)
    return as_file(paper, form, f"{activity.code}-report", frozen=published is not None)


@require_POST
def publish(request: Any, uuid: UUID) -> HttpResponse:
    """Freeze the report."""
    actions.publish_report(by=request.principal, at=request.at, activity=uuid)
    messages.success(request, gettext("Published: the report is frozen."))
    return redirect("evaluation:report", uuid)


@require_GET
def answers(request: Any, uuid: UUID) -> HttpResponse:
    """What the answers of an activity say, level by level: measured and claimed apart, n and the silent beside each figure."""
    activity = activity_of(request, uuid, "oversee")
    there = attended(activity).count()
    whole = request.principal.holds(*OFFICE, over=activity.region.lineage)
    given = Given(activity, whole=whole)
    kinds = [kind for kind in FormKind if given.asked[kind] and kind not in TESTS]
    parts = []
    for kind in kinds:
        of = there if kind in OF_PARTICIPANT else given.asked[kind]
        rows = [(question, tally, _shown(question, tally)) for question, tally in given.tallies(kind, of=of)]
        parts.append((kind, FORM_KINDS[kind], len(given.answers[kind]), of, rows))
    hopes = given.hopes_met()
    found = figures(activity, given) if whole else for_everyone(figures(activity, given))
    context = {
        "activity": activity,
        "figures": found,
        "outlays": [spent_or_planned(outlay) for outlay in found["return"]["outlays"]],
        "claims": [claim_row(claim) for claim in found["return"]["claims"]],
        "may_count": budget_line_rules.visible_to(request.principal, "keep").filter(activity=activity).exists(),
        "parts": parts,
        "steps": not whole,
        "hopes": hopes if len(hopes) >= 5 else [],
        "silent": [kind for kind in kinds if kind in (FormKind.REACTION, FormKind.OFFICER, FormKind.SUPERVISOR)],
    }
    return render(request, "evaluation/answers.html", context)


def _shown(question: Any, tally: Any) -> list[tuple[str, Any]]:
    """(option or row, its figure) of a question that is more than a mean."""
    match question.kind:
        case "choice" | "several":
            return list(zip(question.options, tally.shares(len(question.options)), strict=True))
        case "yes":
            return [("yes", tally.shares(2)[1])]
        case "matrix":
            return list(zip(question.rows, tally.row_means(len(question.rows)), strict=True))
    return []


@require_GET
def who_answered(request: Any, uuid: UUID, kind: str) -> HttpResponse:
    """Who answered against who was asked, and what the silence of the others leaves open."""
    activity = activity_of(request, uuid, "oversee")
    if kind not in (FormKind.REACTION, FormKind.OFFICER, FormKind.SUPERVISOR):
        raise NotFound
    open_cells = request.principal.holds(*OFFICE, over=activity.region.lineage)
    by, leanings = silence(activity, FormKind(kind), open_cells=open_cells)
    names = {"member": gettext("Member"), "gender": gettext("Gender"), "years": gettext("Years of service")}
    context = {
        "activity": activity,
        "title": FORM_KINDS[FormKind(kind)],
        "by": [(names[name], rows) for name, rows in by.items()],
        "leanings": leanings,
        "open": open_cells,
        "genders": {"F": gettext("women"), "M": gettext("men"), "X": gettext("another"), "-": gettext("not said")},
    }
    return render(request, "evaluation/silence.html", context)


@require_GET
def burden(request: Any) -> HttpResponse:
    """Minutes asked of each Member in this quarter: of all for the office, of one's own for a coordinator."""
    rows = burdens_seen(request.principal, request.at.date())
    if not rows:
        raise NotFound
    quarter = quarter_of(request.at.date())
    return render(request, "evaluation/burden.html", {"rows": rows, "ceiling": CEILING, "quarter": quarter})


@require_http_methods(["GET", "POST"])
def years(request: Any) -> HttpResponse:
    """The compiled follow-ups of a region, and compiling another."""
    who = request.principal
    if not who.person_id:
        raise NotFound
    regions = list(place_rules.visible_to(who).filter(kind="region", lineage__in=who.reaches(*OFFICE)))
    rows = compilation_rules.visible_to(who).select_related("region").order_by("-to_on", "region__name")
    today = request.at.date()
    last = date(today.year if today.month >= 7 else today.year - 1, 7, 1)
    sheet = PeriodForm(request.POST or None, initial={"from_on": months_after(last, -MONTHS), "to_on": last})
    if request.method == "POST":
        if not regions:
            raise NotFound
        act = partial(actions.request_compilation, by=who, at=request.at, region=regions[0])
        made = acted(sheet, act)
        if made is not None:
            return redirect("evaluation:year", made.uuid)
    context = {"rows": rows, "form": sheet, "may": bool(regions)}
    return render(request, "evaluation/years.html", context, status=422 if sheet.errors else 200)


def _year(request: Any, uuid: UUID) -> Compilation:
    found = compilation_rules.visible_to(request.principal).select_related("region").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@require_GET
def year(request: Any, uuid: UUID) -> HttpResponse:
    """A compiled follow-up: responses, what was done, and what Members cleared for publication."""
    found = _year(request, uuid)
    if not found.body:
        return render(request, "evaluation/year_waiting.html", {"year": found})
    open_cells = request.principal.holds(*OFFICE, over=found.region.lineage)
    cleared = list(cleared_answers(activities_of(found)))
    asked = _questions(request, found)
    sections = [
        (words, [row for row in asked if row["section"] == code], [one for one in cleared if one.section == code])
        for code, words in SECTIONS.items()
    ]
    context = {
        "year": found,
        "body": found.body,
        "sections": sections,
        "thought": [row for row in asked if row["kind"] == FormKind.REACTION],
        "kinds": [(kind.value, FORM_KINDS[kind]) for kind in LATER],
        "plans": [{**row, "at": [one if open_cells else _few(one) for one in row["at"]]} for row in found.body["plans"]],
        "open": open_cells,
        "may": bool(compilation_rules.may(request.principal, "compile", found)),
    }
    return render(request, "evaluation/year.html", context)


def _questions(request: Any, found: Compilation) -> list[dict[str, Any]]:
    """The questions' figures as this reader may know them; what earlier versions compiled tells others nothing until compiled anew."""
    whole = request.principal.holds(*OFFICE, over=found.region.lineage)
    return list(found.body.get("questions" if whole else "told", []))


def _few(one: dict[str, Any]) -> dict[str, Any]:
    """A share of a topic, without its counts where they are of fewer than five people."""
    return one if one["people"] >= FEWEST else {**one, "n": None}


@require_POST
def year_again(request: Any, uuid: UUID) -> HttpResponse:
    """Compile it anew."""
    found = _year(request, uuid)
    compilation_rules.require(request.principal, "compile", found)
    try:
        actions.request_compilation(by=request.principal, at=request.at, region=found.region, from_on=found.from_on, to_on=found.to_on)
    except DomainError as error:
        messages.error(request, gettext(error.text.message) % error.text.values)
    return redirect("evaluation:year", uuid)


@require_GET
def year_file(request: Any, uuid: UUID) -> HttpResponse:
    """The responses of a compiled follow-up by activity, and the figures, as CSV."""
    found = _year(request, uuid)
    titles = ["section", "form", "question", "part", "n", "of", "value", "low", "high"]
    rows: list[list[Any]] = [
        [row["section"], row["kind"], row["text"], part, *(figure[name] for name in ("n", "of", "value", "low", "high"))]
        for row in _questions(request, found)
        for part, figure in _parts(row)
    ]
    for one in found.body.get("activities", []):
        for kind in LATER:
            counts = one.get(kind.value, {"asked": 0, "answered": 0})
            rows.append(["responses", kind.value, one["title"], one["code"], counts["answered"], counts["asked"], "", "", ""])
    return as_table("csv", f"follow-up-{found.from_on}-{found.to_on}", titles, rows)


def _parts(row: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(part, figure) of a compiled question: its mean, its shares, or its rows; words have their n alone."""
    if "mean" in row:
        return [("mean", row["mean"])]
    return row.get("shares") or row.get("rows") or [("answers", {"n": row["n"], "of": row["of"], "value": None, "low": None, "high": None})]
