"""Who sees and keeps tokens and switches."""

from __future__ import annotations

from entrepot.ground.keeping.api import Held, Own, Rules
from entrepot.kernel.roles import Role

from .models import Switch, Token


class TokenRules(Rules[Token]):
    """A token is its person's alone; the Member's coordinator may revoke it."""

    model = Token
    thing = "API token"
    scope = "tokens"
    verbs = {
        "view": [Own("person_id"), Held(frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR}), over="person__home__lineage")],
        "revoke": [Own("person_id"), Held(frozenset({Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR}), over="person__home__lineage")],
    }


class SwitchRules(Rules[Switch]):
    """A Member's switches are the Member's, and the regional administrator sees them."""

    model = Switch
    thing = "module switch"
    scope = "switches"
    verbs = {
        "view": [Held(frozenset({Role.REGIONAL_ADMIN, Role.HEAD, Role.NATIONAL_COORDINATOR}))],
        "turn": [Held(frozenset({Role.NATIONAL_COORDINATOR}))],
    }


token_rules = TokenRules()
switch_rules = SwitchRules()
