"""Importing, exporting, and how long is kept."""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from datetime import datetime

from entrepot.ground.work.api import now
from entrepot.kernel.errors import Invalid
from entrepot.kernel.principals import SYSTEM

from ..actions.relays import note_moved
from ..actions.retention import set_retention
from ..core import Fault, from_instant
from ..core.atoms import moment
from ..exchange.exporting import NeedsParquet, attachments_to, to_json_lines, to_parquet
from ..exchange.importing import Tally, lines_of, put_aside
from ..exchange.importing import bring_in as bring_lines_in
from ..queries import client_of
from .asking import key_of, said, store_of


@said
def bring_in(options: argparse.Namespace) -> int:
    """Keep what a file holds; put aside what is not sound. Ends with 1 where something was put aside."""
    key = key_of(options.key)
    if key.revoked_at:
        raise Invalid({"key": "This key is revoked."})
    aside = options.file.with_name(options.file.name + ".rejects")
    begun = time.monotonic()

    def progress(tally: Tally) -> None:
        put_aside(tally, aside)
        rate = tally.read / max(time.monotonic() - begun, 0.001)
        print(
            f"\r{tally.read:,} read, {tally.new:,} new, {tally.known:,} known, {tally.rejected:,} put aside, {rate:,.0f}/s",
            end="",
            file=sys.stderr,
        )

    try:
        tally = bring_lines_in(key=client_of(key), at=now(), lines=lines_of(options.file), progress=progress)
    except NeedsParquet as error:
        print(error, file=sys.stderr)
        return 2
    print(file=sys.stderr)
    facts = {"read": tally.read, "new": tally.new, "known": tally.known, "rejected": tally.rejected, "key": key.uuid}
    note_moved(by=SYSTEM, at=now(), store=key.store, verb="imported", facts=facts)
    if tally.rejected:
        print(f"{tally.rejected:,} statements were put aside, with the reason of each: {aside}", file=sys.stderr)
    return 1 if tally.rejected else 0


def _span(options: argparse.Namespace) -> dict[str, int]:
    span: dict[str, int] = {}
    for name in ("since", "until"):
        text: str = getattr(options, name)
        if text:
            try:
                at: datetime = moment(text)
            except Fault as fault:
                raise Invalid({name: fault.message}) from None
            span[name] = from_instant(at)
    return span


@said
def export(options: argparse.Namespace) -> int:
    """Write a store's statements to a file."""
    store, span = store_of(options), _span(options)
    write = to_parquet if options.file.suffix == ".parquet" else to_json_lines
    try:
        count = write(store, options.file, progress=lambda n: print(f"\r{n:,}", end="", file=sys.stderr), **span)
    except NeedsParquet as error:
        print(error, file=sys.stderr)
        return 2
    attached = attachments_to(store, options.attachments) if options.attachments else 0
    with options.file.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    note_moved(by=SYSTEM, at=now(), store=store, verb="exported", facts={"statements": count, "attachments": attached, "sha256": digest})
    print(f"\r{count:,} statements, {attached:,} attachments; SHA-256 {digest}", file=sys.stderr)
    return 0


@said
def keep(options: argparse.Namespace) -> int:
    """Say for how long a store keeps statements."""
    set_retention(by=SYSTEM, at=now(), uuid=store_of(options).uuid, days=options.days or None)
    return 0
