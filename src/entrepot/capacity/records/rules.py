"""Who sees statements and keeps keys. Results of a person are seen by that person and in their administration, never across Members."""

from __future__ import annotations

from entrepot.ground.keeping.api import Held, Own, Rules
from entrepot.kernel.roles import Role

from .models import Agent, Key, Relay, Statement, Store

_OWN_PEOPLE = frozenset({Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER})
_KEEPERS = frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER})
_COUNTERS = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER, Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER})


class StoreRules(Rules[Store]):
    """A store is known to those who keep its keys or count what it holds; how long it keeps is for the administration itself to say."""

    model = Store
    thing = "record store"
    scope = "records"
    module = "records"
    verbs = {
        "view": [Held(_COUNTERS)],
        "make keys": [Held(_OWN_PEOPLE), Held(frozenset({Role.REGIONAL_ADMIN}), when={"place__kind__in": ("region", "regional_office")})],
        "set retention": [Held(_OWN_PEOPLE)],
        "relay": [Held(_OWN_PEOPLE)],
    }


class KeyRules(Rules[Key]):
    """A key is kept by those who answer for its place. The regional administrator may stop any; nobody sees a secret twice."""

    model = Key
    thing = "record store key"
    scope = "records"
    module = "records"
    verbs = {"view": [Held(_COUNTERS)], "rotate": [Held(_OWN_PEOPLE)], "revoke": [Held(_KEEPERS)]}


class RelayRules(Rules[Relay]):
    """A relay carries an administration's records away or in, so that only the administration itself keeps it."""

    model = Relay
    thing = "record store relay"
    scope = "records"
    module = "records"
    verbs = {
        "view": [Held(_OWN_PEOPLE, over="store__place__lineage")],
        "stop": [Held(_OWN_PEOPLE, over="store__place__lineage")],
    }


class StatementRules(Rules[Statement]):
    """Statements are read where they were collected: by the Member's coordinator, or the manager of the centre that runs the course."""

    model = Statement
    thing = "statement"
    scope = "records"
    module = "records"
    verbs = {"view": [Held(_OWN_PEOPLE)]}


class AgentRules(Rules[Agent]):
    """What is recorded of a person is theirs to read wherever it was collected, and their own administration's."""

    model = Agent
    thing = "actor of statements"
    scope = "records"
    module = "records"
    verbs = {
        "view": [
            Own("person_id"),
            Held(frozenset({Role.NATIONAL_COORDINATOR}), over="person__home__lineage"),
            Held(_OWN_PEOPLE, over="store__place__lineage"),
        ],
    }


store_rules = StoreRules()
key_rules = KeyRules()
relay_rules = RelayRules()
statement_rules = StatementRules()
agent_rules = AgentRules()
