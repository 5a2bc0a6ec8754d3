"""Who reads the journal."""

from __future__ import annotations

from entrepot.ground.keeping.api import Acting, Held, Rules
from entrepot.kernel.roles import Role

from .models import Entry


class EntryRules(Rules[Entry]):
    """Those who oversee the place, a Vice-Chair for the days of the term, and each principal their own acts."""

    model = Entry
    thing = "journal entry"
    scope = "journal"
    verbs = {
        "view": [
            Held(
                frozenset({Role.HEAD, Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER, Role.VICE_CHAIR_OFFICE}),
                over="place",
                dated="at",
            ),
            Acting("by_uuid"),
        ],
    }


entry_rules = EntryRules()
