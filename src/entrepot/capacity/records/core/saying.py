"""A statement in human words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from entrepot.kernel.texts import Text, gettext_noop

from .identities import identity_of, label
from .shaping import best


def sentence(statement: Mapping[str, Any], languages: Sequence[str] = ("en",)) -> Text:
    """Who did what with what, and how it went, as one line.

    >>> ana = {"name": "Ana", "mbox": "mailto:ana@example.org"}
    >>> verb = {"id": "http://adlnet.gov/expapi/verbs/passed"}
    >>> str(sentence({"actor": ana, "verb": verb, "object": {"id": "https://example.org/hs-code"}, "result": {"score": {"scaled": 0.8}}}))
    'Ana passed hs-code (80 %)'
    """
    said: dict[str, object] = {
        "who": name_of(statement["actor"]),
        "did": verb_of(statement["verb"], languages),
        "what": thing_of(statement["object"], languages),
        "how": outcome_of(statement.get("result") or {}),
    }
    return Text(gettext_noop("%(who)s %(did)s %(what)s (%(how)s)") if said["how"] else gettext_noop("%(who)s %(did)s %(what)s"), said)


def name_of(actor: Mapping[str, Any]) -> str:
    """What an actor is called: the name, else what identifies, else the members."""
    if actor.get("name"):
        return label(actor["name"], 80)
    identity = identity_of(actor)
    if identity:
        return label(identity.text.removeprefix("mailto:").rpartition(" ")[2], 80)
    return label(", ".join(name_of(member) for member in actor.get("member", ())[:3]), 80)


def verb_of(verb: Mapping[str, Any], languages: Sequence[str]) -> str:
    """What a verb is called, else the last part of its IRI."""
    display = best(verb.get("display") or {}, languages)
    return label(next(iter(display.values()), "") or tail(verb["id"]), 60)


def tail(iri: str) -> str:
    """The last telling part of an IRI.

    >>> tail("http://adlnet.gov/expapi/verbs/experienced")
    'experienced'
    """
    return label(iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri, 80)


def thing_of(thing: Mapping[str, Any], languages: Sequence[str]) -> str:
    """What an object is called."""
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        name = best((thing.get("definition") or {}).get("name") or {}, languages)
        return label(next(iter(name.values()), "") or tail(thing["id"]), 120)
    if kind == "StatementRef":
        return f"statement {thing['id'][:8]}"
    if kind == "SubStatement":
        return f"“{sentence(thing, languages)}”"
    return name_of(thing)


def outcome_of(result: Mapping[str, Any]) -> str:
    """How it went, shortly: the score, else success, else completion."""
    score = result.get("score") or {}
    if "scaled" in score:
        return f"{score['scaled'] * 100:.0f} %"
    if "raw" in score:
        return f"{score['raw']:g} / {score['max']:g}" if "max" in score else f"{score['raw']:g}"
    for name, yes, no in (("success", "success", "no success"), ("completion", "complete", "not complete")):
        if name in result:
            return yes if result[name] else no
    return ""
