"""Who sees notices and wishes: their person, and nobody else."""

from __future__ import annotations

from entrepot.ground.keeping.api import Own, Rules

from .models import Notice, Wishes


class NoticeRules(Rules[Notice]):
    """A notice is its person's alone."""

    model = Notice
    thing = "notice"
    scope = "notices"
    verbs = {"view": [Own("person_id")], "read": [Own("person_id")]}


class WishesRules(Rules[Wishes]):
    """So are the wishes about mail."""

    model = Wishes
    thing = "wish about mail"
    scope = "notices"
    verbs = {"view": [Own("person_id")], "change": [Own("person_id")]}


notice_rules = NoticeRules()
wishes_rules = WishesRules()
