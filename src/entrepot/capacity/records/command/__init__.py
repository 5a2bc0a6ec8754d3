"""`entrepot lrs …`: keys, checks, statements in and out. Exit codes: 0 done, 1 something is wrong with the data, 2 a wrong call."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

EXAMPLES = """examples:
  entrepot lrs validate statements.json            what is wrong with someone's statements? needs no database
  entrepot lrs key --name simulator --place RTC-X  a key for a client; the secret is shown this once
  entrepot lrs import old.jsonl --key rec_1a2b…    what is sound is kept, the rest put aside in old.jsonl.rejects
  entrepot lrs export all.parquet --place RTC-X    everything in a store, as a table
  entrepot lrs relay run                           carry on what waits, as far as it goes
"""


def _later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """A command that is imported once it is called."""

    def run(options: argparse.Namespace) -> int:
        return int(getattr(importlib.import_module(f"{__name__}.{module}"), function)(options))

    return run


def add(commands: Any) -> None:
    """Add the command and its parts."""
    lrs = commands.add_parser(
        "lrs",
        help="the xAPI record store: keys, checks, import, export, relays",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parts = lrs.add_subparsers(dest="part", required=True, metavar="PART")
    _add_keys(parts)
    _add_files(parts)
    _add_relays(parts)


def _place(parser: Any, words: str) -> None:
    parser.add_argument("--place", default="", help=words)
    parser.add_argument("--region", default="", help="code of the region, where several have that place")


def _add_keys(parts: Any) -> None:
    key = parts.add_parser("key", help="give a client a key; prints endpoint, key and secret once")
    key.add_argument("--name", required=True, help="which client it is for")
    _place(key, "code of the Member, office or centre (default: the region)")
    key.add_argument("--scope", action="append", default=[], metavar="SCOPE", help="what it may do, again and again (default: all)")
    key.add_argument("--endpoint", default="", help="address that clients see (default: the first of ENTREPOT_ORIGINS)")
    key.set_defaults(run=_later("keys", "make"))
    keys = parts.add_parser("keys", help="list keys: for what, since when, last used")
    keys.set_defaults(run=_later("keys", "listed"))
    rotate = parts.add_parser("rotate", help="give a key a new secret")
    rotate.add_argument("key")
    rotate.add_argument("--hours", type=float, default=0, help="for how long the old secret stays good too")
    rotate.set_defaults(run=_later("keys", "rotate"))
    revoke = parts.add_parser("revoke", help="end a key now; what it brought stays")
    revoke.add_argument("key")
    revoke.set_defaults(run=_later("keys", "revoke"))


def _add_files(parts: Any) -> None:
    validate = parts.add_parser(
        "validate", help="say what is wrong with the statements in FILE (JSON, JSON lines; - for the standard input)"
    )
    validate.add_argument("file")
    validate.add_argument("--version", default="", help="1.0.3 or 2.0.0 (default: what each statement says, else 2.0.0)")
    validate.add_argument("--json", action="store_true", help="one JSON object for each fault")
    validate.add_argument("--words", action="store_true", help="also say each sound statement in words")
    validate.set_defaults(run=_later("validate", "run"), bare=True)
    bring = parts.add_parser("import", help="keep the statements in FILE (JSON lines, a JSON list, Parquet)")
    bring.add_argument("file", type=Path)
    bring.add_argument("--key", required=True, help="in the name of which key")
    bring.set_defaults(run=_later("files", "bring_in"))
    export = parts.add_parser("export", help="write a store's statements to FILE (.jsonl or .parquet)")
    export.add_argument("file", type=Path)
    _place(export, "code of the place whose store it is (default: the region)")
    export.add_argument("--since", default="", help="stored after this moment")
    export.add_argument("--until", default="", help="stored up to this moment")
    export.add_argument("--attachments", type=Path, help="a folder for the content of attachments")
    export.set_defaults(run=_later("files", "export"))
    keep = parts.add_parser("keep", help="for how many days a store keeps statements (0: for good)")
    keep.add_argument("days", type=int)
    _place(keep, "code of the place whose store it is (default: the region)")
    keep.set_defaults(run=_later("files", "keep"))


def _add_relays(parts: Any) -> None:
    relay = parts.add_parser("relay", help="carry statements to another record store, or fetch them from one")
    what = relay.add_subparsers(dest="what", required=True, metavar="WHAT")
    for direction, words in (("forward", "send a store's statements on"), ("pull", "fetch another store's statements")):
        parser = what.add_parser(direction, help=f"set up a relay: {words}; the secret is read from the standard input")
        parser.add_argument("--name", required=True)
        parser.add_argument("--endpoint", required=True, help="the other store's address, as https://lrs.example.org/xapi")
        parser.add_argument("--user", required=True, help="the key that the other store gave")
        parser.add_argument("--key", default="", help="pull: in the name of which key here")
        _place(parser, "code of the place whose store it is (default: the region)")
        parser.set_defaults(run=_later("relays", "make"))
    run = what.add_parser("run", help="carry what waits")
    run.add_argument("--every", type=float, default=0, help="seconds between rounds; without it, one round")
    run.set_defaults(run=_later("relays", "carry"))
    what.add_parser("list", help="each relay, how far it has come, its last error").set_defaults(run=_later("relays", "listed"))
    stop = what.add_parser("stop", help="end a relay")
    stop.add_argument("uuid")
    stop.set_defaults(run=_later("relays", "stop"))
