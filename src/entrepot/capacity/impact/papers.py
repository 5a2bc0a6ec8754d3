"""The story as a paper, from the body that is (or would be) frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

from entrepot.kernel.papers import Block, Details, Heading, Listing, Paper, Para, Table
from entrepot.shell.words import say

from .core import (
    CHECKS,
    Found,
    Plan,
    Promise,
    Worth,
    checked,
    differing,
    explained,
    figure,
    in_money,
    in_words,
    promised_in_words,
    unpacked,
    unpacked_promise,
    wanted,
)
from .enums import GRADE_NOTES, GRADES, METHODS, STEPS, VERDICTS, Grade, Method, Step, Verdict
from .queries import design_of, worth_of


def _on(text: str) -> str:
    return date_format(date.fromisoformat(text), "j F Y")


class Said:
    """What a body says, in the reader's language: for the page and the paper alike."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self.body = body
        self.unit: str = body["indicator"]["unit"]
        self.found: Found = unpacked(body["found"])
        self.promised: Promise | None = unpacked_promise(body["promise"])
        self.design: Plan | None = design_of(body["plan"]["body"]) if body["plan"] else None
        self.worth: Worth | None = worth_of(body["plan"]["body"]) if body["plan"] else None

    @property
    def verdict(self) -> str:
        """The verdict in two or three words."""
        return gettext(VERDICTS[Verdict(self.body["verdict"])])

    @property
    def opened(self) -> bool:
        """Whether the analysis of the plan that counts has been opened."""
        return bool(self.body["plan"]) and bool(self.body["plan"]["opened_on"])

    @property
    def sentences(self) -> list[str]:
        """The verdict in plain sentences."""
        if self.body["plan"] and not self.opened:
            return [gettext("A plan is written down; its analysis has not been opened.")]
        told = in_words(self.found, self.unit) if self.found.estimate or self.found.broken else []
        return [say(text) for text in [*told, *explained(self.found)]]

    @property
    def wanted(self) -> list[str]:
        """What would allow an answer."""
        return [say(text) for text in wanted(self.found, self.design, self.promised, self.unit)]

    @property
    def money(self) -> list[str]:
        """What the difference comes to in money over what the activity cost, where the plan says what a unit is worth and is opened."""
        if self.design is None or self.worth is None or not self.opened:
            return []
        cost = self.body.get("cost") or {}
        amount = float(cost["amount"]) if cost else None
        found = replace(self.found, verdict=Verdict(self.body["verdict"]))
        return [say(text) for text in in_money(found, self.design, self.worth, amount, spent=bool(cost.get("spent")))]

    @property
    def promise(self) -> list[str]:
        """What the plan can find."""
        return [say(text) for text in promised_in_words(self.promised, self.design, self.unit)] if self.design else []

    @property
    def checks(self) -> list[tuple[str, bool | None, str]]:
        """(what had to hold, whether it does, by what it was judged)."""
        return [(gettext(CHECKS[check.code]), check.holds, say(checked(check, self.unit))) for check in self.found.checks]

    @property
    def plan(self) -> list[tuple[str, str]]:
        """The plan as (what, how) pairs."""
        kept = self.body["plan"]
        if not kept:
            return []
        body = kept["body"]
        part = [f"{row['code']} ({row['since']})" for row in body["members"] if row["since"]]
        others = [row["code"] for row in body["members"] if not row["since"]]
        rows = [
            (gettext("Question"), body["question"]),
            (gettext("Compared"), gettext(METHODS[Method(body["method"])])),
            (gettext("Took part, since"), ", ".join(part)),
            (gettext("Compared with"), ", ".join(others) or "–"),
            (gettext("Periods before and after"), f"{body['before']} · {body['after']}"),
            (gettext("Smallest difference worth knowing"), f"{body['smallest']} {say(differing(self.unit))}"),
        ]
        if body["drift"] != "0":
            rows.append((gettext("Drift granted, a period"), f"{body['drift']} {say(differing(self.unit))}"))
        if self.worth:
            amount = f"{body['worth']['amount']} {self.worth.currency}"
            words = gettext("%(amount)s at one Member in one period, for a difference of 1 %(unit)s: %(ground)s")
            worth = words % {"amount": amount, "unit": say(differing(self.unit)), "ground": self.worth.ground}
            rows.append((gettext("Worth of a unit"), worth))
        return [*rows, *self._when()]

    def _when(self) -> list[tuple[str, str]]:
        kept = self.body["plan"]
        known = gettext("None of the figures from after were here.")
        if kept["known_after"]:
            known = gettext("%(n)s figures from after were here already: they could have been seen.") % {"n": kept["known_after"]}
        if kept["looked_first"]:
            known += " " + gettext("The analysis had been opened before this plan.")
        return [
            (gettext("Written down"), f"{_on(kept['registered_on'])} · {kept['digest'][:16]}"),
            (gettext("On that day"), known),
            (gettext("Opened"), _on(kept["opened_on"]) if kept["opened_on"] else gettext("not yet")),
        ]

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """(period, mean of those that took part, mean of the others)."""
        words = [("–" if value is None else figure(value)) for line in self.found.lines for value in (line.part, line.others)]
        return [(period, *words[2 * at : 2 * at + 2]) for at, period in enumerate(self.body["periods"])]  # type: ignore[misc]

    @property
    def left_out(self) -> list[str]:
        """Who is missing from the comparison, and why."""
        said = []
        if self.found.left_out:
            words = gettext("Left out, as a figure of theirs is missing, not shared, or about fewer than five people: %(codes)s.")
            said.append(words % {"codes": ", ".join(self.found.left_out)})
        if self.found.alone:
            said.append(gettext("Took part, with no Member like them: %(codes)s.") % {"codes": ", ".join(self.found.alone)})
        return said


def measured(link: Mapping[str, Any], unit: str) -> str:
    """The two figures of a measured link."""
    kept = link["measured"]
    if not kept:
        return ""
    if "value" not in kept["before"]:
        periods = {name: kept[name]["period"] for name in ("before", "after")}
        return gettext("The figures of %(before)s and %(after)s are the Member’s, and with the regional office.") % periods
    values = {name: f"{figure(kept[name]['value'])} ({kept[name]['period']})" for name in ("before", "after")}
    return gettext("%(before)s, then %(after)s %(unit)s") % {**values, "unit": unit}


def story_paper(body: Mapping[str, Any], *, invented: bool, digest: str = "", published: str = "") -> Paper:
    """What was asked, what can be said, how strong each link is, the plan, the figures and how they were made."""
    said = Said(body)
    indicator = body["indicator"]
    blocks: list[Block] = [
        Details(
            (
                (gettext("Activity"), f"{body['activity']['title']} ({body['activity']['code']})"),
                (gettext("Figure"), f"{indicator['title']} ({indicator['unit']})"),
                (gettext("Definition"), indicator["definition"]),
                (gettext("Question"), body["story"]["question"]),
            )
        ),
        Heading(f"{gettext('What can be said')}: {said.verdict}"),
        *(Para(sentence) for sentence in said.sentences),
    ]
    if said.money:
        blocks += [Heading(gettext("In money")), *(Para(sentence) for sentence in said.money)]
    if said.wanted:
        blocks += [Heading(gettext("What would allow an answer")), Listing(tuple(said.wanted))]
    blocks += [*_links(body, said), *_planned(said), *_figures(said)]
    if digest:
        blocks.append(Para(gettext("Published %(on)s; digest %(digest)s") % {"on": published, "digest": digest}))
    marks = {"invented": gettext("practice region, invented")}
    over = f"{body['activity']['region']} · {body['activity']['code']} · {gettext('What changed')}"
    return Paper(body["story"]["title"], tuple(blocks), over=over, language=get_language() or "en", invented=invented, marks=marks)


def _links(body: Mapping[str, Any], said: Said) -> list[Block]:
    if not body["links"]:
        return []
    rows = [
        (
            gettext(STEPS[Step(link["step"])]),
            link["place"],
            f"“{link['said']}”" + (f" {measured(link, said.unit)}" if link["measured"] else ""),
            gettext(GRADES[Grade(link["grade"])]),
        )
        for link in body["links"]
    ]
    notes = tuple(f"{gettext(GRADES[grade])}: {gettext(GRADE_NOTES[grade])}" for grade in Grade)
    head = (gettext("Link"), gettext("Member"), gettext("What someone said"), gettext("Evidence"))
    blocks: list[Block] = [Heading(gettext("How strong each link is")), Table(head, tuple(rows)), Listing(notes)]
    if body["aside"]:
        blocks.append(Para(gettext("Links that their Member has not backed, and that stand aside: %(n)s.") % {"n": body["aside"]}))
    return blocks


def _planned(said: Said) -> list[Block]:
    if not said.plan:
        return []
    return [Heading(gettext("The plan")), Details(tuple(said.plan)), *(Para(sentence) for sentence in said.promise)]


def _figures(said: Said) -> list[Block]:
    blocks: list[Block] = []
    words = {True: gettext("yes"), False: gettext("no"), None: gettext("cannot be looked at")}
    if said.checks:
        rows = tuple((what, words[holds], by) for what, holds, by in said.checks)
        blocks.append(Table((gettext("What has to hold"), gettext("Holds"), gettext("By")), rows, caption=gettext("Checks")))
    if said.lines:
        head = (gettext("Period"), gettext("Took part"), gettext("Compared with"))
        blocks.append(
            Table(
                head, tuple(said.lines), caption=gettext("Means of Members, in %(unit)s") % {"unit": said.unit}, numbers=frozenset({1, 2})
            )
        )
    blocks += [Para(sentence) for sentence in said.left_out]
    how = gettext(
        "Intervals and p are from handing out anew who took part when, among the same Members with their figures as they are. Means are of "
        "three Members or more. No figure about fewer than five people is used, and nothing that is missing is filled in."
    )
    return [Heading(gettext("The figures")), *blocks, Para(how)] if blocks else []
