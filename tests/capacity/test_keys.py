"""Keys: what they open, for which place, and for how long."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from entrepot.capacity.records.api import make_key, revoke_key, rotate_key
from entrepot.capacity.records.models import Key
from entrepot.ground.journal.models import Entry
from entrepot.kernel.errors import Invalid, NotAllowed, NotFound
from entrepot.kernel.principals import SYSTEM
from tests.capacity.lrs import HOME, VOIDED, Lrs, officer, statement

ADDRESSES = [
    *(("GET", "statements"), ("POST", "statements"), ("PUT", "statements?statementId=6690e6c9-3ef0-4ed3-8b37-7f3964730bee")),
    *((method, "activities/state") for method in ("GET", "PUT", "POST", "DELETE")),
    *((method, "activities/profile") for method in ("GET", "PUT", "POST", "DELETE")),
    *((method, "agents/profile") for method in ("GET", "PUT", "POST", "DELETE")),
    *(("GET", "activities"), ("GET", "agents"), ("GET", "statements/more/abc")),
]


@pytest.mark.row("R61.3")
@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_no_address_opens_without_a_key_nor_with_a_session(world: Any, lrs: Lrs, method: str, path: str) -> None:
    for authorization in ("", "Basic ", "Basic bm9ib2R5Om5vYm9keQ==", "Bearer x", lrs.authorization[:-4] + "AAAA"):
        assert lrs.ask(method, path, {}, authorization=authorization).status_code == 401
    for part in ("head", "coordinator"):
        browser = world.browser(part)
        answer = browser.generic(method, f"/xapi/{path}", b"{}", "application/json", HTTP_X_EXPERIENCE_API_VERSION="2.0.0")
        assert answer.status_code == 401


@pytest.mark.row("R61.3")
def test_a_key_reads_and_touches_nothing_of_a_neighbours_store(client_at: Any) -> None:
    mine, theirs = client_at("DELT"), client_at("MERI")
    secret = statement(actor={"name": "Zyxwia Quellmar", "mbox": "mailto:zyxwia@practice.example"})
    theirs.post(secret)
    where = {"activityId": f"{HOME}/units/1", "agent": officer(), "stateId": "s"}
    address = "activities/state?" + urlencode(
        {name: value if isinstance(value, str) else json.dumps(value) for name, value in where.items()}
    )
    theirs.ask("PUT", address, {"a": 1})
    assert mine.all() == []
    assert mine.get(statementId=secret["id"]).status_code == 404
    assert mine.ask("GET", address).status_code == 404
    assert "Zyxwia" not in mine.get("agents", agent={"mbox": "mailto:zyxwia@practice.example"}).content.decode()
    # The same identifier is another statement there, and voiding does not reach across.
    assert mine.post(statement(id=secret["id"])).status_code == 200
    mine.post(statement(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object={"objectType": "StatementRef", "id": secret["id"]}))
    assert theirs.get(statementId=secret["id"]).status_code == 200


def test_an_offices_key_writes_into_its_members_store_and_reads_its_own_place(client_at: Any) -> None:
    office, member = client_at("ATN-1"), client_at("ATN")
    before = len(member.all())
    member.post(statement())
    office.post(statement())
    assert len(office.all()) == 1
    assert len(member.all()) == before + 2


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("activities/state", {"activityId": HOME, "agent": officer(), "stateId": "s"}),
        ("activities/profile", {"activityId": HOME, "profileId": "p"}),
        ("agents/profile", {"agent": officer(), "profileId": "p"}),
    ],
)
def test_an_offices_key_has_documents_of_its_own(client_at: Any, path: str, named: dict[str, Any]) -> None:
    office, member, colleague = client_at("ATN-1"), client_at("ATN"), client_at("ATN-1")
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in named.items()}
    one = f"{path}?{urlencode(texts)}"
    several = f"{path}?{urlencode({name: text for name, text in texts.items() if name not in ('stateId', 'profileId')})}"
    assert member.ask("PUT", one, {"score": 17}, if_none_match="*").status_code == 204
    assert office.ask("GET", one).status_code == 404
    assert office.ask("GET", several).json() == []
    assert office.ask("PUT", one, {"score": 3}, if_none_match="*").status_code == 204
    assert colleague.ask("GET", one).json() == {"score": 3}
    if path.endswith("state"):
        assert office.ask("DELETE", several).status_code == 204
    else:
        assert office.ask("DELETE", one).status_code == 204
    assert office.ask("GET", one).status_code == 404
    assert member.ask("GET", one).json() == {"score": 17}


def test_an_offices_key_is_told_no_name_but_the_one_it_asked_with(client_at: Any) -> None:
    office, member = client_at("ATN-1"), client_at("ATN")
    agent = {"mbox": "mailto:zyxwia@practice.example"}
    member.post(statement(actor={"name": "Zyxwia Quellmar", **agent}))
    assert office.get("agents", agent=agent).json() == {"objectType": "Person", "mbox": [agent["mbox"]]}
    assert office.get("agents", agent={"name": "Z", **agent}).json()["name"] == ["Z"]
    assert member.get("agents", agent=agent).json()["name"] == ["Zyxwia Quellmar"]


@pytest.mark.parametrize("voider_first", [False, True])
@pytest.mark.parametrize(
    ("by", "of", "scopes"),
    [("ATN-1", "ATN", ["all"]), ("DELT", "DELT", ["statements/read/mine", "statements/write"])],
)
def test_a_key_voids_nothing_that_it_may_not_read(client_at: Any, by: str, of: str, scopes: list[str], voider_first: bool) -> None:
    theirs, mine = client_at(of), client_at(by, *scopes)
    target, own = statement(), statement()
    voiders = [statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": one["id"]}) for one in (target, own)]
    voids, sent = [(mine, one) for one in voiders], [(theirs, target), (mine, own)]
    for lrs, one in [*voids, *sent] if voider_first else [*sent, *voids]:
        assert lrs.post(one).status_code == 200
    assert theirs.get(statementId=target["id"]).status_code == 200
    assert [mine.get(statementId=one["id"]).status_code for one in (target, own, *voiders)] == [404, 404, 200, 200]
    assert mine.get(voidedStatementId=own["id"]).status_code == 200


def test_who_reads_the_whole_store_voids_in_it_also_after_their_key_was_revoked(world: Any, client_at: Any) -> None:
    office, member = client_at("ATN-1"), client_at("ATN")
    first, later = statement(), statement()
    office.post(first)
    for one in (first, later):
        member.post(statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": one["id"]}))
    revoke_key(by=SYSTEM, at=world.at, uuid=member.key.uuid)
    office.post(later)
    assert office.all() == []


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("statements/write", {"POST statements"}),
        ("statements/read/mine", {"GET statements"}),
        ("statements/read", {"GET statements"}),
        ("all/read", {"GET statements", "GET state", "GET profile"}),
        ("state", {"GET state", "PUT state"}),
        ("profile", {"GET profile", "PUT profile"}),
        ("all", {"POST statements", "GET statements", "GET state", "PUT state", "GET profile", "PUT profile"}),
    ],
)
def test_a_scope_opens_what_it_names_and_nothing_else(client_at: Any, scope: str, allowed: set[str]) -> None:
    lrs = client_at("DELT", scope)
    state = "activities/state?activityId=http%3A%2F%2Fa.example&agent=%7B%22mbox%22%3A%22mailto%3Aa%40b.example%22%7D&stateId=s"
    profile = "activities/profile?activityId=http%3A%2F%2Fa.example&profileId=p"
    asks = {"POST statements": ("statements", statement()), "GET statements": ("statements", None)}
    asks |= {"GET state": (state, None), "PUT state": (state, {}), "GET profile": (profile, None), "PUT profile": (profile, {})}
    opened = {name for name, (path, data) in asks.items() if lrs.ask(name.split()[0], path, data, if_none_match="*").status_code != 403}
    assert opened == allowed


def test_the_narrow_scope_reads_only_what_the_key_brought_itself(client_at: Any) -> None:
    wide, narrow = client_at("DELT"), client_at("DELT", "statements/read/mine", "statements/write")
    wide.post(statement())
    narrow.post(own := statement())
    assert [one["id"] for one in narrow.all()] == [own["id"]]
    assert len(wide.all()) == 2


@pytest.mark.parametrize(
    ("scopes", "defines"), [(["statements/write", "all/read"], False), (["statements/write", "all/read", "define"], True)]
)
def test_only_with_the_scope_to_define_does_a_statement_change_what_an_activity_is(
    client_at: Any, scopes: list[str], defines: bool
) -> None:
    lrs = client_at("DELT", *scopes)
    lrs.post(statement(object={"id": f"{HOME}/units/5", "definition": {"name": {"en": "Scales"}}}))
    assert ("definition" in lrs.get("activities", activityId=f"{HOME}/units/5").json()) is defines


def test_a_secret_is_kept_as_a_digest_and_its_use_is_noted(lrs: Lrs) -> None:
    assert lrs.get().status_code == 200
    key = Key.objects.get(pk=lrs.key.pk)
    assert key.last_used_at is not None
    assert lrs.issued.secret not in " ".join(str(value) for value in key.__dict__.values())
    assert len(lrs.issued.secret) >= 43


def test_rotating_leaves_the_old_secret_for_a_while_and_revoking_ends_both(world: Any, lrs: Lrs) -> None:
    renewed = Lrs(rotate_key(by=SYSTEM, at=world.at, uuid=lrs.key.uuid, overlap=timedelta(hours=1)))
    assert lrs.get().status_code == renewed.get().status_code == 200
    again = Lrs(rotate_key(by=SYSTEM, at=world.at, uuid=lrs.key.uuid))
    assert (lrs.get().status_code, renewed.get().status_code, again.get().status_code) == (401, 401, 200)
    revoke_key(by=SYSTEM, at=world.at, uuid=lrs.key.uuid)
    assert again.get().status_code == 401
    verbs = [entry.verb for entry in Entry.objects.filter(thing_uuid=lrs.key.uuid).order_by("id")]
    assert verbs == ["records.key.made", "records.key.rotated", "records.key.rotated", "records.key.revoked"]


def test_who_may_make_and_end_keys(world: Any) -> None:
    make = {"at": world.at, "name": "app", "scopes": ["all"]}
    key = make_key(by=world.principal("coordinator"), place=world.place("ATN-1"), **make).key
    assert make_key(by=world.principal("centre"), place=world.place("RTC-SAG"), **make)
    for part, code in (("neighbour", "ATN"), ("officer", "ATN"), ("supervisor", "ATN-1"), ("admin", "ATN"), ("head", "ATN")):
        with pytest.raises(NotAllowed):
            make_key(by=world.principal(part), place=world.place(code), **make)
    for part in ("neighbour", "officer"):
        with pytest.raises(NotFound):
            revoke_key(by=world.principal(part), at=world.at, uuid=key.uuid)
    assert revoke_key(by=world.principal("admin"), at=world.at, uuid=key.uuid).revoked_at


def test_a_key_needs_a_name_and_known_scopes(world: Any) -> None:
    with pytest.raises(Invalid) as error:
        make_key(by=SYSTEM, at=world.at, place=world.place("ATN"), name=" ", scopes=["everything"])
    assert set(error.value.faults) == {"name", "scopes"}


def test_the_command_prints_endpoint_key_and_secret_once(world: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from entrepot.desk.cli import main

    call = [
        "lrs",
        "key",
        "--name",
        "simulator",
        "--place",
        "ATN",
        "--region",
        "PX",
        "--scope",
        "statements/write",
        "--endpoint",
        "https://x.example/",
    ]
    assert main(call) == 0
    said = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert said["endpoint"] == "https://x.example/xapi"
    key = Key.objects.get(key=said["key"])
    assert key.scopes == ["statements/write"]
    assert key.digest != said["secret"]
    assert main(["lrs", "keys"]) == 0
    assert said["key"] in capsys.readouterr().out
    assert main(["lrs", "rotate", said["key"], "--hours", "2"]) == 0
    assert main(["lrs", "revoke", said["key"]]) == 0
    assert main(["lrs", "revoke", "rec_none"]) == 2
