"""Reading statements: one, or a page of those that filters find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.http import HttpResponse
from django.utils.http import http_date

from entrepot.shell.inert import harmless_type

from ... import queries
from ...attached import fitting
from ...core import Query, canonical, exact, from_instant, ids_only, read_json, read_more, write_more
from ...core.multipart import write_parts
from ...core.ordering import stamp
from ...enums import Scope
from ...finding import LARGEST_ANSWER, Found, Span, find, find_one
from ...tables import horizon, plain
from .wire import Ask, Refused, error

PAGE = 100
"""Statements in an answer where the client sets no limit."""
MOST = 500
"""Statements in an answer, whatever the limit; the rest follows by `more`."""
FILTERS = ("agent", "verb", "activity", "registration", "related_activities", "related_agents", "since", "until", "limit", "ascending")
SHAPES = ("format", "attachments")
ONE = ("statementId", "voidedStatementId")
READERS = (Scope.READ, Scope.READ_MINE, Scope.ALL_READ)


def get(ask: Ask) -> HttpResponse:
    """One statement by its identifier, or those that the filters find."""
    through = stamp(horizon(ask.key.store_id))
    try:
        answer = _get(ask)
    except Refused as refused:
        answer = error(refused.status, refused.message, **refused.more)
    answer["X-Experience-API-Consistent-Through"] = through
    return answer


def _get(ask: Ask) -> HttpResponse:
    ask.may(*READERS)
    named = [name for name in ONE if name in ask.parameters]
    if named:
        if len(named) == 2:
            raise Refused(400, "Ask for statementId or voidedStatementId, not for both.")
        ask.only(named[0], *SHAPES)
        return _one(ask, named[0])
    ask.only(*FILTERS, *SHAPES)
    return _page(ask, dict(ask.parameters), None)


def more(ask: Ask) -> HttpResponse:
    """What follows an earlier answer."""
    through = stamp(horizon(ask.key.store_id))
    ask.may(*READERS)
    try:
        parameters, after = read_more(ask.parameters.pop("token"))
    except ValueError as wrong:
        raise Refused(400, str(wrong)) from None
    ask.only()
    if set(parameters) - {*FILTERS, *SHAPES}:
        raise Refused(400, "this is not a token that a previous answer gave")
    ask.parameters = parameters
    answer = _page(ask, parameters, after)
    answer["X-Experience-API-Consistent-Through"] = through
    return answer


def _limit(ask: Ask) -> int:
    text = ask.parameters.get("limit", "0")
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise Refused(400, "The parameter limit has to be a whole number, not below nought.")
    return min(int(text) or PAGE, MOST)


def _shape(ask: Ask) -> str:
    shape = ask.parameters.get("format", "exact")
    if shape not in ("exact", "ids", "canonical"):
        raise Refused(400, "The parameter format has to be exact, ids or canonical.")
    return shape


def _one(ask: Ask, name: str) -> HttpResponse:
    uuid = ask.uuid(name)
    assert uuid is not None
    _shape(ask)
    found = find_one(queries.span_of(ask.key), uuid.hex, voided=name == "voidedStatementId")
    if found is None:
        raise Refused(404, "There is no such statement.")
    digests = fitting(ask.key.store_id, [found])[1] if ask.truth("attachments") else None
    return _sent(ask, _shown(ask, [found])[0], digests, found)


def _query(ask: Ask) -> tuple[Query, Span]:
    agent = ask.agent()[0] if "agent" in ask.parameters else None
    related = ask.truth("related_agents")
    since, until, registration = ask.moment("since"), ask.moment("until"), ask.uuid("registration")
    query = Query(
        agent=agent,
        verb=ask.iri("verb") if "verb" in ask.parameters else None,
        activity=ask.iri("activity") if "activity" in ask.parameters else None,
        registration=str(registration) if registration else None,
        related_agents=related,
        related_activities=ask.truth("related_activities"),
        since=from_instant(since) if since else None,
        until=from_instant(until) if until else None,
        ascending=ask.truth("ascending"),
    )
    return query, queries.span_of(ask.key, agent=agent if related else None)


def _page(ask: Ask, parameters: dict[str, str], after: int | None) -> HttpResponse:
    """Statements up to the limit, fewer where attachments or definitions fill the answer, and by `more` those that follow."""
    query, span = _query(ask)
    _shape(ask)
    with_attachments, digests = ask.truth("attachments"), None
    found, follow = find(span, query, size=_limit(ask), after=after)
    shown = _shown(ask, found)
    found, follow = found[: len(shown)], follow or len(shown) < len(found)
    if with_attachments:
        fit, digests = fitting(ask.key.store_id, found)
        found, follow = fit, follow or len(fit) < len(found)
    link = ""
    if follow and found:
        link = f"{ask.root}/statements/more/{write_more(parameters, found[-1].position)}"
    whole = b'{"statements":[' + b",".join(shown[: len(found)]) + b'],"more":' + msgspec.json.encode(link) + b"}"
    return _sent(ask, whole, digests, found[0] if found and not query.ascending else found[-1] if found else None)


def _shown(ask: Ask, found: Sequence[Found]) -> list[bytes]:
    """Statements in the form asked for: all, or as many, one at least, as the store's definitions let into an answer."""
    known = queries.authorities(one.key for one in found)
    statements = [
        exact(
            one.raw,
            uuid=_dashed(plain(one.uuid)),
            stored=stamp(one.position),
            authority=known.get(one.key, b"{}"),
            version="1.0.0" if one.edition == 1 else "2.0.0",
            utc=ask.edition == 2,
        )
        for one in found
    ]
    match _shape(ask):
        case "ids":
            return [ids_only(one) for one in statements]
        case "canonical":
            return list(_canonical(statements, _defined(ask, statements), _languages(ask.headers.get("accept-language", ""))))
    return statements


def _defined(ask: Ask, statements: Sequence[bytes]) -> dict[str, Mapping[str, Any]]:
    """What the store knows of the activities in some statements."""
    return queries.definitions(ask.key.store_id, {iri for one in statements for iri in _activities(read_json(one))})


def _canonical(statements: Sequence[bytes], known: Mapping[str, Mapping[str, Any]], languages: Sequence[str]) -> Iterator[bytes]:
    """Statements with the store's definitions: the same one can stand in each of them, and in one of them many times."""
    lengths = {iri: len(msgspec.json.encode(definition)) for iri, definition in known.items()}
    total = 0
    for number, one in enumerate(statements):
        room = LARGEST_ANSWER

        def definition(iri: str) -> Mapping[str, Any] | None:
            """The store's; past what an answer holds, the statement's own stays."""
            nonlocal room
            room -= lengths.get(iri, 0)
            return known.get(iri) if room > 0 else None

        made = canonical(one, definition, languages)
        total += len(made)
        if number and total > LARGEST_ANSWER:
            return
        yield made


def _dashed(uuid: str) -> str:
    return f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


def _activities(statement: dict[str, Any]) -> list[str]:
    thing = statement["object"]
    kind = thing.get("objectType", "Activity")
    own = [thing["id"]] if kind == "Activity" else _activities(thing) if kind == "SubStatement" else []
    groups = statement.get("context", {}).get("contextActivities", {}).values()
    return own + [one["id"] for held in groups for one in held]


def _languages(header: str) -> list[str]:
    """The tags of an Accept-Language, the most wished first."""
    wishes = []
    for number, wish in enumerate(header[:500].split(",")):
        tag, _, weight = wish.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), number, tag.strip()))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(wishes) if tag]


def _sent(ask: Ask, body: bytes, digests: Sequence[str] | None, latest: Found | None) -> HttpResponse:
    """The answer, with these attachments where they are asked for."""
    media_type = "application/json"
    if digests is not None:
        held = queries.attachments(ask.key.store_id, digests)
        # The statement itself says what each is.
        media_type, body = write_parts(body, ((sha2, harmless_type(kind), content) for sha2, kind, content in held))
    answer = HttpResponse(body, content_type=media_type)
    if latest is not None:
        answer["Last-Modified"] = http_date(latest.position / 1_000_000)
    return answer
