"""A run-it-again kit: what was taught at an activity, in one file that another centre can read, adapt and run.

The file is a ZIP: `kit.json` and the papers beside it. It holds nobody's name: who taught and who took part stays where it was.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from entrepot.kernel.archives import BROKEN, opened, part, swells
from entrepot.kernel.errors import Invalid
from entrepot.kernel.texts import Text, gettext_noop

FORM = "entrepot-kit/1"
LARGEST_NOTE = 2_000_000
"""Bytes of `kit.json`, unpacked."""
MOST_PAPERS = 60
MOST_SESSIONS = 200
MOST_COSTS = 100
MOST_FIGURES = 500
SWELLS = 3
"""Times the largest paper: more than that a kit does not unpack to, all its papers together."""


class Lesson(msgspec.Struct, frozen=True):
    """A session: on which day (0 is the first), from when to when on the host's clock (HH:MM), and what."""

    title: str
    day: int
    starts: str
    minutes: int
    room: str = ""


class Cost(msgspec.Struct, frozen=True):
    """What was planned for one purpose; the amount is a decimal number in words."""

    title: str
    currency: str
    amount: str
    source: str = ""


class Paper(msgspec.Struct, frozen=True):
    """A paper in the file: its name there, its own name, what it is, the SHA-256 of its content in hexadecimal."""

    entry: str
    name: str
    title: str
    digest: str


class Figure(msgspec.Struct, frozen=True):
    """A result of the run that the kit was made from: a key of its own for comparing, words, value, unit and how many stand behind it."""

    key: str
    words: str
    value: float
    unit: str
    n: int


class Source(msgspec.Struct, frozen=True):
    """The run that the kit was made from."""

    activity: str
    code: str
    title: str
    region: str
    host: str
    starts_on: str
    invented: bool


class Kit(msgspec.Struct, frozen=True):
    """A whole activity to run again. `parts` holds what other rooms add, by their name."""

    form: str
    source: Source
    competency: str
    level: str
    mode: str
    language: str
    version_label: str
    objectives: str
    outcomes: list[str]
    target_group: str
    seats: int
    seats_per_member: int
    criteria: dict[str, Any]
    follow_up_months: int
    days: int
    lessons: list[Lesson]
    costs: list[Cost]
    papers: list[Paper]
    results: list[Figure]
    parts: dict[str, Any]


def digest_of(kit: Kit) -> str:
    """What tells one kit from another: SHA-256 over its note, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(kit, order="sorted")).hexdigest()


def pack(kit: Kit, contents: Mapping[str, bytes]) -> bytes:
    """The file of a kit. `contents` holds each paper's bytes by the name of its entry. The same kit gives the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        note = msgspec.json.format(msgspec.json.encode(kit, order="sorted"), indent=1)
        for name, content in (("kit.json", note), *sorted(contents.items())):
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def unpack(file: bytes, *, largest: int) -> tuple[Kit, dict[str, bytes]]:
    """The kit in a file, and its papers by the name of their entry, each at most `largest` bytes.

    Raises `Invalid` in words for anything else than a kit that is whole.
    """
    try:
        with opened(io.BytesIO(file)) as packed:
            if swells(packed.infolist(), SWELLS * largest + LARGEST_NOTE):
                raise _wrong(gettext_noop("The kit unpacks to far more than an activity holds."))
            kit = _note(packed)
            return kit, {paper.entry: _content(packed, paper, largest) for paper in kit.papers}
    except BROKEN as error:
        raise _wrong(gettext_noop("This is not a kit. A kit is the file that “Run it again” gives on an activity’s page.")) from error


def _note(packed: zipfile.ZipFile) -> Kit:
    if packed.getinfo("kit.json").file_size > LARGEST_NOTE:
        raise _wrong(gettext_noop("The kit says far more than an activity holds."))
    text = part(packed, "kit.json", LARGEST_NOTE)
    try:
        form = msgspec.json.decode(text, type=dict[str, Any]).get("form")
        if form != FORM:
            raise _wrong(
                Text(gettext_noop("This kit is of another form (%(form)s). Bring both sites to the same version."), {"form": form})
            )
        kit = msgspec.json.decode(text, type=Kit)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _wrong(Text(gettext_noop("The kit is damaged: %(why)s"), {"why": str(error)[:200]})) from error
    _require_bounded(kit)
    return kit


def _require_bounded(kit: Kit) -> None:
    """Refuse more of anything than the pages of an activity let anybody enter."""
    for name, most, said in (
        ("papers", MOST_PAPERS, gettext_noop("A kit holds at most %(n)s papers.")),
        ("lessons", MOST_SESSIONS, gettext_noop("A kit holds at most %(n)s sessions.")),
        ("costs", MOST_COSTS, gettext_noop("A kit holds at most %(n)s costs.")),
        ("results", MOST_FIGURES, gettext_noop("A kit holds at most %(n)s results.")),
    ):
        if len(getattr(kit, name)) > most:
            raise _wrong(Text(said, {"n": most}))


def _content(packed: zipfile.ZipFile, paper: Paper, largest: int) -> bytes:
    if packed.getinfo(paper.entry).file_size > largest:
        raise _wrong(Text(gettext_noop("The paper “%(title)s” is larger than what is kept."), {"title": paper.title}))
    content = part(packed, paper.entry, largest)
    if hashlib.sha256(content).hexdigest() != paper.digest:
        raise _wrong(Text(gettext_noop("The paper “%(title)s” is not the one that the kit was made with."), {"title": paper.title}))
    return content


def _wrong(said: Text | str) -> Invalid:
    return Invalid({"file": said})


def compared(then: Sequence[Figure], now: Iterable[Figure]) -> list[tuple[Figure, Figure | None]]:
    """Each result of the earlier run beside the same of this one, in the earlier's order; None where this run does not have it."""
    found = {figure.key: figure for figure in now}
    return [(figure, found.get(figure.key)) for figure in then]
