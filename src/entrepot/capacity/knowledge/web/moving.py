"""What people do with a practice from its page."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from entrepot.kernel.errors import Invalid, NotFound
from entrepot.kernel.texts import gettext_noop
from entrepot.shell.forms import acted

from .. import actions
from ..enums import Opinion, RetiredBecause, Sight, Worked
from ..rules import question_rules
from .forms import AdoptForm, AnswerForm, QuestionForm, RetireForm, ReviewersForm, ReviewForm, WithdrawForm
from .practices import candidates, form_page, practice_for


@require_POST
def move(request: Any, uuid: UUID) -> HttpResponse:
    """Clear (with how far it may be seen), publish, renew, reopen, or clear a translation."""
    practice_for(request, uuid)
    who: dict[str, Any] = {"by": request.principal, "at": request.at}
    match request.POST.get("what", ""):
        case "clear":
            sight = request.POST.get("sight", Sight.PUBLIC)
            if sight not in set(Sight):
                raise Invalid({"sight": gettext_noop("Choose one of those offered.")})
            actions.clear(**who, uuid=uuid, sight=Sight(sight))
        case "publish":
            actions.publish(**who, uuid=uuid)
        case "renew":
            actions.renew(**who, uuid=uuid)
        case "reopen":
            actions.reopen(**who, uuid=uuid)
        case "translation":
            actions.clear_translation(**who, uuid=_uuid(request.POST.get("translation", "")))
        case _:
            raise NotFound
    messages.success(request, gettext("Done."))
    return redirect("knowledge:practice", uuid)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _back(uuid: UUID) -> str:
    return reverse("knowledge:practice", args=[uuid])


@require_POST
def ask_review(request: Any, uuid: UUID) -> HttpResponse:
    """Ask people to review."""
    found = practice_for(request, uuid, "publish")
    form = ReviewersForm(request.POST, people=candidates(found))
    if acted(form, partial(actions.ask_review, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Asked."))
        return redirect(_back(uuid) + "#review")
    return form_page(request, form, gettext("Reviewers"), _back(uuid))


@require_POST
def review(request: Any, uuid: UUID) -> HttpResponse:
    """Say whether it is fit."""
    practice_for(request, uuid)
    form = ReviewForm(request.POST)

    def act(opinion: str, words: str) -> Any:
        return actions.review(by=request.principal, at=request.at, uuid=uuid, opinion=Opinion(opinion), words=words)

    made = acted(form, act)
    if made:
        messages.success(request, gettext("Thank you. The Member reads what you wrote."))
        # Sent back, it is out of the reviewer's sight until it comes again.
        return redirect("desk:today") if made.opinion == Opinion.CHANGES else redirect(_back(uuid) + "#review")
    return form_page(request, form, gettext("Review"), _back(uuid))


@require_http_methods(["GET", "POST"])
def retire(request: Any, uuid: UUID) -> HttpResponse:
    """Take it out of the collection, with the reason."""
    found = practice_for(request, uuid, "retire")
    form = RetireForm(request.POST or None)

    def act(because: str, words: str) -> Any:
        return actions.retire(by=request.principal, at=request.at, uuid=uuid, because=RetiredBecause(because), words=words)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Retired. It stays readable, with the reason."))
        return redirect(_back(uuid))
    title = gettext("Retire “%(title)s”") % {"title": found.title}
    return form_page(request, form, title, _back(uuid), submit=gettext("Retire"), tone="stop")


@require_http_methods(["GET", "POST"])
def withdraw(request: Any, uuid: UUID) -> HttpResponse:
    """The Member takes its clearance back."""
    found = practice_for(request, uuid, "withdraw")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and acted(form, partial(actions.withdraw, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Withdrawn. It is out of public sight, and what was compiled from it is corrected."))
        return redirect(_back(uuid))
    title = gettext("Withdraw your clearance of “%(title)s”") % {"title": found.title}
    intro = gettext(
        "At once nobody outside your Member and the regional office sees it, and every report that holds it gets a corrected edition."
    )
    return form_page(request, form, title, _back(uuid), submit=gettext("Withdraw"), tone="stop", intro=intro)


@require_POST
def adopt(request: Any, uuid: UUID) -> HttpResponse:
    """One's Member used it."""
    found = practice_for(request, uuid)
    form = AdoptForm(request.POST, principal=request.principal)

    def act(place: Any, worked: str, result: str) -> Any:
        return actions.adopt(by=request.principal, at=request.at, uuid=uuid, place=place, worked=Worked(worked), result=result)

    if acted(form, act):
        messages.success(request, gettext("Thank you: others see how it went."))
        return redirect("knowledge:practice", uuid)
    return form_page(request, form, found.title, _back(uuid))


@require_POST
def ask(request: Any, uuid: UUID) -> HttpResponse:
    """Ask those behind it."""
    found = practice_for(request, uuid)
    form = QuestionForm(request.POST)
    if acted(form, partial(actions.ask, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Asked. You are told when the answer is there."))
        return redirect(_back(uuid) + "#questions")
    return form_page(request, form, found.title, _back(uuid))


@require_POST
def answer(request: Any, uuid: UUID) -> HttpResponse:
    """Answer a question."""
    found = question_rules.visible_to(request.principal).select_related("practice", "initiative__round").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    question_rules.require(request.principal, "answer", found)
    if found.practice:
        back = _back(found.practice.uuid)
    else:
        assert found.initiative
        back = reverse("knowledge:round", args=[found.initiative.round.uuid])
    form = AnswerForm(request.POST)
    if acted(form, partial(actions.answer, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Answered."))
        return redirect(back + "#questions")
    return form_page(request, form, found.text[:100], back)
