"""Heads of the chain, noted outside the database and signed, so that a cut end shows.

The chain itself tells of a change in the middle, and not of entries missing at its end: what is left is whole. So after each sealing its
length and head are noted in a file of this installation (`journal-heads`, one note a day for four hundred days and the latest), with a
MAC by its secret key: who can write into the database cannot write a note. A chain that no longer holds a noted head is at fault.

Who restores an older copy goes on knowingly: `entrepot restore` notes that (`accept_chain`), and earlier heads are no longer asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from .core import FIRST, Fault
from .models import Entry

logger = logging.getLogger(__name__)
KEPT = 400


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's length and last seal at a moment; `why` is filled where somebody went on with a shorter chain knowingly."""

    at: str
    length: int
    head: str
    why: str = ""

    @property
    def mac(self) -> str:
        """The signature of this installation."""
        key = hashlib.sha256(b"entrepot.journal.heads" + settings.SECRET_KEY.encode()).digest()
        return hmac.new(key, json.dumps(asdict(self), sort_keys=True).encode(), hashlib.sha256).hexdigest()


def head_now() -> Head:
    """The head as the database has it."""
    last = Entry.objects.filter(position__isnull=False).order_by("-position").values_list("position", "seal").first()
    length, seal = last or (0, FIRST)
    return Head(datetime.now(UTC).isoformat(timespec="seconds"), int(length or 0), seal)


def noted_heads() -> list[Head]:
    """The heads that were noted here, oldest first. A note that this installation did not sign counts as one of nothing (length −1)."""
    try:
        rows = json.loads(Path(settings.JOURNAL_HEADS).read_text()) if settings.JOURNAL_HEADS else []
        return [_signed(row) for row in rows]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, AttributeError):
        return [Head("", -1, "")]


def _signed(row: dict[str, object]) -> Head:
    mac = str(row.pop("mac", ""))
    head = Head(**row)  # type: ignore[arg-type]
    return head if hmac.compare_digest(mac, head.mac) else Head(head.at, -1, "")


def broken_heads(noted: list[Head]) -> Iterator[Fault]:
    """Each noted head that the chain does not hold."""
    length = head_now().length
    seals = dict(Entry.objects.filter(position__in={one.length for one in noted}).values_list("position", "seal"))
    for one in noted:
        if one.length < 0:
            yield Fault(0, "the file of noted heads was changed, or the secret key is another one")
        elif one.length > length:
            yield Fault(length + 1, f"entries up to {one.length} were sealed by {one.at}; the end of the chain is missing")
        elif one.length and seals.get(one.length) != one.head:
            yield Fault(one.length, f"this is not the entry that was sealed by {one.at}")


def note_head() -> None:
    """Note the head as it is now, unless the chain lost one that was noted before: then the notes stay as they are, as evidence."""
    if not settings.JOURNAL_HEADS:
        return
    noted, now = noted_heads(), head_now()
    if any(broken_heads(noted[-1:])):
        logger.error("the journal does not hold the head that was noted last: run `entrepot journal verify`")
        return
    if noted and noted[-1].length == now.length:
        return
    # Of one day the last is enough; what was gone on with knowingly stays.
    same_day = bool(noted) and not noted[-1].why and noted[-1].at[:10] == now.at[:10]
    _write([*(noted[:-1] if same_day else noted), now])


def accept_chain(why: str) -> Head:
    """Go on with the chain as it is, after an older copy was restored. Earlier heads are no longer asked for."""
    now = head_now()
    accepted = Head(now.at, now.length, now.head, why)
    if settings.JOURNAL_HEADS:
        _write([accepted])
    return accepted


def _write(heads: list[Head]) -> None:
    path = Path(settings.JOURNAL_HEADS)
    fresh = path.with_suffix(f".{os.getpid()}")
    text = json.dumps([{**asdict(head), "mac": head.mac} for head in heads[-KEPT:]], indent=0)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
