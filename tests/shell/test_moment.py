"""Host's and viewer's time zone, shown together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.template import Context, Template
from django.utils import timezone
from django_cotton.compiler_regex import CottonCompiler

AT = datetime(2026, 5, 1, 14, 30, tzinfo=UTC)


def _shown(viewer: str, zone: str, at: datetime = AT) -> str:
    with timezone.override(viewer):
        compiled = CottonCompiler().process(f'<c-moment :at="at" zone="{zone}" />')
        return Template(compiled).render(Context({"at": at}))


def test_both_clocks_are_shown_where_they_differ() -> None:
    shown = _shown("Pacific/Tongatapu", "Asia/Tokyo")
    assert "1 May 2026 23:30 in Tokyo" in shown
    assert "2 May 2026 03:30 where you are" in shown
    assert 'datetime="2026-05-01T14:30:00+00:00"' in shown


def test_one_clock_where_they_agree_and_summer_time_is_asked_for_that_instant() -> None:
    assert "where you are" not in _shown("Asia/Seoul", "Asia/Tokyo")
    winter, summer = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    assert "where you are" not in _shown("Australia/Brisbane", "Australia/Sydney", winter)
    assert "where you are" in _shown("Australia/Brisbane", "Australia/Sydney", summer)


def test_a_zone_that_is_not_known_breaks_nothing() -> None:
    assert "1 May 2026 14:30 in UTC" in _shown("UTC", "Mars/Olympus")


def test_a_place_shows_its_time_and_the_viewers(world: Any) -> None:
    shown = world.browser("coordinator").get(f"/region/{world.place('RTC-SAG').uuid}/").content.decode()
    assert "in Jakarta" in shown
    assert "where you are" in shown
