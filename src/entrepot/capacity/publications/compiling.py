"""Compiling the parts of an edition: from practices that Members cleared, from follow-up answers that they let be counted, or from a year.

A part is {key, title, blocks, facts}: its blocks are what readers see, its facts what the tables of the same edition are counted from, so
that a table stays right when a part is taken out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from entrepot.capacity.knowledge.api import LABELS, TOLD
from entrepot.capacity.knowledge.enums import COST_CLASSES, SUPPLIERS, WORKED, CostClass, PracticeKind, Supplier, Worked
from entrepot.kernel.disclosure import FEWEST, Cell, Guard
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.papers import Block, Details, Heading, Listing, Para, Remark, Table, packed

from .figures import answers, cell_of

Part = dict[str, Any]
ORDER = (
    *("problem", "context", "system", "data", "workflow", "done", "steps", "resources", "results", "evidence"),
    *("failed", "risks", "lessons", "transfer"),
)
"""The order in which an entry tells its parts."""


def part(key: str, title: str, blocks: Sequence[Block], **facts: Any) -> Part:
    """A part, as it is kept."""
    return {"key": key, "title": title, "blocks": [packed(block) for block in blocks], "facts": facts}


def foreword(text: str) -> Part:
    """The foreword, by whoever answers for the publication."""
    paragraphs = [Para(one.strip()) for one in text.split("\n\n") if one.strip()]
    return part("foreword", gettext("Foreword"), [Heading(gettext("Foreword"), 1), *paragraphs])


def entries(practices: Sequence[Any], language: str) -> list[Part]:
    """One part for each practice, by topic."""
    ordered = sorted(practices, key=lambda one: (gettext(one.topic.title), one.published_at, one.pk))
    return [_entry(practice, language) for practice in ordered]


def _entry(practice: Any, language: str) -> Part:
    told = {one.language: one.values for one in practice.translations.all() if one.cleared_at}
    own = practice.language == language or language not in told
    values = {name: getattr(practice, name) for name in TOLD} if own else told[language]
    spoken = practice.language if own and practice.language != language else ""
    uses = list(practice.adoptions.all())
    blocks: list[Block] = [Heading(values["title"], 2, spoken), Details(_about(practice, told))]
    for name in ORDER:
        if values.get(name):
            blocks += [Heading(_label(name), 3), _said(name, values[name], spoken)]
    if uses:
        blocks.append(Heading(gettext("Where others used it"), 3))
        rows = [(use.place.name, gettext(WORKED[Worked(use.worked)]), use.result) for use in uses]
        blocks.append(Table((gettext("Member"), gettext("How it went"), gettext("What they did, and what came of it")), tuple(rows)))
    facts = {
        "practice": str(practice.uuid),
        "topic": practice.topic.title,
        "member": practice.place.name,
        "case": practice.kind == PracticeKind.TECHNOLOGY,
        "uses": [use.worked for use in uses],
        "practices": [str(practice.uuid)],
    }
    return part(f"practice-{practice.uuid}", values["title"], blocks, **facts)


def _label(name: str) -> str:
    return gettext(LABELS[name])


def _said(name: str, text: str, language: str) -> Block:
    if name == "steps":
        return Listing(tuple(line for line in text.splitlines() if line.strip()), ordered=True, language=language)
    return Para(text, language)


def _about(practice: Any, told: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    rows = [(gettext("Member"), practice.place.name), (gettext("Published"), date_format(practice.published_at, "F Y"))]
    if practice.kind == PracticeKind.TECHNOLOGY:
        rows.append((gettext("Technology"), gettext(SUPPLIERS[Supplier(practice.supplier)])))
        rows.append((gettext("Cost in the first year"), gettext(COST_CLASSES[CostClass(practice.cost_class)])))
        for claim in practice.claims:
            source = f"{claim['source']}, {claim['dated']}" if claim["source"] else gettext("the Member’s own statement")
            rows.append((gettext("Claim"), f"{claim['claim']} ({source})"))
    if told:
        rows.append((gettext("Also told in"), ", ".join(LANGUAGES[code] for code in sorted(told))))
    if practice.contact:
        rows.append((gettext("Whom to ask, through Entrepot"), practice.contact))
    return tuple(rows)


def tables(parts: Sequence[Part]) -> Part:
    """What the edition holds, counted from the facts of its own parts: by topic, and how it went where others tried it."""
    facts = [one["facts"] for one in parts if "practice" in one["facts"]]
    topics = Counter(fact["topic"] for fact in facts)
    rows = []
    for topic, n in sorted(topics.items(), key=lambda pair: gettext(pair[0])):
        uses = Counter(worked for fact in facts if fact["topic"] == topic for worked in fact["uses"])
        went = tuple(str(uses[worked]) for worked in (Worked.YES, Worked.PARTLY, Worked.NO, Worked.EARLY))
        rows.append((gettext(topic), str(n), *went))
    every = Counter(worked for fact in facts for worked in fact["uses"])
    went = tuple(str(every[worked]) for worked in (Worked.YES, Worked.PARTLY, Worked.NO, Worked.EARLY))
    rows.append((gettext("All"), str(len(facts)), *went))
    head = (
        gettext("Topic"),
        gettext("Practices"),
        *(gettext(WORKED[worked]) for worked in (Worked.YES, Worked.PARTLY, Worked.NO, Worked.EARLY)),
    )
    said = gettext("%(n)s practices of %(members)s Members; others have told %(uses)s times how it went when they used one.") % {
        "n": len(facts),
        "members": len({fact["member"] for fact in facts}),
        "uses": sum(every.values()),
    }
    blocks: list[Block] = [
        Heading(gettext("What is in it"), 1),
        Para(said),
        Table(
            head, tuple(rows), caption=gettext("Practices by topic, and how it went where others used them"), numbers=frozenset(range(1, 6))
        ),
        Remark(
            gettext(
                "Counted from the entries of this edition. Each use is one Member’s word, the latest it gave. No person is counted here."
            )
        ),
    ]
    return part("tables", gettext("What is in it"), blocks)


def follow_up(activities: Sequence[Any], guard: Guard) -> tuple[Part | None, list[Cell]]:
    """What officers said months later, of the activities, over the Members that let it be counted; and the cells that it says.

    Each figure asks the guard. What it withholds is marked, and nothing is added up from what is withheld."""
    atoms = answers(activities, cleared=True)
    if not atoms:
        return None, []
    answered, asked = ("uses", "else"), ("uses", "else", "silent")
    cells: list[Cell] = []
    uuids = [(activity, str(activity.uuid)) for activity in activities if any(key.startswith(str(activity.uuid)) for key in atoms)]
    # What matters most is asked first, since each figure that is said narrows what else may be.
    said: dict[str, dict[str, str]] = {"": {}, **{uuid: {} for _, uuid in uuids}}
    for name, parts in (("answered", answered), ("uses", ("uses",)), ("asked", asked)):
        for uuid, row in said.items():
            cell = cell_of(atoms, parts=parts, activity=uuid)
            admitted = guard.admits(cell)
            cells += [cell] if admitted else []
            row[name] = str(cell.value) if admitted else pgettext("a figure", "withheld")
    rows = [(activity.title, *(said[uuid][name] for name in ("asked", "answered", "uses"))) for activity, uuid in uuids]
    rows.append((gettext("Together"), *(said[""][name] for name in ("asked", "answered", "uses"))))
    members = sorted({key.split("|")[1] for key in atoms})
    head = (gettext("Workshop"), gettext("Asked"), gettext("Answered"), gettext("Use it"))
    blocks: list[Block] = [
        Heading(gettext("Months after the workshops"), 1),
        Para(
            gettext("Officers of %(n)s Members were asked whether they use what they learned. Their Members let the answers be counted.")
            % {"n": len(members)}
        ),
        Table(
            head,
            tuple(rows),
            caption=gettext("Officers asked, officers who answered, officers who say that they use it"),
            numbers=frozenset({1, 2, 3}),
        ),
        Remark(
            gettext(
                "“Use it” is 4 or 5 of 5, as officers themselves say. A figure under %(fewest)s people is withheld, and so is every figure "
                "from which, beside all that was published before, a group under %(fewest)s could be worked out."
            )
            % {"fewest": FEWEST}
        ),
    ]
    facts = {"activities": [uuid for _, uuid in uuids], "members": members}
    return part("follow-up", gettext("Months after the workshops"), blocks, **facts), cells
