"""Checkers of the parts of a statement: one table per kind of object says which properties it has and what each has to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import atoms
from .atoms import Checker
from .faults import Fault

Whole = Callable[[dict[str, Any]], None]


def object_of(properties: Mapping[str, Checker], *, required: tuple[str, ...] = (), whole: Whole | None = None) -> Checker:
    """A checker of objects that have these properties and no other; `whole` looks at what holds between them."""

    checker_of = properties.get

    def check(value: Any) -> None:
        if type(value) is not dict:
            msg = "has to be an object"
            raise Fault(msg)
        for name, inner in value.items():
            checker = checker_of(name)
            if checker is None:
                raise Fault(_stranger(name, properties), name[:80])
            try:
                checker(inner)
            except Fault as fault:
                raise fault.under(name) from None
        for name in required:
            if name not in value:
                msg = "is missing"
                raise Fault(msg, name)
        if whole is not None:
            whole(value)

    return check


def _stranger(name: str, properties: Mapping[str, Checker]) -> str:
    near = next((known for known in properties if known.lower() == name.lower()), None)
    return f"is written {near}" if near else f"is no property here; there are {', '.join(properties)}"


def list_of(checker: Checker, *, least: int = 0, most: int | None = None) -> Checker:
    """A checker of lists whose every item passes `checker`."""

    def check(value: Any) -> None:
        if type(value) is not list:
            msg = "has to be a list"
            raise Fault(msg)
        if len(value) < least or (most is not None and len(value) > most):
            msg = f"has to have {'at least ' if most is None else ''}{least if most is None else most} item(s)"
            raise Fault(msg)
        for index, inner in enumerate(value):
            try:
                checker(inner)
            except Fault as fault:
                raise fault.under(f"[{index}]") from None

    return check


def one_of(*allowed: str) -> Checker:
    """A checker of texts that are one of these."""
    choices = frozenset(allowed)

    def check(value: Any) -> None:
        if type(value) is not str or value not in choices:
            msg = f"has to be {' or '.join(allowed) if len(allowed) < 4 else 'one of ' + ', '.join(allowed)}"
            raise Fault(msg)

    return check


IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_account = object_of({"homePage": atoms.iri, "name": atoms.some_text}, required=("homePage", "name"))
_named = {
    "name": atoms.text,
    "mbox": atoms.mailbox,
    "mbox_sha1sum": atoms.sha1,
    "openid": atoms.iri,
    "account": _account,
}


def _identified_once(value: dict[str, Any]) -> None:
    if sum(name in value for name in IDENTIFIERS) != 1:
        msg = f"has to have exactly one of {', '.join(IDENTIFIERS)}"
        raise Fault(msg)


def _group_whole(value: dict[str, Any]) -> None:
    found = sum(name in value for name in IDENTIFIERS)
    if found > 1:
        msg = f"has to have at most one of {', '.join(IDENTIFIERS)}"
        raise Fault(msg)
    if not found and not value.get("member"):
        msg = "an anonymous group has to name its members"
        raise Fault(msg, "member")


agent = object_of({"objectType": one_of("Agent"), **_named}, whole=_identified_once)
group = object_of(
    {"objectType": one_of("Group"), **_named, "member": list_of(agent)},
    required=("objectType",),
    whole=_group_whole,
)


def agent_or_group(value: Any) -> None:
    """An Agent or a Group, by its objectType."""
    if type(value) is dict and value.get("objectType", "Agent") == "Group":
        group(value)
    elif type(value) is dict and value.get("objectType", "Agent") != "Agent":
        msg = "has to be Agent or Group"
        raise Fault(msg, "objectType")
    else:
        agent(value)


def authority(value: Any) -> None:
    """An Agent, or the two-member Group of an application and its user."""
    agent_or_group(value)
    if value.get("objectType") == "Group" and (any(name in value for name in IDENTIFIERS) or len(value.get("member", ())) != 2):
        msg = "an authority that is a group has to be anonymous and have two members"
        raise Fault(msg)


verb = object_of({"id": atoms.iri, "display": atoms.language_map}, required=("id",))

COMPONENTS = {
    "true-false": (),
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "fill-in": (),
    "long-fill-in": (),
    "numeric": (),
    "other": (),
}
_components = list_of(object_of({"id": atoms.some_text, "description": atoms.language_map}, required=("id",)))


def _component_list(value: Any) -> None:
    _components(value)
    if len({item["id"] for item in value}) != len(value):
        msg = "the identifiers in it have to differ from one another"
        raise Fault(msg)


def _definition_whole(value: dict[str, Any]) -> None:
    kind = value.get("interactionType")
    used = [name for name in ("choices", "scale", "source", "target", "steps") if name in value]
    if kind is None:
        if used or "correctResponsesPattern" in value:
            msg = "is missing: the definition has parts of an interaction"
            raise Fault(msg, "interactionType")
        return
    for name in used:
        if name not in COMPONENTS[kind]:
            msg = f"does not belong to an interaction of type {kind}"
            raise Fault(msg, name)


definition = object_of(
    {
        "name": atoms.language_map,
        "description": atoms.language_map,
        "type": atoms.iri,
        "moreInfo": atoms.iri,
        "extensions": atoms.extensions,
        "interactionType": one_of(*COMPONENTS),
        "correctResponsesPattern": list_of(atoms.text),
        **dict.fromkeys(("choices", "scale", "source", "target", "steps"), _component_list),
    },
    whole=_definition_whole,
)
activity = object_of({"objectType": one_of("Activity"), "id": atoms.iri, "definition": definition}, required=("id",))
statement_ref = object_of({"objectType": one_of("StatementRef"), "id": atoms.uuid}, required=("objectType", "id"))


def in_order(raw: float | None, low: float | None, high: float | None) -> None:
    """A raw score between the least and the most there is; None for what is not said."""
    if low is not None and high is not None and low >= high:
        msg = "has to be greater than min"
        raise Fault(msg, "max")
    if raw is not None and ((low is not None and raw < low) or (high is not None and raw > high)):
        msg = "has to lie between min and max"
        raise Fault(msg, "raw")


def scaled(value: Any) -> None:
    """A score as a share, from -1 to 1."""
    atoms.number(value)
    if not -1 <= value <= 1:
        msg = "has to lie between -1 and 1"
        raise Fault(msg)


score = object_of(
    {"scaled": scaled, "raw": atoms.number, "min": atoms.number, "max": atoms.number},
    whole=lambda value: in_order(value.get("raw"), value.get("min"), value.get("max")),
)
result = object_of(
    {
        "score": score,
        "success": atoms.truth,
        "completion": atoms.truth,
        "response": atoms.text,
        "duration": atoms.duration,
        "extensions": atoms.extensions,
    }
)
attachment = object_of(
    {
        "usageType": atoms.iri,
        "display": atoms.language_map,
        "description": atoms.language_map,
        "contentType": atoms.media_type,
        "length": atoms.whole,
        "sha2": atoms.sha2,
        "fileUrl": atoms.iri,
    },
    required=("usageType", "display", "contentType", "length", "sha2"),
)
attachments = list_of(attachment)
