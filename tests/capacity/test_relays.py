"""Relays to a store that answers oddly: what it says is told on its relay, which comes on where it can, and holds up no other."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import time
from contextlib import suppress
from http.client import parse_headers
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse

from entrepot.capacity.records import attached
from entrepot.capacity.records.actions.relays import make_relay
from entrepot.capacity.records.enums import Direction
from entrepot.capacity.records.exchange import patience, relaying
from entrepot.capacity.records.models import Attachment, Relay
from entrepot.desk.cli import main
from entrepot.ground.keeping.api import writing
from entrepot.kernel.principals import SYSTEM
from tests.capacity.lrs import Lrs, statement
from tests.capacity.test_exchange import Far, _relay
from tests.capacity.test_xapi import _attached

NONE = HttpResponse(b"{}", status=404)


class Odd:
    """The other store: it says what it is told to, one answer after the other and then the last again, and `asked` is for what."""

    sock = None

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: HttpResponse) -> None:
        self.answers, self.asked = list(answers), list[str]()
        monkeypatch.setattr("http.client.HTTPConnection", lambda *_, **__: self)
        monkeypatch.setattr(relaying, "PAUSES", ())

    def request(self, _method: str, address: str, _body: bytes | None, _headers: dict[str, str]) -> None:
        address.encode("ascii")
        about = address.endswith("/about")
        if not about:
            self.asked.append(address)
        self.answer = NONE if about else self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def getresponse(self) -> Any:
        headers = parse_headers(io.BytesIO(b"".join(f"{k}: {v}\r\n".encode() for k, v in self.answer.items()) + b"\r\n"))
        return type("Answer", (), {"status": self.answer.status_code, "headers": headers, "read": lambda _, __: self.answer.content})()

    def close(self) -> None:
        """Nothing to close."""


def _page(*some: dict[str, Any], more: str = "") -> HttpResponse:
    return HttpResponse(json.dumps({"statements": some, "more": more}), content_type="application/json")


@pytest.fixture
def two(world: Any, client_at: Any) -> list[Relay]:
    """Two relays that fetch from the other store, one after the other."""
    given = {"direction": Direction.PULL, "name": "far", "endpoint": "http://127.0.0.1:9/xapi", "user": "u", "secret": "s"}
    keys = [client_at(code).key for code in ("DELT", "MERI")]
    return [make_relay(by=SYSTEM, at=world.at, store=key.store, key=key, **given) for key in keys]


def _told(name: str) -> list[Any]:
    return list(Relay.objects.order_by("pk").values_list(name, flat=True))


BAD_LINKS = ["http://[x/", "http://127.0.0.1:9x/more", "http://elsewhere.example/more"]


@pytest.mark.parametrize("more", BAD_LINKS)
def test_a_link_to_more_that_cannot_be_asked_is_told_not_kept_and_done_without(
    two: list[Relay], monkeypatch: pytest.MonkeyPatch, more: str
) -> None:
    moment = "2026-11-05T14:00:00.000000Z"
    odd = Odd(monkeypatch, _page(statement(stored=moment), more=more))
    assert main(["lrs", "relay", "run"]) == 1
    assert _told("carried") == [1, 1]
    assert all("cannot be asked" in told for told in _told("last_error"))
    assert [json.loads(cursor) for cursor in _told("cursor")] == [{"since": moment}] * 2
    odd.answers = [_page()]
    assert main(["lrs", "relay", "run"]) == 0
    assert "since=2026-11-05" in odd.asked[-1]


@pytest.mark.parametrize("more", BAD_LINKS)
def test_a_cursor_that_cannot_be_asked_is_done_without(two: list[Relay], monkeypatch: pytest.MonkeyPatch, more: str) -> None:
    with writing():
        Relay.objects.update(cursor=json.dumps({"more": more, "since": "2026-11-05T14:00:00Z"}))
    Odd(monkeypatch, _page())
    assert main(["lrs", "relay", "run"]) == 0


def test_a_link_with_letters_of_any_script_is_followed(two: list[Relay], monkeypatch: pytest.MonkeyPatch) -> None:
    odd = Odd(monkeypatch, _page(statement(), more="/xapi/more/é b"), _page(statement()))
    assert relaying.run(two[0], two[0].made_at) == 2
    assert odd.asked[-1] == "/xapi/more/%C3%A9%20b"


@pytest.mark.parametrize("stored", ["tomorrow", "\x00", "\ue000"])
def test_a_moment_that_is_none_is_not_gone_by(two: list[Relay], monkeypatch: pytest.MonkeyPatch, stored: str) -> None:
    Odd(monkeypatch, _page(statement(stored=stored), statement()))
    assert main(["lrs", "relay", "run"]) == 1
    assert [json.loads(cursor) for cursor in _told("cursor")] == [{"since": ""}] * 2
    assert _told("refused") == [1, 1]


@pytest.mark.parametrize("said", [b"no\x00", b"\x1f\x8b\x08\x00", "no \ue000".encode()])
def test_an_answer_with_what_no_text_holds_is_told_and_stops_no_other_relay(
    two: list[Relay], monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    Odd(monkeypatch, HttpResponse(said, status=403))
    assert main(["lrs", "relay", "run"]) == 1
    assert all("answered 403" in told for told in _told("last_error"))


@pytest.mark.parametrize(
    "odd",
    [b'{"\xee\x80\x80": 1}', b'{"actor": "\xff"}', b'{"id": 1}', b'{"a": ' * 200 + b"1" + b"}" * 200],
    ids=["private use", "no letters", "no identifier", "deep"],
)
def test_a_statement_that_is_refused_is_passed_over_whatever_it_holds(
    two: list[Relay], monkeypatch: pytest.MonkeyPatch, odd: bytes
) -> None:
    sound = json.dumps(statement()).encode()
    Odd(monkeypatch, HttpResponse(b'{"statements": [' + odd + b", " + sound + b"]}", content_type="application/json"))
    assert main(["lrs", "relay", "run"]) == 1
    assert list(zip(_told("carried"), _told("refused"), strict=True)) == [(1, 1)] * 2


def test_what_nobody_thought_of_is_told_on_its_relay_and_an_outage_ends_the_run(two: list[Relay], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: Any) -> None:
        raise error

    Odd(monkeypatch, _page(statement()))
    monkeypatch.setattr(relaying, "keep", fail)
    error: Exception = RuntimeError("a thing \ue000")
    assert main(["lrs", "relay", "run"]) == 1
    assert _told("last_error") == ["RuntimeError: a thing"] * 2
    assert _told("cursor") == ["", ""]
    error = OperationalError("database is locked")
    with pytest.raises(OperationalError):
        relaying.run(two[0], two[0].made_at)


def test_an_attachment_that_says_no_kind_is_kept_as_bytes(two: list[Relay], monkeypatch: pytest.MonkeyPatch) -> None:
    _, kind, body = _attached(statement(), b"a picture")
    page = HttpResponse(body.replace(b'{"id"', b'{"statements": [{"id"', 1).replace(b"}]}\r\n--", b"}]}]}\r\n--", 1), content_type=kind)
    page.content = page.content.replace(b"Content-Type: text/plain", b"Content-Type: \x00" + b"x" * 300)
    Odd(monkeypatch, page)
    assert relaying.run(two[0], two[0].made_at) == 1
    assert Attachment.objects.get().media_type == "application/octet-stream"


def test_forwarding_sends_no_more_at_once_than_fits_with_its_attachments(
    world: Any, client_at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attached, "LARGEST_ANSWER", 5_000)
    here, there = client_at("DELT"), client_at("MERI")
    for letter in (b"a", b"b", b"c"):
        _, media_type, body = _attached(statement(), letter * 3000)
        assert here.post(body, media_type=media_type).status_code == 200
    far: Lrs = there
    sent: list[int] = []
    monkeypatch.setattr(Far, "request", _measured(Far.request, sent))
    Far(far, monkeypatch)
    assert relaying.run(_relay(world, Direction.FORWARD, here, there), world.at) == 3
    assert len(there.all()) == 3
    assert max(sent) < 5_000


def _measured(request: Any, sent: list[int]) -> Any:
    def measured(self: Far, method: str, address: str, body: bytes | None, headers: dict[str, str]) -> None:
        sent.append(len(body or b""))
        request(self, method, address, body, headers)

    return measured


def test_a_page_of_more_statements_than_a_request_holds_is_not_read(two: list[Relay], world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Odd(monkeypatch, HttpResponse(b'{"statements": [' + b"1," * 30_000 + b"1]}", content_type="application/json"))
    assert relaying.run(two[0], world.at) == 0
    assert "cannot be read as statements" in two[0].last_error
    assert two[0].refused == 0


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"])
def test_an_answer_that_comes_by_single_bytes_has_an_end(
    two: list[Relay], world: Any, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    def connect(self: http.client.HTTPConnection) -> None:
        self.sock, theirs = socket.socketpair()
        threading.Thread(target=_drip, args=(theirs, answer), daemon=True).start()

    monkeypatch.setattr(http.client.HTTPConnection, "connect", connect)
    monkeypatch.setattr(relaying, "PAUSES", ())
    monkeypatch.setattr(patience, "LONGEST", 0.3)
    begun = time.monotonic()
    assert relaying.run(two[0], world.at) == 0
    assert time.monotonic() - begun < 5
    assert two[0].last_error


def _drip(there: socket.socket, answer: bytes) -> None:
    with there, suppress(OSError):
        there.sendall(answer)
        for _ in range(1000):
            there.sendall(b" ")
            time.sleep(0.02)
