"""Who reads, clears, reviews and uses practices, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from entrepot.ground.keeping.api import NOTHING, Anyone, Held, Own, Rules, Through
from entrepot.kernel.lineages import is_under, region_of
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .enums import IN_SIGHT, UNDER_WAY, Sight
from .models import Adoption, Initiative, Practice, Question, Review, Round, Translation, Version

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
COORDINATOR = frozenset({Role.NATIONAL_COORDINATOR})
CENTRE = frozenset({Role.CENTRE_MANAGER})


def _at(thing: Any, path: str) -> Any:
    for name in path.split("__"):
        thing = getattr(thing, name, None)
    return thing


@dataclass(frozen=True)
class Belongs:
    """Holds for people whose home lies in the region (or is the Member itself) of what stands `before`, where it may be seen that far."""

    before: str = ""
    member: bool = False
    filled: str = ""
    """A moment on the thing itself that has to be there."""
    words: str = gettext_noop("people of the region, where the Member says so")
    roles: frozenset[Role] = frozenset()

    def _sights(self) -> tuple[Sight, ...]:
        return (Sight.OWN, Sight.REGION) if self.member else (Sight.REGION,)

    def _reach(self, principal: Principal) -> str:
        return "" if not principal.person_id else principal.home if self.member else region_of(principal.home)

    def q(self, principal: Principal) -> Q:
        """The things that this principal's home lets them see."""
        reach = self._reach(principal)
        if not reach:
            return NOTHING
        path = self.before
        filled = {f"{self.filled}__isnull": False} if self.filled else {}
        return Q(**{f"{path}place__lineage__under": reach, f"{path}sight__in": self._sights(), f"{path}state__in": IN_SIGHT}, **filled)

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the principal's home lets them see this thing."""
        reach, path = self._reach(principal), self.before
        if not reach or _at(thing, f"{path}state") not in IN_SIGHT or _at(thing, f"{path}sight") not in self._sights():
            return False
        if self.filled and _at(thing, self.filled) is None:
            return False
        return is_under(_at(thing, f"{path}place__lineage") or "", reach)


@dataclass(frozen=True)
class InRegion:
    """Holds for people whose home lies in the same region as the place whose lineage stands at `over`."""

    over: str
    filled: str = ""
    words: str = gettext_noop("people of the region")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """The things of the principal's region."""
        filled = {f"{self.filled}__isnull": False} if self.filled else {}
        reach = region_of(principal.home) if principal.person_id else ""
        return Q(**{f"{self.over}__under": reach}, **filled) if reach else NOTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the thing is of the principal's region."""
        if self.filled and _at(thing, self.filled) is None:
            return False
        return bool(principal.person_id and principal.home) and is_under(_at(thing, self.over) or "", region_of(principal.home))


def _sighted(before: str = "", filled: str = "") -> list[Any]:
    """The grounds on which what is published (or retired, which says why) is seen; `filled` names a moment that has to be there."""
    when = {f"{filled}__isnull": False} if filled else {}
    return [
        Anyone(when={f"{before}state__in": IN_SIGHT, f"{before}sight": Sight.PUBLIC, **when}),
        Belongs(before, filled=filled),
        Belongs(before, member=True, filled=filled),
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
            InRegion("initiative__round__region__lineage", filled="answered_at"),
        ],
        "answer": [Held(COORDINATOR, over="practice__place__lineage"), Held(CENTRE, over="initiative__place__lineage")],
    }


class RoundRules(Rules[Round]):
    """What centres are asked before a meeting is open to the people of the region."""

    model = Round
    thing = "round of initiatives"
    scope = "knowledge"
    verbs = {"view": [InRegion("region__lineage")], "keep": [Held(OFFICE, over="region__lineage")]}


class InitiativeRules(Rules[Initiative]):
    """What a centre tells is read by the people of the region and kept by the centre."""

    model = Initiative
    thing = "initiative of a centre"
    scope = "knowledge"
    verbs = {
        "view": [InRegion("round__region__lineage")],
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
