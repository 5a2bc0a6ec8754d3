"""The charts of a story: the means of both sides, and the difference by distance from the beginning with its intervals."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from entrepot.shell.charts import Chart, Series, drawn
from entrepot.shell.words import say

from .core import differing
from .papers import Said


def pictures(said: Said) -> list[dict[str, Any]]:
    """Each chart with its title and legend; none before the analysis is opened."""
    return [made for made in (_lines(said), _leads(said)) if made]


def _card(title: str, drawing: SafeString, legend: list[tuple[str, str]]) -> dict[str, Any]:
    return {"title": title, "drawing": drawing, "legend": legend}


def _lines(said: Said) -> dict[str, Any] | None:
    lines = said.found.lines
    if not any(line.part is not None for line in lines):
        return None
    body = said.body["plan"]["body"]
    sides = [
        (gettext("took part"), "one", [line.part for line in lines]),
        (gettext("compared with"), "two", [line.others for line in lines]),
    ]
    starts = sorted({row["since"] for row in body["members"] if row["since"]})
    marks = [(said.body["periods"].index(since) - 0.5, "") for since in starts if since in said.body["periods"]]
    marks = [(marks[0][0], gettext("begins")), *marks[1:]] if marks else []
    title = gettext("Means of both sides")
    told = gettext("The mean of Members that took part and of those compared with, by period; the table has every figure.")
    chart = Chart(title, told, said.body["periods"], [Series(name, row, tone) for name, tone, row in sides], unit=said.unit, marks=marks)
    return _card(title, drawn(chart, "sides"), [(tone, name) for name, tone, _ in sides])


def _leads(said: Said) -> dict[str, Any] | None:
    leads = said.found.leads
    if not leads:
        return None
    ticks = [f"{lead.at:+d}".replace("-", "−") if lead.at else "0" for lead in leads]
    began = next((at for at, lead in enumerate(leads) if lead.at >= 0), 0)
    dots = Series("", [x.value for x in leads], "one", low=[x.low for x in leads], high=[x.high for x in leads], dots=True)
    title = gettext("The difference, period by period")
    told = gettext("The difference between both sides by periods from the beginning, each with its 95 % interval.")
    marks = [(began - 0.5, gettext("begins"))]
    chart = Chart(title, told, ticks, [dots], unit=say(differing(said.unit)), marks=marks, levels=[(0.0, "")])
    legend = [("one", gettext("difference, with its 95 % interval")), ("level", gettext("no difference"))]
    return _card(title, drawn(chart, "leads"), legend)
