"""Who sees and keeps needs: the Member whose need it is, and the regional office that answers it."""

from __future__ import annotations

from entrepot.ground.keeping.api import Held, Rules
from entrepot.kernel.roles import Role

from .models import Need

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
_OPEN = {"state": "open"}


class NeedRules(Rules[Need]):
    """A need is its Member's and the regional office's; the Vice-Chair's office reads those of its term."""

    model = Need
    thing = "need"
    scope = "needs"
    verbs = {
        "view": [
            Held(OFFICE | {Role.NATIONAL_COORDINATOR}),
            Held(frozenset({Role.VICE_CHAIR_OFFICE}), dated="recorded_at"),
        ],
        "edit": [Held(OFFICE | {Role.NATIONAL_COORDINATOR}, when=_OPEN)],
        "take up": [Held(OFFICE, when=_OPEN)],
    }


need_rules = NeedRules()
