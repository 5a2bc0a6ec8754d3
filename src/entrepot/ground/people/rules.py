"""Who sees and keeps people. Across Members nobody sees anybody, but for those who run the region's training and those who stand in it."""

from __future__ import annotations

from entrepot.ground.keeping.api import Held, Own, Rules, Through
from entrepot.kernel.roles import Role

from .models import Person, Posting

_KEEPERS = frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR})
_STAFF = ("head", "programme_manager", "regional_admin", "centre_manager", "trainer", "national_coordinator", "vice_chair_office")
"""Roles whose holders the region's office must be able to reach; it does not see other officers until an activity concerns them."""
_OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})


class PersonRules(Rules[Person]):
    """A coordinator keeps the people of one Member; a manager sees the people of one centre, a supervisor those of one office."""

    model = Person
    thing = "person"
    scope = "people"
    verbs = {
        "view": [
            Own("id"),
            Held(_KEEPERS, over="home__lineage"),
            Through("postings", Held(_KEEPERS | {Role.CENTRE_MANAGER, Role.SUPERVISOR})),
            Through("postings", Held(_OFFICE, when={"role__in": _STAFF})),
        ],
        "edit": [Own("id"), Held(_KEEPERS, over="home__lineage")],
        "post": [Held(_KEEPERS, over="home__lineage")],
        "merge": [Held(_KEEPERS, over="home__lineage")],
        "erase": [Own("id"), Held(_KEEPERS, over="home__lineage")],
        "export": [Own("id")],
    }


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
            Held(frozenset({Role.NATIONAL_COORDINATOR}), over="person__home__lineage"),
        ],
    }


person_rules = PersonRules()
posting_rules = PostingRules()

GRANTABLE: dict[Role, frozenset[Role]] = {
    Role.REGIONAL_ADMIN: frozenset(Role),
    Role.NATIONAL_COORDINATOR: frozenset({Role.SUPERVISOR, Role.OFFICER, Role.ANALYST, Role.TRAINER, Role.OBSERVER}),
    Role.CENTRE_MANAGER: frozenset({Role.TRAINER}),
}
"""Which roles a holder may give, over the places that theirs reaches. Nobody gives a role that stands above their own."""
