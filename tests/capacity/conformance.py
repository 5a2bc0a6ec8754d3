"""The record store beside what others made: `make conformance SUITE=folder` runs ADL's conformance suite, `PACKAGES=folder` opens courses
(docs/testing.md says how to fetch both).

Starts the product (`entrepot web`) on a database of its own (SQLite, or the PostgreSQL one that TEST_DATABASE names), runs both versions,
and ends with 0 where every test passes. Judged by the suite's last line of numbers, as its exit code says nothing.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

TOTALS = {"1.0.3": 1365, "2.0.0": 1442}


def _environment(home: str) -> dict[str, str]:
    more = {"ENTREPOT_HOME": home, "ENTREPOT_LOG": "ERROR", "DJANGO_SETTINGS_MODULE": "entrepot.config.settings"}
    if os.environ.get("TEST_DATABASE"):
        more["ENTREPOT_DATABASE"] = os.environ["TEST_DATABASE"]
    return {**os.environ, **more}


def _call(environment: dict[str, str], *command: str) -> str:
    return subprocess.run([sys.executable, "-m", *command], env=environment, check=True, capture_output=True, text=True).stdout


def _key(environment: dict[str, str]) -> dict[str, str]:

    load = (
        "import django; django.setup(); from entrepot.ground.region.api import load_facts; "
        "from entrepot.ground.work.api import now; load_facts(at=now())"
    )
    _call(environment, "entrepot.desk.cli", "migrate")
    subprocess.run([sys.executable, "-c", load], env=environment, check=True)
    said = _call(environment, "entrepot.desk.cli", "lrs", "key", "--name", "conformance")
    return dict(line.split(None, 1) for line in said.splitlines())


def _suite(folder: Path, version: str, port: int, key: dict[str, str]) -> tuple[int, int]:
    command = ["node", "bin/console_runner.js", "-x", version, "-e", f"http://127.0.0.1:{port}/xapi", "-a"]
    done = subprocess.run([*command, "-u", key["key"], "-p", key["secret"], "-z"], cwd=folder, capture_output=True, text=True, check=False)
    numbers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"total"')]
    last = numbers[-1] if numbers else {"passed": 0, "total": 0}
    return last["passed"], last["total"]


def _wait_for(port: int) -> None:
    """Until the server answers: the suite gives up at once where none does."""
    for _ in range(600):
        with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/xapi/about")
            connection.getresponse().read()
            return
        time.sleep(0.1)


@contextlib.contextmanager
def served() -> Iterator[tuple[int, dict[str, str]]]:
    """The product on a database of its own: its port, and a client's key."""
    with tempfile.TemporaryDirectory(prefix="entrepot-conformance-") as home:
        environment = _environment(home)
        key = _key(environment)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = subprocess.Popen([sys.executable, "-m", "entrepot.desk.cli", "web", "--port", str(port)], env=environment)
        try:
            _wait_for(port)
            yield port, key
        finally:
            server.terminate()
            server.wait()


def main(folder: Path) -> int:
    """Run both versions and say how many passed."""
    if not (folder / "bin/console_runner.js").exists():
        print(f"{folder} is not the suite's folder; docs/testing.md says how to fetch it.", file=sys.stderr)
        return 2
    with served() as (port, key):
        results = {version: _suite(folder, version, port, key) for version in TOTALS}
    for version, (passed, total) in results.items():
        print(f"{version}: {passed} of {total} passed")
    return 0 if all(results[version] == (wanted, wanted) for version, wanted in TOTALS.items()) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()) if len(sys.argv) == 2 else 2)
