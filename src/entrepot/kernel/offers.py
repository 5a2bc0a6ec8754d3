"""What an app contributes to the whole. Each app fills one `Offers`; desk gathers them; nobody else reads them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from .principals import Principal
from .roles import Role
from .texts import Text


class Section(StrEnum):
    """The five sections of the navigation, by what people do, and the corner for oneself."""

    PROGRAMME = "programme"
    LEARN = "learn"
    KNOWLEDGE = "knowledge"
    LABS = "labs"
    REGION = "region"
    SELF = "self"


@dataclass(frozen=True, slots=True)
class NavOffer:
    """A page in the navigation, shown to whoever `shown` accepts."""

    section: Section
    title: str
    route: str
    shown: Callable[[Principal], bool]
    order: int = 50


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something that waits for this person. `due` orders the queue; `minutes` is the honest estimate of the effort."""

    title: Text
    href: str
    due: date | None = None
    detail: Text | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What people of one Member were asked for in a stretch of time: `n` times, `minutes` of effort in all, as their work lists say it, of
    which so many `measured`."""

    place: int
    what: str
    n: int
    minutes: float
    measured: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found."""

    title: str
    href: str
    kind: Text
    detail: str = ""
    invented: bool = False


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Something dated, for calendars. `ends_on` is exclusive."""

    uid: str
    title: Text
    starts_on: date
    ends_on: date
    href: str
    detail: str = ""
    invented: bool = False


class BeadState(StrEnum):
    """How far a step of a thread has come."""

    DONE = "done"
    NOW = "now"
    HELD = "held"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Bead:
    """One step of an activity's thread: a record or a set of them. `order` is the step's, `at` when it was done (or is due).

    `figure` says how much, in words; `href` opens the rows behind it; `who` is whoever did it, where one did.
    """

    order: int
    title: Text
    state: BeadState
    figure: Text | None = None
    at: date | None = None
    href: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class RecurringJob:
    """Work that `tick` queues again and again; `task` is the task's dotted name."""

    name: str
    every: timedelta
    task: str


@dataclass(frozen=True, slots=True)
class DemoMaker:
    """Takes an app's part of the practice pack out again, in reverse of `order`; `make` makes it, through actions, in `order`.

    What spans rooms is made by desk: there is no `make` then.
    """

    order: int
    remove: Callable[[], None]
    make: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class Switchable:
    """A module that a Member may switch off; `routes` are the URL namespaces that then answer "switched off".

    `own` names the pages of them that stay, the first as the way there: on them people take back what they gave.
    """

    code: str
    title: str
    routes: frozenset[str]
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice, as people see it among their settings. `essential`: its mail cannot be switched off. `urgent`: quiet hours
    do not hold it back."""

    code: str
    title: str
    essential: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class PersonData:
    """How this app hands out and erases what it holds about one person, and moves it when two records are one person."""

    export: Callable[[int], Mapping[str, Any]]
    erase: Callable[[int, datetime], None]
    merge: Callable[[int, int, datetime], None]
    """From the record that is dropped to the one that is kept."""
    sweeps: frozenset[str] = frozenset()
    """Tables of this app (`app.Model`) out of whose texts its own `erase` takes a name, as a digest or an index hangs on them, or in which
    texts identify something. All others are swept for it."""
    before: Callable[[Collection[int]], None] | None = None
    """Called before these people are held: takes the locks that writers of this app take before they touch a person."""


@dataclass(frozen=True, slots=True)
class VerbNote:
    """A row of the page of roles: what may be done, to what, by which roles, and on which other ground."""

    app: str
    thing: str
    verb: str
    roles: frozenset[Role]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offers:
    """One app's contribution."""

    nav: Sequence[NavOffer] = ()
    work: Sequence[Callable[[Principal, date], Iterable[WorkItem]]] = ()
    asked: Sequence[Callable[[str, datetime, datetime], Iterable[Asked]]] = ()
    """What was asked under a place's lineage from one moment until another."""
    search: Sequence[Callable[[Principal, str, int], Iterable[Hit]]] = ()
    calendar: Sequence[Callable[[Principal, date, date], Iterable[CalendarEntry]]] = ()
    jobs: Sequence[RecurringJob] = ()
    packs: Sequence[Callable[..., object]] = ()
    """Called with `at=` when the product starts: data that has to be there before anyone works. Loading it again changes nothing."""
    thread: Sequence[Callable[[Principal, UUID, date], Iterable[Bead]]] = ()
    """Beads of the thread of the activity with this uuid."""
    demo: Sequence[DemoMaker] = ()
    switches: Sequence[Switchable] = ()
    rest: Sequence[tuple[str, str]] = ()
    """(prefix, dotted path of a router) pairs for /api/v1."""
    urls: Sequence[tuple[str, str]] = ()
    """(prefix, dotted path of a URL module) pairs."""
    person: PersonData | None = None
    notices: Sequence[NoticeKind] = ()
    extra: Mapping[str, object] = field(default_factory=dict)
