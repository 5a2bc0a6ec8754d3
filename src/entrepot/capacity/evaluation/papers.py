"""The report of an activity as a paper, from the body that is (or would be) frozen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext

from entrepot.kernel.papers import Block, Details, Heading, Listing, Paper, Para, Table
from entrepot.kernel.texts import gettext_noop
from entrepot.shell.words import say


def _share(figure: Mapping[str, Any]) -> str:
    if figure["value"] is None:
        return gettext("too few to say (n = %(n)s of %(of)s)") % {"n": figure["n"], "of": figure["of"]}
    low, high = round(100 * figure["low"]), round(100 * figure["high"])
    return gettext("%(share)s %% (n = %(n)s of %(of)s; 95 %% interval %(low)s to %(high)s)") % {
        "share": round(100 * figure["value"]),
        "n": figure["n"],
        "of": figure["of"],
        "low": low,
        "high": high,
    }


def _answered(figure: Mapping[str, Any]) -> str:
    said = gettext("%(n)s of %(of)s")
    hits = round(figure["value"] * figure["n"]) if figure["value"] is not None else figure["n"]
    return said % {"n": hits, "of": figure["of"]}


def _said(count: int | None) -> str:
    """A count of people; fewer than five, and what would give them away, is not said."""
    return gettext("not said") if count is None else str(count)


def _mean(figure: Mapping[str, Any]) -> tuple[str, str]:
    said = "–" if figure["value"] is None else f"{figure['value']:.2f}"
    return said, gettext("%(n)s of %(of)s") % {"n": figure["n"], "of": figure["of"]}


def report_paper(body: Mapping[str, Any], *, invented: bool, digest: str = "", published: str = "") -> Paper:
    """What was done, who was there, what they thought and learned, what they planned and did. Measured and claimed stand apart."""
    about, figures = body["activity"], body["figures"]
    starts = date.fromisoformat(about["starts_on"]) if about["starts_on"] else None
    last = date.fromisoformat(about["ends_on"]) - timedelta(days=1) if about["ends_on"] else None
    when = f"{date_format(starts, 'j F Y')} – {date_format(last, 'j F Y')}" if starts and last else "–"
    blocks: list[Block] = [
        Details(
            (
                (gettext("When"), when),
                (gettext("Host"), about["host"] or "–"),
                (gettext("Competency"), gettext(about["competency"])),
                (gettext("Trainers"), ", ".join(about["trainers"]) or "–"),
                (gettext("Course version"), about["version_label"]),
            )
        ),
        Heading(gettext("What it was for")),
        Para(about["objectives"] or "–"),
        Listing(tuple(about["outcomes"])),
        Heading(gettext("Who was there")),
        Details(
            (
                (gettext("Members asked"), str(figures["asked"])),
                (gettext("Members that nominated"), str(figures["answered"])),
                (gettext("Officers nominated"), str(figures["nominated"])),
                (gettext("Seats"), f"{figures['seats']} / {about['seats']}"),
                (gettext("Decided by name"), _said(figures["overridden"])),
                (gettext("Participants (at one session at least)"), str(figures["attended"])),
                (gettext("Members represented"), str(figures["members"])),
                (
                    gettext("Women, men, another, not said"),
                    " · ".join(_said(figures["balance"][part]) for part in ("women", "men", "other", "not_said")),
                ),
                (gettext("Hours attended in all"), f"{figures['hours']:g}"),
                (gettext("Certificates"), _said(figures["certificates"])),
            )
        ),
        Table(
            (gettext("Member"), gettext("Participants")),
            tuple((name, _said(n)) for name, n in figures["by_member"]),
            numbers=frozenset({1}),
        ),
        *_thought(figures),
        *_did(figures),
        *_worth(figures.get("return")),
        Heading(gettext("How the figures were made")),
        Para(
            gettext(
                "Each figure is counted from the records of this activity; n says on how many people it rests. "
                "Shares have Wilson’s interval. A mean or share over fewer than five people is not said, nor what would tell of them. "
                "Nothing that was not answered is filled in."
            )
        ),
    ]
    if digest:
        blocks.append(Para(gettext("Published %(on)s; digest %(digest)s") % {"on": published, "digest": digest}))
    marks = {"invented": gettext("practice region, invented")}
    over = f"{about['region']} · {about['code']} · {gettext('Report')}"
    return Paper(about["title"], tuple(blocks), over=over, language=get_language() or "en", invented=invented, marks=marks)


def _thought(figures: Mapping[str, Any]) -> list[Block]:
    rows = tuple((gettext(text), *_mean(figure)) for text, figure in figures["reactions"])
    gain = figures["gain"]
    if gain["value"] is None:
        learned = gettext("The gain cannot be said: %(n)s of %(of)s took both tests.") % {"n": gain["n"], "of": gain["of"]}
    else:
        points = gettext(
            "%(gain)s points of 100 from the first test to the second, over the %(n)s of %(of)s who took both "
            "(95 %% interval %(low)s to %(high)s)."
        )
        signed = {name: f"{100 * gain[key]:+.0f}" for name, key in (("gain", "value"), ("low", "low"), ("high", "high"))}
        learned = points % {**signed, "n": gain["n"], "of": gain["of"]}
    blocks: list[Block] = [
        Heading(gettext("What participants thought (claimed)")),
        Para(gettext("Answered: %(answered)s.") % {"answered": _answered(figures["reaction"])}),
    ]
    if rows:
        blocks.append(Table((gettext("Statement"), gettext("Mean of 1 to 5"), "n"), rows, numbers=frozenset({1, 2})))
    return [*blocks, Heading(gettext("What they learned (measured)")), Para(learned), *_tested(figures)]


def _tested(figures: Mapping[str, Any]) -> list[Block]:
    """The tests of the gain and the questions of the test; reports of earlier versions have neither."""
    learning, items = figures.get("learning") or {}, figures.get("test_items") or []
    blocks: list[Block] = []
    if learning.get("effect") is not None:
        words = gettext("Effect size d %(d)s; Student’s t, two-sided p %(p)s; Wilcoxon’s signed ranks, two-sided p %(w)s.")
        blocks.append(Para(words % {"d": f"{learning['effect']:.2f}", "p": chance(learning["p_t"]), "w": chance(learning["p_w"])}))
    rows = tuple((item["text"], _part(item["difficulty"]), _part(item["discrimination"]), str(item["n"])) for item in items)
    if any(item["difficulty"] is not None for item in items):
        head = (gettext("Question of the test"), gettext("Share right"), gettext("Discrimination"), "n")
        blocks.append(Table(head, rows, numbers=frozenset({1, 2, 3})))
    return blocks


def chance(p: float) -> str:
    """A p-value, no more exactly than it means anything."""
    return gettext("below 0.001") if p < 0.001 else f"{p:.3f}"


def _part(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _did(figures: Mapping[str, Any]) -> list[Block]:
    items = figures["items"] or {"n": 0}
    said = gettext("%(n)s items planned by %(planners)s participants, %(endorsed)s endorsed by the supervisor.") % {
        "n": items["n"],
        "planners": _said(figures["planners"]),
        "endorsed": _said(figures["endorsed"]),
    }
    if figures["items"] is None:
        said = gettext("Fewer than five planned something; how many is not said.")
    blocks: list[Block] = [Heading(gettext("What they planned, and did")), Para(said)]
    if items["n"]:
        blocks.append(Para(gettext("Done so far: %(share)s.") % {"share": _share(items)}))
    rows = []
    labels = {"officer": gettext("officers"), "supervisor": gettext("supervisors"), "member": gettext("administrations")}
    for kind, label in labels.items():
        if kind not in figures["follow_up"]:
            continue
        figure = figures["follow_up"][kind]
        rows.append((label, _answered(figure)))
    blocks.append(Table((gettext("Asked months later"), gettext("Answered")), tuple(rows), numbers=frozenset({1})))
    means = [(labels[kind], gettext(text), *_mean(figure)) for kind in labels for text, figure in figures["applied"].get(kind, ())]
    if means:
        head = (gettext("Who"), gettext("Question"), gettext("Mean of 1 to 5"), "n")
        blocks.append(Table(head, tuple(means), caption=gettext("Claimed by officers and supervisors"), numbers=frozenset({2, 3})))
    return blocks


def money(amount: str | float, currency: str) -> str:
    """An amount of money, in whole units."""
    return f"{say(Decimal(round(float(amount))))} {currency}"


def spent_or_planned(outlay: Mapping[str, Any]) -> str:
    """What an activity cost in one currency, and whether that is paid or planned."""
    currency = outlay["currency"]
    if outlay["spent"] is None:
        return gettext("%(planned)s planned; what was spent is not all known") % {"planned": money(outlay["planned"], currency)}
    return gettext("%(spent)s spent of %(planned)s planned") % {name: money(outlay[name], currency) for name in ("spent", "planned")}


WHO_CLAIMS = {"member": gettext_noop("administrations"), "sponsor": gettext_noop("sponsors")}


def claim_row(claim: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """(who, worth in a year, n, for each one it cost) of what is claimed."""
    few = gettext("not said, under five")
    total = few if claim["total"] is None else money(claim["total"], claim["currency"])
    for_one = "–" if claim["for_one"] is None else number_format(claim["for_one"], 2)
    return gettext(WHO_CLAIMS[claim["who"]]), total, gettext("%(n)s of %(of)s") % {"n": claim["n"], "of": claim["of"]}, for_one


def _worth(found: Mapping[str, Any] | None) -> list[Block]:
    """The fifth level; reports of earlier versions have none of it."""
    if not found or not (found["outlays"] or found["claims"]):
        return []
    blocks: list[Block] = [Heading(gettext("What it cost, and what it is said to be worth (claimed)"))]
    if found["outlays"]:
        blocks.append(Details(tuple((gettext("Cost"), spent_or_planned(outlay)) for outlay in found["outlays"])))
    if not found["claims"]:
        return [*blocks, Para(gettext("Nobody who was asked put a figure on its results."))]
    head = (gettext("Who says so"), gettext("Worth in a year"), gettext("Gave a figure"), gettext("For each one it cost"))
    rows = tuple(map(claim_row, found["claims"]))
    said = gettext(
        "Added up over those who gave a figure; nothing is added for the others, and administrations and sponsors are not added to each "
        "other. The cost is what was spent, or was planned while that is not all known. It is what they say. What a comparison measured "
        "stands in the story of the activity, where there is one."
    )
    return [*blocks, Table(head, rows, numbers=frozenset({1, 2, 3})), Para(said)]
