"""What takes a request from granian, and hands its answer back.

Granian calls `take` for each request, in one of its few threads for Python and with nothing of the body read. What has to be waited for is
a future that calls back in such a thread; nothing here ever waits in one.
"""

from __future__ import annotations

import io
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from entrepot.shell.inert import POLICY as INERT

from .line import Line
from .receiving import Bounds, Receiving, Watch
from .refusals import BUSY, DISK_FULL, LENGTH_NEEDED, TOO_LARGE, TOO_SLOW, Refusal, answer, guards

logger = logging.getLogger(__name__)
Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
HEALTH = "/healthz"
_PROVES_ITS_END = re.compile(r"xapi/*statements/*$")
"""Where a body of unknown length is taken: statements are JSON, or parts between boundaries, and neither is read when it was cut."""


@dataclass(slots=True)
class Request:
    """One request: what granian says of it, where its answer goes, and its body once it is here."""

    scope: Any
    proto: Any
    peer: str
    address: str
    since: float = field(default_factory=time.monotonic)
    body: BinaryIO | None = None
    length: int = 0


class Front:
    """The adapter between granian's protocol for Python (RSGI) and Django's (WSGI)."""

    def __init__(
        self,
        application: Application,
        *,
        turns: int,
        places: int,
        bounds: Bounds,
        health: Callable[[dict[str, int]], Any],
        client: Callable[[str, str], str] = lambda peer, _forwarded: peer,
        is_proxy: Callable[[str], bool] = lambda _peer: False,
        whose: Callable[[str], str] = lambda peer: peer,
    ) -> None:
        """`client`: who asks, by the address that the connection comes from and what a proxy says (`X-Forwarded-For`).

        `whose`: under which name an address is counted, since one subscriber may have many.
        """
        self.application, self.bounds, self._health, self._client = application, bounds, health, client
        self.is_proxy, self.whose = is_proxy, whose
        self.line = Line(turns=turns, places=places, work=self._work, refuse=lambda request: self._refuse(request, BUSY))
        self.watch = Watch(bounds)

    def look_first(self) -> None:
        """See how things are before anybody asks. That connection stays: SQLite's log is open from then on, so that reading goes on where a
        disk fills later."""
        self._health(self.line.state())

    def take(self, watcher: Any) -> None:
        """One request. Granian cannot be told of an error: whatever goes wrong is logged and answered here."""
        proto = watcher.proto
        try:
            self._take(watcher.scope, proto)
        except BaseException:
            logger.exception("a request could not be taken")
            proto.response_empty(500, [])

    def _take(self, scope: Any, proto: Any) -> None:
        headers, peer = scope.headers, scope.client.rpartition(":")[0]
        # A proxy may add a line of its own under the one that it was sent: the nearest word is the last of the last.
        request = Request(scope, proto, peer, self._client(peer, ",".join(headers.get_all("x-forwarded-for"))))
        if scope.path == HEALTH:
            self._say_health(request)
            return
        announced = headers.get("content-length") or ""
        chunked = "transfer-encoding" in headers
        if announced in ("", "0") and not chunked:
            self.line.enter(request)
            return
        if chunked and not _PROVES_ITS_END.search(scope.path):
            # Granian gives the end of a body in chunks, and a line that broke, as the same.
            self._refuse(request, LENGTH_NEEDED)
            self.watch.drain(proto)
            return
        bound = self.bounds.for_body(scope.path, headers.get("content-type", ""))
        length = -1 if chunked else int(announced)
        if length > bound:
            self._refuse(request, TOO_LARGE)
            self.watch.drain(proto)
            return
        receiving = Receiving(request, bound, length, done=self._received)
        if not self.watch.begin(receiving):
            self._refuse(request, BUSY)

    def _received(self, receiving: Receiving) -> None:
        request: Request = receiving.request
        match receiving.end:
            case "whole":
                request.body, request.length = receiving.body, receiving.received
                request.since = time.monotonic()
                self.line.enter(request)
                return
            case "large":
                self._refuse(request, TOO_LARGE)
                self.watch.drain(request.proto)
            case "slow":
                self._refuse(request, TOO_SLOW)
            case "full":
                self._refuse(request, DISK_FULL)
                self.watch.drain(request.proto)
            case _:  # whoever sent it is gone
                request.proto.response_empty(400, [])
        receiving.drop()

    def _refuse(self, request: Request, refusal: Refusal) -> None:
        scope = request.scope
        headers, body = answer(refusal, scope.path, scope.headers.get("accept-language", ""))
        request.proto.response_bytes(refusal.status, headers, body)
        if request.body is not None:
            request.body.close()

    def _work(self, request: Request) -> None:
        """Django's part, in a turn."""
        try:
            self._ask(request)
        except BaseException:
            logger.exception("%s %s was not answered", request.scope.method, request.scope.path)
            request.proto.response_empty(500, [])
        finally:
            if request.body is not None:
                request.body.close()

    def _ask(self, request: Request) -> None:
        begun: list[Any] = []
        response = self.application(environ_of(request), lambda status, headers, _=None: begun.extend((status, headers)))
        try:
            status, headers = int(begun[0][:3]), begun[1]
            path = response.path() if isinstance(response, FileAnswer) else None
            if path:
                request.proto.response_file(status, headers, path)  # granian reads it as fast as it is taken
            else:
                whole = not getattr(response, "streaming", True)
                request.proto.response_bytes(status, headers, response.content if whole else b"".join(response))
        finally:
            close = getattr(response, "close", None)
            if close is not None:
                close()

    def _say_health(self, request: Request) -> None:
        status, body = self._health(self.line.state() | self.watch.state())
        headers = [("content-type", "application/json"), ("cache-control", "no-store"), ("content-security-policy", INERT), *guards()]
        request.proto.response_bytes(status, headers, body)


class FileAnswer:
    """What Django puts round a file that it answers with (`wsgi.file_wrapper`)."""

    def __init__(self, file: Any, size: int = 65536) -> None:
        self.file, self.size, self.close = file, size, file.close

    def path(self) -> str | None:
        """Where the whole of it lies on this machine; None where it does not, or a part is meant."""
        raw = getattr(self.file, "file", self.file)
        name = getattr(raw, "name", None)
        plain = isinstance(raw, io.BufferedReader) and isinstance(name, str) and os.path.isabs(name)  # noqa: PTH117  (a name, not yet a path)
        return name if plain and raw.tell() == 0 else None

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.file.read(self.size):
            yield chunk


_BASE = {
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "entrepot",
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileAnswer,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_VERSIONS = {"1": "HTTP/1.0", "1.1": "HTTP/1.1"}
_NAMES: dict[str, str | None] = {"content-type": "CONTENT_TYPE", "content-length": None, "transfer-encoding": None}
"""What a header is called in WSGI. A body is whole when Django sees it: its length is said anew."""
_MOST_NAMES = 500


def _named(header: str) -> str | None:
    if header in _NAMES:
        return _NAMES[header]
    # `X_Forwarded_For` would pass for `X-Forwarded-For`, which a proxy has checked.
    name = None if "_" in header else "HTTP_" + header.upper().replace("-", "_")
    if len(_NAMES) < _MOST_NAMES:
        _NAMES[header] = name
    return name


def environ_of(request: Request) -> dict[str, Any]:
    """The request as WSGI has it."""
    scope = request.scope
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        **_BASE,
        "SERVER_PROTOCOL": _VERSIONS.get(scope.http_version, "HTTP/1.1"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "REMOTE_ADDR": request.peer,
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": request.body or io.BytesIO(),
    }
    for header, value in scope.headers.items():
        name = _named(header)
        if name is None:
            continue
        if name in environ:
            environ[name] += ("; " if name == "HTTP_COOKIE" else ",") + value
        else:
            environ[name] = value
    if request.body is not None:
        environ["CONTENT_LENGTH"] = str(request.length)
    environ.setdefault("HTTP_HOST", scope.authority or "")
    return environ
