"""What evaluation puts into a run-it-again kit: the tests and forms as they were last asked, and what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from entrepot.capacity.training.api import Figure, attended
from entrepot.ground.journal.api import append
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .core import MOST_TESTED, Question, checked_question, completed, read_questions, seconds_for
from .enums import FOLLOW_UP, TESTS, FormKind
from .models import ActionItem, Form
from .queries import Given


def give(activity: Any) -> list[dict[str, Any]]:
    """The current version of each form that was written for this activity; what our library gives anyway is made anew there."""
    forms = Form.objects.filter(activity=activity, current=True).order_by("kind")
    return [{"kind": form.kind, "language": form.language, "questions": form.questions} for form in forms]


def take(activity: Any, part: Any, by: Principal, at: datetime) -> None:
    """Make the forms of a kit, each question checked as the builder would. Raises `Invalid` under `file`."""
    try:
        forms = [(FormKind(row["kind"]), str(row["language"])[:12], read_questions(row["questions"])) for row in part]
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise Invalid({"file": gettext_noop("The forms in the kit are damaged.")}) from error
    if len(forms) > len(FormKind):
        raise Invalid({"file": gettext_noop("The forms in the kit are damaged.")})
    for kind, language, questions in forms:
        checked: list[Question] = []
        if len(questions) > MOST_TESTED:
            raise _wrong(questions[MOST_TESTED], gettext_noop("a form has at most two hundred questions"))
        for question in questions:
            if kind in TESTS and not 0 <= (question.right if isinstance(question.right, int) else -1) < len(question.options):
                raise _wrong(question, gettext_noop("it does not say which answer is right"))
            try:
                sound = checked_question(question, checked, [other.key for other in checked])
            except Invalid as error:
                raise _wrong(question, "; ".join(str(fault) for fault in error.faults.values())) from error
            except (TypeError, AttributeError) as error:
                raise _wrong(question, gettext_noop("it is damaged")) from error
            checked.append(question if kind in TESTS else sound)
        values = {"questions": [question.plain() for question in checked], "seconds": seconds_for(checked), "language": language}
        form = Form.objects.create(activity=activity, kind=kind, **values)
        append(by=by, at=at, verb="evaluation.form.begun", thing=form, place=activity.region.lineage, facts={"kind": kind, "from": "kit"})


def _wrong(question: Question, why: str) -> Invalid:
    return Invalid({"file": Text(gettext_noop("The question “%(text)s”: %(why)s"), {"text": str(question.text)[:80], "why": why})})


def results(activity: Any) -> Iterator[Figure]:
    """Gain from test to test, who said what they thought, what was done: per cent, each with its n; none under five people."""
    n = attended(activity).count()
    given = Given(activity)
    gain = given.learning(of=n).mean
    if gain.value is not None:
        yield Figure("gain", gettext_noop("Gain from the test before to the test after"), round(100 * gain.value, 1), " %", gain.n)
    said = given.response(FormKind.REACTION, of=n)
    if said.value is not None:
        yield Figure("reaction", gettext_noop("Said what they thought of it"), round(100 * said.value, 1), " %", said.of)
    items = list(ActionItem.objects.filter(nomination__activity=activity).values_list("state", "nomination_id"))
    done = completed([state for state, _ in items])
    if done.value is not None and len({person for _, person in items}) >= 5:
        yield Figure("done", gettext_noop("Planned actions done"), round(100 * done.value, 1), " %", done.n)
    for kind in FOLLOW_UP:
        answered = given.response(kind, of=n)
        if answered.value is not None:
            words = gettext_noop("Officers who answered months later") if kind is FormKind.OFFICER else gettext_noop("Supervisors who did")
            yield Figure(f"answered-{kind}", words, round(100 * answered.value, 1), " %", answered.of)
