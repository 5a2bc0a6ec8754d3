"""Results of earlier inspections, as they were known on a Monday.

Two forms of one thing. A *dense* history has a row for each key and week and joins by equality: for keys with few values (offices, lines,
routes). A *sparse* one has a row only where something became known, and the weeks for which it holds: for keys with many (importers).
Both sum what became known up to the week, each result weighed by `2 ** (-age in weeks / half_life)`.
"""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir

from .settings import Settings

EPOCH = ibis.date("2015-01-05")
"""A Monday; weeks and days are counted from it, so that decayed sums stay within a double's range for any half-life of a week or more."""
NEVER = 1_000_000
BLOCK = 8
"""Weeks in a block: a sparse history has a row for each block that it reaches into, so that a join by key and block has few rows to try."""


def with_time(declarations: ir.Table) -> ir.Table:
    """Add `day`, `week` and `block`, counted from the epoch."""
    day = (declarations.lodged_on.cast("date").epoch_days() - EPOCH.epoch_days()).cast("int32")
    return declarations.mutate(
        day=day,
        week=(day / 7).floor().cast("int32"),
        block=(day / (7 * BLOCK)).floor().cast("int32"),
    )


def results(rows: ir.Table, settings: Settings) -> ir.Table:
    """What inspections found, with the week from which it is `known`: `wn` inspected, `wh` found, `wr` recovered, weighed for decay."""
    known = (((rows.day + settings.delay) / 7).floor() + 1).cast("int32")
    seen = rows.filter(rows.outcome.notnull()).mutate(known=known)
    weight = ibis.literal(2.0) ** (seen.known / settings.half_life)
    return seen.mutate(wn=weight, wh=seen.outcome.ifelse(weight, 0.0), wr=weight * seen.recovered.fill_null(0.0))


def _sums(table: ir.Table) -> dict[str, Any]:
    return {"wn": table.wn.sum(), "wh": table.wh.sum(), "wr": table.wr.sum()}


def dense(seen: ir.Table, keys: ir.Table, weeks: ir.Table, names: tuple[str, ...], settings: Settings) -> ir.Table:
    """For each of `keys` (columns `names`) and each week: `n`, `h` and `r`, decayed to that week."""
    by_week = seen.group_by([*names, "known"]).agg(**_sums(seen))
    grid = keys.cross_join(weeks)
    on = [*(grid[name] == by_week[name] for name in names), grid.week == by_week.known]
    joined = grid.left_join(by_week, on).select(
        **{name: grid[name] for name in names},
        week=grid.week,
        **{name: by_week[name].fill_null(0.0) for name in ("wn", "wh", "wr")},
    )
    return _faded(joined, names, "week", settings)


def _faded(table: ir.Table, names: tuple[str, ...], order: str, settings: Settings) -> ir.Table:
    window = ibis.cumulative_window(group_by=list(names), order_by=order)
    fade = ibis.literal(2.0) ** (-table[order] / settings.half_life)
    return table.select(
        *names,
        order,
        n=table.wn.sum().over(window) * fade,
        h=table.wh.sum().over(window) * fade,
        r=table.wr.sum().over(window) * fade,
    )


def sparse(seen: ir.Table, blocks: ir.Table, name: str) -> ir.Table:
    """For each key and week in which something became known: undecayed-to-epoch sums, the week `until` which they hold, each `block`."""
    by_week = seen.group_by([name, "known"]).agg(**_sums(seen))
    window = ibis.cumulative_window(group_by=name, order_by="known")
    following = by_week.known.lead().over(ibis.window(group_by=name, order_by="known"))
    made = by_week.select(
        name,
        "known",
        until=following.fill_null(NEVER).cast("int32"),
        cn=by_week.wn.sum().over(window),
        ch=by_week.wh.sum().over(window),
        cr=by_week.wr.sum().over(window),
    )
    reached = blocks.rename(reached="block")
    first, last = (made.known / BLOCK).floor(), ((made.until - 1) / BLOCK).floor()
    return made.inner_join(reached, [reached.reached >= first, reached.reached <= last])


def attach(
    rows: ir.Table, side: ir.Table, equal: tuple[tuple[str, str], ...], *, since: tuple[str, str, str, str] | None = None
) -> ir.Table:
    """Left join `side` where its columns equal the rows', and, with `since`, where row column ≥ its start and < its end.

    `since` names the row's column, the side's start, the side's end and how the start compares (`ge` or `gt`; the end is `lt` or `le`).
    A view, because both sides may come from the same rows, and Ibis has to tell them apart.
    """
    side = side.view()
    on: list[Any] = list(equal)
    if since:
        name, start, end, how = since
        on += [rows[name] > side[start], rows[name] <= side[end]] if how == "gt" else [rows[name] >= side[start], rows[name] < side[end]]
    joined = rows.left_join(side, on)
    return joined.select(*joined.columns)


def join_sparse(rows: ir.Table, history: ir.Table, name: str) -> ir.Table:
    """Add `{name}_n`, `{name}_h` and `{name}_r`: as it stood in each row's week, 0 where there is none; `fade` is that week's."""
    side = history.rename(side_key=name)
    joined = attach(rows, side, ((name, "side_key"), ("block", "reached")), since=("week", "known", "until", "ge"))
    added = {f"{name}_{short}": (joined[f"c{short}"] * joined.fade).fill_null(0.0) for short in ("n", "h", "r")}
    return joined.mutate(**added).drop("side_key", "reached", "known", "until", "cn", "ch", "cr")


def shrunk(hits: Any, seen: Any, parent: Any, settings: Settings) -> Any:
    """`(hits + shrink × parent) / (seen + shrink)`: a group's own rate where it has been seen often, else its parent's.

    The posterior mean of a rate under a Beta prior with mean `parent` and weight `shrink`. Source: Efron and Morris, Data analysis using
    Stein's estimator (1975), in the form used for risk tables. Oracle in the tests: the same sums by hand over the rows in Python.
    """
    return (hits + settings.shrink * parent) / (seen + settings.shrink)
