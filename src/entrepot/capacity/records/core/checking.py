"""Whether a statement is sound, in each version of the specification."""

from __future__ import annotations

from typing import Any

from . import atoms, parts
from .atoms import Checker
from .faults import Fault
from .parts import list_of, object_of, one_of

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

_activities = list_of(parts.activity)


def _one_or_many(value: Any) -> None:
    (parts.activity if type(value) is dict else _activities)(value)


CONTEXT_ACTIVITIES = object_of(dict.fromkeys(("parent", "grouping", "category", "other"), _one_or_many))
_types = list_of(atoms.iri, least=1)
_context_agent = object_of(
    {"objectType": one_of("contextAgent"), "agent": parts.agent, "relevantTypes": _types}, required=("objectType", "agent")
)
_context_group = object_of(
    {"objectType": one_of("contextGroup"), "group": parts.group, "relevantTypes": _types}, required=("objectType", "group")
)
_CONTEXT: dict[str, Checker] = {
    "registration": atoms.uuid,
    "instructor": parts.agent_or_group,
    "team": parts.group,
    "contextActivities": CONTEXT_ACTIVITIES,
    "revision": atoms.text,
    "platform": atoms.text,
    "language": atoms.language,
    "statement": parts.statement_ref,
    "extensions": atoms.extensions,
}
_CONTEXT_2: dict[str, Checker] = {**_CONTEXT, "contextAgents": list_of(_context_agent), "contextGroups": list_of(_context_group)}


def _whole(value: dict[str, Any]) -> None:
    """What holds between the properties of a statement or a sub-statement."""
    thing = value["object"]
    context = value.get("context")
    if context and thing.get("objectType", "Activity") != "Activity":
        for name in ("revision", "platform"):
            if name in context:
                msg = "is said only of a statement whose object is an Activity"
                raise Fault(msg, f"context.{name}")
    if value["verb"]["id"] == VOIDED and thing.get("objectType") != "StatementRef":
        msg = "a voiding statement has to have a StatementRef as its object"
        raise Fault(msg, "object.objectType")


def _checkers(context: dict[str, Checker]) -> tuple[dict[str, Checker], Checker]:
    by_type: dict[str, Checker] = {
        "Activity": parts.activity,
        "Agent": parts.agent,
        "Group": parts.group,
        "StatementRef": parts.statement_ref,
    }
    shared: dict[str, Checker] = {
        "actor": parts.agent_or_group,
        "verb": parts.verb,
        "result": parts.result,
        "context": object_of(context),
        "timestamp": atoms.instant,
        "attachments": parts.attachments,
    }

    def thing(kinds: dict[str, Checker]) -> Checker:
        def check(value: Any) -> None:
            kind = value.get("objectType", "Activity") if type(value) is dict else "Activity"
            checker = kinds.get(kind) if type(kind) is str else None
            if checker is None:
                msg = f"has to be one of {', '.join(kinds)}"
                raise Fault(msg, "objectType")
            checker(value)

        return check

    within = object_of(
        {"objectType": one_of("SubStatement"), **shared, "object": thing(by_type)}, required=("objectType", "actor", "verb", "object")
    )

    def sub_statement(value: Any) -> None:
        within(value)
        _whole(value)

    properties: dict[str, Checker] = {
        "id": atoms.uuid,
        **shared,
        "object": thing({**by_type, "SubStatement": sub_statement}),
        "stored": atoms.instant,
        "authority": parts.authority,
        "version": atoms.version,
    }
    return properties, object_of(properties, required=("actor", "verb", "object"), whole=_whole)


_PROPERTIES, _STATEMENT = _checkers(_CONTEXT)
_PROPERTIES_2, _STATEMENT_2 = _checkers(_CONTEXT_2)


def check(statement: Any, *, version: str = "2.0.0") -> None:
    """Raise the first `Fault` of `statement` by the rules of `version` (what starts with 2 has context agents and groups)."""
    (_STATEMENT_2 if version[0] == "2" else _STATEMENT)(statement)


def faults_of(statement: Any, *, version: str = "2.0.0") -> list[Fault]:
    """Every property that is wrong, each with its first fault, in the order written; empty where the statement is sound."""
    if type(statement) is not dict:
        return [Fault("has to be an object")]
    properties = _PROPERTIES_2 if version[0] == "2" else _PROPERTIES
    found: list[Fault] = []
    for name, value in statement.items():
        try:
            object_of(properties)({name: value})
        except Fault as fault:
            found.append(fault)
    found += [Fault("is missing", name) for name in ("actor", "verb", "object") if name not in statement]
    if not found:
        try:
            check(statement, version=version)
        except Fault as fault:
            found.append(fault)
    return found
