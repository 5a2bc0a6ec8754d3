"""Taking a person out of a statement: what counts stays, what identifies goes."""

from __future__ import annotations

from typing import Any

import msgspec

from .identities import actor_key

_RESULT = ("score", "success", "completion", "duration")
_CONTEXT = (
    "registration",
    "instructor",
    "team",
    "contextActivities",
    "contextAgents",
    "contextGroups",
    "platform",
    "language",
    "statement",
)
_OWN = ("id", "actor", "verb", "object", "result", "context", "timestamp", "version", "objectType")


def blank(raw: bytes, key: int, stand_in: dict[str, Any]) -> bytes:
    """The statement with `stand_in` wherever the actor with this key stood.

    Of a statement whose own actor it is, only verb, object, score, success, completion, duration, time and the plain context stay: answers,
    extensions and attachments can say who someone is.
    """
    value = msgspec.json.decode(raw)
    if _names(value["actor"], key):
        value = _bare(value)
    return msgspec.json.encode(_replaced(value, key, stand_in))


def _names(actor: dict[str, Any], key: int) -> bool:
    return actor_key(actor) == key or any(actor_key(member) == key for member in actor.get("member", ()))


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value[name] for name in _OWN if name in value}
    if "result" in kept:
        kept["result"] = {name: kept["result"][name] for name in _RESULT if name in kept["result"]}
        if "score" in kept["result"]:
            kept["result"]["score"] = dict(kept["result"]["score"])
    if "context" in kept:
        kept["context"] = {name: kept["context"][name] for name in _CONTEXT if name in kept["context"]}
    if kept["object"].get("objectType") == "SubStatement":
        kept["object"] = _bare(kept["object"])
    return kept


def _replaced(value: Any, key: int, stand_in: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_replaced(inner, key, stand_in) for inner in value]
    if not isinstance(value, dict):
        return value
    if _is_actor(value) and actor_key(value) == key:
        kind = {"objectType": value["objectType"]} if "objectType" in value else {}
        members = {"member": _replaced(value["member"], key, stand_in)} if "member" in value else {}
        return {**stand_in, **kind, **members}
    return {name: _replaced(inner, key, stand_in) for name, inner in value.items()}


def _is_actor(value: dict[str, Any]) -> bool:
    account = value.get("account")
    return any(isinstance(value.get(name), str) for name in ("mbox", "mbox_sha1sum", "openid")) or (
        isinstance(account, dict) and isinstance(account.get("homePage"), str) and isinstance(account.get("name"), str)
    )
