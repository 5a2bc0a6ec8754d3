"""Statements out and in: files, other record stores, and letting go of what is old."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.http import HttpResponse, JsonResponse

from entrepot.capacity.records.actions.relays import make_relay, stop_relay
from entrepot.capacity.records.actions.retention import retain, set_retention
from entrepot.capacity.records.api import make_key
from entrepot.capacity.records.enums import Direction
from entrepot.capacity.records.exchange.relaying import run
from entrepot.capacity.records.models import Attachment, Identifier, Mark, Relay, Statement, Volume
from entrepot.desk.cli import main
from entrepot.ground.journal.models import Entry
from entrepot.kernel.errors import Invalid, NotAllowed
from entrepot.kernel.principals import SYSTEM
from tests.capacity.lrs import VOIDED, Lrs, statement


def _sent(lrs: Lrs, count: int = 5) -> list[dict[str, Any]]:
    some = [statement(result={"response": f"line\nbreak {n} ‒ ไทย"}) for n in range(count)]
    some.append(statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": some[0]["id"]}))
    lrs.post(json.dumps(some, indent=2, ensure_ascii=False).encode())
    return some


@pytest.mark.parametrize("name", ["all.jsonl", "all.parquet"])
def test_what_is_exported_can_be_imported_and_again_without_change(client_at: Any, tmp_path: Path, name: str, capsys: Any) -> None:
    source, target = client_at("DELT"), client_at("MERI")
    some = _sent(source)
    file = tmp_path / name
    assert main(["lrs", "export", str(file), "--place", "DELT", "--region", "PX"]) == 0
    for new in (len(some), 0):
        assert main(["lrs", "import", str(file), "--key", target.key.key]) == 0
        assert f"{new} new" in capsys.readouterr().err
    assert {one["id"] for one in target.all()} == {one["id"] for one in source.all()} == {one["id"] for one in some[1:]}
    assert target.get(voidedStatementId=some[0]["id"]).status_code == 200
    verbs = list(Entry.objects.filter(verb__startswith="records.statements.").values_list("verb", flat=True))
    assert verbs == ["records.statements.exported", *["records.statements.imported"] * 2]


def test_parquet_keeps_the_bytes_as_they_came(lrs: Lrs, tmp_path: Path) -> None:
    raw = json.dumps(statement(), indent=3).encode()
    lrs.post(raw)
    file = tmp_path / "all.parquet"
    main(["lrs", "export", str(file), "--place", "DELT", "--region", "PX"])
    table = pq.read_table(file).to_pylist()
    assert [row["raw"] for row in table] == [raw]
    assert table[0]["verb"] == "http://adlnet.gov/expapi/verbs/completed"


def test_what_names_no_version_is_of_the_first_unless_it_has_what_the_second_brought(lrs: Lrs, tmp_path: Path) -> None:
    agents = [{"objectType": "contextAgent", "agent": statement()["actor"], "relevantTypes": ["https://learn.practice.example/t"]}]
    some = {
        "1.0.0": statement(),
        "1.0.1": statement(version="1.0.1"),
        "2.0.0": statement(context={"contextAgents": agents}),
        "2.0.1": statement(version="2.0.1"),
    }
    file = tmp_path / "old.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in some.values()))
    assert main(["lrs", "import", str(file), "--key", lrs.key.key]) == 0
    assert {version: lrs.get(statementId=one["id"]).json()["version"] for version, one in some.items()} == {one: one for one in some}
    editions = [Statement.objects.get(store=lrs.key.store, uuid=one["id"]).edition for one in some.values()]
    assert editions == [1, 1, 2, 2]


def test_a_table_tells_identifier_and_version_of_what_came_without(client_at: Any, tmp_path: Path, capsys: Any) -> None:
    new, old, target = client_at("DELT"), client_at("DELT", version="1.0.3"), client_at("MERI")
    for one in (new, old):
        assert one.post({name: value for name, value in statement().items() if name != "id"}).status_code == 200
    file = tmp_path / "all.parquet"
    assert main(["lrs", "export", str(file), "--place", "DELT", "--region", "PX"]) == 0
    for count in (2, 0):
        assert main(["lrs", "import", str(file), "--key", target.key.key]) == 0
        assert f"{count} new" in capsys.readouterr().err
    shown = {one["id"]: one["version"] for one in new.all()}
    assert {one["id"]: one["version"] for one in target.all()} == shown
    assert sorted(shown.values()) == ["1.0.0", "2.0.0"]


@pytest.mark.row("R28.3")
def test_what_cannot_be_imported_is_put_aside_with_its_reason_and_the_rest_is_kept(lrs: Lrs, tmp_path: Path, capsys: Any) -> None:
    kept = statement(result={"success": True})
    lrs.post(kept)
    lines = [json.dumps(statement()), "{ broken", json.dumps(statement(actor={})), json.dumps({**kept, "result": {"success": False}})]
    file = tmp_path / "old.jsonl"
    file.write_text("\n".join([*lines, json.dumps(statement())]))
    assert main(["lrs", "import", str(file), "--key", lrs.key.key]) == 1
    rejects = [json.loads(line) for line in (tmp_path / "old.jsonl.rejects").read_text().splitlines()]
    assert [(one["line"], one["path"]) for one in rejects] == [(2, ""), (3, "actor"), (4, "id")]
    assert all(one["message"] and one["statement"] for one in rejects)
    assert len(lrs.all()) == 3
    assert "3 put aside" in capsys.readouterr().err


def test_retention_lets_go_of_the_old_and_keeps_counts_and_identifiers(world: Any, lrs: Lrs) -> None:
    store = lrs.key.store
    some = [statement(), statement()]
    lrs.post(some)
    set_retention(by=SYSTEM, at=world.at, uuid=store.uuid, days=30)
    assert retain(world.at + timedelta(days=29)) == 0
    assert retain(world.at + timedelta(days=31)) == 2
    assert not Statement.objects.filter(store=store).exists()
    assert not Mark.objects.filter(store=store).exists()
    assert Volume.objects.get(key=lrs.key).statements == 2
    assert Identifier.objects.filter(store=store).count() == 2
    assert lrs.post(some[0]).status_code == 200
    assert lrs.all() == []
    assert Entry.objects.filter(verb="records.statements.let_go", thing_uuid=store.uuid).get().facts == {"statements": 2}


def test_only_the_administration_itself_sets_retention(world: Any, client_at: Any) -> None:
    store = client_at("ATN").key.store
    assert set_retention(by=world.principal("coordinator"), at=world.at, uuid=store.uuid, days=400).keep_days == 400
    with pytest.raises(NotAllowed):
        set_retention(by=world.principal("admin"), at=world.at, uuid=store.uuid, days=400)
    with pytest.raises(Invalid):
        set_retention(by=SYSTEM, at=world.at, uuid=store.uuid, days=3)


class Far:
    """Another record store: a second store of this product behind its `/xapi`, reached without a network, which can fail at will.

    `fail`: each so-many-th connection breaks; `busy`: so many requests are answered 503 first; `old`: it is a store of 1.0.3.
    """

    sock = None

    def __init__(self, lrs: Lrs, monkeypatch: pytest.MonkeyPatch, *, old: bool = False) -> None:
        from entrepot.capacity.records.exchange import relaying

        self.lrs, self.fail, self.busy, self.asked, self.old = lrs, 0, 0, 0, old
        monkeypatch.setattr("http.client.HTTPConnection", lambda *_, **__: self)
        monkeypatch.setattr(relaying, "PAUSES", (0.0,) * len(relaying.PAUSES))

    def request(self, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> None:
        self.asked += 1
        if self.fail and self.asked % self.fail == 0:
            raise ConnectionResetError
        if self.busy:
            self.busy -= 1
            self.answer = HttpResponse(status=503, headers={"Retry-After": "1"})
            return
        if self.old and address == "/xapi/about":
            self.answer = JsonResponse({"version": ["0.95", "1.0.0", "1.0.3", "1.0.2"]})
            return
        if self.old and headers["X-Experience-API-Version"] != "1.0.3":
            self.answer = HttpResponse(b"Version not supported", status=400)
            return
        named = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items() if name != "Content-Type"}
        self.answer = self.lrs.http.generic(method, address, body or b"", headers.get("Content-Type", ""), **named)

    def getresponse(self) -> Any:
        import http.client

        message = http.client.parse_headers(io.BytesIO(b"".join(f"{k}: {v}\r\n".encode() for k, v in self.answer.items()) + b"\r\n"))
        return type("Answer", (), {"status": self.answer.status_code, "headers": message, "read": lambda _, __: self.answer.content})()

    def close(self) -> None:
        """Nothing to close."""


def _relay(world: Any, direction: Direction, here: Lrs, far: Lrs, **more: Any) -> Relay:
    return make_relay(
        by=SYSTEM,
        at=world.at,
        store=here.key.store,
        direction=direction,
        name="other",
        endpoint="http://127.0.0.1:1/xapi",
        user=far.key.key,
        secret=far.issued.secret,
        **more,
    )


def _run_until_done(relay: Relay, at: Any) -> None:
    for _ in range(50):
        run(Relay.objects.get(pk=relay.pk), at)
        if not Relay.objects.get(pk=relay.pk).last_error:
            return
    pytest.fail("the relay never came through")


@pytest.mark.parametrize("fail", [0, 7])
def test_forwarding_carries_everything_once_through_failures(
    world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch, fail: int
) -> None:
    from entrepot.capacity.records.exchange import relaying

    monkeypatch.setattr(relaying, "PAGE", 3)
    here, there = client_at("DELT"), client_at("MERI")
    some = _sent(here, 10)
    contradiction = {**some[4], "result": {"success": False}}
    there.post(contradiction)
    far = Far(there, monkeypatch)
    far.fail = fail
    relay = _relay(world, Direction.FORWARD, here, there)
    _run_until_done(relay, world.at)
    wanted = [one["id"] for one in here.all(ascending="true")]
    assert sorted(one["id"] for one in there.all()) == sorted(wanted)
    relay.refresh_from_db()
    assert relay.refused == 1
    _run_until_done(relay, world.at)
    here.post(late := statement())
    _run_until_done(relay, world.at)
    assert there.get(statementId=late["id"]).status_code == 200


@pytest.mark.parametrize("fail", [0, 3])
def test_pulling_fetches_everything_once_through_failures(world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch, fail: int) -> None:
    from entrepot.capacity.records.exchange import relaying

    monkeypatch.setattr(relaying, "PAGE", 4)
    here, there = client_at("DELT"), client_at("MERI")
    _sent(there, 10)
    from tests.capacity.test_xapi import _attached

    _, media_type, body = _attached(statement(), b"a picture")
    assert there.post(body, media_type=media_type).status_code == 200
    far = Far(there, monkeypatch)
    far.fail = fail
    relay = _relay(world, Direction.PULL, here, there, key=here.key)
    _run_until_done(relay, world.at)
    assert {one["id"] for one in here.all()} == {one["id"] for one in there.all()}
    assert Attachment.objects.filter(store=here.key.store).count() == 1
    there.post(late := statement())
    _run_until_done(relay, world.at)
    assert here.get(statementId=late["id"]).status_code == 200


@pytest.fixture
def two_editions(client_at: Any) -> tuple[Lrs, list[dict[str, Any]]]:
    """A client of a store that holds statements of both editions, and those; the last one has what 1.0.3 cannot say."""
    new, old = client_at("DELT"), client_at("DELT", version="1.0.3")
    agents = [{"objectType": "contextAgent", "agent": statement()["actor"]}]
    some = [
        statement(),
        statement(version="2.0.0", result={"score": {"scaled": 0.50}}),
        statement(),
        statement(context={"contextAgents": agents}),
    ]
    for lrs, one in zip((new, new, old, new), some, strict=True):
        assert lrs.post(one).status_code == 200
    return new, some


def test_a_store_of_the_first_edition_is_sent_what_it_can_read_and_the_rest_is_told(
    world: Any, client_at: Any, two_editions: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    (here, some), there = two_editions, client_at("MERI", version="1.0.3")
    Far(there, monkeypatch, old=True)
    relay = _relay(world, Direction.FORWARD, here, there)
    assert main(["lrs", "relay", "run"]) == 1
    assert f"3 carried; 1 not carried, the last {some[3]['id']}: context.contextAgents" in capsys.readouterr().out
    assert {one["id"] for one in there.all()} == {one["id"] for one in some[:3]}
    assert {one["version"] for one in there.all()} == {"1.0.0"}
    relay.refresh_from_db()
    assert (relay.carried, relay.refused, relay.last_error) == (3, 1, "")
    main(["lrs", "relay", "list"])
    listed = capsys.readouterr().out
    assert "well" not in listed
    assert some[3]["id"] in listed
    assert main(["lrs", "relay", "run"]) == 0, "what was told is not told again"


def test_a_store_that_refuses_everything_has_nothing_passed_over(
    world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    here, there = client_at("DELT"), client_at("MERI")
    some = _sent(here, 3)
    far = Far(there, monkeypatch)
    with monkeypatch.context() as sulking:
        sulking.setattr(far, "request", lambda *_: setattr(far, "answer", HttpResponse(b"Not like this", status=400)))
        relay = _relay(world, Direction.FORWARD, here, there)
        assert main(["lrs", "relay", "run"]) == 1
    assert "refuses all of the next 3 statements" in capsys.readouterr().out
    main(["lrs", "relay", "list"])
    assert "Not like this" in capsys.readouterr().out
    relay.refresh_from_db()
    assert (relay.cursor, relay.carried, relay.refused) == ("", 0, 0)
    _run_until_done(relay, world.at)
    assert {one["id"] for one in there.all()} == {one["id"] for one in some[1:]}


def test_pulling_reads_a_store_of_the_first_edition(world: Any, client_at: Any, two_editions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (there, some), here = two_editions, client_at("MERI")
    Far(there, monkeypatch, old=True)
    relay = _relay(world, Direction.PULL, here, there, key=here.key)
    run(relay, world.at)
    assert relay.last_error == ""
    assert {one["id"] for one in here.all()} == {one["id"] for one in some}


@pytest.mark.parametrize("direction", Direction)
def test_a_connection_that_breaks_is_tried_again_in_the_same_run(
    world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch, direction: Direction
) -> None:
    from entrepot.capacity.records.exchange import relaying

    monkeypatch.setattr(relaying, "PAGE", 2)
    here, there = client_at("DELT"), client_at("MERI")
    source, target = (here, there) if direction is Direction.FORWARD else (there, here)
    _sent(source, 6)
    far = Far(there, monkeypatch)
    far.fail, far.busy = 3, 2
    relay = _relay(world, direction, here, there, **({} if direction is Direction.FORWARD else {"key": here.key}))
    run(relay, world.at)
    assert (relay.last_error, relay.carried) == ("", 6), "the voided one does not travel"
    assert {one["id"] for one in target.all()} == {one["id"] for one in source.all()}
    far.fail = 1
    source.post(late := statement())
    run(relay, world.at)
    assert "cannot be reached" in relay.last_error, "in the end it is said"
    far.fail = 0
    run(relay, world.at)
    assert relay.last_error == ""
    assert target.get(statementId=late["id"]).status_code == 200


def test_a_link_to_more_that_has_run_out_is_done_without(world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.capacity.records.exchange import relaying

    monkeypatch.setattr(relaying, "PAGE", 2)
    here, there = client_at("DELT"), client_at("MERI")
    _sent(there, 4)
    Far(there, monkeypatch)
    relay = _relay(world, Direction.PULL, here, there, key=here.key)
    run(relay, world.at, pages=1)
    state = json.loads(relay.cursor)
    relay.cursor = json.dumps({**state, "more": "/xapi/statements/more/gone"})
    run(relay, world.at)
    assert relay.last_error == ""
    assert {one["id"] for one in here.all()} == {one["id"] for one in there.all()}


def test_a_relays_secret_is_sealed_and_goes_when_it_is_stopped(world: Any, client_at: Any) -> None:
    here, there = client_at("DELT"), client_at("MERI")
    relay = _relay(world, Direction.FORWARD, here, there)
    assert there.issued.secret.encode() not in bytes(relay.sealed_secret)
    stop_relay(by=SYSTEM, at=world.at, uuid=relay.uuid)
    relay.refresh_from_db()
    assert bytes(relay.sealed_secret) == b""


def test_a_relay_speaks_to_other_machines_only_under_tls(world: Any, lrs: Lrs) -> None:
    with pytest.raises(Invalid) as error:
        make_relay(
            by=SYSTEM,
            at=world.at,
            store=lrs.key.store,
            direction=Direction.PULL,
            name="x",
            endpoint="http://lrs.example/xapi",
            user="u",
            secret="s",
        )
    assert set(error.value.faults) == {"endpoint", "key"}


def test_a_pull_in_the_name_of_a_revoked_key_says_so(world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from entrepot.capacity.records.api import revoke_key

    here, there = client_at("DELT"), client_at("MERI")
    there.post(statement())
    Far(there, monkeypatch)
    relay = _relay(world, Direction.PULL, here, there, key=here.key)
    revoke_key(by=SYSTEM, at=world.at, uuid=here.key.uuid)
    assert run(Relay.objects.get(pk=relay.pk), world.at) == 0
    assert "revoked" in Relay.objects.get(pk=relay.pk).last_error


def test_relays_by_command(world: Any, lrs: Lrs, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    other = make_key(by=SYSTEM, at=world.at, place=world.place("MERI"), name="theirs")
    Far(Lrs(other), monkeypatch)
    lrs.post(statement())
    monkeypatch.setattr("sys.stdin", io.StringIO(other.secret + "\n"))
    call = ["lrs", "relay", "forward", "--name", "up", "--endpoint", "http://127.0.0.1:1/xapi", "--user", other.key.key]
    assert main([*call, "--place", "DELT", "--region", "PX"]) == 0
    assert main(["lrs", "relay", "run"]) == 0
    assert "up: 1 carried" in capsys.readouterr().out
    assert main(["lrs", "relay", "list"]) == 0
    assert "1 carried, 0 refused" in capsys.readouterr().out


def test_postgresql_has_a_partition_for_each_month_ahead_and_drops_empty_ones(world: Any) -> None:
    from django.db import connection

    from entrepot.capacity.records.models.partitions import drop_empty_partitions, make_partitions

    if connection.vendor != "postgresql":
        assert make_partitions(world.at) == drop_empty_partitions(world.at) == []
        return
    later = world.at + timedelta(days=400)
    assert len(make_partitions(later)) == 6
    assert make_partitions(later) == []
    dropped = drop_empty_partitions(later + timedelta(days=200))
    assert f"records_statement_{later:%Y%m}" in dropped
    assert f"records_statement_{world.at:%Y%m}" not in dropped, "it holds the practice statements"
