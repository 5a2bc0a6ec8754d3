"""Who asks, who answers, who reads. An answer is its person's and the regional office's; reports are for all once published."""

from __future__ import annotations

from entrepot.capacity.training.api import PASS
from entrepot.ground.keeping.api import Anyone, Held, Linked, Own, Rules
from entrepot.kernel.roles import Role

from .models import ActionItem, Ask, Form, ItemUpdate, Report

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
HOST = frozenset({Role.CENTRE_MANAGER, Role.TRAINER})
ANSWER, ENDORSE = "evaluation.answer", "evaluation.endorse"
"""Purposes of signed links: to answer the follow-up, and to endorse an action plan."""


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
    """Nobody reads another's answer but the office, and of the follow-up the Member's coordinator."""

    model = Ask
    thing = "answer to a form"
    scope = "evaluation"
    verbs = {
        "view": [
            Own("person_id"),
            Linked(ANSWER),
            Held(OFFICE, over="form__activity__region__lineage"),
            Held(COORDINATOR, over="nomination__invitation__place__lineage", when={"form__kind__in": ("officer", "supervisor")}),
        ],
        "answer": [Own("person_id"), Linked(ANSWER)],
    }


class ActionItemRules(Rules[ActionItem]):
    """An officer's items: the officer's, the supervisor's, the coordinator's, the office's."""

    model = ActionItem
    thing = "action item"
    scope = "evaluation"
    verbs = {
        "view": [
            Own("nomination__person_id"),
            Own("nomination__supervisor_id"),
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
        "endorse": [Own("nomination__supervisor_id"), Linked(ENDORSE, "nomination__uuid")],
    }


class ItemUpdateRules(Rules[ItemUpdate]):
    """Seen with the item."""

    model = ItemUpdate
    thing = "update of an action item"
    scope = "evaluation"
    verbs = {
        "view": [
            Own("item__nomination__person_id"),
            Own("item__nomination__supervisor_id"),
            Held(OFFICE, over="item__nomination__activity__region__lineage"),
            Held(COORDINATOR, over="item__nomination__invitation__place__lineage"),
        ]
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
