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
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.apart import apart, run

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
from tests.faults.undone import undone
Job.objects.filter(state="running").update(lease_until=timezone.now())
reap()
Job.objects.filter(state="ready").update(run_at=timezone.now())  # what failed for a moment waits before it tries again
work_off(limit=100000)
while seal(): pass
made = {str(u) for u in Person.objects.filter(full_name__startswith="Fault").values_list("uuid", flat=True)}
entries = [str(u) for u in Entry.objects.filter(verb="people.person.registered").values_list("thing_uuid", flat=True)]
report = verify()
print(json.dumps({"made": sorted(made), "entries": entries, "faults": len(report.faults), "head": report.head, "length": report.length,
  "undone": undone(),
  "unnamed": Person.objects.filter(full_name__startswith="Fault", name_words__isnull=True).count()}))
"""
ENTREPOT = ("-m", "entrepot.desk.cli")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a practice region in a database of its own."""
    with apart(tmp_path) as environment:
        run(environment, "-m", "tests.snapshot")
        yield environment


def test_killed_writers_and_workers_lose_nothing_and_leave_nothing_half_done(home: dict[str, str]) -> None:
    acknowledged: set[str] = set()
    chance = random.Random(11)
    for _ in range(ROUNDS):
        writer = subprocess.Popen([sys.executable, "-c", WRITER], env=home, stdout=subprocess.PIPE, text=True)
        worker = subprocess.Popen([sys.executable, "-m", "entrepot.desk.cli", "work", "--every", "0.05"], env=home)
        assert writer.stdout is not None
        acknowledged.add(writer.stdout.readline().strip())
        time.sleep(chance.uniform(0.05, 0.6))
        for process in (writer, worker):
            process.send_signal(signal.SIGKILL)
        acknowledged |= {line.strip() for line in writer.stdout if len(line.strip()) == 36}
        writer.stdout.close()
        writer.wait()
        worker.wait()
    found = json.loads(run(home, "-c", CHECK).splitlines()[-1])
    assert acknowledged <= set(found["made"]), "an acknowledged write is lost"
    assert len(acknowledged) >= ROUNDS
    assert all(found["entries"].count(uuid) == 1 for uuid in found["made"]), "each act has its entry, once"
    assert (found["faults"], found["undone"], found["unnamed"]) == (0, [], 0)


def test_a_backup_under_load_restores_to_a_whole_journal(home: dict[str, str], tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITER], env=home, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    first = writer.stdout.readline().strip()
    run(home, *ENTREPOT, "journal", "seal")
    copy = tmp_path / "copy"
    assert "Keep both together" in run(home, *ENTREPOT, "backup", str(copy))
    writer.kill()
    writer.stdout.close()
    writer.wait()
    with apart(tmp_path / "other") as other:
        run(other, *ENTREPOT, "migrate")
        assert "3 documents put back" in run(other, *ENTREPOT, "restore", str(copy))
        report = json.loads(run(other, *ENTREPOT, "journal", "verify", "--json"))
        assert report["faults"] == []
        assert report["length"] > 100
        assert report["head"] == _head_in(copy)
        assert first in json.loads(run(other, "-c", CHECK).splitlines()[-1])["made"]
        run(other, *ENTREPOT, "check")


def _head_in(copy: Path) -> str:
    """The journal's head, read from the copy itself."""
    if not os.environ.get("TEST_DATABASE"):
        with closing(sqlite3.connect(copy)) as database:
            query = "SELECT seal FROM journal_entry WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
            return str(database.execute(query).fetchone()[0])
    command = ["pg_restore", "--data-only", "--table", "journal_entry", "--file", "-", str(copy)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("COPY"))
    columns = lines[start].split("(")[1].split(")")[0].replace('"', "").split(", ")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[start + 1 : lines.index("\\.", start)]]
    return max((row for row in rows if row["position"] != "\\N"), key=lambda row: int(row["position"]))["seal"]


@pytest.mark.parametrize("name", ["night #12", "is it whole?", "100%41"])
def test_a_copy_of_any_name_is_restored_and_no_archive_of_documents_is_written_over(
    home: dict[str, str], tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "copies"
    copy, beside = folder / name, folder / f"{name}.documents.tar"
    folder.mkdir()
    beside.touch()
    run(home, *ENTREPOT, "backup", str(copy), code=2)
    assert (copy.exists(), beside.stat().st_size) == (False, 0)
    beside.unlink()
    run(home, *ENTREPOT, "backup", str(copy))
    assert f"documents put back from {beside}" in run(home, *ENTREPOT, "restore", str(copy))
    assert all(path.name.startswith(name) for path in folder.iterdir()), "no other file is made or read"


def test_a_broken_copy_is_refused_and_nothing_changes(home: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_bytes(b"not a database" * 100)
    assert "nothing was changed" in run(home, *ENTREPOT, "restore", str(broken), code=1)
    run(home, *ENTREPOT, "check")


def test_a_copy_that_is_empty_or_of_another_database_is_refused_and_nothing_changes(home: dict[str, str], tmp_path: Path) -> None:
    empty, other = tmp_path / "empty", tmp_path / "other.copy"
    empty.touch()
    if server := os.environ.get("TEST_DATABASE"):
        elsewhere = server.rpartition("/")[0] + "/template1"
        subprocess.run(["pg_dump", "--format=custom", "--file", str(other), elsewhere], check=True)
    else:
        with closing(sqlite3.connect(other)) as database:
            database.execute("CREATE TABLE things (name)")
    for copy in (empty, other):
        assert "nothing was changed" in run(home, *ENTREPOT, "restore", str(copy), code=1)
    run(home, *ENTREPOT, "check")


def test_documents_that_are_missing_after_a_restore_are_said(home: dict[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    run(home, *ENTREPOT, "backup", str(copy))
    copy.with_name("copy.documents.tar").unlink()
    with apart(tmp_path / "other") as other:
        run(other, *ENTREPOT, "migrate")
        assert "3 documents have no content" in run(other, *ENTREPOT, "restore", str(copy), code=1)
        assert "has no content" in run(other, *ENTREPOT, "check", code=1)
