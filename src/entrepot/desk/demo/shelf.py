"""What the practice region has published: two numbers of its good practices, one of them corrected since, and last year's page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from entrepot.capacity.knowledge.api import practice_rules
from entrepot.capacity.publications import api as publications
from entrepot.capacity.publications.enums import SeriesKind
from entrepot.capacity.training.api import invitation_rules
from entrepot.kernel.principals import SYSTEM

if TYPE_CHECKING:
    from .programme import Stagehand

DAY = timedelta(days=1)


def first(hand: Stagehand, whole: Any, words: dict[str, Any]) -> None:
    """The series, and the first number a good three months ago: before a Member took one entry back."""
    at = hand.at - 100 * DAY
    head: dict[str, Any] = {"by": hand.as_(hand.person("head"), at), "at": at}
    region = hand.places["PX"]
    about = "What Members did, in their own words and figures, cleared by them, reviewed by two, with how it went where others tried it."
    series = publications.begin_series(
        **head, region=region, code="px-good-practice", kind=SeriesKind.PRACTICES, title="Good Practice Report", about=about
    )
    for invitation in invitation_rules.visible_to(SYSTEM).filter(activity=whole).select_related("place"):
        by = hand.as_(hand.speaks[invitation.place.code], at)
        publications.let_count(by=by, at=at, place=invitation.place, activity=whole.uuid)
    one = publications.make(**head, series=series.uuid, title="What we tried, and wrote down", forewords=words["first"])
    visible = practice_rules.visible_to(SYSTEM).filter(place__lineage__under=region.lineage, state="published", sight="public")
    chosen = list(visible.order_by("published_at").values_list("uuid", flat=True)[:6])
    chosen += list(visible.filter(title__startswith="A watch list").values_list("uuid", flat=True))
    _publish(head, one, chosen, [])


def later(hand: Stagehand, words: dict[str, Any]) -> None:
    """The second number, in two languages, and the page of the year before."""
    at = hand.at - 20 * DAY
    head: dict[str, Any] = {"by": hand.as_(hand.person("head"), at), "at": at}
    region = hand.places["PX"]
    series = publications.series_rules.visible_to(SYSTEM).get(code="px-good-practice")
    two = publications.make(**head, series=series.uuid, title="Bins, bags and one question a week", forewords=words["second"])
    visible = practice_rules.visible_to(SYSTEM).filter(place__lineage__under=region.lineage, state="published", sight="public")
    followed = [c.activity.uuid for c in publications.counting_rules.visible_to(SYSTEM).select_related("activity")[:1]]
    _publish(head, two, list(visible.values_list("uuid", flat=True)), followed)
    about = "One page a year: what the network did, what changed, what did not work; every figure with what it rests on."
    annual = publications.begin_series(
        **head, region=region, code="px-year", kind=SeriesKind.ANNUAL, title="The year of the network", about=about
    )
    year = hand.at.year - 1
    page = publications.make(**head, series=annual.uuid, title=f"The network in {year}", forewords=words["year"], number=year)
    publications.publish(**head, uuid=page.uuid)


def _publish(head: dict[str, Any], one: Any, practices: list[Any], activities: list[Any]) -> None:
    values = {"title": one.title, "forewords": one.forewords}
    publications.compose(**head, uuid=one.uuid, values=values, practices=practices, activities=activities, version=None)
    publications.publish(**head, uuid=one.uuid)
