"""A statement in human words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
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
    how = outcome_of(statement.get("result") or {})
    without = told(statement, languages)
    return Text(gettext_noop("%(who)s %(did)s %(what)s (%(how)s)"), {**without.values, "how": how}) if how else without


def told(statement: Mapping[str, Any], languages: Sequence[str] = ("en",)) -> Text:
    """Who did what with what, where how it went is said beside it."""
    said: dict[str, object] = {
        "who": name_of(statement["actor"]),
        "did": verb_of(statement["verb"], languages),
        "what": thing_of(statement["object"], languages),
    }
    return Text(gettext_noop("%(who)s %(did)s %(what)s"), said)


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


def thing_of(thing: Mapping[str, Any], languages: Sequence[str]) -> Text | str:
    """What an object is called."""
    kind = thing.get("objectType", "Activity")
    if kind == "Activity":
        name = best((thing.get("definition") or {}).get("name") or {}, languages)
        return label(next(iter(name.values()), "") or tail(thing["id"]), 120)
    if kind == "StatementRef":
        return Text(gettext_noop("statement %(id)s"), {"id": thing["id"][:8]})
    if kind == "SubStatement":
        return Text(gettext_noop("“%(statement)s”"), {"statement": sentence(thing, languages)})
    return name_of(thing)


def outcome_of(result: Mapping[str, Any]) -> Text | str:
    """How it went, shortly: the score, else success, else completion."""
    score = result.get("score") or {}
    if "scaled" in score:
        return percent(score["scaled"])
    if "raw" in score:
        return points(score)
    for name, yes, no in (
        ("success", gettext_noop("success"), gettext_noop("no success")),
        ("completion", gettext_noop("complete"), gettext_noop("not complete")),
    ):
        if name in result:
            return Text(yes if result[name] else no)
    return ""


def percent(scaled: float) -> str:
    """A scaled score as a part of a hundred.

    >>> percent(0.745)
    '74 %'
    """
    return f"{scaled * 100:.0f} %"


def points(score: Mapping[str, Any]) -> str:
    """A raw score, and what is the most."""
    return f"{_short(score['raw'])} / {_short(score['max'])}" if "max" in score else _short(score["raw"])


def _short(number: float) -> str:
    try:
        return f"{number:g}"
    except OverflowError:  # a whole number is kept however many digits it has, and no float holds it
        return f"{Decimal(number):.5e}"


_CLOCK = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?")


def clock(duration: str) -> str:
    """A duration in hours, minutes and seconds; one of days or more as it stands.

    >>> clock("PT5M9.5S"), clock("PT90M"), clock("P2D")
    ('0:05:09', '1:30:00', 'P2D')
    """
    found = _CLOCK.fullmatch(duration)
    if not found:
        return duration
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    minutes, seconds = minutes + seconds // 60, seconds % 60
    return f"{hours + minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
