"""Who does what with activities: the regional office runs them, the host centre gives them, each Member answers for its own people."""

from __future__ import annotations

from entrepot.ground.keeping.api import Anyone, Held, Linked, Own, OwnAs, Rules
from entrepot.kernel.roles import Role

from .enums import Stage
from .models import Activity, Attendance, BudgetLine, Invitation, Nomination, Offer, Session, StageChange
from .purposes import ENDORSE, NOMINATE, OFFER, PASS, RELEASE

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
HOST = frozenset({Role.CENTRE_MANAGER, Role.TRAINER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
CHAIR = frozenset({Role.VICE_CHAIR_OFFICE})
SUPERVISOR = frozenset({Role.SUPERVISOR})
SHOWN = tuple(stage.value for stage in Stage if stage is not Stage.DESIGN)
TAUGHT = (Stage.DELIVERED.value, Stage.CLOSED.value, Stage.FOLLOWED_UP.value)


def _office(path: str) -> Held:
    return Held(OFFICE, over=f"{path}region__lineage")


def _host(path: str) -> Held:
    return Held(HOST, over=f"{path}host__lineage")


def supervising(path: str = "") -> OwnAs:
    """The supervisor of the nomination to which `path` leads, as long as they are one at that Member: as for links, see `supervises`."""
    return OwnAs(f"{path}supervisor_id", roles=SUPERVISOR, at=f"{path}invitation__place__lineage")


class ActivityRules(Rules[Activity]):
    """Once Members are asked, an activity is public; in design it is the office's and the host's."""

    model = Activity
    thing = "activity"
    scope = "training"
    verbs = {
        "view": [Anyone(when={"stage__in": SHOWN}), _office(""), _host("")],
        "design": [_office(""), Held(frozenset({Role.CENTRE_MANAGER}), over="host__lineage", when={"rerun": True})],
        "select": [_office("")],
        "deliver": [_office(""), _host("")],
        "take along": [_office(""), _host(""), Held(HOST, over="region__lineage", when={"stage__in": TAUGHT})],
        "oversee": [_office(""), _host(""), Held(CHAIR, over="region__lineage", dated="starts_on")],
    }


class StageChangeRules(Rules[StageChange]):
    """Seen by those who oversee the activity."""

    model = StageChange
    thing = "change of stage"
    scope = "training"
    verbs = {"view": [_office("activity__"), _host("activity__"), Held(CHAIR, over="activity__region__lineage", dated="at")]}


class BudgetLineRules(Rules[BudgetLine]):
    """Money is the office's and the host's."""

    model = BudgetLine
    thing = "budget line"
    scope = "training"
    verbs = {"view": [_office("activity__"), _host("activity__")], "keep": [_office("activity__")]}


class InvitationRules(Rules[Invitation]):
    """A Member sees and answers its own invitation; the office all of them."""

    model = Invitation
    thing = "invitation"
    scope = "training"
    verbs = {
        "view": [
            _office("activity__"),
            _host("activity__"),
            Held(COORDINATOR, when={"sent_at__isnull": False}),
            Linked(NOMINATE),
        ],
        "answer": [Held(COORDINATOR, when={"sent_at__isnull": False}), Linked(NOMINATE)],
        "cancel": [_office("activity__")],
        "extend": [_office("activity__")],
    }


class NominationRules(Rules[Nomination]):
    """A Member sees its own nominees, a supervisor their officers, an officer themself; office and host all of the activity's."""

    model = Nomination
    thing = "nomination"
    scope = "training"
    verbs = {
        "view": [
            _office("activity__"),
            _host("activity__"),
            Held(COORDINATOR, over="invitation__place__lineage"),
            Own("person_id"),
            supervising(),
            *[Linked(purpose) for purpose in (RELEASE, OFFER, PASS, ENDORSE)],
            Linked(NOMINATE, "invitation__uuid"),
        ],
        "change": [Held(COORDINATOR, over="invitation__place__lineage"), Linked(NOMINATE, "invitation__uuid")],
        "replace": [Held(COORDINATOR, over="invitation__place__lineage"), Linked(NOMINATE, "invitation__uuid")],
        "withdraw": [
            _office("activity__"),
            Held(COORDINATOR, over="invitation__place__lineage"),
            Own("person_id"),
            Linked(PASS),
            Linked(OFFER),
        ],
        "release": [supervising(), Held(COORDINATOR, over="invitation__place__lineage"), Linked(RELEASE)],
        "override": [_office("activity__")],
        "mark": [_office("activity__"), _host("activity__")],
        "attend": [Own("person_id"), Linked(PASS)],
    }


class OfferRules(Rules[Offer]):
    """An offered seat is taken by the one who waits, or by their coordinator."""

    model = Offer
    thing = "offered seat"
    scope = "training"
    verbs = {
        "view": [
            _office("nomination__activity__"),
            Held(COORDINATOR, over="nomination__invitation__place__lineage"),
            Own("nomination__person_id"),
            Linked(OFFER, "nomination__uuid"),
        ],
        "answer": [
            Held(COORDINATOR, over="nomination__invitation__place__lineage"),
            Own("nomination__person_id"),
            Linked(OFFER, "nomination__uuid"),
        ],
    }


class SessionRules(Rules[Session]):
    """The agenda is as public as its activity; the code at the door is shown on pages of the host only."""

    model = Session
    thing = "session"
    scope = "training"
    verbs = {
        "view": [Anyone(when={"activity__stage__in": SHOWN}), _office("activity__"), _host("activity__")],
        "keep": [_office("activity__"), _host("activity__")],
    }


class AttendanceRules(Rules[Attendance]):
    """Who attended is known to those who run it, to the Member, and to whoever was there."""

    model = Attendance
    thing = "attendance"
    scope = "training"
    verbs = {
        "view": [
            _office("session__activity__"),
            _host("session__activity__"),
            Held(COORDINATOR, over="nomination__invitation__place__lineage"),
            Own("nomination__person_id"),
        ]
    }


activity_rules = ActivityRules()
stage_change_rules = StageChangeRules()
budget_line_rules = BudgetLineRules()
invitation_rules = InvitationRules()
nomination_rules = NominationRules()
offer_rules = OfferRules()
session_rules = SessionRules()
attendance_rules = AttendanceRules()
