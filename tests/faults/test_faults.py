"""Killed in the middle: no acknowledged write is lost, no act is half done, queued work is done once. And a backup under load is whole."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "5"))
WRITER = """
import django, sys, datetime
django.setup()
from entrepot.ground.people.api import register
from entrepot.ground.region.api import find
from entrepot.ground.work.api import enqueue
from entrepot.kernel.principals import SYSTEM
home, n = find("ATN", region="PX/"), 0
while True:
    person = register(by=SYSTEM, at=datetime.datetime.now(datetime.UTC), home=home, full_name=f"Fault {n}")
    enqueue("journal.seal", key=f"fault:{person.uuid}")
    print(person.uuid, flush=True)
    n += 1
"""
CHECK = """
import django, json, sys
django.setup()
from entrepot.ground.journal.models import Entry
from entrepot.ground.people.models import Person
from entrepot.ground.work.models import Job
from django.utils import timezone
from entrepot.ground.work.api import reap, work_off
from entrepot.ground.journal.api import verify, seal
Job.objects.filter(state="running").update(lease_until=timezone.now())
reap(); work_off(limit=100000)
while seal(): pass
made = {str(u) for u in Person.objects.filter(full_name__startswith="Fault").values_list("uuid", flat=True)}
entries = [str(u) for u in Entry.objects.filter(verb="people.person.registered").values_list("thing_uuid", flat=True)]
report = verify()
print(json.dumps({"made": sorted(made), "entries": entries, "faults": len(report.faults), "head": report.head, "length": report.length,
  "undone": Job.objects.exclude(state="done").count(),
  "unnamed": Person.objects.filter(full_name__startswith="Fault", name_words__isnull=True).count()}))
"""
pytestmark = pytest.mark.skipif(bool(os.environ.get("TEST_DATABASE")), reason="runs on a database file of its own")


def _environment(home: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ENTREPOT_")}
    return {**kept, "ENTREPOT_HOME": str(home), "ENTREPOT_DEMO": "1", "DJANGO_SETTINGS_MODULE": "entrepot.config.settings"}


def _run(home: Path, *command: str) -> str:
    done = subprocess.run([sys.executable, *command], env=_environment(home), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Path:
    _run(tmp_path, "-m", "entrepot.desk.cli", "migrate")
    _run(tmp_path, "-m", "entrepot.desk.cli", "demo", "make")
    return tmp_path


def test_killed_writers_and_workers_lose_nothing_and_leave_nothing_half_done(home: Path) -> None:
    acknowledged: set[str] = set()
    chance = random.Random(11)
    for _ in range(ROUNDS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER], env=_environment(home), stdout=subprocess.PIPE, text=True)
        worker = subprocess.Popen([sys.executable, "-m", "entrepot.desk.cli", "work", "--every", "0.05"], env=_environment(home))
        assert writer.stdout is not None
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(chance.uniform(0.05, 0.6))
        for process in (writer, worker):
            process.send_signal(signal.SIGKILL)
        acknowledged |= {line.strip() for line in writer.stdout if len(line.strip()) == 36}
        writer.stdout.close()
        writer.wait()
        worker.wait()
    found = json.loads(_run(home, "-c", CHECK).splitlines()[-1])
    assert acknowledged <= set(found["made"]), "an acknowledged write is lost"
    assert len(acknowledged) >= ROUNDS
    assert all(found["entries"].count(uuid) == 1 for uuid in found["made"]), "each act has its entry, once"
    assert (found["faults"], found["undone"], found["unnamed"]) == (0, 0, 0)


def test_a_backup_under_load_restores_to_a_whole_journal(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER], env=_environment(home), stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    first = writer.stdout.readline().strip()
    copy = home / "copy.sqlite3"
    _run(home, "-m", "entrepot.desk.cli", "backup", str(copy))
    writer.kill()
    writer.stdout.close()
    writer.wait()
    other = tmp_path_factory.mktemp("restored")
    _run(other, "-m", "entrepot.desk.cli", "migrate")
    _run(other, "-m", "entrepot.desk.cli", "restore", str(copy))
    with sqlite3.connect(copy) as database:
        stored = database.execute("SELECT seal FROM journal_entry WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1").fetchone()
    database.close()
    report = json.loads(_run(other, "-m", "entrepot.desk.cli", "journal", "verify", "--json"))
    assert report["faults"] == []
    assert report["head"] == (stored[0] if stored else "0" * 64)
    assert first in json.loads(_run(other, "-c", CHECK).splitlines()[-1])["made"]


def test_a_broken_copy_is_refused_and_nothing_changes(home: Path) -> None:
    broken = home / "broken.sqlite3"
    broken.write_bytes(b"not a database" * 100)
    command = [sys.executable, "-m", "entrepot.desk.cli", "restore", str(broken)]
    done = subprocess.run(command, env=_environment(home), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    _run(home, "-m", "entrepot.desk.cli", "check")
