"""What is written about practices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from entrepot.ground.notices.api import notify
from entrepot.ground.people.api import in_force, person_rules
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import Personal, Text, gettext_noop

from .models import Adoption, Practice, Question, Review, Round


def _page(practice: Practice) -> str:
    return reverse("knowledge:practice", args=[practice.uuid])


def _to_role(role: Role, place: Any, *, by: Principal, at: datetime, **told: Any) -> None:
    held = in_force(at.date()).filter(role=role, place=place).select_related("person__home")
    for posting in held:
        if posting.person.uuid != by.uuid:
            notify(by=by, at=at, person=posting.person, **told)


def ask_clearance(practice: Practice, *, by: Principal, at: datetime, language: str = "") -> None:
    """Ask the Member whether a practice, or its translation, may be published."""
    told: dict[str, Any] = {
        "title": Text(gettext_noop("Clear a practice for publication: %(title)s"), {"title": practice.title}),
        "body": Text(
            gettext_noop("“%(title)s” waits for your Member. Nothing is published before you clear it."), {"title": practice.title}
        ),
        "key": f"clear:{practice.uuid}:{practice.version}:{language}",
        "kind": "knowledge.clearance",
        "href": _page(practice),
    }
    _to_role(Role.NATIONAL_COORDINATOR, practice.place, by=by, at=at, **told)


def tell_adopted(adoption: Adoption, *, by: Principal, at: datetime) -> None:
    """Tell the Member that another one has used its practice."""
    practice = adoption.practice
    told: dict[str, Any] = {
        "title": Text(gettext_noop("%(member)s used your practice “%(title)s”"), {"title": practice.title, "member": adoption.place.name}),
        "body": Text(gettext_noop("%(member)s says how it went on the page of the practice."), {"member": adoption.place.name}),
        "key": f"adopted:{adoption.uuid}:{adoption.version}",
        "kind": "knowledge.adopted",
        "href": _page(practice),
    }
    _to_role(Role.NATIONAL_COORDINATOR, practice.place, by=by, at=at, **told)


def ask_review(review: Review, *, by: Principal, at: datetime) -> None:
    """Ask one person to review."""
    values = {"title": review.practice.title}
    notify(
        by=by,
        at=at,
        person=review.person,
        kind="knowledge.review",
        title=Text(gettext_noop("Review a practice: %(title)s"), values),
        body=Text(
            gettext_noop("Say whether “%(title)s” is fit to publish, and why. What you write is read by the Member concerned."), values
        ),
        href=_page(review.practice),
        key=f"review:{review.practice.uuid}:{review.number}",
    )


def tell_changes(review: Review, *, by: Principal, at: datetime) -> None:
    """Tell the Member's coordinators, and whoever drafted it, that a reviewer asks for changes."""
    practice = review.practice
    told: dict[str, Any] = {
        "title": Text(gettext_noop("Changes asked: %(title)s"), {"title": practice.title}),
        "body": Text(gettext_noop("A reviewer writes: %(words)s"), {"words": Personal(review.words[:600], review.person.uuid)}),
        "key": f"changes:{review.uuid}",
        "kind": "knowledge.changes",
        "href": _page(practice),
    }
    _to_role(Role.NATIONAL_COORDINATOR, practice.place, by=by, at=at, **told)
    author = person_rules.visible_to(SYSTEM).select_related("home").filter(uuid=practice.drafted_by or by.uuid).first()
    if author and author.uuid != by.uuid:
        notify(by=by, at=at, person=author, **told)


def tell_published(practice: Practice, *, by: Principal, at: datetime) -> None:
    """Tell the Member that its practice is out."""
    told: dict[str, Any] = {
        "title": Text(gettext_noop("Published: %(title)s"), {"title": practice.title}),
        "body": Text(gettext_noop("Your practice is in the collection. You may take your clearance back at any time."), {}),
        "key": f"published:{practice.uuid}:{practice.number}",
        "kind": "knowledge.clearance",
        "href": _page(practice),
    }
    _to_role(Role.NATIONAL_COORDINATOR, practice.place, by=by, at=at, **told)


def tell_withdrawn(practice: Practice, *, by: Principal, at: datetime) -> None:
    """Tell the Members that use a practice that its Member has taken it back; the reason is not theirs to read."""
    for adoption in practice.adoptions.select_related("place"):
        told: dict[str, Any] = {
            "title": Text(gettext_noop("A practice that you use was taken back: %(title)s"), {"title": practice.title}),
            "body": Text(
                gettext_noop("%(member)s has withdrawn its clearance. What you do is your own affair."), {"member": practice.place.name}
            ),
            "key": f"withdrawn:{practice.uuid}:{adoption.uuid}:{practice.version}",
            "kind": "knowledge.adopted",
            "href": reverse("knowledge:practices"),
        }
        _to_role(Role.NATIONAL_COORDINATOR, adoption.place, by=by, at=at, **told)


def _about(question: Question) -> tuple[str, str]:
    if question.practice:
        return question.practice.title, _page(question.practice)
    assert question.initiative
    return question.initiative.title, reverse("knowledge:round", args=[question.initiative.round.uuid])


def tell_question(question: Question, *, by: Principal, at: datetime) -> None:
    """Tell those who answer."""
    title, href = _about(question)
    one = question.practice or question.initiative
    assert one is not None
    told: dict[str, Any] = {
        "title": Text(gettext_noop("A question about “%(title)s”"), {"title": title}),
        "body": Text(
            gettext_noop("%(member)s asks: %(text)s"),
            {"member": question.place.name, "text": Personal(question.text[:600], question.person.uuid)},
        ),
        "key": f"question:{question.uuid}",
        "kind": "knowledge.question",
        "href": href + "#questions",
    }
    _to_role(Role.NATIONAL_COORDINATOR if question.practice else Role.CENTRE_MANAGER, one.place, by=by, at=at, **told)


def tell_answer(question: Question, *, by: Principal, at: datetime) -> None:
    """Tell whoever asked."""
    title, href = _about(question)
    notify(
        by=by,
        at=at,
        person=question.person,
        kind="knowledge.question",
        title=Text(gettext_noop("Your question about “%(title)s” is answered"), {"title": title}),
        body=Text(gettext_noop("The answer: %(text)s"), {"text": Personal(question.answer[:600], by.uuid)}),
        href=href + "#questions",
        key=f"answer:{question.uuid}:{question.version}",
    )


def ask_initiative(one: Round, centre: Any, *, by: Principal, at: datetime, again: bool = False) -> None:
    """Ask a centre's managers for what the centre has begun."""
    values = {"title": one.title, "on": one.due_on}
    words = gettext_noop("Reminder: tell your initiatives for %(title)s") if again else gettext_noop("Tell your initiatives for %(title)s")
    told: dict[str, Any] = {
        "title": Text(words, values),
        "body": Text(gettext_noop("What you have begun, how, what came of it and what you learned. Due %(on)s."), values),
        "key": f"round:{one.uuid}:{at.date() if again else ''}",
        "kind": "knowledge.round",
        "href": reverse("knowledge:round", args=[one.uuid]),
    }
    _to_role(Role.CENTRE_MANAGER, centre.place, by=by, at=at, **told)
