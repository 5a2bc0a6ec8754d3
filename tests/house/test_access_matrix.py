"""The access matrix: every address × every role × one's own and a neighbour's things. An address without a decision fails.

A decision names the parts of the practice region's cast that get in (GET answered 200) with their *own* Member's thing, and with a
*neighbour's*. Everyone else must be turned away: nobody at all to the sign-in (302) or 401, a known person with 403 or 404.
"""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from .changed import API_POSTS as CHANGED_API_POSTS
from .changed import POSTS as CHANGED_POSTS
from .changed import THINGS as CHANGED_THINGS
from .community import API_POSTS as COMMUNITY_API_POSTS
from .community import POSTS as COMMUNITY_POSTS
from .community import THINGS as COMMUNITY_THINGS
from .programme import API_POSTS as PROGRAMME_API_POSTS
from .programme import POSTS as PROGRAMME_POSTS
from .programme import THINGS as PROGRAMME_THINGS

PARTS = (
    *("head", "manager", "admin", "vicechair", "pastvicechair", "centre", "trainer", "coordinator"),
    *("neighbour", "supervisor", "officer", "analyst", "partner", "observer"),
)
ALL = frozenset(("", *PARTS))
KNOWN = frozenset(PARTS)
OVERSEE = frozenset({"head", "admin", "vicechair"})
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
OFFICE = frozenset({"head", "manager"})
HOST = frozenset({"centre", "trainer"})
CHAIR = frozenset({"vicechair"})
MINE, THEIRS = frozenset({"coordinator"}), frozenset({"neighbour"})
RUNS = OFFICE | HOST
POST = {name: Decision(ALL, thing=thing, post=True) for name, thing in PROGRAMME_POSTS.items()}
PROGRAMME: dict[str, Decision | str] = {
    **POST,
    "needs:needs": SIGNED_IN,
    "needs:new": Decision(OFFICE | MINE | THEIRS),
    "needs:need": Decision(OFFICE | MINE | CHAIR, OFFICE | THEIRS | CHAIR, "need"),
    "needs:edit": Decision(OFFICE | MINE, OFFICE | THEIRS, "need"),
    "training:activities": PUBLIC,
    "training:new": Decision(OFFICE),
    "training:activity": Decision(ALL, OFFICE, "activity"),
    **{f"training:{name}": Decision(ALL, OFFICE, "activity") for name in ("note", "note_pdf", "note_docx", "agenda_file")},
    **{f"training:{name}": Decision(OFFICE, OFFICE, "activity") for name in ("design", "members", "cancel", "selection")},
    **{f"training:{name}": Decision(RUNS, OFFICE, "activity") for name in ("trainers", "new_session")},
    "training:spent": Decision(OFFICE, OFFICE, "budget line"),
    "training:run_again": Decision(OFFICE | {"centre"}),
    "training:kit": Decision(RUNS, OFFICE, "activity"),
    "training:new_paper": Decision(RUNS, OFFICE, "activity"),
    "training:paper": Decision(RUNS | CHAIR | {"officer"}, OFFICE, "paper"),
    "training:participant_paper": Decision(RUNS | {"officer"}, frozenset(), "participant's paper"),
    **{f"training:{name}": Decision(KNOWN, OFFICE, "activity") for name in ("nominees_csv", "nominees_xlsx")},
    **{f"training:{name}": Decision(RUNS, frozenset(), "session") for name in ("edit_session", "attendance", "door")},
    **{f"training:{name}": Decision(OFFICE, OFFICE, "invitation") for name in ("cancel_invitation", "extend_deadline")},
    "training:replace_participant": Decision(MINE, THEIRS, "seat"),
    "training:invitation": Decision(RUNS | MINE, RUNS | THEIRS, "invitation"),
    "training:workbook": Decision(MINE, THEIRS, "invitation"),
    "training:release": Decision(MINE | {"supervisor"}, THEIRS, "nomination"),
    "training:participant": Decision(RUNS | MINE | {"officer", "supervisor"}, RUNS | THEIRS, "nomination"),
    "training:seat": Decision(RUNS | MINE | {"officer", "supervisor"}, RUNS | THEIRS, "nomination"),
    "credentials:certificates": SIGNED_IN,
    "credentials:verify": PUBLIC,
    "credentials:verified": Decision(frozenset(), thing="nothing"),
    "credentials:certificate_file": Decision(OFFICE | MINE | {"officer"}, OFFICE | THEIRS, "alumnus"),
    "evaluation:overdue": SIGNED_IN,
    "evaluation:test": Decision(RUNS, OFFICE, "activity"),
    "evaluation:after": Decision(RUNS | CHAIR, OFFICE, "activity"),
    **{f"evaluation:{name}": Decision(RUNS | CHAIR, OFFICE, "activity") for name in ("report", "report_pdf", "report_docx")},
    "evaluation:item": Decision(OFFICE | MINE | {"officer", "supervisor"}, OFFICE | THEIRS, "item"),
    "evaluation:plan": Decision(OFFICE | MINE | {"officer", "supervisor"}, OFFICE | THEIRS, "alumnus"),
    "evaluation:answer": Decision(frozenset({"officer"}), frozenset(), "ask"),
    "evaluation:form": Decision(frozenset({"officer"}), frozenset(), "nomination"),
    "evaluation:burden": Decision(OFFICE | MINE | THEIRS),
    "evaluation:plans": SIGNED_IN,
    "evaluation:plans_file": SIGNED_IN,
    "evaluation:years": SIGNED_IN,
    **{f"evaluation:{name}": Decision(OFFICE | CHAIR, frozenset(), "year") for name in ("year", "year_file")},
    "evaluation:forms": Decision(RUNS, OFFICE, "activity"),
    **{f"evaluation:{name}": Decision(RUNS, OFFICE, "form") for name in ("build", "preview", "new_question", "question", "texts")},
    "evaluation:answers": Decision(RUNS | CHAIR, OFFICE, "activity"),
    "evaluation:silence": Decision(RUNS | CHAIR, OFFICE, "activity"),
    "evaluation:reach": Decision(ALL, thing="reached"),
    "evaluation:clearance": Decision(MINE, THEIRS, "member's answer"),
    "evaluation:hand_over": Decision(MINE, THEIRS, "supervisor's answer"),
    "evaluation:plan_workbook": Decision(MINE | {"officer"}, THEIRS, "alumnus"),
    "evaluation:answer_workbook": Decision(frozenset({"officer"}), frozenset(), "ask"),
    "evaluation:brief": Decision(OFFICE | MINE | {"officer", "supervisor"}, OFFICE | THEIRS, "alumnus"),
    **{
        f"evaluation:{name}": Decision(OFFICE | MINE | {"officer", "supervisor"}, OFFICE | THEIRS, "alumnus")
        for name in ("briefing_pdf", "briefing_docx", "letter_pdf", "letter_docx")
    },
    "evaluation:taught": Decision(MINE, THEIRS, "taught"),
    **{f"reporting:activities{form}": Decision(RUNS | CHAIR | MINE | THEIRS) for form in ("", "_csv", "_xlsx", "_pdf", "_docx")},
    "reporting:members": Decision(OFFICE | MINE | THEIRS),
    **{f"reporting:{name}": Decision(OFFICE | MINE, OFFICE | THEIRS, "member") for name in ("member", "member_pdf", "member_docx")},
    **dict.fromkeys(("knowledge:practices", "knowledge:table", "knowledge:compare"), PUBLIC),
    "knowledge:new": Decision(OFFICE | MINE | THEIRS),
    "knowledge:practice": Decision(OFFICE | MINE, ALL, "practice"),
    "knowledge:file": Decision(OFFICE | MINE, ALL, "file of a practice"),
    "knowledge:edit": Decision(OFFICE | MINE, frozenset(), "practice"),
    "knowledge:versions": Decision(OFFICE | MINE, OFFICE, "practice"),
    "knowledge:translate": Decision(OFFICE | MINE, OFFICE, "practice in a language"),
    "knowledge:retire": Decision(OFFICE | MINE, OFFICE | THEIRS, "practice of one's own in sight"),
    "knowledge:withdraw": Decision(MINE, THEIRS, "practice of one's own in sight"),
    "knowledge:rounds": SIGNED_IN,
    "knowledge:new_round": Decision(OFFICE),
    "knowledge:round": Decision(KNOWN, thing="round"),
    "knowledge:tell": Decision(frozenset({"centre"}), thing="round"),
    "publications:shelf": PUBLIC,
    **{f"publications:{name}": Decision(OFFICE) for name in ("make", "new_series")},
    **{f"publications:{name}": Decision(OFFICE, thing="publication's uuid") for name in ("compose", "preview")},
    "publications:counting": Decision(MINE | THEIRS),
    **{f"publications:{name}": Decision(ALL, thing="publication") for name in ("series", "publication")},
    **{f"publications:{name}": Decision(ALL, thing="edition") for name in ("edition", "pdf", "docx")},
}
PROGRAMME_API: dict[str, Decision | str] = {
    **{f"api:{path}": Decision(KNOWN, thing=thing, post=True) for path, thing in PROGRAMME_API_POSTS.items()},
    "api:/competencies": PUBLIC,
    "api:/needs": SIGNED_IN,
    "api:/needs/<uuid>": Decision(OFFICE | MINE | CHAIR, OFFICE | THEIRS | CHAIR, "need"),
    "api:/training/activities": PUBLIC,
    "api:/training/activities/<uuid>": Decision(ALL, OFFICE, "activity"),
    "api:/training/activities/<uuid>/sessions": Decision(ALL, OFFICE, "activity"),
    "api:/training/activities/<uuid>/budget": Decision(KNOWN, OFFICE, "activity"),
    "api:/training/activities/<uuid>/invitations": Decision(KNOWN, OFFICE, "activity"),
    "api:/training/activities/<uuid>/nominations": Decision(KNOWN, OFFICE, "activity"),
    "api:/certificates": SIGNED_IN,
    "api:/certificates/verify/<code>": Decision(frozenset(), thing="nothing"),
    "api:/evaluation/activities/<uuid>/forms": Decision(KNOWN, KNOWN, "activity"),
    "api:/evaluation/activities/<uuid>/report": Decision(frozenset(), thing="activity"),
    "api:/evaluation/activities/<uuid>/cleared": Decision(ALL, OFFICE, "activity"),
    "api:/evaluation/burden": SIGNED_IN,
    "api:/evaluation/plans": SIGNED_IN,
    "api:/evaluation/asks": SIGNED_IN,
    "api:/evaluation/overdue": SIGNED_IN,
    "api:/evaluation/nominations/<uuid>/items": Decision(KNOWN, KNOWN, "alumnus"),
    "api:/reports/activities": Decision(RUNS | CHAIR | MINE | THEIRS),
    "api:/knowledge/practices": PUBLIC,
    "api:/knowledge/practices/<uuid>": Decision(OFFICE | MINE, ALL, "practice"),
    "api:/knowledge/practices/<uuid>/questions": Decision(OFFICE | MINE, ALL, "practice"),
    "api:/knowledge/practices/<uuid>/files/<document>": Decision(OFFICE | MINE, ALL, "file of a practice"),
    "api:/knowledge/search": PUBLIC,
    **dict.fromkeys(("api:/publications/series", "api:/publications/publications"), PUBLIC),
    "api:/publications/publications/<uuid>": Decision(ALL, thing="publication's uuid"),
    "api:/publications/publications/<uuid>/editions/<ordinal>/<language>": Decision(ALL, thing="edition by uuid"),
    "api:/knowledge/rounds": SIGNED_IN,
    "api:/knowledge/rounds/<uuid>/initiatives": Decision(KNOWN, thing="round"),
}
ENTER = MINE | THEIRS | {"analyst"}
CHANGED: dict[str, Decision | str] = {
    **{name: Decision(ALL, thing=thing, post=True) for name, thing in CHANGED_POSTS.items()},
    **{f"api:{path}": Decision(KNOWN, thing=thing, post=True) for path, thing in CHANGED_API_POSTS.items()},
    "indicators:indicators": SIGNED_IN,
    "indicators:new": Decision(OFFICE | MINE | THEIRS),
    "indicators:edit": Decision(OFFICE, THEIRS, "indicator"),
    **{f"indicators:{name}": Decision(KNOWN, THEIRS, "indicator") for name in ("indicator", "export")},
    **{f"indicators:{name}": Decision(ENTER, THEIRS, "indicator") for name in ("enter", "file", "blank")},
    "indicators:value": Decision(MINE, THEIRS, "value"),
    "api:/indicators": SIGNED_IN,
    **{f"api:/indicators/<uuid>{part}": Decision(KNOWN, THEIRS, "indicator") for part in ("", "/series", "/values")},
    "api:/indicators/values/<uuid>/formers": Decision(KNOWN, KNOWN, "value"),
    "impact:stories": SIGNED_IN,
    "impact:new": Decision(OFFICE),
    **{f"impact:{name}": Decision(KNOWN, OFFICE, "story") for name in ("story", "story_pdf", "story_docx")},
    **{f"impact:{name}": Decision(OFFICE, frozenset(), "open story") for name in ("plan", "new_link")},
    "impact:link": Decision(OFFICE | MINE, OFFICE | THEIRS, "link"),
    "api:/impact/stories": SIGNED_IN,
    "api:/impact/stories/<uuid>": Decision(KNOWN, OFFICE, "story"),
    "api:/impact/stories/<uuid>/links": Decision(KNOWN, KNOWN, "story"),
}
WITH_PROFILE = frozenset({"manager", "trainer", "centre", "coordinator", "neighbour", "analyst", "officer", "supervisor"})
IN_GROUP = OFFICE | frozenset({"trainer", "officer"})
COMMUNITY: dict[str, Decision | str] = {
    **{name: Decision(ALL, thing=thing, post=True) for name, thing in COMMUNITY_POSTS.items()},
    **{f"api:{path}": Decision(KNOWN, thing=thing, post=True) for path, thing in COMMUNITY_API_POSTS.items()},
    **dict.fromkeys(("community:people", "community:mine", "community:groups"), SIGNED_IN),
    "community:profile": Decision(MINE | {"officer", "supervisor"}, KNOWN, "profile"),
    "community:group": Decision(IN_GROUP, thing="alumni group"),
    "community:take_out": Decision(OFFICE, thing="post"),
    "api:/community/profile": Decision(WITH_PROFILE),
    **dict.fromkeys(("api:/community/profiles", "api:/community/groups"), SIGNED_IN),
    "api:/community/profiles/<uuid>": Decision(MINE | {"officer", "supervisor"}, KNOWN, "profile"),
    **{f"api:/community/groups/<uuid>/{name}": Decision(IN_GROUP, thing="alumni group") for name in ("fellows", "posts")},
}
FRESH = (
    *("account_set_password", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "mfa_add_webauthn"),
    *("mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
)
"""allauth's addresses that ask for a fresh sign-in, or for a second step that is set up, before they show anything."""
DECISIONS: dict[str, Decision | str] = {
    **PROGRAMME,
    **CHANGED,
    **COMMUNITY,
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
    "access:code": Decision(frozenset(), frozenset(), "nothing", post=True),
    "access:short_code": Decision(KEEPERS, frozenset({"admin", "neighbour"}), "officer"),
    "access:invite": Decision(KNOWN, KNOWN, "officer", post=True),
    "documents:documents": PUBLIC,
    "documents:new": Decision(frozenset({"head", "admin", "coordinator", "neighbour", "centre"})),
    "documents:document": Decision(frozenset({"coordinator"}), frozenset({"neighbour"}), "document"),
    "documents:content": Decision(frozenset({"coordinator"}), frozenset({"neighbour"}), "document"),
    "documents:retire": Decision(ALL, ALL, "document", post=True),
    "notices:notices": SIGNED_IN,
    "notices:settings": SIGNED_IN,
    "notices:read": Decision(ALL, thing="nothing", post=True),
    "notices:read_all": Decision(ALL, post=True),
    "notices:off": Decision(frozenset(), thing="nothing"),
    "journal:entries": SIGNED_IN,
    "journal:table": SIGNED_IN,
    "journal:entry": Decision(OVERSEE | {"coordinator"}, OVERSEE | {"neighbour"}, "entry"),
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
    "xapi:nowhere": "404 to anyone: it says which resources there are",
    "api:openapi-json": PUBLIC,
    "api:api-root": "a name without a page",
    "api:/places": PUBLIC,
    "api:/places/<uuid>": Decision(ALL, ALL, "member"),
    "api:/network": PUBLIC,
    "api:/me": SIGNED_IN,
    "api:/people": SIGNED_IN,
    "api:/people/<uuid>": Decision(KEEPERS | {"officer", "supervisor"}, frozenset({"admin", "neighbour"}), "officer"),
    "api:/people/<uuid>/postings": Decision(KNOWN, KNOWN, "officer", post=True),
    "api:/postings/<uuid>/end": Decision(KNOWN, KNOWN, "posting", post=True),
    "api:/documents": SIGNED_IN,
    "api:/documents/<uuid>": Decision(frozenset({"coordinator"}), frozenset({"neighbour"}), "document"),
    "api:/documents/<uuid>/content": Decision(frozenset({"coordinator"}), frozenset({"neighbour"}), "document"),
    "api:/notices": SIGNED_IN,
    "api:/notices/<uuid>/read": Decision(KNOWN, thing="nothing", post=True),
    "api:/journal": SIGNED_IN,
    "api:/tokens/<uuid>": Decision(KNOWN, KNOWN, "nothing", post=True),
    **PROGRAMME_API,
    "set_language": Decision(frozenset()),  # a GET is only sent back
    # Sign-in is allauth's; what opens only after a fresh sign-in is walked in test_sign_in_pages.py.
    **dict.fromkeys(["account_login", "account_signup"], Decision(frozenset({""}))),
    **dict.fromkeys(["account_inactive", "account_reset_password", "account_reset_password_done"], PUBLIC),
    **dict.fromkeys(["account_reset_password_from_key", "account_reset_password_from_key_done"], PUBLIC),
    **dict.fromkeys(["account_logout", "account_change_password", "account_reauthenticate"], SIGNED_IN),
    **dict.fromkeys(["mfa_index", "mfa_list_webauthn", "usersessions_list"], SIGNED_IN),
    **dict.fromkeys(FRESH, Decision(frozenset())),
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
                whole = prefix + str(pattern.pattern)
                # Names in the API are those of functions, and two rooms may use the same: there the address itself is the name.
                named = namespace != "api:" or pattern.name in ("openapi-json", "api-root")
                name = f"{namespace}{pattern.name if named else whole.removeprefix('/api/v1')}"
                assert found.get(name, whole) == whole, name
                found[name] = whole

    walk(get_resolver().url_patterns, "", "/")
    return found


def test_every_address_is_decided() -> None:
    assert set(routes()) - set(DECISIONS) == set()
    assert set(DECISIONS) - set(routes()) == set()


MADE = {**PROGRAMME_THINGS, **CHANGED_THINGS, **COMMUNITY_THINGS}


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
        case "entry":
            return tuple(_entry(world, code) for code in ("ATN", "HIGH"))  # type: ignore[return-value]
        case "document":
            return tuple(str(_private_paper(world, code).uuid) for code in ("ATN", "HIGH"))  # type: ignore[return-value]
        case _ if kind in MADE:
            return MADE[kind](world)
        case "nothing":
            return str(uuid4()), ""
    return "", ""


def _entry(world: Any, code: str) -> str:
    from entrepot.ground.journal.models import Entry

    paper = _private_paper(world, code)
    return str(Entry.objects.get(thing_uuid=paper.uuid).uuid)


def _private_paper(world: Any, code: str) -> Any:
    from entrepot.ground.documents.api import keep
    from entrepot.kernel.principals import SYSTEM

    place, text = world.place(code), io.BytesIO(b"nobody else's business")
    return keep(by=SYSTEM, at=world.at, place=place, about=place.uuid, title="Quellmar paper", name="quellmar.txt", content=text)


def _address(pattern: str, thing: str) -> str:
    """The pattern with its holes filled: the first by the thing, the next by what follows it after `|`, a language by "fr"."""
    thing, *more = thing.split("|")
    for hole in (
        "<uuid:paper>",
        "<uuid:nomination>",
        "<slug:series>",
        "<int:number>",
        "<uuid:document>",
        "<document>",
        "<int:ordinal>",
        "<ordinal>",
        "<slug:language>",
        "<language>",
    ):
        if hole in pattern:
            pattern = pattern.replace(hole, thing if hole == "<slug:series>" else more.pop(0) if more else "fr")
    for hole in ("<uuid:uuid>", "<str:secret>", "<str:key>", "<str:code>", "<uuid>", "<code>"):
        pattern = pattern.replace(hole, thing)
    pattern = pattern.replace("<slug:kind>", "reaction").replace("<kind>", "reaction")
    pattern = pattern.replace("<slug:key>", "useful")
    for hole in ("<base36:uidb36>", "<key>", "<int:pk>"):
        pattern = pattern.replace(hole, "1")
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
        nonces: list[str] = []
        for part in sorted(ALL):
            answer = world.browser(part).get(address)
            nonces += required_nonce(answer)
            if answer.streaming:
                b"".join(answer.streaming_content)  # reading a file to its end closes it
            if part in wanted and decision.post:
                assert answer.status_code == 405, (part, address)
            elif part in wanted:
                assert answer.status_code == 200, (part, address)
            else:
                assert answer.status_code in (302, 401, 403, 404, 405), (part, address)
        assert len(set(nonces)) == len(nonces), f"{address}: a nonce that was there before"


def required_nonce(answer: Any) -> list[str]:
    """The nonce of an answer that is a page: new, of 128 bits or more, all that may run, and on each of its scripts.

    Data that stand in a page as `application/json` run nowhere. What is no page runs nothing at all.
    """
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    if not answer["Content-Type"].startswith("text/html"):
        assert "script-src" not in policy
        assert "sandbox" in policy or answer["Content-Type"] == "application/pdf"
        return []
    nonce = re.fullmatch(r"'nonce-([A-Za-z0-9_-]{22,})'", policy["script-src"])
    assert nonce, policy
    for script in re.findall(r"<script\b[^>]*>", answer.content.decode()):
        assert f'nonce="{nonce[1]}"' in script or 'type="application/json"' in script, script
    return [nonce[1]]


def test_no_page_tells_of_a_neighbours_people(world: Any) -> None:
    """Lists, counts, searches, exports and the journal, for everyone of one Member, hold nothing of a neighbour's person."""
    from entrepot.ground.people.api import register
    from entrepot.kernel.principals import SYSTEM

    secret = register(by=SYSTEM, at=world.at, home=world.place("HIGH"), full_name="Zyxwia Quellmar", email="zyxwia@practice.example")
    pages = ["/people/", "/people/?q=zyx", "/search/?q=zyxwia", "/journal/", "/journal/entries.csv", "/today/", "/calendar.ics"]
    _private_paper(world, "HIGH")
    pages += ["/documents/", f"/documents/?place={world.place('HIGH').uuid}", "/search/?q=quellmar", "/api/v1/documents", "/notices/"]
    pages += ["/my-data.json", "/api/v1/people", "/api/v1/people?name=zyx", "/api/v1/journal", f"/people/{secret.uuid}/"]
    outsiders = ("", "manager", "vicechair", "pastvicechair", "centre", "coordinator", "supervisor", "officer", "analyst", "partner")
    for part in outsiders:
        browser = world.browser(part)
        for address in pages:
            text = browser.get(address).content.decode()
            assert "Zyxwia" not in text, (part, address)
            assert "Quellmar" not in text, (part, address)
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
