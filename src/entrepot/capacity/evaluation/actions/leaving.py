"""What becomes of what was asked of a person, and of what they said, when they are erased or two records turn out to be theirs.

Both happen inside the action of `people`, in its transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from entrepot.capacity.training.api import coordinators
from entrepot.ground.access.api import end_links
from entrepot.ground.journal.api import append
from entrepot.ground.keeping.api import change
from entrepot.ground.people.api import traces_of
from entrepot.kernel.principals import SYSTEM

from .. import letters
from ..core import read_questions, without_words
from ..enums import DropReason, FormKind, ItemState
from ..models import ActionItem, Ask, Compilation, ItemUpdate, Lesson, Report, Taught
from ..purposes import ANSWER, CONFIRM
from .plans import OPEN_STATES
from .publishing import digest_of


def hold_asks(people: Collection[int]) -> None:
    """What was asked of these people or about them, and what was answered, is changed by nobody else until the transaction ends. Nor is
    anything compiled: what was read before the erasure is kept before it, or read again."""
    theirs = Ask.objects.filter(Q(person__in=people) | Q(nomination__person__in=people))
    list(theirs.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    list(Compilation.objects.order_by("pk").select_for_update().values_list("pk", flat=True))


def let_go(person_id: int, at: datetime) -> None:
    """Nothing is asked of an erased person any more, and what they wrote goes. Scales, choices and scores keep counts and means true."""
    _stop_asking(person_id, at)
    for ask in (Ask.objects.filter(person_id=person_id) | Ask.objects.filter(nomination__person_id=person_id)).select_related("form"):
        _without_words(ask)
    items = ActionItem.objects.filter(nomination__person_id=person_id)
    for item in items.filter(state__in=OPEN_STATES).select_related("nomination__invitation__place"):
        change(item, {"state": ItemState.DROPPED, "dropped_because": DropReason.OTHER}, version=None)
        place = item.nomination.invitation.place.lineage
        append(by=SYSTEM, at=at, verb="evaluation.item.updated", thing=item, place=place, facts={"state": ItemState.DROPPED})
    ItemUpdate.objects.filter(item__in=items).update(note="")
    items.update(what="—", why="", owner="", support="", indicator="")
    Lesson.objects.filter(nomination__person_id=person_id).update(what="—")
    _out_of_reports(person_id, at)


def _stop_asking(person_id: int, at: datetime) -> None:
    """What is open goes: asked of them, or of their supervisor about them. A Member's own answer goes to another of its coordinators."""
    mine = Ask.objects.filter(Q(person_id=person_id) | Q(nomination__person_id=person_id), answered_at__isnull=True)
    for ask in mine.select_related("form__activity", "place", "nomination__person").distinct():
        end_links(by=SYSTEM, at=at, purpose=ANSWER, thing=ask.uuid)
        others = coordinators(ask.place, at) if ask.form.kind == FormKind.MEMBER and ask.place else []
        successor = next((one for one in others if one.pk != person_id), None)
        place = ask.place.lineage if ask.place else ""
        if successor is None:
            append(by=SYSTEM, at=at, verb="evaluation.ask.ended", thing=ask, place=place)
            ask.delete()
            continue
        change(ask, {"person": successor}, version=None)
        append(by=SYSTEM, at=at, verb="evaluation.ask.handed_over", thing=ask, place=place, facts={"person": successor.uuid})
        letters.ask_follow_up(ask, by=SYSTEM, at=at)
    for taught in Taught.objects.filter(person_id=person_id, answered_at__isnull=True):
        end_links(by=SYSTEM, at=at, purpose=CONFIRM, thing=taught.uuid)
        append(by=SYSTEM, at=at, verb="evaluation.taught.ended", thing=taught)
        taught.delete()


def _without_words(ask: Ask) -> None:
    questions = read_questions(ask.form.questions)
    for amendment in ask.amendments.all():
        amendment.before = without_words(questions, amendment.before)
        amendment.save(update_fields=["before"])
    ask.answers = without_words(questions, ask.answers)
    ask.cleared = [key for key in ask.cleared if key in ask.answers]
    ask.save(update_fields=["answers", "cleared"])


def _out_of_reports(person_id: int, at: datetime) -> None:
    """A published report goes without the name from here on; the journal keeps the digest under which it was published."""
    traces = traces_of(person_id)
    for report in traces.among(Report.objects.select_related("activity__region"), "body"):
        body = traces.out_of(report.body)
        if body == report.body:
            continue
        facts = {"was": report.digest, "is": digest_of(body)}
        change(report, {"body": body, "digest": facts["is"]}, version=None)
        append(by=SYSTEM, at=at, verb="evaluation.report.name_taken_out", thing=report, place=report.activity.region.lineage, facts=facts)


def join(better: Any, other: Any, at: datetime) -> None:
    """Two nominations are of one person: answers, plans and lessons of the other go to the better one. Of two answers the given one stays,
    the better nomination's where both are given."""
    for ask in Ask.objects.filter(nomination=other).select_related("form"):
        rival = Ask.objects.filter(nomination=better, form__activity=ask.form.activity_id, form__kind=ask.form.kind).first()
        goes = ask if rival is not None and (rival.answered_at or not ask.answered_at) else rival
        if goes is not None:
            end_links(by=SYSTEM, at=at, purpose=ANSWER, thing=goes.uuid)
            append(by=SYSTEM, at=at, verb="evaluation.ask.ended", thing=goes, place=other.invitation.place.lineage)
            goes.delete()
        if goes is not ask:
            change(ask, {"nomination": better, "place": ask.place and better.invitation.place}, version=None)
    ActionItem.objects.filter(nomination=other).update(nomination=better)
    Lesson.objects.filter(nomination=other).update(nomination=better)


def move(dropped: int, kept: int, _at: datetime) -> None:
    """What was asked of a dropped record and what it said becomes the kept one's."""
    about = {"form__in": Ask.objects.filter(person_id=kept, nomination__isnull=True, place__isnull=True).values("form_id")}
    doubled = Ask.objects.filter(person_id=dropped, nomination__isnull=True, place__isnull=True, **about)
    for ask in doubled:
        other = Ask.objects.get(form=ask.form_id, person_id=kept, nomination__isnull=True, place__isnull=True)
        (ask if other.answered_at or not ask.answered_at else other).delete()
    Ask.objects.filter(person_id=dropped).update(person_id=kept)
    for taught in Taught.objects.filter(person_id=dropped):
        double = Taught.objects.filter(person_id=kept, lesson=taught.lesson_id).first()
        if double is not None:
            said = taught if double.answered_at is None and taught.answered_at else double
            Lesson.objects.filter(after__in=[taught, double]).update(after=said)
            (double if said is taught else taught).delete()
    Taught.objects.filter(person_id=dropped).update(person_id=kept)
