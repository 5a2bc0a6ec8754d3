"""Statements without a database: read, check, normalise, match, order, say.

    >>> from entrepot.capacity.records import core
    >>> [str(fault) for fault in core.faults_of({"actor": {"mbox": "ana@example.org"}})][:1]
    ['actor.mbox: has to be mailto: and an address, as mailto:ana@example.org']

Source of every rule: the xAPI specification 1.0.3 (ADL, parts two and three) and IEEE 9274.1.1-2023 (xAPI 2.0).
"""

from .checking import check, faults_of
from .comparing import same
from .facts import Facts, facts_of
from .faults import Fault
from .identities import Identity, actor_key, iri_key, key_of
from .matching import Query, select
from .ordering import Position, from_instant, instant_of, read_more, write_more
from .reading import LARGEST, Unreadable, read_json, read_once, split
from .saying import sentence
from .seen import read_usual
from .shaping import canonical, exact, ids_only

__all__ = [
    "LARGEST",
    "Facts",
    "Fault",
    "Identity",
    "Position",
    "Query",
    "Unreadable",
    "actor_key",
    "canonical",
    "check",
    "exact",
    "facts_of",
    "faults_of",
    "from_instant",
    "ids_only",
    "instant_of",
    "iri_key",
    "key_of",
    "read_json",
    "read_more",
    "read_once",
    "read_usual",
    "same",
    "select",
    "sentence",
    "split",
    "write_more",
]
