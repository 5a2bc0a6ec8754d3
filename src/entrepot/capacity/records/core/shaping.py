"""The three forms in which a statement is handed out: exact, ids, canonical."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from .atoms import in_utc
from .parts import IDENTIFIERS

_TOP = msgspec.json.Decoder(dict[str, msgspec.Raw])
_VALUE = msgspec.json.Decoder()
_encode = msgspec.json.encode


def exact(raw: bytes, *, uuid: str, stored: str, authority: bytes, version: str, utc: bool = False) -> bytes:
    """The statement as it was sent, with what the store adds to it; every other value keeps its own bytes.

    `authority` is JSON; `version` counts where the statement has none. A context activity that stands alone is put into a list, as the
    specification wants it handed out. `utc`: time stamps in UTC, as version 2.0.0 wants them.
    """
    top = {name: bytes(value) for name, value in _TOP.decode(raw).items()}
    whole = {"id": b'"' + uuid.encode() + b'"', **top}
    whole.setdefault("timestamp", b'"' + stored.encode() + b'"')
    whole["stored"] = b'"' + stored.encode() + b'"'
    whole["authority"] = authority
    whole.setdefault("version", b'"' + version.encode() + b'"')
    for name in ("context", "object"):
        if b'"contextActivities"' in whole.get(name, b""):
            whole[name] = _listed(whole[name])
    if utc:
        _in_utc(whole)
    return _joined(whole)


def _in_utc(whole: dict[str, bytes]) -> None:
    """The time stamps of a statement, and of one that stands inside it, in UTC; those that are keep their bytes."""
    whole["timestamp"] = _utc(whole["timestamp"])
    if b'"timestamp"' in whole["object"]:
        inner = {name: bytes(value) for name, value in _TOP.decode(whole["object"]).items()}
        if "timestamp" in inner:
            whole["object"] = _joined({**inner, "timestamp": _utc(inner["timestamp"])})


def _utc(raw: bytes) -> bytes:
    return raw if raw.endswith(b'Z"') else _encode(in_utc(_VALUE.decode(raw)))


def in_version(statement: bytes, version: str) -> bytes:
    """An exact statement that says to be of another version; every other value keeps its own bytes."""
    return _joined({**{name: bytes(value) for name, value in _TOP.decode(statement).items()}, "version": _encode(version)})


def _joined(members: Mapping[str, bytes]) -> bytes:
    return b"{" + b",".join(_encode(name) + b":" + value for name, value in members.items()) + b"}"


def _listed(raw: bytes) -> bytes:
    """A context or a sub-statement whose context activities are lists; the same bytes where they are already."""
    value = _VALUE.decode(raw)
    activities = (value.get("context", value) or {}).get("contextActivities") or {}
    alone = [name for name, held in activities.items() if isinstance(held, dict)]
    if not alone:
        return raw
    for name in alone:
        activities[name] = [activities[name]]
    return _encode(value)


def _each(statement: dict[str, Any], actor: Callable[[Any], Any], activity: Callable[[Any], Any], words: Callable[[Any], Any]) -> None:
    """Put every actor, activity and map of texts of a statement through a change, in place."""
    statement.update({name: actor(statement[name]) for name in ("actor", "authority") if name in statement})
    statement["verb"] = words(statement["verb"])
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    if kind == "SubStatement":
        _each(thing, actor, activity, words)
    elif kind != "StatementRef":
        statement["object"] = activity(thing) if kind == "Activity" else actor(thing)
    _each_of_context(statement.get("context", {}), actor, activity)
    for attachment in statement.get("attachments", ()):
        attachment.update({name: words(attachment[name]) for name in ("display", "description") if name in attachment})


def _each_of_context(context: dict[str, Any], actor: Callable[[Any], Any], activity: Callable[[Any], Any]) -> None:
    context.update({name: actor(context[name]) for name in ("instructor", "team") if name in context})
    for held in (*context.get("contextAgents", ()), *context.get("contextGroups", ())):
        held.update({name: actor(held[name]) for name in ("agent", "group") if name in held})
    activities = context.get("contextActivities", {})
    activities.update({name: [activity(one) for one in held] for name, held in activities.items()})


def ids_only(statement: bytes) -> bytes:
    """An exact statement reduced to what identifies its actors, verb and activities."""
    value = _VALUE.decode(statement)

    def actor(one: dict[str, Any]) -> dict[str, Any]:
        kept = {name: one[name] for name in ("objectType", *IDENTIFIERS) if name in one}
        if one.get("objectType") == "Group" and not any(name in one for name in IDENTIFIERS):
            kept["member"] = [actor(member) for member in one["member"]]
        return kept

    def activity(one: dict[str, Any]) -> dict[str, Any]:
        return {"id": one["id"]}

    def words(one: dict[str, Any]) -> dict[str, Any]:
        return {"id": one["id"]} if "id" in one else one

    _each(value, actor, activity, words)
    return _encode(value)


def canonical(statement: bytes, definitions: Callable[[str], Mapping[str, Any] | None], languages: Sequence[str]) -> bytes:
    """An exact statement whose activities carry the store's own definition, and whose texts are in the one language that fits best.

    `languages` are tags in the order wished; `definitions` gives what the store knows of an activity.
    """
    value = _VALUE.decode(statement)

    def activity(one: dict[str, Any]) -> dict[str, Any]:
        known = definitions(one["id"]) or one.get("definition")
        if known:
            one["definition"] = in_language(known, languages)
        return one

    def words(one: dict[str, Any]) -> dict[str, Any]:
        if "id" in one:
            return {**one, "display": best(one["display"], languages)} if one.get("display") else one
        return best(one, languages)

    _each(value, lambda one: one, activity, words)
    return _encode(value)


def in_language(definition: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
    """A definition, each of its texts in one language."""
    shown = dict(definition)
    for name in ("name", "description"):
        if shown.get(name):
            shown[name] = best(shown[name], languages)
    for name in ("choices", "scale", "source", "target", "steps"):
        if name in shown:
            shown[name] = [
                {**item, "description": best(item["description"], languages)} if item.get("description") else item for item in shown[name]
            ]
    return shown


def best(words: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The one text of a language map that fits the wishes best: the tag itself, then its language, then English, then the first.

    >>> best({"en-US": "Thanks", "fr": "Merci"}, ["fr-CA"])
    {'fr': 'Merci'}
    """
    by_tag = {tag.lower(): tag for tag in words}
    for wish in (*(tag.lower() for tag in languages), "en"):
        if wish == "*":
            break
        if wish in by_tag:
            return {by_tag[wish]: words[by_tag[wish]]}
        stem = wish.partition("-")[0]
        near = next((tag for low, tag in by_tag.items() if low.partition("-")[0] == stem), None)
        if near:
            return {near: words[near]}
    first = next(iter(words), None)
    return {first: words[first]} if first is not None else {}


def merged(known: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """A definition after another one of the same activity was sent: the newer says what it says, languages are gathered."""
    whole = {**known, **sent}
    for name in ("name", "description", "extensions"):
        if name in known and name in sent:
            whole[name] = {**known[name], **sent[name]}
    return whole
