"""Reading editions: which is current, whether it is as it was frozen, and the paper that it is."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext

from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.papers import Block, Cover, Heading, Paper, Remark, unpacked

from .core import digest_of_edition, digest_of_part
from .models import Edition, Fetch, Publication


def current(editions: QuerySet[Edition], language: str) -> Edition | None:
    """The latest edition, in the reader's language where there is one, else in English, else in any."""
    last = editions.order_by("-ordinal").values_list("ordinal", flat=True).first()
    if last is None:
        return None
    latest = {edition.language: edition for edition in editions.filter(ordinal=last).order_by("id")}
    return latest.get(language) or latest.get("en") or next(iter(latest.values()))


def sound(edition: Edition) -> bool:
    """Whether the edition is as it was frozen: each part that is there agrees with its digest, and all digests with the edition's."""
    whole = digest_of_edition(edition.head, [one["digest"] for one in edition.parts]) == edition.digest
    return whole and all("taken_on" in one or digest_of_part(one) == one["digest"] for one in edition.parts)


def paper_of(edition: Edition) -> Paper:
    """The edition as a paper: cover, contents, chapters by topic; where something was taken out, it says so."""
    head, topic = edition.head, None
    blocks: list[Block] = []
    for one in edition.parts:
        if "taken_on" in one:
            blocks.append(Remark(gettext("Here stood something that its Member has taken back. A later edition says what changed.")))
            continue
        here = one.get("facts", {}).get("topic")
        if here and here != topic:
            blocks.append(Heading(gettext(here), 1))
        topic = here
        blocks += [unpacked(block) for block in one["blocks"]]
    return Paper(
        head["title"],
        tuple(blocks),
        over=f"{head['series_title']} {head['number']}",
        language=edition.language,
        invented=head["invented"],
        marks={"invented": gettext("practice region, invented")},
        cover=Cover(head["series_title"], called(edition), tuple(_lines(edition))),
        contents=gettext("Contents"),
        running=f"{head['series_title']} {head['number']} · {called(edition)}",
    )


def called(edition: Edition) -> str:
    """The edition in words."""
    values = {"number": edition.head["number"], "edition": edition.ordinal, "language": LANGUAGES[edition.language]}
    return gettext("Number %(number)s, edition %(edition)s, %(language)s") % values


def _lines(edition: Edition) -> list[str]:
    lines = [edition.head["region"], gettext("Published %(on)s") % {"on": date_format(edition.published_at, "j F Y")}]
    if edition.change:
        lines.append(gettext("What changed: %(change)s") % {"change": edition.change})
    return [*lines, gettext("SHA-256 %(digest)s") % {"digest": edition.digest}]


def contents_of(paper: Paper) -> list[dict[str, Any]]:
    """The chapters and parts of a paper with the anchors that its page has."""
    found = []
    for number, block in enumerate(paper.blocks, 1):
        if isinstance(block, Heading) and block.level < 3:
            found.append({"anchor": f"part-{number}", "title": block.text, "level": block.level, "language": block.language})
    return found


def fetches(publication: Publication) -> list[tuple[str, int]]:
    """How often it was fetched, by Member or body; "" is whoever was not signed in. The most first."""
    rows = (
        Fetch.objects.filter(edition__publication=publication).values_list("place__name").annotate(n=Sum("n")).order_by("-n", "place__name")
    )
    return [(name or "", n) for name, n in rows]
