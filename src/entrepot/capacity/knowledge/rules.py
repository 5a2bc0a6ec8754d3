"""Who reads, clears, reviews and uses practices."""

from __future__ import annotations

from entrepot.ground.keeping.api import Anyone, Held, Rules
from entrepot.kernel.roles import Role

from .models import Adoption, Practice

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
_UNDER_WAY = {"state__in": ("draft", "cleared")}


class PracticeRules(Rules[Practice]):
    """Published ones are for all; before that a practice is its Member's, and the office's that helps to write it."""

    model = Practice
    thing = "good practice"
    scope = "knowledge"
    verbs = {
        "view": [Anyone(when={"state": "published"}), Held(OFFICE | COORDINATOR)],
        "edit": [Held(OFFICE | COORDINATOR, when=_UNDER_WAY)],
        "clear": [Held(COORDINATOR, when={"state": "draft"})],
        "publish": [Held(OFFICE, when={"state": "cleared"})],
        "retire": [Held(OFFICE | COORDINATOR, when={"state": "published"})],
    }


class AdoptionRules(Rules[Adoption]):
    """Who used what and how it went stands beside the published practice."""

    model = Adoption
    thing = "use of a practice"
    scope = "knowledge"
    verbs = {
        "view": [
            Anyone(when={"practice__state": "published"}),
            Held(OFFICE | COORDINATOR, over="practice__place__lineage"),
            Held(COORDINATOR),
        ]
    }


practice_rules = PracticeRules()
adoption_rules = AdoptionRules()
