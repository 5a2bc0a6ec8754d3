"""The access matrix: every address × every role × one's own and a neighbour's things. An address without a decision fails.

A decision names the parts of the practice region's cast that get in (GET answered 200) with their *own* Member's thing, and with a
*neighbour's*. Everyone else must be turned away: nobody at all to the sign-in (302) or 401, a known person with 403 or 404.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PARTS = (
    *("head", "manager", "admin", "vicechair", "pastvicechair", "centre", "trainer", "coordinator"),
    *("neighbour", "supervisor", "officer", "analyst", "partner", "observer"),
)
ALL = frozenset(("", *PARTS))
KNOWN = frozenset(PARTS)
KEEPERS = frozenset({"admin", "coordinator"})
COUNTERS = frozenset({"head", "manager", "admin", "coordinator", "neighbour", "centre"})


@dataclass(frozen=True)
class Decision:
    """Who gets in. `thing` says what fills the address; POST-only addresses answer 405 to a GET of those who get in."""

    own: frozenset[str]
    neighbour: frozenset[str] = frozenset()
    thing: str = ""
    post: bool = False


PUBLIC = Decision(ALL)
SIGNED_IN = Decision(KNOWN)
ALLAUTH = "allauth guards it itself: it acts on the signed-in person only"
DECISIONS: dict[str, Decision | str] = {
    **dict.fromkeys(
        ["desk:front", "desk:search", "desk:calendar", "desk:calendar_file", "desk:roles", "desk:about", "desk:demo", "desk:health"], PUBLIC
    ),
    "desk:today": SIGNED_IN,
    "desk:my_data": SIGNED_IN,
    "desk:merge": Decision(frozenset({"admin", "coordinator", "neighbour"})),
    "desk:switches": Decision(frozenset({"coordinator", "neighbour"})),
    "desk:erase": Decision(KEEPERS | {"officer"}, frozenset({"admin", "neighbour"}), "officer"),
    "region:network": PUBLIC,
    "region:place": Decision(ALL, ALL, "member"),
    "region:edit": Decision(frozenset({"head", "admin", "coordinator"}), frozenset({"head", "admin", "neighbour"}), "member"),
    "region:hand_over": Decision(frozenset({"head", "admin"}), thing="region"),
    "people:people": SIGNED_IN,
    "people:new": Decision(frozenset({"admin", "coordinator", "neighbour"})),
    "people:person": Decision(KEEPERS | {"officer", "supervisor"}, frozenset({"admin", "neighbour"}), "officer"),
    "people:edit": Decision(KEEPERS | {"officer"}, frozenset({"admin", "neighbour"}), "officer"),
    "people:post": Decision(KEEPERS, frozenset({"admin", "neighbour"}), "officer"),
    "people:end": Decision(KEEPERS, frozenset({"admin", "neighbour"}), "posting"),
    "access:me": SIGNED_IN,
    "access:revoke": Decision(frozenset(), frozenset(), "nothing", post=True),
    "access:join": Decision(frozenset(), frozenset(), "nothing"),
    "access:invite": Decision(KNOWN, KNOWN, "officer", post=True),
    "journal:entries": SIGNED_IN,
    "journal:table": SIGNED_IN,
    "records:stream": Decision(frozenset({"coordinator", "neighbour", "centre"})),
    "records:mine": SIGNED_IN,
    "records:person": Decision(frozenset({"coordinator", "officer"}), frozenset({"neighbour"}), "learner"),
    "records:statement": Decision(frozenset({"coordinator"}), frozenset({"neighbour"}), "statement"),
    "records:volumes": Decision(COUNTERS),
    "records:keys": Decision(COUNTERS),
    "records:rotate": Decision(KNOWN, KNOWN, "record key", post=True),
    "records:revoke": Decision(KNOWN, KNOWN, "record key", post=True),
    **dict.fromkeys(
        [f"xapi:{name}" for name in ("statements", "state", "activity_profile", "activities", "agent_profile", "agents", "about")],
        "opened by a client's key alone, never by a session: see tests/capacity/test_keys.py",
    ),
    "xapi:more": "as xapi:statements",
    "api:openapi-json": PUBLIC,
    "api:api-root": "a name without a page",
    "api:places": PUBLIC,
    "api:place": Decision(ALL, ALL, "member"),
    "api:network": PUBLIC,
    "api:edit_place": "the same path as api:place",
    "api:me": SIGNED_IN,
    "api:list_people": SIGNED_IN,
    "api:register": "the same path as api:list_people",
    "api:read_person": Decision(KEEPERS | {"officer", "supervisor"}, frozenset({"admin", "neighbour"}), "officer"),
    "api:edit_person": "the same path as api:read_person",
    "api:give_posting": Decision(KNOWN, KNOWN, "officer", post=True),
    "api:end_posting": Decision(KNOWN, KNOWN, "posting", post=True),
    "api:journal": SIGNED_IN,
    "api:revoke": Decision(KNOWN, KNOWN, "nothing", post=True),
    "set_language": "a person's own choice of language; POST only, keeps nothing else",
    "account_login": "the sign-in",
    "account_logout": "the sign-out",
    "account_signup": "closed by the adapter; see test_sign_in",
    **dict.fromkeys(
        [
            *("account_change_password", "account_set_password", "account_reauthenticate", "account_inactive", "account_reset_password"),
            *("account_reset_password_done", "account_reset_password_from_key", "account_reset_password_from_key_done"),
            *("mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
            *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_list_webauthn"),
            *("mfa_add_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn"),
            *("mfa_reauthenticate_webauthn", "usersessions_list"),
        ],
        ALLAUTH,
    ),
}


def routes() -> dict[str, str]:
    """(qualified name → pattern) of every address in the URL table."""
    found: dict[str, str] = {}

    def walk(patterns: Any, namespace: str, prefix: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                walk(pattern.url_patterns, inner, prefix + str(pattern.pattern))
            elif isinstance(pattern, URLPattern):
                found[f"{namespace}{pattern.name}"] = prefix + str(pattern.pattern)

    walk(get_resolver().url_patterns, "", "/")
    return found


def test_every_address_is_decided() -> None:
    assert set(routes()) - set(DECISIONS) == set()
    assert set(DECISIONS) - set(routes()) == set()


def _things(world: Any, kind: str) -> tuple[str, str]:
    match kind:
        case "member":
            return str(world.place("ATN").uuid), str(world.place("HIGH").uuid)
        case "region":
            return str(world.place("PX").uuid), ""
        case "officer":
            return str(world.person("officer").uuid), str(world.officer_of("HIGH").uuid)
        case "posting":
            mine, theirs = world.person("officer"), world.officer_of("HIGH")
            return str(mine.postings.get().uuid), str(theirs.postings.get().uuid)
        case "learner":
            return str(world.person("officer").uuid), str(world.person("neighbour").uuid)
        case "statement":
            from entrepot.capacity.records.models import Agent, Statement

            # About someone who has no part in the cast, as everyone may read their own.
            others = Agent.objects.filter(person__email__isnull=True, person__isnull=False).values("key")
            found = Statement.objects.filter(place__invented=True, actor__in=others).order_by("position")
            return str(found.filter(place__code="ATN")[0].uuid), str(found.filter(place__code="HIGH")[0].uuid)
        case "record key":
            from entrepot.capacity.records.models import Key

            found = Key.objects.filter(place__invented=True).order_by("pk")
            return str(found.filter(place__code="ATN")[0].uuid), str(found.filter(place__code="HIGH")[0].uuid)
        case "nothing":
            return str(uuid4()), ""
    return "", ""


def _address(pattern: str, thing: str) -> str:
    for hole in ("<uuid:uuid>", "<str:secret>", "<uuid>"):
        pattern = pattern.replace(hole, thing)
    assert "<" not in pattern, pattern
    return pattern


DECIDED = sorted(name for name, decision in DECISIONS.items() if isinstance(decision, Decision))


@pytest.mark.row("R61.3", "R2.2")
@pytest.mark.parametrize("name", DECIDED)
def test_address_opens_to_those_decided_and_to_nobody_else(world: Any, name: str) -> None:
    decision = DECISIONS[name]
    assert isinstance(decision, Decision)
    pattern = routes()[name]
    for thing, wanted in zip(_things(world, decision.thing), (decision.own, decision.neighbour), strict=True):
        if wanted is decision.neighbour and not thing:
            continue
        address = _address(pattern, thing)
        for part in sorted(ALL):
            answer = world.browser(part).get(address)
            if part in wanted and decision.post:
                assert answer.status_code == 405, (part, address)
            elif part in wanted:
                assert answer.status_code == 200, (part, address)
            else:
                assert answer.status_code in (302, 401, 403, 404, 405), (part, address)


def test_no_page_tells_of_a_neighbours_people(world: Any) -> None:
    """Lists, counts, searches, exports and the journal, for everyone of one Member, hold nothing of a neighbour's person."""
    from entrepot.ground.people.api import register
    from entrepot.kernel.principals import SYSTEM

    secret = register(by=SYSTEM, at=world.at, home=world.place("HIGH"), full_name="Zyxwia Quellmar", email="zyxwia@practice.example")
    pages = ["/people/", "/people/?q=zyx", "/search/?q=zyxwia", "/journal/", "/journal/entries.csv", "/today/", "/calendar.ics"]
    pages += ["/my-data.json", "/api/v1/people", "/api/v1/people?name=zyx", "/api/v1/journal", f"/people/{secret.uuid}/"]
    outsiders = ("", "manager", "vicechair", "pastvicechair", "centre", "coordinator", "supervisor", "officer", "analyst", "partner")
    for part in outsiders:
        browser = world.browser(part)
        for address in pages:
            text = browser.get(address).content.decode()
            assert "Zyxwia" not in text, (part, address)
            if part != "vicechair" and not address.startswith(f"/people/{secret.uuid}"):
                assert str(secret.uuid) not in text, (part, address)
    assert "Zyxwia" in world.browser("neighbour").get("/people/?q=zyx").content.decode()


def test_an_address_taken_by_a_neighbour_is_refused_without_saying_by_whom(world: Any) -> None:
    answer = world.browser("coordinator").post(
        "/people/new/", {"home": world.place("ATN").pk, "full_name": "Someone", "email": "neighbour@practice.example", "language": "en"}
    )
    assert answer.status_code == 422
    assert "Dorji" not in answer.content.decode()
    assert "Someone" in answer.content.decode(), "what was typed is still there"


def test_writes_across_members_are_refused_through_the_api(world: Any) -> None:
    theirs = world.officer_of("HIGH")
    browser = world.browser("coordinator")
    body = json.dumps({"version": 1, "full_name": "Taken Over"})
    answer = browser.patch(f"/api/v1/people/{theirs.uuid}", body, content_type="application/json")
    assert answer.status_code == 404
    home = json.dumps({"home": str(world.place("HIGH").uuid), "full_name": "Planted"})
    assert browser.post("/api/v1/people", home, content_type="application/json").status_code == 403
    place = json.dumps({"version": 1, "name": "Ours now"})
    high = world.place("HIGH")
    assert browser.patch(f"/api/v1/places/{high.uuid}", place, content_type="application/json").status_code == 403
    high.refresh_from_db()
    assert high.name == "Highpass Customs"
