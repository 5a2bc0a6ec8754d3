"""Plots, as SVG or PNG by the file's ending: one plain look, every series told apart by mark and dash as well as by colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from entrepot.kernel.errors import DomainError

from .core import Bin, Interval

COLOURS = ("#005ea5", "#b3541e", "#00703c", "#6f2c91", "#4d4d4d")
MARKS = ("o", "s", "^", "D", "v")
DASHES: tuple[Any, ...] = ("-", "--", "-.", ":", (0, (5, 1)))


class UnknownPlot(DomainError):
    """The file's ending names no kind of picture that is made."""

    code = "unknown-plot"
    message = "%(path)s: a plot is written as .svg or .png."


def _figure(title: str, x: str, y: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(7.2, 4.4), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.grid(visible=True, color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _save(figure: Figure, path: Path) -> None:
    if path.suffix not in (".svg", ".png"):
        raise UnknownPlot(path=path)
    # No date and no random identifiers, so that the same figures give the same file.
    with mpl.rc_context({"svg.hashsalt": "entrepot", "svg.fonttype": "none"}):
        if path.suffix == ".svg":
            FigureCanvasSVG(figure).print_svg(path, metadata={"Date": None})
        else:
            FigureCanvasAgg(figure).print_png(path)


def _percent(axes: Any, *, x: bool = False, y: bool = False) -> None:
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415  # beside its only use

    if x:
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    if y:
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def plot_precision(path: Path, series: Mapping[str, Sequence[tuple[float, Interval]]], *, base: float) -> None:
    """Hit rate against the part inspected, with intervals; `base` is what inspecting at random would find."""
    figure, axes = _figure(
        "What inspections find, by how much is inspected", "part of declarations inspected", "part of inspections that find"
    )
    for number, (name, points) in enumerate(series.items()):
        shares = [share for share, _ in points]
        axes.plot(
            shares, [found.estimate for _, found in points], color=COLOURS[number % 5], marker=MARKS[number % 5], linestyle=DASHES[number
            % 5], label=name,
        )  # fmt: skip
        axes.fill_between(
            shares, [f.low for _, f in points], [f.high for _, f in points], color=COLOURS[number % 5], alpha=0.15, linewidth=0
        )
    axes.axhline(base, color="#767676", linewidth=1, label="at random")
    axes.set_ylim(0, None)
    _percent(axes, x=True, y=True)
    axes.legend(frameon=False)
    _save(figure, path)


def plot_calibration(path: Path, bins: Sequence[Bin]) -> None:
    """What was found against the mean score, in groups of equal size; on the line, scores mean what they say."""
    figure, axes = _figure("Do scores mean what they say?", "mean score of the group", "part found, 95 % interval")
    top = max([1e-3, *(one.score for one in bins), *(one.found.high for one in bins)]) * 1.05
    axes.plot([0, top], [0, top], color="#767676", linewidth=1)
    heights = [one.found.estimate for one in bins]
    error = [
        [max(0.0, one.found.estimate - one.found.low) for one in bins],
        [max(0.0, one.found.high - one.found.estimate) for one in bins],
    ]
    axes.errorbar([one.score for one in bins], heights, yerr=error, fmt="o", color=COLOURS[0], capsize=3, markersize=5)
    axes.set_xlim(0, top)
    axes.set_ylim(0, top)
    _percent(axes, x=True, y=True)
    _save(figure, path)


def plot_weeks(
    path: Path, series: Mapping[str, Sequence[float | None]], *, title: str, y: str, marks: Mapping[int, str] | None = None
) -> None:
    """One line for each name over weeks, smoothed over five of them; `marks` names weeks at which something began."""
    figure, axes = _figure(title, "week", y)
    for number, (name, values) in enumerate(series.items()):
        smooth = [_mean(values[max(0, at - 2) : at + 3]) for at in range(len(values))]
        axes.plot(range(len(smooth)), smooth, color=COLOURS[number % 5], linestyle=DASHES[number % 5], label=name, linewidth=1.8)
    axes.set_ylim(0, None)
    _percent(axes, y=True)
    for week, words in (marks or {}).items():
        axes.axvline(week, color="#767676", linewidth=1)
        axes.annotate(f" {words}", (week, 0.02), xycoords=("data", "axes fraction"), fontsize=9, color="#4d4d4d", rotation=90, va="bottom")
    axes.legend(frameon=False, loc="best")
    _save(figure, path)


def _mean(values: Sequence[float | None]) -> float:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else float("nan")


def plot_points(path: Path, points: Sequence[tuple[float, Interval]], *, title: str, x: str, y: str, log: bool = False) -> None:
    """Points with intervals, joined: a learning curve (rows against quality) or a rate over time (drift)."""
    figure, axes = _figure(title, x, y)
    places = [place for place, _ in points]
    heights = [found.estimate for _, found in points]
    error = [
        [max(0.0, found.estimate - found.low) for _, found in points],
        [max(0.0, found.high - found.estimate) for _, found in points],
    ]
    axes.errorbar(places, heights, yerr=error, fmt="o-", color=COLOURS[0], capsize=3, markersize=5)
    if log:
        axes.set_xscale("log")
        axes.set_xticks(places, [f"{place:,.0f}" for place in places])
        axes.minorticks_off()
    _save(figure, path)


__all__ = ["UnknownPlot", "plot_calibration", "plot_points", "plot_precision", "plot_weeks"]
