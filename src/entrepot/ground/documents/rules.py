"""Who sees and retires documents, where no other room's rule decides."""

from __future__ import annotations

from entrepot.ground.keeping.api import Acting, Anyone, Held, Known, Rules
from entrepot.kernel.roles import Role

from .enums import Visibility
from .models import Document

_ANSWER = frozenset({Role.NATIONAL_COORDINATOR, Role.CENTRE_MANAGER})
_OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER, Role.REGIONAL_ADMIN})
_BODIES = ("regional_office", "centre", "laboratory", "dog_centre", "region")
"""Places of the region as a whole: what they keep, the regional office answers for. A Member's private papers are its own."""


class DocumentRules(Rules[Document]):
    """A private document is seen by whoever kept it and by those who answer for its place; a retired one by nobody else."""

    model = Document
    thing = "document"
    scope = "documents"
    verbs = {
        "view": [
            Anyone(when={"visibility": Visibility.PUBLIC, "retired_at__isnull": True}),
            Known(when={"visibility": Visibility.KNOWN, "retired_at__isnull": True}),
            Acting("kept_by"),
            Held(_ANSWER),
            Held(_OFFICE, when={"place__kind__in": _BODIES}),
        ],
        "retire": [Acting("kept_by"), Held(_ANSWER), Held(_OFFICE, when={"place__kind__in": _BODIES})],
    }


document_rules = DocumentRules()
