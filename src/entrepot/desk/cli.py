"""The command line. Exit codes: 0 done, 1 something is wrong with the data, 2 the call was wrong."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

COMMANDS: tuple[str, ...] = ("entrepot.ground.access.command", "entrepot.capacity.records.command", "entrepot.risk.commands")
"""Modules of the rooms that add commands of their own: `add(commands)` gives each a parser whose defaults hold `run`, and `bare=True`
where it needs neither Django nor a database. Importing one is cheap: what a command needs, it imports when it runs."""
EXAMPLES = """examples:
  entrepot serve --demo            the practice region on http://127.0.0.1:8000
  entrepot journal verify          is the chain whole? (exit code 1 if not)
  entrepot backup copy.sqlite3     a consistent copy, while people work
  entrepot demo remove             take the practice region out again
"""


def parser() -> argparse.ArgumentParser:
    """The commands and their help."""
    whole = argparse.ArgumentParser(
        prog="entrepot", description="Regional customs training.", epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="prepare the database and serve pages, API and background work")
    serve.add_argument("--demo", action="store_true", help="with the practice region")
    web = commands.add_parser("web", help="serve pages and API alone, on a database that is ready")
    web.set_defaults(run=_web, bare=True)
    for one in (serve, web):
        one.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        one.add_argument("--host", default="127.0.0.1")
        one.add_argument("--workers", type=int, default=1, help="web processes")
    demo = commands.add_parser("demo", help="make, remove or move the practice region")
    demo.add_argument("what", choices=["make", "remove", "clock"])
    demo.add_argument("--people", type=int, default=0, help="how many people in all")
    demo.add_argument("--seed", type=int, default=7)
    demo.add_argument("--days", type=int, default=30, help="by how many days the clock moves")
    for name, words in (("backup", "write a consistent copy to FILE"), ("restore", "replace the database by the copy in FILE")):
        commands.add_parser(name, help=words).add_argument("file", type=Path)
    commands.add_parser("check", help="is everything in order? settings, migrations, journal, queue")
    journal = commands.add_parser("journal", help="verify or seal the journal, print its head, go on with a restored one")
    journal.add_argument("what", choices=["verify", "seal", "head", "accept"])
    journal.add_argument("--head", default="", help="verify: a head that was printed before and kept elsewhere")
    journal.add_argument("--reason", default="", help="accept: why the chain is shorter than it was")
    journal.add_argument("--json", action="store_true")
    commands.add_parser("tick", help="queue what recurs and is due, then do it")
    work = commands.add_parser("work", help="do background work until stopped")
    work.add_argument("--every", type=float, default=2.0, help="seconds between looks")
    commands.add_parser("migrate", help="bring the database up to date")
    commands.add_parser("catalogues", help="find every string to translate; compile translations; make the demo's pseudo-languages")
    for module in COMMANDS:
        importlib.import_module(module).add(commands)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    # Before anything is written, also by commands that need no settings: what this product writes is for its own account alone.
    os.umask(os.umask(0o077) | 0o077)
    options = parser().parse_args(arguments)
    if getattr(options, "bare", False):
        return int(options.run(options))
    if getattr(options, "demo", False) or options.command == "demo":
        os.environ["ENTREPOT_DEMO"] = "1"
    if options.command == "serve":
        os.environ.setdefault("ENTREPOT_ADDRESS", f"http://{options.host}:{options.port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
    import django

    django.setup()
    run = getattr(options, "run", None) or globals()[f"_{options.command}"]
    return int(run(options))


def _migrate(_options: Any) -> int:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    return 0


def _prepare() -> None:
    from django.conf import settings
    from django.core.management import call_command

    from entrepot.desk.gathered import load_packs
    from entrepot.ground.work.api import now

    _migrate(None)
    call_command("collectstatic", interactive=False, verbosity=0)
    load_packs(at=now())
    if settings.DEMO:
        _catalogues(None)


def _catalogues(_options: Any) -> int:
    from django.conf import settings

    from entrepot.desk.catalogues import build

    folder = settings.HOME / "locale"
    print(f"{build(folder)} strings; the template for translators is {folder / 'entrepot.pot'}")
    return 0


def _serve(options: Any) -> int:
    from django.conf import settings

    from entrepot.desk import demo
    from entrepot.desk.serving.supervising import supervise
    from entrepot.ground.people.demo import CAST, PASSWORD
    from entrepot.ground.work.api import now

    _prepare()
    if not _is_sound():
        return 1
    address = f"http://{options.host}:{options.port}/"
    if settings.DEMO:
        if not demo.is_made():
            demo.make(at=now())
        print(f"\nEntrepot, with the practice region (all invented): {address}")
        print(f"Sign in at {address}sign-in/ with the password {PASSWORD} as")
        for role, name, _, _, place, who in CAST:
            print(f"  {who + '@practice.example':34} {role:22} {place:9} {name}")
    else:
        print(f"\nEntrepot: {address}")
    sys.stdout.flush()
    ours = (sys.executable, "-m", "entrepot.desk.cli")
    at = ("--host", options.host, "--port", str(options.port), "--workers", str(options.workers))
    return supervise({"web": (*ours, "web", *at), "work": (*ours, "work")})


def _web(options: Any) -> int:
    os.environ.setdefault("ENTREPOT_ADDRESS", f"http://{options.host}:{options.port}")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "entrepot.config.settings")
    from entrepot.desk.serving.server import serve

    serve(host=options.host, port=options.port, workers=options.workers)
    return 0


def _work(options: Any) -> int:
    from entrepot.desk.serving.working import work_on

    work_on(every=options.every)
    return 0


def _tick(_options: Any) -> int:
    from entrepot.desk.gathered import jobs
    from entrepot.ground.work.api import tick, work_off

    queued = tick(jobs())
    print(f"queued {queued}, done {work_off()}")
    return 0


def _demo(options: Any) -> int:
    from entrepot.desk import demo
    from entrepot.ground.work.api import move_clock, now
    from entrepot.kernel.errors import DomainError

    try:
        if options.what == "clock":
            print(move_clock(ahead=timedelta(days=options.days)).isoformat())
        elif options.what == "remove":
            demo.remove(at=now())
            print("The practice region is gone; the journal keeps that it was there.")
        elif demo.is_made():
            print("The practice region is there already; `entrepot demo remove` takes it out.", file=sys.stderr)
            return 1
        else:
            demo.make(at=now(), seed=options.seed, people=options.people)
    except DomainError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _journal(options: Any) -> int:
    from entrepot.ground.journal.api import Head, accept_chain, head_now, seal, verify

    if options.what == "head":
        print(f"{head_now().length}:{head_now().head}")
        return 0
    if options.what == "accept":
        if not options.reason.strip():
            print("Say why: entrepot journal accept --reason 'restored the copy of 30 November'", file=sys.stderr)
            return 2
        print(f"From now on the chain has {accept_chain(options.reason.strip()[:400]).length} entries.")
        return 0
    length, _, kept = options.head.partition(":")
    if options.head and not (length.isdecimal() and len(kept) == 64):
        print("A head is what `entrepot journal head` prints: a number, a colon, 64 letters and digits.", file=sys.stderr)
        return 2
    while options.what == "seal" and seal():
        pass
    report = verify(kept_elsewhere=Head("the head kept elsewhere", int(length), kept) if options.head else None)
    _say_journal(report, as_json=options.json)
    return 1 if report.faults else 0


def _say_journal(report: Any, *, as_json: bool) -> None:
    if as_json:
        body = {"length": report.length, "head": report.head, "unsealed": report.unsealed, "faults": [vars_of(f) for f in report.faults]}
        print(json.dumps(body))
        return
    print(f"{report.length} entries sealed, head {report.head[:16]}…, {report.unsealed} not sealed yet")
    if report.noted is None:
        print("no head was noted on this machine yet: a missing end would show only beside one kept elsewhere (--head)")
    elif report.noted.why:
        print(f"gone on with {report.noted.length} entries at {report.noted.at}: {report.noted.why}")
    if report.oldest_unsealed_at:
        print(f"the oldest unsealed is from {report.oldest_unsealed_at:%Y-%m-%d %H:%M:%S} UTC")
    for fault in report.faults:
        print(f"position {fault.position}: {fault.what}", file=sys.stderr)


def vars_of(fault: Any) -> dict[str, Any]:
    """A fault as plain data."""
    return {"position": fault.position, "what": fault.what}


def _backup(options: Any) -> int:
    from django.db import connection

    for file in (options.file, _files_beside(options.file)):
        if file.exists():
            print(f"{file} is there already; choose another name.", file=sys.stderr)
            return 2
    if connection.vendor == "postgresql":
        failed = _postgresql("pg_dump", "--format=custom", "--file", str(options.file))
        return failed or _backup_files(options.file)
    source = sqlite3.connect(str(connection.settings_dict["NAME"]))
    target = sqlite3.connect(options.file)
    with target:
        source.backup(target, pages=2000)
    target.close()
    source.close()
    return _backup_files(options.file)


def _files_beside(copy: Path) -> Path:
    return copy.with_name(copy.name + ".documents.tar")


def _backup_files(copy: Path) -> int:
    from entrepot.ground.documents.api import write_copy
    from entrepot.ground.journal.api import head_now

    beside = _files_beside(copy)
    print(f"journal: {head_now().length} entries, head {head_now().head}")
    print(f"database: {copy}; documents: {beside} ({write_copy(beside)} files). Keep both together.")
    return 0


def _restore_files(copy: Path) -> int:
    from entrepot.ground.documents.api import CutArchive, missing, read_copy
    from entrepot.ground.journal.api import accept_chain

    accepted = accept_chain(f"restored from {copy.name}")
    print(f"journal: {accepted.length} entries, head {accepted.head}")
    beside = _files_beside(copy)
    if beside.exists():
        try:
            print(f"{read_copy(beside)} documents put back from {beside}")
        except CutArchive as error:
            print(f"{beside} is not whole ({error}): what stands before that is put back.", file=sys.stderr)
    else:
        print(f"There is no {beside}: documents were left as they are.", file=sys.stderr)
    lost = len(missing())
    if lost:
        print(f"{lost} documents have no content in the storage.", file=sys.stderr)
    return 1 if lost else 0


def _restore(options: Any) -> int:
    from django.db import connection

    if not options.file.exists():
        print(f"There is no file {options.file}.", file=sys.stderr)
        return 2
    if connection.vendor == "postgresql":
        failed = _replace_postgresql(options.file)
        if failed:
            print(f"{options.file} could not be restored; nothing was changed.", file=sys.stderr)
        return failed or _restore_files(options.file)
    try:
        # As an address: a name may hold what parts one, and then another file would be read, or an empty one made.
        source = sqlite3.connect(f"{options.file.resolve().as_uri()}?mode=ro", uri=True)
        # An empty file is a whole database too, and so is another program's: a copy of ours has a journal.
        ours = source.execute("SELECT 1 FROM sqlite_master WHERE name = 'journal_entry'").fetchone()
        if not ours or source.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError
    except sqlite3.DatabaseError:
        print(f"{options.file} is not a whole copy of a database; nothing was changed.", file=sys.stderr)
        return 1
    target = sqlite3.connect(str(connection.settings_dict["NAME"]))
    source.backup(target)
    target.close()
    source.close()
    return _restore_files(options.file)


def _replace_postgresql(file: Path) -> int:
    """Replace all that the database holds, in one transaction. Not by `--clean`: it cannot drop what partitions inherit."""
    with tempfile.NamedTemporaryFile(suffix=".sql") as script:
        if subprocess.run(["pg_restore", "--no-owner", "--file", script.name, str(file)], check=False).returncode:  # noqa: S603, S607
            return 1
        if not any(line.startswith(b"CREATE TABLE public.journal_entry ") for line in script):
            print(f"{file} is the copy of another database.", file=sys.stderr)
            return 1
        fresh = ("--command", "DROP SCHEMA public CASCADE", "--command", "CREATE SCHEMA public")
        quiet = ("--quiet", "--no-psqlrc", "--output", os.devnull, "--set", "ON_ERROR_STOP=1", "--single-transaction")
        return _postgresql("psql", *quiet, *fresh, "--file", script.name, flag="--dbname")


def _postgresql(tool: str, *arguments: str, flag: str = "") -> int:
    from django.db import connection

    given = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = {**os.environ, **{name: str(given[key]) for name, key in names.items() if given[key]}}
    target = [flag, str(given["NAME"])] if flag else [str(given["NAME"])]
    return subprocess.run([tool, *target, *arguments], env=environment, check=False).returncode and 1  # noqa: S603


def _is_sound() -> bool:
    """Whether settings and code fit each other; else it is said what does not."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command("check", verbosity=0)
    except SystemCheckError as error:
        print(error, file=sys.stderr)
        return False
    return True


def _check(_options: Any) -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from entrepot.desk.health import examine
    from entrepot.ground.documents.api import missing
    from entrepot.ground.journal.api import verify
    from entrepot.ground.notices.api import outbox
    from entrepot.ground.people.api import come_back
    from entrepot.ground.work.api import counts

    if not _is_sound():
        return 1
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("The database is behind the code: run `entrepot migrate`.", file=sys.stderr)
        return 1
    report, queue, lost = verify(), counts(), missing()
    print(f"journal: {report.length} sealed, {report.unsealed} waiting; queue: {queue or 'empty'}; mail: {outbox() or 'none'}")
    for document in lost:
        print(f"document {document.uuid} has no content in the storage", file=sys.stderr)
    back = come_back()
    for uuid in back:
        print(f"person {uuid} was erased, and is here again from an older copy: erase them anew", file=sys.stderr)
    health = examine()
    print("; ".join(f"{name.replace('_', ' ')}: {'never' if value is None else value}" for name, value in health.figures.items()))
    for fault in health.faults:
        print(fault, file=sys.stderr)
    return 1 if report.faults or queue.get("failed") or lost or back or health.faults else 0


if __name__ == "__main__":
    sys.exit(main())
