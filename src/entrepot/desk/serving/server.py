"""The web processes: granian, with our `Front` where it would have an event loop.

Granian reads and writes the network in threads of its own and calls Python only when there is something to do. Under WSGI a body is read by
the thread that works; under RSGI it need not be, but an event loop between costs as much as a tenth of a statement's time (decision 0053).
So a worker of ours is given to granian: its futures call back at once, in granian's own threads for Python.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from granian._granian import CallbackScheduler, RSGIWorker
from granian._internal import load_target
from granian._signals import set_sync_signals
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import WORKERS_METHODS
from granian.server.mp import MPServer, WorkerProcess

from .connections import Keeper

TARGET = "entrepot.config.serving:front"
SPARE = 4
"""Threads beside those that have a turn: they take requests in, refuse, and say how the server is."""
CONNECTIONS = 2000
ROOM = 0.8
"""The share of them from which on each address may hold fewer."""
HEAD_SECONDS = float(os.environ.get("ENTREPOT_HEAD_SECONDS", "30"))
"""For the head of a request, and for which a connection is kept when nothing is asked on it."""
END_SECONDS = 30
"""For what is under way when the server is told to end."""


class _Now:
    """What granian takes for an event loop: whatever should be called soon is called now."""

    @staticmethod
    def call_soon(callback: Callable[..., Any], *arguments: Any, context: Any = None) -> None:  # noqa: ARG004  (as asyncio has it)
        callback(*arguments)

    call_soon_threadsafe = call_soon


def _scheduler(take: Callable[[Any], None]) -> CallbackScheduler:
    """Granian's way to us."""
    made = CallbackScheduler(_Now, None, None, None, None)  # type: ignore[call-arg]
    made._schedule_fn = take  # type: ignore[attr-defined]
    return made


class Server(MPServer):
    """Granian's server of processes, whose workers call `Front`."""

    @staticmethod
    @WorkerProcess.wrap_target  # type: ignore[untyped-decorator]
    def _spawn_rsgi_worker(worker: int, front: Any, sock: Any, ipc: Any, _loop: Any, mode: Any, *given: Any) -> None:
        threads, runtime_blocking, _, idle, backpressure, _, http_mode, http1, http2, _, static, _, tls, _, metrics = given
        told = set_sync_signals()  # type: ignore[no-untyped-call]
        over = threading.Event()
        told.add_cb(over.set)
        python = front.line.turns + SPARE
        numbers = (threads, runtime_blocking, python, idle, backpressure)
        inner = RSGIWorker(worker, sock, ipc, *numbers, http_mode, http1, http2, False, static, *tls, metrics)  # type: ignore[call-arg,arg-type]
        serve = getattr(inner, WORKERS_METHODS[mode][(sock[0] or sock[1]).is_uds()])
        serve(_scheduler(front.take), _Now, told)
        over.wait()


def _load(target: str, *, port: int, connections: int) -> Any:
    """The front, in the worker. Until it has its own, a signal ends the worker: it has inherited its parent's way of hearing one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    front: Any = load_target(target)
    threading.Thread(target=front.look_first, name="first-look", daemon=True).start()
    room = int(connections * ROOM)
    Keeper(port, most=front.bounds.connections, is_ours=front.is_proxy, whose=front.whose, room=room).start()
    return front


def serve(*, host: str, port: int, workers: int) -> None:
    """Serve until told to end. A worker that dies is replaced."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    connections = CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, most // 2)
    Server(
        TARGET,
        host,
        port,
        interface=Interfaces.RSGI,
        workers=workers,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=connections,
        blocking_threads=1,
        blocking_threads_idle_timeout=600,
        http1_settings=HTTP1Settings(header_read_timeout=int(HEAD_SECONDS * 1000)),
        log_level=LogLevels(os.environ.get("ENTREPOT_SERVER_LOG", "warning")),
        respawn_failed_workers=True,
        workers_kill_timeout=END_SECONDS,
    ).serve(target_loader=partial(_load, port=port, connections=connections))
