"""The pages of evaluation."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.capacity.training.api import PASS, activity_rules, attended, nomination_rules
from entrepot.ground.access.api import Arrival, LinkGone, arrive, link_for, principal_for_link, use_link
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.shell.forms import acted
from entrepot.shell.papers import to_pdf, to_word

from .. import actions
from ..core import read_questions, write_test
from ..enums import FOLLOW_UP, FORM_KINDS, TESTS, FormKind, ItemState
from ..models import ActionItem, Form, Report
from ..papers import report_paper
from ..queries import overdue, pairs, report_body
from ..rules import ANSWER, ENDORSE, action_item_rules, ask_rules, report_rules
from .forms import ItemForm, QuestionsForm, TestForm, UpdateForm

_ABOUT = ("activity__region", "activity__host", "person__home", "invitation__place", "supervisor")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _activity(request: Any, uuid: UUID, verb: str = "view") -> Any:
    found = activity_rules.visible_to(request.principal).select_related("region", "host", "competency").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    activity_rules.require(request.principal, verb, found)
    return found


def _page(request: Any, form: Any, title: str, back: str, back_title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "back_title": back_title, **more}
    return render(request, "shell/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def test(request: Any, uuid: UUID) -> HttpResponse:
    """Write the test that is taken before and after."""
    activity = _activity(request, uuid, "deliver")
    kept = Form.objects.filter(activity=activity, kind=FormKind.PRE).first()
    initial = {"text": write_test(read_questions(kept.questions))} if kept else {}
    sheet = TestForm(request.POST or None, initial=initial)
    if request.method == "POST" and acted(sheet, partial(actions.keep_test, by=request.principal, at=request.at, activity=uuid)):
        messages.success(request, gettext("Saved: the same questions are asked before and after."))
        return redirect("training:activity", uuid)
    return _page(request, sheet, gettext("Test"), reverse("training:activity", args=[uuid]), activity.title)


@require_http_methods(["GET", "POST"])
def form(request: Any, kind: str, key: str) -> HttpResponse:
    """A participant answers a form of the workshop, signed in or by pass."""
    here = arrive(request.principal, key, purpose=PASS, rules=nomination_rules, at=request.at, related=_ABOUT)
    nomination_rules.require(here.by, "attend", here.record)
    shown = Form.objects.select_related("activity").filter(activity=here.record.activity, kind=kind).exclude(kind__in=FOLLOW_UP).first()
    if shown is None:
        raise NotFound
    ask = shown.asks.filter(nomination=here.record).first()
    back = reverse("training:participant", args=[key])
    if ask and ask.answered_at and kind in TESTS:
        return render(request, "evaluation/score.html", {"ask": ask, "back": back, "activity": shown.activity})
    sheet = QuestionsForm(request.POST or None, questions=read_questions(shown.questions), answers=ask.answers if ask else None)
    who = {"by": here.by, "at": request.at, "nomination": here.record.uuid, "kind": FormKind(kind)}
    if request.method == "POST" and acted(sheet, lambda **given: actions.answer_form(**who, given=_given(given))):
        messages.success(request, gettext("Thank you, recorded."))
        return redirect(back)
    return _page(request, sheet, gettext(FORM_KINDS[FormKind(kind)]), back, shown.activity.title, submit=gettext("Send"))


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None)}


@require_http_methods(["GET", "POST"])
def answer(request: Any, key: str) -> HttpResponse:
    """Officer or supervisor says what has changed, signed in or by link; the officer's items are there to update."""
    related = ("form__activity__region", "nomination__person", "nomination__invitation__place")
    here = arrive(request.principal, key, purpose=ANSWER, rules=ask_rules, at=request.at, related=related)
    ask_rules.require(here.by, "answer", here.record)
    ask = here.record
    sheet = QuestionsForm(request.POST or None, questions=read_questions(ask.form.questions), answers=ask.answers)

    def act(**given: Any) -> Any:
        return actions.answer_ask(by=here.by, at=request.at, uuid=ask.uuid, given=_given(given))

    if request.method == "POST" and acted(sheet, act):
        if here.link:
            use_link(by=here.by, at=request.at, link=here.link)
        return render(request, "training/thanks.html", {"activity": ask.form.activity})
    items = ActionItem.objects.filter(nomination=ask.nomination).order_by("due_on")
    context = {"ask": ask, "form": sheet, "items": items, "activity": ask.form.activity, "officer": ask.form.kind == FormKind.OFFICER}
    return render(request, "evaluation/answer.html", context, status=422 if sheet.errors else 200)


def _plan_of(request: Any, key: str) -> Any:
    """A plan is reached signed in, by the participant's pass, or by the supervisor's link to endorse it."""
    try:
        return arrive(request.principal, key, purpose=PASS, rules=nomination_rules, at=request.at, related=_ABOUT)
    except LinkGone:
        try:
            link = link_for(key, purpose=ENDORSE, at=request.at)
        except NotFound:
            raise LinkGone from None
        by = principal_for_link(link)
        item = action_item_rules.visible_to(by, "endorse").select_related(*[f"nomination__{path}" for path in _ABOUT]).first()
        if item is None:
            raise LinkGone from None
        return Arrival(by, item.nomination, link)


@require_http_methods(["GET", "POST"])
def plan(request: Any, key: str) -> HttpResponse:
    """An action plan: the participant writes and updates it, the supervisor endorses it."""
    here = _plan_of(request, key)
    nomination = here.record
    items = action_item_rules.visible_to(here.by).filter(nomination=nomination).prefetch_related("updates").order_by("due_on")
    may_write = bool(nomination_rules.may(here.by, "attend", nomination))
    may_endorse = action_item_rules.visible_to(here.by, "endorse").filter(nomination=nomination, endorsed_at__isnull=True).exists()
    if not may_write and not items.exists():
        raise NotFound
    what = request.POST.get("what_to_do", "") if request.method == "POST" else ""
    sheet = ItemForm(request.POST if what == "plan" else None)
    who = {"by": here.by, "at": request.at, "nomination": nomination.uuid}
    try:
        done = _plan_act(request, here, what, sheet, who)
    except DomainError as error:
        messages.error(request, gettext(error.text.message) % error.text.values)
        done = ""
    if done:
        messages.success(request, done)
        return redirect(request.path)
    context = {
        "nomination": nomination,
        "activity": nomination.activity,
        "items": items,
        "form": sheet,
        "update": UpdateForm(),
        "may_write": may_write,
        "may_endorse": may_endorse,
        "day": request.at.date(),
        "key": key,
    }
    return render(request, "evaluation/plan.html", context, status=422 if sheet.errors else 200)


def _plan_act(request: Any, here: Any, what: str, sheet: Any, who: dict[str, Any]) -> str:
    match what:
        case "plan":
            return gettext("Planned.") if acted(sheet, partial(actions.plan_item, **who)) else ""
        case "send":
            actions.ask_endorsement(**who)
            return gettext("Your supervisor is asked.")
        case "endorse":
            actions.endorse(**who)
            return gettext("Endorsed. Thank you.")
        case "update":
            uuid, state = request.POST.get("item", ""), request.POST.get("state", "")
            item = action_item_rules.visible_to(here.by).filter(uuid=UUID(uuid) if _is_uuid(uuid) else None).first()
            if item is None or state not in list(ItemState):
                raise NotFound
            because, note = request.POST.get("dropped_because", ""), request.POST.get("note", "")
            actions.update_item(by=here.by, at=request.at, uuid=item.uuid, state=ItemState(state), note=note, dropped_because=because)
            return gettext("Recorded.")
    return ""


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@require_GET
def item(request: Any, uuid: UUID) -> HttpResponse:
    """One action item with what was said of it, and the way to a practice drafted from it."""
    related = ("nomination__activity__region", "nomination__person", "nomination__invitation__place")
    found = action_item_rules.visible_to(request.principal).select_related(*related).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return render(request, "evaluation/item.html", {"item": found, "updates": found.updates.order_by("at")})


@require_GET
def after(request: Any, uuid: UUID) -> HttpResponse:
    """What they did: action items and both answers side by side, for those who may read them."""
    activity = _activity(request, uuid)
    who = request.principal
    visible = nomination_rules.visible_to(who).filter(pk__in=attended(activity).values("pk"))
    readable = set(
        ask_rules.visible_to(who).filter(form__activity=activity, form__kind=FormKind.SUPERVISOR).values_list("nomination_id", flat=True)
    )
    people = [n for n in visible.select_related("person", "invitation__place").order_by("invitation__place__name") if n.pk in readable]
    items = (
        action_item_rules.visible_to(who)
        .filter(nomination__activity=activity)
        .select_related("nomination__person", "nomination__invitation__place")
    )
    if not people and not items.exists() and not activity_rules.may(who, "oversee", activity):
        raise NotFound
    context = {
        "activity": activity,
        "pairs": pairs(activity, people),
        "items": items.order_by("due_on")[:300],
        "day": request.at.date(),
        "may_ask": bool(activity_rules.may(who, "design", activity)) and activity.stage == "closed",
    }
    return render(request, "evaluation/after.html", context)


@require_POST
def ask_now(request: Any, uuid: UUID) -> HttpResponse:
    """Send the follow-up before its date."""
    _activity(request, uuid, "design")
    n = actions.follow_up(by=request.principal, at=request.at, activity=uuid)
    messages.success(request, gettext("%(n)s people are asked.") % {"n": n})
    return redirect("evaluation:after", uuid)


@require_GET
def late(request: Any) -> HttpResponse:
    """Follow-up answers that are overdue."""
    if not request.principal.person_id:
        raise NotFound
    found = overdue(ask_rules.visible_to(request.principal), request.at.date())
    rows = found.select_related("form__activity", "nomination__person", "nomination__invitation__place", "person").order_by("due_on")[:300]
    return render(request, "evaluation/overdue.html", {"rows": rows})


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
    activity, paper, _ = _report(request, uuid)
    kind, made = ("application/pdf", to_pdf(paper)) if form == "pdf" else (WORD, to_word(paper))
    headers = {"Content-Disposition": f'attachment; filename="{activity.code}-report.{form}"'}
    return HttpResponse(made, content_type=kind, headers=headers)


@require_POST
def publish(request: Any, uuid: UUID) -> HttpResponse:
    """Freeze the report."""
    actions.publish_report(by=request.principal, at=request.at, activity=uuid)
    messages.success(request, gettext("Published: the report is frozen."))
    return redirect("evaluation:report", uuid)
