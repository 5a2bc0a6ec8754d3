"""What stands between the network and Django: slow, large and many requests stop nobody else."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from entrepot.desk.serving.connections import Keeper
from entrepot.desk.serving.receiving import Bounds, Receiving, Watch
from tests.apart import apart, run
from tests.capacity.lrs import statement
from tests.serving import Server, answers, until, web

TURNS, PLACES = 2, 4
BOUNDS = {
    "ENTREPOT_TURNS": str(TURNS),
    "ENTREPOT_LINE": str(PLACES),
    "ENTREPOT_BODY_SECONDS": "1",
    "ENTREPOT_HEAD_SECONDS": "1",
    "ENTREPOT_LOG": "CRITICAL",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: Any) -> Iterator[Server]:
    with apart(tmp_path_factory.mktemp("serving")) as environment:
        run(environment, "-m", "tests.snapshot")
        run(environment, "-m", "django", "collectstatic", "--no-input", "-v0")
        with web({**environment, **BOUNDS}) as server:
            yield server


@pytest.fixture(scope="module")
def patient(server: Server) -> Iterator[Server]:
    """The same with more time for bodies and heads."""
    kept = {name: value for name, value in server.environment.items() if name not in BOUNDS}
    with web({**kept, "ENTREPOT_HEAD_SECONDS": str(HEADS)}) as patient:
        yield patient


HEADS = 12
SLOW = "POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\nlogin="


def test_bodies_that_do_not_come_stop_nobody_and_are_given_up(server: Server) -> None:
    slow = [server.begin(SLOW) for _ in range(TURNS * 4)]
    assert server.ask("GET", "/roles/").status == 200
    assert server.ask("POST", "/xapi/statements", json.dumps(statement()), server.client).status == 200
    assert server.health()["receiving"] == len(slow)
    for one in slow:
        with closing(one):
            assert one.recv(200).startswith(b"HTTP/1.1 408 ")
    assert server.health()["receiving"] == 0


def test_a_body_that_comes_byte_by_byte_is_given_up_too(server: Server) -> None:
    with closing(server.begin("POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")) as one:
        one.settimeout(0.1)
        heard = b""
        while not heard:
            one.sendall(b"1\r\na\r\n")
            with contextlib.suppress(TimeoutError):
                heard = one.recv(200)
        assert heard.startswith(b"HTTP/1.1 408 ")


def test_a_head_that_does_not_come_is_given_up(server: Server) -> None:
    with closing(server.begin("GET /roles/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-One: ")) as one:
        assert server.ask("GET", "/roles/").status == 200
        assert b"200 OK" not in one.recv(200)


FORMS = [("/sign-in/", "text/html"), ("/api/v1/me", "application/problem+json"), ("/xapi/activities/profile", "application/json")]


@pytest.mark.parametrize(("path", "kind"), FORMS)
def test_a_body_that_does_not_say_its_length_is_refused_where_nothing_in_it_shows_that_it_is_whole(
    server: Server, path: str, kind: str
) -> None:
    answer = server.ask("POST", path, iter([b"{}"]), {"Content-Type": "application/json"})
    assert answer.status == 411
    assert answer.headers["Content-Type"].startswith(kind)
    assert b"Send it with its length" in answer.content  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "cut", ["9\r\n[{}, {}", "zz\r\n", "-3\r\n{}\r\n", ""], ids=["cut", "no number", "less than nothing", "never began"]
)
def test_statements_in_chunks_that_break_off_are_not_kept(server: Server, cut: str) -> None:
    whole, lines = json.dumps([statement()]), "".join(f"{name}: {value}\r\n" for name, value in server.client.items())
    head = f"POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}Transfer-Encoding: chunked\r\n\r\n"
    with closing(server.begin(f"{head}{len(whole) - 1:x}\r\n{whole[:-1]}\r\n{cut}")) as one:
        one.shutdown(socket.SHUT_WR)
        assert one.recv(100)[9:12] == b"400"
    found = server.ask("GET", f"/xapi/statements?statementId={json.loads(whole)[0]['id']}", headers=server.client)
    assert found.status == 404


@pytest.mark.parametrize(
    ("path", "kind", "length"),
    [*((path, kind, True) for path, kind in FORMS), *(("/xapi/statements", "application/json", one) for one in (True, False))],
)
def test_what_is_too_large_is_refused_in_the_form_of_who_asks(server: Server, path: str, kind: str, length: bool) -> None:
    body = b"x" * (18_000_000 if path.startswith("/xapi/") else 3_000_000)
    answer = server.ask("POST", path, body if length else iter([body]), {"Content-Type": "application/json"})
    assert answer.status == 413
    assert answer.headers["Content-Type"].startswith(kind)
    assert b"larger than what is taken here" in answer.content  # type: ignore[attr-defined]


def test_a_large_body_and_one_in_chunks_arrive_whole(server: Server) -> None:
    many = [statement() for _ in range(300)]
    data = json.dumps(many, indent=200).encode()
    assert len(data) > 1_000_000, "more than is kept in memory"
    halves = iter([data[:500_001], data[500_001:]])
    for body in (data, halves):
        answer = server.ask("POST", "/xapi/statements", body, server.client)
        assert (answer.status, json.loads(answer.content)) == (200, [one["id"] for one in many])  # type: ignore[attr-defined]


def test_one_address_has_a_bounded_number_of_bodies_on_their_way(server: Server) -> None:
    slow = [server.begin(SLOW) for _ in range(50)]
    heard = [one.recv(20) for one in slow]
    for one in slow:
        one.close()
    assert {line[9:12] for line in heard} == {b"408", b"503"}


def _from(server: Server, last: int, text: str = "") -> socket.socket:
    """A connection from 127.0.0.`last`."""
    one = socket.create_connection(("127.0.0.1", server.port), timeout=5, source_address=(f"127.0.0.{last}", 0))
    one.sendall(text.encode())
    return one


def test_five_addresses_whose_bodies_do_not_come_keep_nobody_from_sending(patient: Server) -> None:
    slow = [_from(patient, last, SLOW) for last in range(2, 7) for _ in range(40)]
    until(lambda: patient.health()["receiving"] == 200)
    sent = [patient.ask("POST", "/xapi/statements", json.dumps(statement()), patient.client).status for _ in range(4)]
    held = patient.health()["receiving"]
    for one in slow:
        one.close()
    assert sent == [200] * 4
    assert held >= 190, "no more of them is given up than there is need for"


class _Sender:
    """A body that comes when it is told to."""

    def __init__(self, address: str) -> None:
        self.address, self.proto, self.next = address, self, Future[bytes]()

    def __aiter__(self) -> _Sender:
        return self

    def __anext__(self) -> Future[bytes]:
        self.next = Future()
        return self.next


def test_one_address_whose_large_bodies_never_end_keeps_nobody_from_sending_large_ones() -> None:
    watch = Watch(Bounds(form=1000, upload=1000, statements=1000, spooled=100))

    def begun(address: str, size: int) -> tuple[bool, Receiving]:
        sender = _Sender(address)
        one = Receiving(sender, 1000, -1, done=lambda ended: ended.drop())
        taken = watch.begin(one)
        sender.next.set_result(b"x" * size)
        return taken, one

    held = [begun("192.0.2.1", size)[1] for size in (10, 90, 40)]
    assert begun("192.0.2.1", 1)[0] is False, "whoever holds all of it gets no more"
    taken, other = begun("192.0.2.2", 60)
    assert taken
    assert [one.end for one in held] == ["", "slow", ""], "the largest of whoever holds most is given up, and no other"
    assert begun("192.0.2.3", 1)[0]
    assert other.end == "slow", "and so on"


def test_ten_addresses_that_say_nothing_keep_nobody_from_asking(patient: Server) -> None:
    silent = []
    with contextlib.suppress(OSError):
        for last in range(20, 30):
            silent += [_from(patient, last) for _ in range(200)]
    assert len(silent) > 1900
    begun = time.monotonic()
    until(lambda: answers(patient))
    assert time.monotonic() - begun < HEADS - 3, "not only once they were given up"
    for one in silent:
        one.close()


def test_where_the_line_is_full_one_is_told_at_once_and_the_health_is_said(server: Server) -> None:
    body = json.dumps(statement())
    head = "".join(f"{name}: {value}\r\n" for name, value in server.client.items())
    text = f"POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{head}\r\n{body}"
    with server.locked():
        working = [server.begin(text, last=last) for last in range(1, TURNS + 1)]
        while server.health()["working"] < TURNS:
            pass
        waiting = [server.begin(text) for _ in range(PLACES // 2)]
        while server.health()["waiting"] < PLACES // 2:
            pass
        refused = server.ask("GET", "/roles/")
        assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        assert b"Nothing was saved" in refused.content  # type: ignore[attr-defined]
    for one in working + waiting:
        with closing(one):
            assert one.recv(20).startswith(b"HTTP/1.1 200 ")


def test_one_address_whose_requests_wait_for_each_other_keeps_nobody_from_asking(server: Server) -> None:
    body = json.dumps(statement())
    head = "".join(f"{name}: {value}\r\n" for name, value in server.client.items())
    text = f"POST /xapi/statements HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{head}\r\n{body}"
    with server.locked():
        held = [server.begin(text, last=7) for _ in range(TURNS)]
        until(lambda: server.health()["waiting"] == 1)
        begun = time.monotonic()
        assert server.ask("GET", "/roles/").status == 200
        assert time.monotonic() - begun < 2
        until(lambda: server.health()["working"] == TURNS - 1)
    for one in held:
        with closing(one):
            assert one.recv(20).startswith(b"HTTP/1.1 200 ")


def test_who_does_not_read_the_answer_keeps_no_turn(server: Server) -> None:
    style = next((Path(server.environment["ENTREPOT_HOME"]) / "static").rglob("*.woff2")).name
    folder = next((Path(server.environment["ENTREPOT_HOME"]) / "static").rglob(style)).parent
    address = "/static/" + str(folder.relative_to(Path(server.environment["ENTREPOT_HOME"]) / "static")) + "/" + style
    deaf = [server.begin(f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20, last=2 + n) for n in range(TURNS * 2)]
    assert server.ask("GET", "/roles/").status == 200
    whole = server.ask("GET", address)
    assert len(whole.content) == int(whole.headers["Content-Length"]) == (folder / style).stat().st_size  # type: ignore[attr-defined]
    for one in deaf:
        one.close()


def test_a_header_with_an_underscore_does_not_pass_for_one_with_a_dash(server: Server) -> None:
    answer = server.ask(
        "GET",
        "/xapi/statements",
        None,
        {**{k: v for k, v in server.client.items() if k != "X-Experience-API-Version"}, "X_Experience_API_Version": "2.0.0"},
    )
    assert answer.status == 400


@contextmanager
def _connected(server: socket.socket, number: int) -> Iterator[list[tuple[socket.socket, socket.socket]]]:
    """So many connections, both ends of each."""
    pairs = []
    for _ in range(number):
        near = socket.create_connection(server.getsockname(), timeout=5)
        pairs.append((near, server.accept()[0]))
    yield pairs
    for pair in pairs:
        for end in pair:
            end.close()


def test_of_too_many_connections_of_one_address_the_last_are_shut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, _connected(server, 3) as first:
        keeper = Keeper(server.getsockname()[1], most=5, is_ours=lambda _: False)
        keeper.look(0.0)
        with _connected(server, 4) as later:
            keeper.look(1.0)
            assert [_is_shut(near) for near, _ in first] == [False] * 3
            assert sum(_is_shut(near) for near, _ in later) == 2
        proxy = Keeper(server.getsockname()[1], most=1, is_ours=lambda address: address == "127.0.0.1")
        proxy.look(0.0)
        assert not any(_is_shut(near) for near, _ in first)


def test_connections_of_one_network_of_ipv6_are_one_subscribers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, _connected(server, 3) as first:
        keeper = Keeper(server.getsockname()[1], most=2, is_ours=lambda _: False, whose=lambda address: f"network of {address[:3]}")
        keeper.look(0.0)
        assert sum(_is_shut(near) for near, _ in first) == 1


IPV6 = """
import json
from types import SimpleNamespace as Made
from entrepot.config.serving import front
class Headers(dict):
    def get_all(self, name):
        return [self[name]] if name in self else []
class Asked:
    def __init__(self):
        self.said = []
    def __call__(self):
        return Made(add_done_callback=lambda _: None)
    def response_bytes(self, status, headers, body):
        self.said.append(status)
def ask(address):
    one = Asked()
    headers = Headers({"content-length": "100", "content-type": "text/plain"})
    front.take(Made(proto=one, scope=Made(headers=headers, client=f"{address}:1", path="/", method="POST")))
    return one.said
many = [ask(f"[2001:db8:0:1::{number:x}]") for number in range(1, 202)]
print(json.dumps([sum(not one for one in many), ask("198.51.100.7"), front.is_proxy("::ffff:10.0.0.2"), front.whose("2001:db8:0:1::5")]))
"""


def test_one_subscriber_of_ipv6_does_not_take_every_place(server: Server) -> None:
    said = run({**server.environment, "ENTREPOT_PROXIES": "10.0.0.0/8"}, "-c", IPV6)
    assert json.loads(said.splitlines()[-1]) == [40, [], True, "2001:db8:0:1::/64"]


def test_a_cookie_of_nothing_but_backslashes_keeps_no_turn(server: Server) -> None:
    begun = time.monotonic()
    answer = server.ask("GET", "/sign-in/", headers={"Cookie": 'a="' + "\\" * 300_000 + '"'})
    assert answer.status == 200
    assert time.monotonic() - begun < 10


def test_who_takes_nothing_of_an_answer_for_a_minute_is_shut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, _connected(server, 2) as ((_, to_deaf), (slow, to_slow)):
        for end in (to_deaf, to_slow):
            end.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:
                    end.send(b"x" * 1_000_000)
        keeper = Keeper(server.getsockname()[1], most=9, is_ours=lambda _: False)
        keeper.look(0.0)
        read = 0
        while read < 3_000_000:
            read += len(slow.recv(65536))
        keeper.look(61.0)
        with pytest.raises(BrokenPipeError):
            to_deaf.send(b"x")
        with contextlib.suppress(BlockingIOError):
            assert to_slow.send(b"x") == 1


def _is_shut(near: socket.socket) -> bool:
    near.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        return near.recv(1) == b""
    return False
