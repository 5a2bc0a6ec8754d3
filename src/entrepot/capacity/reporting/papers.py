"""The activity report as a paper and as a table to work on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from entrepot.capacity.needs.enums import MODES
from entrepot.kernel.papers import Block, Details, Heading, Listing, Paper, Para, Table

from .core import Group
from .queries import Report, before


def said(n: int | None) -> str:
    """A count, or that it is not said."""
    return "·" if n is None else str(n)


def told(value: float | None) -> Any:
    """A number for a spreadsheet, or that it is not said."""
    return "·" if value is None else value


def definitions() -> tuple[str, ...]:
    """What the figures count."""
    return (
        gettext("An activity is counted in the period in which it began, once it has been taught."),
        gettext(
            "Someone took part who is recorded at one session at least; whoever took part in two activities is counted twice, but once "
            "among different people."
        ),
        gettext("Hours are those of the sessions at which each person is recorded."),
        gettext("Gender is what people say of themselves; many do not say."),
        gettext("A Member’s sub-region is the one it belongs to in the network today."),
        gettext("“·” stands where a number would tell of fewer than five people, or would let one be worked out."),
    )


def period(report: Report) -> str:
    """From which day to which, in words."""
    return f"{date_format(report.wanted.start, 'j F Y')} – {date_format(before(report.wanted.end), 'j F Y')}"


def filters(report: Report) -> tuple[tuple[str, str], ...]:
    """What the report is narrowed to."""
    wanted = report.wanted
    rows = (
        (gettext("Member"), wanted.member.name if wanted.member else ""),
        (gettext("Centre"), wanted.centre.name if wanted.centre else ""),
        (gettext("Mode"), gettext(MODES[wanted.mode]) if wanted.mode else ""),  # type: ignore[index]
        (gettext("Topic"), gettext(wanted.topic.title) if wanted.topic else ""),
        (gettext("Paid from"), wanted.source),
    )
    return tuple(row for row in rows if row[1])


def narrative(report: Report) -> str:
    """The figures in sentences."""
    n = len(report.lines)
    if not n:
        return gettext("No activity of this kind was taught in this period.")
    members = sum(1 for group in report.totals.groups["member"] if group.n != 0)
    told = [ngettext("%(n)s activity was taught.", "%(n)s activities were taught.", n) % {"n": n}]
    if report.totals.n is not None:
        text = gettext("People of %(members)s Members took part %(people)s times.")
        told.append(text % {"members": members, "people": report.totals.n})
    if report.persons is not None:
        told.append(gettext("They were %(persons)s different people.") % {"persons": report.persons})
    if report.hours is not None:
        hours = f"{report.hours:,.0f}".replace(",", "\u202f")
        told.append(gettext("Together they were taught for %(hours)s hours.") % {"hours": hours})
    name, _, people = report.by_centre[0]
    if people:
        told.append(gettext("The host with most participations was %(most)s: %(people)s.") % {"most": name, "people": people})
    return " ".join(told)


def _bars(counts: Sequence[int | None]) -> tuple[float, ...]:
    """How long each bar is beside the longest; what is not said has none. Where there is nothing to compare, none is drawn."""
    most = max((n or 0 for n in counts), default=0)
    return tuple(round((n or 0) / most, 3) for n in counts) if most and len(counts) > 1 else ()


def _people(title: str, groups: Sequence[Group], first: str, *, everyone: Group | None = None) -> Table:
    """People by group; `everyone` is the last row, and no bar is drawn for it."""
    head = (first, gettext("Took part"), gettext("Women"), gettext("Men"), gettext("Other"), gettext("Not said"))
    shown = (*groups, *([everyone] if everyone else []))
    rows = tuple((group.name, said(group.n), *(said(n) for n in group.genders)) for group in shown)
    bars = _bars([group.n for group in groups])
    bars += (0.0,) if everyone and bars else ()
    return Table(head, rows, caption=title, numbers=frozenset(range(1, 6)), bars=bars, beside=gettext("Beside the others"))


def _counted(title: str, first: str, rows: Sequence[tuple[str, int, int | None]], *, translated: bool) -> Table:
    head = (first, gettext("Activities"), gettext("Took part"))
    cells = tuple((gettext(name) if translated else name, str(n), said(people)) for name, n, people in rows)
    bars = _bars([people for _, _, people in rows])
    return Table(head, cells, caption=title, numbers=frozenset({1, 2}), bars=bars, beside=gettext("Beside the others"))


def report_paper(report: Report, *, invented: bool) -> Paper:
    """The report: sentences, totals, people, activities, what is counted how, and the digest by which it is known again."""
    totals = report.totals
    everyone = Group(gettext("All"), totals.n, totals.genders)
    heads = (
        *(gettext("Activity"), gettext("When"), gettext("Host"), gettext("Mode")),
        *(gettext("Members"), gettext("Seats"), gettext("Took part"), gettext("Hours")),
    )
    rows = tuple(
        (
            f"{line.activity.title} ({line.activity.code})",
            date_format(line.activity.starts_on, "j M Y"),
            line.activity.host.name if line.activity.host else "–",
            gettext(MODES[line.activity.mode]),
            str(line.members),
            str(line.seats),
            said(line.attended),
            "·" if line.hours is None else f"{line.hours:g}",
        )
        for line in report.lines
    )
    blocks: list[Block] = []
    if filters(report):
        blocks.append(Details(filters(report)))
    blocks += [Para(narrative(report)), Heading(gettext("Who took part"))]
    blocks.append(_people(gettext("By Member"), totals.groups["member"], gettext("Member"), everyone=everyone))
    blocks.append(_people(gettext("By sub-region"), totals.groups["sub_region"], gettext("Sub-region")))
    blocks.append(Heading(gettext("Where, how and on what")))
    blocks.append(_counted(gettext("By host"), gettext("Host"), report.by_centre, translated=False))
    blocks.append(_counted(gettext("By mode"), gettext("Mode"), report.by_mode, translated=True))
    blocks.append(_counted(gettext("By topic"), gettext("Topic"), report.by_topic, translated=True))
    if report.planned:
        money = Details(tuple((currency, f"{amount:,.2f}") for currency, amount in report.planned))
        blocks += [Heading(gettext("Money planned")), money]
    blocks += [Heading(gettext("The activities")), Table(heads, rows, numbers=frozenset({4, 5, 6, 7}))]
    if report.cancelled:
        blocks.append(Para(ngettext("%(n)s more was cancelled.", "%(n)s more were cancelled.", report.cancelled) % {"n": report.cancelled}))
    blocks += [Heading(gettext("What is counted how")), Listing(definitions())]
    blocks.append(Para(gettext("The same records give the same report. Its digest: %(digest)s") % {"digest": report.digest[:16]}))
    return Paper(
        title=gettext("Activity report"),
        over=period(report),
        blocks=tuple(blocks),
        language=get_language() or "en",
        invented=invented,
        marks={"invented": gettext("practice region, invented")},
    )


def report_table(report: Report) -> tuple[list[str], Iterator[list[Any]]]:
    """One row for each activity, to be worked on elsewhere."""
    titles = [
        *(gettext("Code"), gettext("Activity"), gettext("First day"), gettext("Last day"), gettext("Host"), gettext("Mode")),
        *(gettext("Topic"), gettext("Members"), gettext("Seats"), gettext("Took part"), gettext("Women"), gettext("Hours")),
        *(gettext("Paid from"), gettext("Money planned")),
    ]
    return titles, (_row(line) for line in report.lines)


def _row(line: Any) -> list[Any]:
    activity = line.activity
    when = [activity.starts_on, activity.last_on, activity.host.name if activity.host else "", gettext(MODES[activity.mode])]
    people = [line.members, line.seats, told(line.attended), told(line.women), told(line.hours)]
    money = "; ".join(f"{amount} {currency}" for currency, amount in line.planned)
    return [activity.code, activity.title, *when, gettext(activity.competency.topic.title), *people, "; ".join(line.sources), money]
