"""Who asks, who answers, who reads. An answer is its person's and the regional office's; reports are for all once published."""

from __future__ import annotations

from entrepot.capacity.training.api import ENDORSE, PASS, supervising
from entrepot.ground.keeping.api import Anyone, Held, Linked, Own, OwnAs, Rules
from entrepot.kernel.roles import Role

from .enums import LATER, FormKind
from .models import ActionItem, Amendment, Ask, Compilation, Form, ItemUpdate, Lesson, Report, Taught
from .purposes import ANSWER, CONFIRM

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
HOST = frozenset({Role.CENTRE_MANAGER, Role.TRAINER})
CHAIR = frozenset({Role.VICE_CHAIR_OFFICE})
_LATER = tuple(kind.value for kind in LATER)
_HANDED = (FormKind.SUPERVISOR.value, FormKind.MEMBER.value)
_STAYING = tuple(kind.value for kind in FormKind if kind.value not in _HANDED)


def _asked(before: str = "") -> list[Own]:
    """Whoever is asked: for themself, or as a supervisor while they are one. For the Member its coordinators answer, whoever was asked."""
    kind, role = f"{before}form__kind", frozenset({Role.SUPERVISOR})
    as_supervisor = OwnAs(f"{before}person_id", {kind: FormKind.SUPERVISOR.value}, roles=role, at=f"{before}place__lineage")
    return [Own(f"{before}person_id", {f"{kind}__in": _STAYING}), as_supervisor]


class FormRules(Rules[Form]):
    """Forms are made by the office and the host; participants meet them as asks."""

    model = Form
    thing = "form"
    scope = "evaluation"
    verbs = {
        "view": [Held(OFFICE, over="activity__region__lineage"), Held(HOST, over="activity__host__lineage")],
        "keep": [Held(OFFICE, over="activity__region__lineage"), Held(HOST, over="activity__host__lineage")],
    }


class AskRules(Rules[Ask]):
    """Nobody reads another's answer but the office, and of the follow-up the Member's coordinator, who answers for the Member."""

    model = Ask
    thing = "answer to a form"
    scope = "evaluation"
    verbs = {
        "view": [
            *_asked(),
            Linked(ANSWER),
            Held(OFFICE, over="form__activity__region__lineage"),
            Held(COORDINATOR, when={"form__kind__in": _LATER}),
        ],
        "answer": [*_asked(), Linked(ANSWER), Held(COORDINATOR, when={"form__kind": FormKind.MEMBER.value})],
        "hand_over": [Held(COORDINATOR, when={"form__kind__in": _HANDED})],
        "clear": [Held(COORDINATOR, when={"form__kind": FormKind.MEMBER.value})],
    }


class AmendmentRules(Rules[Amendment]):
    """What an answer was before it was amended is seen by whoever answers and by those who read the answer."""

    model = Amendment
    thing = "amended answer"
    scope = "evaluation"
    verbs = {
        "view": [
            *_asked("ask__"),
            Held(OFFICE, over="ask__form__activity__region__lineage"),
            Held(COORDINATOR, over="ask__place__lineage", when={"ask__form__kind__in": _LATER}),
        ]
    }


class ActionItemRules(Rules[ActionItem]):
    """An officer's items: the officer's, the supervisor's, the coordinator's, the office's."""

    model = ActionItem
    thing = "action item"
    scope = "evaluation"
    verbs = {
        "view": [
            Own("nomination__person_id"),
            supervising("nomination__"),
            Linked(PASS, "nomination__uuid"),
            Linked(ENDORSE, "nomination__uuid"),
            Held(OFFICE, over="nomination__activity__region__lineage"),
            Held(COORDINATOR, over="nomination__invitation__place__lineage"),
        ],
        "update": [
            Own("nomination__person_id"),
            Linked(PASS, "nomination__uuid"),
            Held(COORDINATOR, over="nomination__invitation__place__lineage"),
        ],
        "endorse": [supervising("nomination__"), Linked(ENDORSE, "nomination__uuid")],
    }


class ItemUpdateRules(Rules[ItemUpdate]):
    """Seen with the item."""

    model = ItemUpdate
    thing = "update of an action item"
    scope = "evaluation"
    verbs = {
        "view": [
            Own("item__nomination__person_id"),
            supervising("item__nomination__"),
            Held(OFFICE, over="item__nomination__activity__region__lineage"),
            Held(COORDINATOR, over="item__nomination__invitation__place__lineage"),
        ]
    }


class LessonRules(Rules[Lesson]):
    """That someone taught colleagues: theirs, their supervisor's, the Member's, and those who run the activity."""

    model = Lesson
    thing = "teaching of colleagues"
    scope = "evaluation"
    verbs = {
        "view": [
            Own("nomination__person_id"),
            supervising("nomination__"),
            Linked(PASS, "nomination__uuid"),
            Held(OFFICE, over="nomination__activity__region__lineage"),
            Held(HOST, over="nomination__activity__host__lineage"),
            Held(COORDINATOR, over="nomination__invitation__place__lineage"),
        ]
    }


class TaughtRules(Rules[Taught]):
    """Whether a colleague was taught is theirs to say, and nobody else sees what this one said: others see counts."""

    model = Taught
    thing = "confirmation of a colleague"
    scope = "evaluation"
    verbs = {"view": [Own("person_id"), Linked(CONFIRM)], "confirm": [Own("person_id"), Linked(CONFIRM)]}


class CompilationRules(Rules[Compilation]):
    """The region's follow-up is compiled by the regional office, and read by it and the Vice-Chair of the time."""

    model = Compilation
    thing = "compiled follow-up"
    scope = "evaluation"
    verbs = {
        "view": [Held(OFFICE, over="region__lineage"), Held(CHAIR, over="region__lineage")],
        "compile": [Held(OFFICE, over="region__lineage")],
    }


class ReportRules(Rules[Report]):
    """A published report is public; its figures name nobody."""

    model = Report
    thing = "report of an activity"
    scope = "evaluation"
    verbs = {"view": [Anyone()]}


form_rules = FormRules()
ask_rules = AskRules()
action_item_rules = ActionItemRules()
item_update_rules = ItemUpdateRules()
report_rules = ReportRules()
amendment_rules = AmendmentRules()
lesson_rules = LessonRules()
taught_rules = TaughtRules()
compilation_rules = CompilationRules()
