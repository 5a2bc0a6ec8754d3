"""Who sees certificates; anyone can verify one whose code they hold."""

from __future__ import annotations

from entrepot.capacity.training.api import PASS
from entrepot.ground.keeping.api import Held, Linked, Own, Rules
from entrepot.kernel.roles import Role

from .models import Certificate

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})


class CertificateRules(Rules[Certificate]):
    """The holder's, their Member's, and those of who run the activity."""

    model = Certificate
    thing = "certificate"
    scope = "training"
    verbs = {
        "view": [
            Own("nomination__person_id"),
            Linked(PASS, "nomination__uuid"),
            Held(OFFICE, over="nomination__activity__region__lineage"),
            Held(frozenset({Role.CENTRE_MANAGER}), over="nomination__activity__host__lineage"),
            Held(frozenset({Role.NATIONAL_COORDINATOR}), over="nomination__invitation__place__lineage"),
        ],
        "revoke": [Held(OFFICE, over="nomination__activity__region__lineage")],
        "replace": [Held(OFFICE, over="nomination__activity__region__lineage")],
    }


certificate_rules = CertificateRules()
