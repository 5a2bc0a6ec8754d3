"""Lines over time, drawn as SVG in the house's style: colours come from the style sheet, so that dark, light and print all read.

Two drawings are made of each chart, one for a screen and one for a phone, and the style sheet shows the one that fits, so that letters keep
their size. Beside a chart stands its table; the drawing carries a title and a sentence for those who do not see it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

TONES = ("one", "two", "three", "four", "faint")


@dataclass(frozen=True, slots=True)
class Series:
    """One line: values by tick, None where there is none. `tone` is one of `TONES`; `low` and `high` draw a band or whiskers."""

    label: str
    values: Sequence[float | None]
    tone: str = "one"
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    dots: bool = False
    """Points with whiskers instead of a line with a band."""


@dataclass(frozen=True, slots=True)
class Chart:
    """`ticks` name the places on the long axis; `marks` are (tick, words) of upright lines; `levels` (value, words) of level ones."""

    title: str
    said: str
    ticks: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    marks: Sequence[tuple[float, str]] = ()
    levels: Sequence[tuple[float, str]] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    low: float
    high: float
    count: int

    def x(self, at: float) -> float:
        span = self.width - self.left - self.right
        return round(self.left + (at + 0.5) * span / max(self.count, 1), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.height - self.bottom - share * (self.height - self.top - self.bottom), 1)


def drawn(chart: Chart, key: str) -> SafeString:
    """Both drawings. `key` makes the identifiers of a page's charts differ."""
    sizes = (("chart-wide", 720, 300, 90), ("chart-narrow", 340, 260, 58))
    made = "".join(_drawing(chart, f"{key}-{name}", name, width, height, tick) for name, width, height, tick in sizes)
    return mark_safe(f'<div class="chart">{made}</div>')  # noqa: S308  (every text in it is escaped)


def nice(low: float, high: float, about: int = 5) -> list[float]:
    """Round values from at most `low` to at least `high`, about so many.

    >>> nice(3.2, 18)
    [0.0, 5.0, 10.0, 15.0, 20.0]
    """
    span = (high - low) or abs(high) or 1.0
    rough = span / max(about - 1, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999) * power
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def _values(chart: Chart) -> list[float]:
    found = [value for one in chart.series for row in (one.values, one.low, one.high) for value in row if value is not None]
    return [*found, *(level for level, _ in chart.levels)] or [0.0, 1.0]


def _number(value: float) -> str:
    text = f"{value:g}" if abs(value) < 100_000 else f"{value:,.0f}".replace(",", "\u202f")
    return text.replace("-", "−")


def _drawing(chart: Chart, key: str, name: str, width: int, height: int, apart: int) -> str:  # noqa: PLR0917
    values = _values(chart)
    grid = nice(min(values), max(values), 5 if height > 280 else 4)
    left = 12 + 7 * max(len(_number(value)) for value in grid)
    frame = _Frame(width, height, left, 12, 26 if chart.unit or chart.marks else 12, 30, grid[0], grid[-1], len(chart.ticks))
    parts = [f'<title id="{key}-t">{escape(chart.title)}</title><desc id="{key}-d">{escape(chart.said)}</desc>']
    if chart.unit:
        parts.append(f'<text class="axis" x="2" y="12">{escape(chart.unit)}</text>')
    for value in grid:
        y = frame.y(value)
        parts.append(f'<path class="grid{" zero" if value == 0 and grid[0] < 0 else ""}" d="M{left} {y}H{width - 8}"/>')
        parts.append(f'<text class="axis end" x="{left - 6}" y="{y + 4}">{_number(value)}</text>')
    every = max(1, math.ceil(len(chart.ticks) / max(1, (width - left) // apart)))
    shown = range(0, len(chart.ticks), every)
    parts += [f'<text class="axis mid" x="{frame.x(at)}" y="{height - 10}">{escape(chart.ticks[at])}</text>' for at in shown]
    for at, words in chart.marks:
        x = frame.x(at)
        side = "end" if x > width * 0.6 else "start"
        parts.append(
            f'<path class="mark" d="M{x} 20V{height - 30}"/><text class="axis {side}" x="{x + (-5 if side == "end" else 5)}" y="18">'
        )
        parts.append(f"{escape(words)}</text>")
    for level, _ in chart.levels:
        parts.append(f'<path class="level" d="M{left} {frame.y(level)}H{width - 8}"/>')
    parts += [_line(frame, one) for one in chart.series]
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    head = f'<svg class="{name}" {size} role="img" aria-labelledby="{key}-t {key}-d">'
    return head + "".join(parts) + "</svg>"


def _line(frame: _Frame, one: Series) -> str:
    made = "" if one.dots else _band(frame, one)
    if one.dots:
        for at, (value, low, high) in enumerate(zip(one.values, one.low, one.high, strict=True)):
            if value is not None and low is not None and high is not None:
                x = frame.x(at)
                made += f'<path class="line {one.tone}" d="M{x} {frame.y(low)}V{frame.y(high)}"/>'
                made += f'<circle class="dot {one.tone}" cx="{x}" cy="{frame.y(value)}" r="4"/>'
        return made
    path, pen = "", "M"
    for at, value in enumerate(one.values):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{frame.x(at)} {frame.y(value)}"
        pen = "L"
    made += f'<path class="line {one.tone}" d="{path}"/>' if path else ""
    alone = [at for at, value in enumerate(one.values) if value is not None and _alone(one.values, at)]
    return made + "".join(
        f'<circle class="dot {one.tone}" cx="{frame.x(at)}" cy="{frame.y(one.values[at] or 0.0)}" r="3"/>' for at in alone
    )


def _alone(values: Sequence[float | None], at: int) -> bool:
    return (at == 0 or values[at - 1] is None) and (at + 1 == len(values) or values[at + 1] is None)


def _band(frame: _Frame, one: Series) -> str:
    both = [(at, low, high) for at, (low, high) in enumerate(zip(one.low, one.high, strict=True)) if low is not None and high is not None]
    if len(both) < 2:
        return ""
    there = "L".join(f"{frame.x(at)} {frame.y(high)}" for at, _, high in both)
    back = "L".join(f"{frame.x(at)} {frame.y(low)}" for at, low, _ in reversed(both))
    return f'<path class="band {one.tone}" d="M{there}L{back}Z"/>'
