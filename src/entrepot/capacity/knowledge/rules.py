"""Who reads, clears, reviews and uses practices, and what hangs on them."""

from __future__ import annotations

from typing import Any

from entrepot.ground.keeping.api import Anyone, FromHome, FromRegion, Held, Own, Rules, Through
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .enums import IN_SIGHT, UNDER_WAY, Sight
from .models import Adoption, Initiative, Practice, Question, Review, Round, Translation, Version

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
CENTRE = frozenset({Role.CENTRE_MANAGER})


def _sighted(before: str = "", filled: str = "") -> list[Any]:
    """The grounds on which what is published (or retired, which says why) is seen; `filled` names a moment that has to be there."""
    when = {f"{before}state__in": IN_SIGHT} | ({f"{filled}__isnull": False} if filled else {})
    region = {**when, f"{before}sight": Sight.REGION}
    own = {**when, f"{before}sight__in": (Sight.OWN, Sight.REGION)}
    return [
        Anyone(when={**when, f"{before}sight": Sight.PUBLIC}),
        FromRegion(f"{before}place__lineage", region, words=gettext_noop("people of the region, where the Member says so")),
        FromHome(f"{before}place__lineage", own, above=True),
        Held(OFFICE | COORDINATOR, over=f"{before}place__lineage"),
    ]


class PracticeRules(Rules[Practice]):
    """Before it is published a practice is its Member's, the office's that helps to write it, and of those asked to review it."""

    model = Practice
    thing = "good practice"
    scope = "knowledge"
    verbs = {
        "view": [*_sighted(), Through("reviews", Own("person_id", when={"practice__state": "cleared"}))],
        "edit": [Held(OFFICE | COORDINATOR, when={"state__in": UNDER_WAY})],
        "clear": [Held(COORDINATOR, when={"state": "draft"})],
        "review": [
            Held(OFFICE, when={"state": "cleared"}),
            Through("reviews", Own("person_id", when={"practice__state": "cleared"})),
        ],
        "publish": [Held(OFFICE, when={"state": "cleared"})],
        "retire": [Held(OFFICE | COORDINATOR, when={"state": "published"})],
        "renew": [Held(OFFICE | COORDINATOR, when={"state": "published"})],
        "withdraw": [Held(COORDINATOR, when={"state__in": ("cleared", *IN_SIGHT)})],
        "reopen": [Held(OFFICE | COORDINATOR, when={"state__in": (*IN_SIGHT, "withdrawn")})],
        "translate": [Held(OFFICE | COORDINATOR, when={"state__in": (*UNDER_WAY, "published")})],
        "attach": [Held(OFFICE | COORDINATOR, when={"state__in": UNDER_WAY})],
        "answer": [Held(COORDINATOR)],
        "history": [Held(OFFICE | COORDINATOR)],
    }


class VersionRules(Rules[Version]):
    """Earlier texts are the Member's and the office's."""

    model = Version
    thing = "version of a practice"
    scope = "knowledge"
    verbs = {"view": [Held(OFFICE | COORDINATOR, over="practice__place__lineage")]}


class TranslationRules(Rules[Translation]):
    """Seen with the practice; before the Member has cleared it only by those who write it (which the reading of it asks)."""

    model = Translation
    thing = "translation of a practice"
    scope = "knowledge"
    verbs = {
        "view": _sighted("practice__", "cleared_at"),
        "clear": [Held(COORDINATOR, over="practice__place__lineage")],
    }


class ReviewRules(Rules[Review]):
    """What a reviewer says is read by those who write and publish, and by the reviewer."""

    model = Review
    thing = "review of a practice"
    scope = "knowledge"
    verbs = {
        "view": [Own("person_id"), Held(OFFICE | COORDINATOR, over="practice__place__lineage")],
        "say": [Own("person_id", when={"practice__state": "cleared"})],
    }


class AdoptionRules(Rules[Adoption]):
    """Who used what and how it went stands beside the practice."""

    model = Adoption
    thing = "use of a practice"
    scope = "knowledge"
    verbs = {"view": [*_sighted("practice__"), Held(COORDINATOR)]}


class QuestionRules(Rules[Question]):
    """Asked and answered in the product: the asker's, the answering side's and the office's; once answered, of all who see the thing."""

    model = Question
    thing = "question about a practice"
    scope = "knowledge"
    verbs = {
        "view": [
            Own("person_id"),
            *_sighted("practice__", "answered_at"),
            Held(OFFICE, over="initiative__round__region__lineage"),
            Held(CENTRE, over="initiative__place__lineage"),
            FromRegion("initiative__round__region__lineage", {"answered_at__isnull": False}),
        ],
        "answer": [Held(COORDINATOR, over="practice__place__lineage"), Held(CENTRE, over="initiative__place__lineage")],
    }


class RoundRules(Rules[Round]):
    """What centres are asked before a meeting is open to the people of the region."""

    model = Round
    thing = "round of initiatives"
    scope = "knowledge"
    verbs = {"view": [FromRegion("region__lineage")], "keep": [Held(OFFICE, over="region__lineage")]}


class InitiativeRules(Rules[Initiative]):
    """What a centre tells is read by the people of the region and kept by the centre."""

    model = Initiative
    thing = "initiative of a centre"
    scope = "knowledge"
    verbs = {
        "view": [FromRegion("round__region__lineage")],
        "keep": [Held(CENTRE)],
        "promote": [Held(OFFICE, over="round__region__lineage"), Held(CENTRE)],
    }


practice_rules = PracticeRules()
version_rules = VersionRules()
translation_rules = TranslationRules()
review_rules = ReviewRules()
adoption_rules = AdoptionRules()
question_rules = QuestionRules()
round_rules = RoundRules()
initiative_rules = InitiativeRules()
