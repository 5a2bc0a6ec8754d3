"""The picture of a workshop's reach: the workshop, its Members, their officers who taught, and the colleagues as dots.

A filled dot is a colleague who confirmed, an empty one was only claimed; a row of dots ends in a number where there are many.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string

from .core import Branch, Reach

ROW, STEP, DOT, MOST = 26, 18, 11, 14
"""Height of a line, indent of a step, distance of dots, dots shown; in units of the picture."""


def drawn(title: str, whole: Reach, members: Sequence[tuple[dict[str, Any], Sequence[tuple[str, Branch]]]]) -> str:
    """The picture as SVG, tall and narrow so that a phone shows it whole. Names stand in it for those only whom the page names."""
    lines: list[dict[str, Any]] = [_line(0, title, whole.claimed, whole.confirmed, root=True)]
    for row, officers in members:
        if row["claimed"] == 0 and row["confirmed"] == 0:
            continue
        lines.append(_line(1, row["name"], row["claimed"], row["confirmed"]))
        for name, branch in officers:
            lines += _branch(2, name, branch)
    for number, line in enumerate(lines):
        line["y"] = number * ROW + 16
        parent = next((other for other in reversed(lines[:number]) if other["depth"] < line["depth"]), None)
        line["up"] = parent["y"] if parent else None
        line["px"] = parent["x"] if parent else None
    return render_to_string("evaluation/_reach.html", {"lines": lines, "height": len(lines) * ROW + 8, "title": title})


def _branch(depth: int, name: str, branch: Branch) -> list[dict[str, Any]]:
    lines = [_line(depth, name, branch.claimed, branch.confirmed)]
    for below in branch.branches:
        lines += _branch(depth + 1, "", below)
    return lines


def _line(depth: int, name: str, claimed: int | None, confirmed: int | None, *, root: bool = False) -> dict[str, Any]:
    x, room = 10 + depth * STEP, 58 if root else 26 - 2 * depth
    shown = min(claimed or 0, MOST)
    sure = min(confirmed or 0, shown) if claimed and claimed <= MOST else round(MOST * (confirmed or 0) / claimed) if claimed else 0
    dots = [{"x": 214 + number * DOT, "sure": number < sure} for number in range(0 if root else shown)]
    return {
        "depth": depth,
        "x": x,
        "tx": x + 12,
        "name": name if len(name) < room else name[: room - 1] + "…",
        "claimed": claimed,
        "confirmed": confirmed,
        "dots": dots,
        "root": root,
    }
