"""Agents, activities, and what this store is."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from entrepot import __version__

from ... import queries
from ...core.identities import identity_of
from ...enums import Scope
from .front import RESOURCES
from .statements import READERS
from .wire import Ask, Refused


def _json(value: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")


def agents(ask: Ask) -> HttpResponse:
    """The Person object of an agent: what identifies it, and what it is called, as far as the key is told."""
    ask.may(*READERS, Scope.PROFILE)
    ask.only("agent")
    key, agent = ask.agent()
    if agent.get("objectType") == "Group":
        raise Refused(400, "The parameter agent has to be an Agent, not a Group.")
    identity = identity_of(agent)
    assert identity is not None
    names = list(dict.fromkeys([*([agent["name"]] if agent.get("name") else []), *queries.names_of(ask.key, key)]))
    person = {"objectType": "Person", identity.kind: [agent[identity.kind]]}
    return _json({**person, "name": names} if names else person)


def activities(ask: Ask) -> HttpResponse:
    """An activity with all that its definitions have said."""
    ask.may(*READERS, Scope.PROFILE)
    ask.only("activityId")
    ask.iri("activityId")
    iri = ask.parameters["activityId"]
    found = queries.definitions(ask.key.store_id, [iri]).get(iri)
    activity = {"objectType": "Activity", "id": iri}
    return _json({**activity, "definition": found} if found else activity)


def nowhere(ask: Ask) -> HttpResponse:
    """Say what there is, at an address where there is nothing."""
    there = ", ".join(f"{ask.root}/{name}" for name in RESOURCES)
    raise Refused(404, f"There is no such resource of this record store. Its endpoint is {ask.root}; under it are {there}.")


def about(ask: Ask) -> HttpResponse:
    """The versions that are spoken here."""
    ask.only()
    return _json(
        {"version": ["1.0.3", "2.0.0"], "extensions": {"https://entrepot.invalid/xapi/extensions/software": f"Entrepot {__version__}"}}
    )
