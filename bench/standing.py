"""The product standing by itself for a long measurement: `entrepot serve` on a disk of its own, with SQLite or a PostgreSQL of its own.

Nothing here touches a server that is there already. As root the disk is a tmpfs and PostgreSQL runs as another user; otherwise the
folder is a plain one, and what needs a small disk is left out.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

DISK = os.environ.get("SOAK_DISK", "3g")
KEYS = """
import django
django.setup()
from django.utils import timezone
from entrepot.capacity.records.api import make_key
from entrepot.ground.access.api import make_token, principal_for
from entrepot.ground.access.web.views import scopes
from entrepot.ground.people.models import Person
from entrepot.ground.region.api import find
from entrepot.kernel.principals import SYSTEM
at, known = timezone.now(), scopes()
issued = make_key(by=SYSTEM, at=at, place=find("DELT", region="PX/"), name="soak")
person = Person.objects.get(email="coordinator@practice.example")
_, secret = make_token(by=principal_for(person, at), at=at, person=person, name="soak", scopes=list(known), known_scopes=known)
print(issued.key.key, issued.secret, secret, person.home.uuid)
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Cluster:
    """A PostgreSQL cluster in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        self.tools = found[-1] if found else Path(shutil.which("initdb") or "initdb").parent
        self.folder, self.port = folder, free_port()
        self.owner: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        folder.mkdir()
        if self.owner:
            shutil.chown(folder, "nobody", "nogroup")
        self._run("initdb", "--username=soak", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--pgdata", str(folder / "data"))
        self.url = f"postgresql://soak@127.0.0.1:{self.port}/postgres"

    def _run(self, tool: str, *arguments: str) -> None:
        # Into a file: a server that stays would keep a pipe open.
        with (self.folder / "tools.log").open("a") as log:
            command = [str(self.tools / tool), *arguments]
            subprocess.run(command, check=True, cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self.owner)  # noqa: S603

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        data, log = str(self.folder / "data"), str(self.folder / "server.log")
        self._run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", options)

    def stop(self) -> None:
        """Stop it as a power cut would."""
        self._run("pg_ctl", "stop", "--wait", "--mode=immediate", "--pgdata", str(self.folder / "data"))


class Standing:
    """The product, its clients' keys, and what can be done to it."""

    def __init__(self, folder: Path, cluster: Cluster | None, *, small: bool) -> None:
        self.folder, self.cluster, self.small, self.port = folder, cluster, small, free_port()
        self.home = folder / "home"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ENTREPOT_")}
        self.environment = {
            **kept,
            "ENTREPOT_HOME": str(self.home),
            "ENTREPOT_DEMO": "1",
            "ENTREPOT_LOG": "ERROR",
            "ENTREPOT_LIMITS": "api.token=off,api.address=off,search=off,links=off",
            "DJANGO_SETTINGS_MODULE": "entrepot.config.settings",
        }
        if cluster:
            self.environment["ENTREPOT_DATABASE"] = cluster.url
        self.process: subprocess.Popen[bytes]

    def ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=90)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def health(self) -> dict[str, Any]:
        """What it says of itself."""
        return dict(json.loads(self.ask("GET", "/healthz")[2]))

    def keys(self) -> list[str]:
        """Key and secret of a record store's client, a token, and the home of its person."""
        done = subprocess.run([sys.executable, "-c", KEYS], env=self.environment, capture_output=True, text=True, check=True)  # noqa: S603
        return done.stdout.split()[-4:]

    def memory(self) -> float:
        """Resident megabytes of all its processes."""
        parents, resident = {}, {}
        for one in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, KeyError, ValueError):
                status = dict(line.split(":", 1) for line in (one / "status").read_text().splitlines() if ":" in line)
                parents[int(one.name)], resident[int(one.name)] = int(status["PPid"]), int(status["VmRSS"].split()[0])
        ours = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
            ours |= more
        return sum(resident.get(pid, 0) for pid in ours) / 1024

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """PostgreSQL stopped, or the SQLite file locked by another process, and as it was afterwards."""
        if self.cluster:
            self.cluster.stop()
            try:
                yield
            finally:
                self.cluster.start()
            return
        with closing(sqlite3.connect(self.home / "entrepot.sqlite3", timeout=120, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            yield
            database.execute("ROLLBACK")

    @contextmanager
    def without_room(self) -> Iterator[None]:
        """The disk filled to its last byte. A plain folder is left as it is."""
        filler = self.home / "filler"
        try:
            if self.small:
                with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                    while True:
                        file.write(b"x" * 1_000_000)
            yield
        finally:
            filler.unlink(missing_ok=True)

    def serve(self) -> None:
        """Start it and wait until it is well: the practice region is made first."""
        command = [sys.executable, "-m", "entrepot.desk.cli", "serve", "--demo", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)  # noqa: S603
        for _ in range(1800):
            time.sleep(1)
            if self.process.poll() is not None:
                raise RuntimeError
            with contextlib.suppress(OSError, ValueError):
                if self.health()["status"] == "well" and self.health()["worker_seen_seconds"] is not None:
                    return
        raise RuntimeError


@contextmanager
def standing(database: str, *, small: bool) -> Iterator[Standing]:
    """While it stands, on `sqlite` or `postgresql`; `small`: on a disk that can be filled."""
    folder = Path(tempfile.mkdtemp(prefix="entrepot-soak-"))
    folder.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(home)]
    mounted = small and subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    cluster = Cluster(folder / "cluster") if database == "postgresql" else None
    one = Standing(folder, cluster, small=mounted)
    try:
        if cluster:
            cluster.start()
        one.serve()
        yield one
    finally:
        one.process.terminate()
        one.process.wait(60)
        if cluster:
            cluster.stop()
        if mounted:
            subprocess.run(["umount", "-l", str(home)], check=True)  # noqa: S603, S607
        shutil.rmtree(folder)
