"""Who sees and keeps people. Across Members nobody sees anybody, but for those who run the region's training and those who stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from entrepot.ground.keeping.api import NOTHING, Held, Own, Rules, Through
from entrepot.kernel.errors import NotAllowed
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .models import Person, Posting

JOIN = "people.join"
"""The purpose of an invitation: a link by which someone who cannot sign in yet chooses a password."""
RESET = "people.reset_password"
"""That of a link in the mail to someone who has forgotten theirs."""
_KEEPERS = frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR})
_STAFF = ("head", "programme_manager", "regional_admin", "centre_manager", "trainer", "national_coordinator", "vice_chair_office")
"""Roles whose holders the region's office must be able to reach; it does not see other officers until an activity concerns them."""
_OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})

GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.REGIONAL_ADMIN: frozenset(Role),
    Role.NATIONAL_COORDINATOR: frozenset({Role.SUPERVISOR, Role.OFFICER, Role.ANALYST, Role.TRAINER, Role.OBSERVER}),
    Role.CENTRE_MANAGER: frozenset({Role.TRAINER}),
}
"""Which roles a holder may give, over the places that theirs reaches. Nobody gives a role that stands above their own."""


def may_give(by: Principal, role: Role, lineage: str) -> bool:
    """Whether the principal could give this role at the place with this lineage."""
    return by.is_system or any(role in given and by.holds(holder, over=lineage) for holder, given in GRANTABLE.items())


def _givable(by: Principal) -> Q:
    """The postings that the principal could have given: `may_give` as a filter."""
    found = NOTHING
    for grant in by.grants:
        if grant.within is None and grant.role in GRANTABLE:
            found |= Q(role__in=GRANTABLE[grant.role], place__lineage__under=grant.reach)
    return found


def _lasting(day: date | None) -> Q:
    """The postings that are in force or will be, from a day on."""
    return Q() if day is None else Q(to_on__isnull=True) | Q(to_on__gt=day)


def ungivable(by: Principal) -> Any:
    """The postings, in force or to come, that the principal could not have given."""
    return Posting.objects.filter(_lasting(by.day)).exclude(_givable(by))


@dataclass(frozen=True)
class ActsFor:
    """Holds for whoever keeps a person's home and could give every role that the person holds or will hold; for keepers about themselves.

    It is what acting on a person needs wherever that could end in signing in as them, or in taking a role from them: otherwise a
    coordinator takes over the colleague who is seconded to the regional office, and with them the office. `path` leads from the thing to
    the person.
    """

    path: str = ""
    roles: frozenset[Role] = _KEEPERS
    words: str = gettext_noop("who could give every role that the person holds or will hold")

    @property
    def _home(self) -> Held:
        return Held(_KEEPERS, over=f"{self.path}home__lineage")

    def fails_by_role(self, principal: Principal, thing: Any) -> bool:
        """Whether the principal keeps this person and only could not give one of their roles."""
        return self._home.holds(principal, thing) and not self.holds(principal, thing)

    def q(self, principal: Principal) -> Q:
        """The people (or what is theirs) that the principal may act on."""
        kept, name = self._home.q(principal), f"{self.path}pk"
        if kept is NOTHING:
            return NOTHING
        beyond = Exists(ungivable(principal).filter(person_id=OuterRef(name)))
        return kept & (Q(**{name: principal.person_id}) | ~Q(beyond))

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the principal may act on this person."""
        if not self._home.holds(principal, thing):
            return False
        pk = thing.person_id if self.path else thing.pk
        return bool(pk == principal.person_id) or not ungivable(principal).filter(person_id=pk).exists()


_LATELY = timedelta(days=90)
"""How long someone stays in sight where they were posted: what they did there is followed up and handed over meanwhile."""


@dataclass(frozen=True)
class HeldLately(Held):
    """As `Held`, over postings in force, to come, or ended less than ninety days ago: nobody is seen for ever who was there once."""

    def q(self, principal: Principal) -> Q:
        """The postings of late over which a role is held."""
        found = super().q(principal)
        return found if found is NOTHING else found & _lasting(principal.day and principal.day - _LATELY)

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether a role is held over this posting, and it is one of late."""
        since = principal.day and principal.day - _LATELY
        return super().holds(principal, thing) and (since is None or thing.to_on is None or thing.to_on > since)


class BeyondYourRole(NotAllowed):
    """The person holds a role, or will, that the principal could not give: whoever acts on them must stand as high."""

    code = "beyond-your-role"
    message = gettext_noop(
        "This person holds a role, or will hold one, that you cannot give. Only someone who could give it may do this: "
        "ask the regional administrator."
    )


class PersonRules(Rules[Person]):
    """A coordinator keeps the people of one Member; a manager sees the people of one centre, a supervisor those of one office."""

    model = Person
    thing = "person"
    scope = "people"
    verbs = {
        "view": [
            Own("id"),
            Held(_KEEPERS, over="home__lineage"),
            Through("postings", HeldLately(_KEEPERS | {Role.CENTRE_MANAGER, Role.SUPERVISOR})),
            Through("postings", HeldLately(_OFFICE, when={"role__in": _STAFF})),
        ],
        "edit": [Own("id"), Held(_KEEPERS, over="home__lineage")],
        "change address": [Own("id"), ActsFor()],
        "invite": [ActsFor()],
        "reset second step": [ActsFor()],
        "post": [ActsFor()],
        "merge": [ActsFor()],
        "erase": [Own("id"), ActsFor()],
        "export": [Own("id")],
    }

    def require(self, principal: Principal, verb: str, thing: Person) -> None:
        """As everywhere; whoever keeps the person but not their roles is told so."""
        if not self.may(principal, verb, thing) and ActsFor() in self.verbs[verb] and ActsFor().fails_by_role(principal, thing):
            raise BeyondYourRole
        super().require(principal, verb, thing)


class PostingRules(Rules[Posting]):
    """Postings are seen with the place where they are held, and by their person."""

    model = Posting
    thing = "posting"
    scope = "people"
    verbs = {
        "view": [
            Own("person_id"),
            Held(_KEEPERS | {Role.CENTRE_MANAGER, Role.SUPERVISOR}),
            Held(_KEEPERS, over="person__home__lineage"),
            Held(_OFFICE, when={"role__in": _STAFF}),
        ],
        "end": [
            Held(frozenset({Role.REGIONAL_ADMIN})),
            ActsFor("person__"),
        ],
    }

    def require(self, principal: Principal, verb: str, thing: Posting) -> None:
        """As for the person, where a role is to end."""
        if verb == "end" and not self.may(principal, verb, thing) and ActsFor("person__").fails_by_role(principal, thing):
            raise BeyondYourRole
        super().require(principal, verb, thing)


person_rules = PersonRules()
posting_rules = PostingRules()
