"""The features of every declaration, as one table expression over the declarations: the same on DuckDB and on Spark."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from .history import attach, dense, join_sparse, results, shrunk, sparse, with_time
from .settings import CARRIED, FEATURES, Settings

ENTITIES = ("importer", "declarant", "seller", "address", "phone", "payer", "office")
HISTORIES = ("importer", "seller", "payer")
SHARED = ("address", "phone", "payer")
NEVER_DAY = 10_000_000
PRIOR = 0.02
"""The general rate before anything has been inspected."""


def features(declarations: ir.Table, settings: Settings | None = None) -> ir.Table:
    """Features of each declaration from those before it; columns `CARRIED`, then `FEATURES`, one row for each row given.

    `declarations` has the columns of the layout `declarations`. A row's features depend on its own declared columns, on declared columns of
    rows lodged on earlier days, and on results known by its Monday; on nothing else. The proof is `tests/risk/test_features.py`, which
    changes every later row and every later result, and finds the features unchanged.

    One expression, for reading and for small tables. An engine runs the same in three steps, keeping what each made: `prepare`, `sides`,
    `assemble`.
    """
    settings = settings or Settings()
    rows = prepare(declarations, settings, numbered=False)
    return assemble(rows, sides(rows, settings), settings)


def prepare(declarations: ir.Table, settings: Settings, *, numbered: bool) -> ir.Table:
    """What the features need of each declaration: days and weeks counted, results as numbers, logarithms of price and unit mass.

    `numbered` (DuckDB only): names become 64-bit numbers, by which it joins and sorts twice as fast as by text. Two of ten million names
    share a number with a chance of three in a million. What is a feature as it stands takes four bytes from here on.
    """
    rows = with_time(declarations)

    def name_of(column: Any) -> Any:
        return column.notnull().ifelse(_number(column), None) if numbered else column

    names = {name: name_of(rows[name]) for name in ENTITIES}
    departs = rows.departure.fill_null(rows.origin)
    claimed = rows.preference.fill_null(False)
    indirect = (rows.departure != rows.origin).fill_null(False)
    own = {
        "log_value": (rows.value + 1.0).ln(),
        "log_mass": (rows.net_mass + 0.001).ln(),
        "duty_rate": ibis.cases(((rows.value > 0) & rows.duty.notnull(), rows.duty / rows.value)),
        "minimis_part": ibis.least(rows.value / settings.de_minimis, 10.0),
        "preference": claimed.ifelse(1.0, 0.0),
        "indirect": indirect.ifelse(1.0, 0.0),
        "claimed_indirect": (claimed & indirect).ifelse(1.0, 0.0),
        "weekday": rows.day - rows.week * 7,
        "words": rows.description.fill_null("").length(),
        "by_post": (rows.transport == "post").fill_null(False).ifelse(1.0, 0.0),
    }
    return rows.select(
        *(name for name in CARRIED if name not in ENTITIES),
        *("day", "week", "block", "hs6"),
        **names,
        office_name=rows.office,
        origin=name_of(rows.origin),
        departs=name_of(departs),
        price=_log_ratio(rows.value, rows.net_mass),
        unit=_log_ratio(rows.net_mass, rows.quantity),
        **{name: value.cast("float32") for name, value in own.items()},
    )


@ibis.udf.scalar.builtin(name="hash")  # type: ignore[untyped-decorator]
def _number(text: str) -> dt.uint64:
    """DuckDB's hash as it is: Ibis' own goes through a text of bits to get its sign."""


def sides(rows: ir.Table, settings: Settings) -> dict[str, ir.Table]:
    """The histories that the rows are joined with, by name, each from the prepared rows alone."""
    rows = rows.mutate(hs4=rows.hs6.substr(0, 4), chapter=rows.hs6.substr(0, 2))
    seen = results(rows, settings)
    weeks = rows.select("week").distinct()
    made = {
        "lines": _lines(rows, seen, weeks, settings),
        "routes": _routes(rows, seen, weeks, settings),
        "office": _group(rows, seen, weeks, "office", settings),
        "declarant": _group(rows, seen, weeks, "declarant", settings),
        "velocity": _velocity(rows, settings),
        "first": rows.group_by("importer").agg(first_day=rows.day.min()),
    }
    blocks = rows.select("block").distinct()
    made |= {f"history_{name}": sparse(seen, blocks, name) for name in HISTORIES}
    return made | {f"shared_{name}": _shared(rows, name) for name in SHARED}


def assemble(rows: ir.Table, made: dict[str, ir.Table], settings: Settings) -> ir.Table:
    """The features, from the prepared rows and their histories."""
    rows = _join_small(rows, made["lines"], ("hs6",))
    rows = _join_small(rows, made["routes"], ("departs", "origin"))
    rows = _join_small(rows, made["office"], ("office",))
    rows = _join_small(rows, made["declarant"], ("declarant",))
    rows = attach(rows, made["first"].rename(side_key="importer"), (("importer", "side_key"),)).drop("side_key")
    velocity = made["velocity"].rename(side_key="payer", side_day="day")
    rows = attach(rows, velocity, (("payer", "side_key"), ("day", "side_day"))).drop("side_key", "side_day")
    for name in HISTORIES:
        rows = join_sparse(rows, made[f"history_{name}"], name)
    for name in SHARED:
        rows = _join_shared(rows, made[f"shared_{name}"], name)
    return _final(rows, settings)


def _log_ratio(above: Any, below: Any) -> Any:
    return ibis.cases(((above > 0) & (below > 0), (above / below).ln()))


def _join_small(rows: ir.Table, small: ir.Table, names: tuple[str, ...]) -> ir.Table:
    side = small.rename(**{f"side_{name}": name for name in (*names, "week")})
    equal = tuple((name, f"side_{name}") for name in (*names, "week"))
    return attach(rows, side, equal).drop(*(f"side_{name}" for name in (*names, "week")))


def _general(seen: ir.Table, weeks: ir.Table, settings: Settings) -> ir.Table:
    """The general rate as known in each week: columns `week`, `base`."""
    one = weeks.limit(1).select(all=ibis.literal(1))
    whole = dense(seen.mutate(all=ibis.literal(1)), one, weeks, ("all",), settings)
    return whole.select("week", base=((whole.h + PRIOR) / (whole.n + 1.0)))


def _group(rows: ir.Table, seen: ir.Table, weeks: ir.Table, name: str, settings: Settings) -> ir.Table:
    """`{name}_rate` for each value of `name` and week."""
    keys = rows.select(name).filter(lambda t: t[name].notnull()).distinct()
    history = dense(seen, keys, weeks, (name,), settings)
    base = _general(seen, weeks, settings)
    joined = history.inner_join(base, "week")
    return joined.select(name, "week", **{f"{name}_rate": shrunk(joined.h, joined.n, joined.base, settings)})


def _lines(rows: ir.Table, seen: ir.Table, weeks: ir.Table, settings: Settings) -> ir.Table:
    """For each HS line and week: rates down the hierarchy, the general rate, the week's `fade`, and its peers' prices some weeks before."""
    keys = rows.select("hs6", "hs4", "chapter").distinct()
    base = _general(seen, weeks, settings)
    chapter = dense(seen, keys.select("chapter").distinct(), weeks, ("chapter",), settings).inner_join(base, "week")
    chapter = chapter.select("chapter", "week", "base", chapter_rate=shrunk(chapter.h, chapter.n, chapter.base, settings))
    heading = dense(seen, keys.select("hs4", "chapter").distinct(), weeks, ("hs4", "chapter"), settings)
    heading = heading.inner_join(chapter, ["chapter", "week"])
    heading = heading.select(
        "hs4", "chapter", "week", "base", "chapter_rate", hs4_rate=shrunk(heading.h, heading.n, heading.chapter_rate, settings)
    )
    line = dense(seen, keys, weeks, ("hs6", "hs4", "chapter"), settings).inner_join(heading, ["hs4", "chapter", "week"])
    line = line.select(
        *("hs6", "hs4", "week", "base", "chapter_rate", "hs4_rate"),
        hs6_rate=shrunk(line.h, line.n, line.hs4_rate, settings),
    )
    line = line.mutate(block=(line.week / settings.peer_weeks).floor().cast("int32"))
    near = _peers(rows, "hs6", settings)
    lacking = line.select("hs6", "hs4", "block").distinct().anti_join(near, ["hs6", "block"]).select("hs4", "block").distinct()
    wide = _peers(rows, "hs4", settings, where=lacking)
    near = near.rename(near_block="block", near_key="hs6")
    line = attach(line, near, (("hs6", "near_key"), ("block", "near_block")))
    wide = wide.rename(wide_middle="middle", wide_spread="spread", wide_unit="unit_middle", wide_block="block", wide_key="hs4")
    line = attach(line, wide, (("hs4", "wide_key"), ("block", "wide_block")))
    return line.select(
        *("hs6", "week", "base", "chapter_rate", "hs4_rate", "hs6_rate"),
        fade=ibis.literal(2.0) ** (-line.week / settings.half_life),
        middle=ibis.coalesce(line.middle, line.wide_middle),
        spread=ibis.coalesce(line.spread, line.wide_spread),
        unit_middle=ibis.coalesce(line.unit_middle, line.wide_unit),
    )


def _peers(rows: ir.Table, name: str, settings: Settings, *, where: ir.Table | None = None) -> ir.Table:
    """Median and robust standard deviation (interquartile range ÷ 1.349) of log price in each block of weeks, for the block after it.

    Only where there were at least eight peers, and only for the names and blocks `where` if given. Source of the constant: the quartiles
    of a normal distribution lie ±0.6745 σ from its mean.
    """
    block = (rows.week / settings.peer_weeks).floor().cast("int32") + 1
    priced = rows.filter(rows.price.notnull()).mutate(block=block)
    if where is not None:
        priced = priced.semi_join(where, [name, "block"])
    # One list of quartiles: three quantiles apart would gather the prices three times.
    peers = priced.group_by([name, "block"]).agg(
        count=priced.count(), quartiles=priced.price.quantile([0.25, 0.5, 0.75]), unit_middle=priced.unit.quantile(0.5)
    )
    low, middle, high = (peers.quartiles[at] for at in range(3))
    return peers.filter(peers["count"] >= 8).select(
        name, "block", "unit_middle", middle=middle, spread=ibis.greatest((high - low) / 1.349, 0.05)
    )


def _routes(rows: ir.Table, seen: ir.Table, weeks: ir.Table, settings: Settings) -> ir.Table:
    keys = rows.select("departs", "origin").distinct()
    base = _general(seen, weeks, settings)
    origin = dense(seen, keys.select("origin").distinct(), weeks, ("origin",), settings).inner_join(base, "week")
    origin = origin.select("origin", "week", origin_rate=shrunk(origin.h, origin.n, origin.base, settings))
    route = dense(seen, keys, weeks, ("departs", "origin"), settings).inner_join(origin, ["origin", "week"])
    return route.select("departs", "origin", "week", "origin_rate", route_rate=shrunk(route.h, route.n, route.origin_rate, settings))


def _velocity(rows: ir.Table, settings: Settings) -> ir.Table:
    """For each payer and day: how many declarations and what value in the days before."""
    days = rows.filter(rows.payer.notnull()).group_by(["payer", "day"]).agg(count=lambda t: t.count(), value=rows.value.sum())
    window = ibis.range_window(preceding=(settings.velocity_days, 1), group_by="payer", order_by="day")
    return days.select(
        "payer",
        "day",
        payer_count=days["count"].sum().over(window).fill_null(0).cast("float64"),
        payer_value=days.value.sum().over(window).fill_null(0.0),
    )


def _shared(rows: ir.Table, name: str) -> ir.Table:
    """`{name}_importers`: importers that used this `name` on an earlier day, less one, at least 0.

    Names that only ever had one importer are left out of the side table to keep it small. They may look ahead to know that, but the
    answer for them is 0 either way: with at most one importer before, the count less one is 0.
    """
    pairs = rows.filter(rows[name].notnull()).group_by([name, "importer"]).agg(first_day=rows.day.min())
    several = pairs.group_by(name).having(lambda t: t.count() > 1).agg(importers=pairs.count())
    days = pairs.semi_join(several, name).group_by([name, "first_day"]).agg(new=lambda t: t.count())
    window = ibis.window(group_by=name, order_by="first_day")
    return days.select(
        side_key=days[name],
        since=days.first_day,
        until=days.first_day.lead().over(window).fill_null(NEVER_DAY),
        so_far=days.new.sum().over(ibis.cumulative_window(group_by=name, order_by="first_day")),
    )


def _join_shared(rows: ir.Table, steps: ir.Table, name: str) -> ir.Table:
    joined = attach(rows, steps, ((name, "side_key"),), since=("day", "since", "until", "gt"))
    others = ibis.greatest(joined.so_far.fill_null(1) - 1, 0).cast("float64")
    return joined.mutate(**{f"{name}_importers": others}).drop("side_key", "since", "until", "so_far")


def _final(rows: ir.Table, settings: Settings) -> ir.Table:
    base = rows.base
    made = {
        "importer_rate": shrunk(rows.importer_h, rows.importer_n, base, settings),
        "importer_seen": rows.importer_n,
        # The first day of all is never after the row's own, so no later row can move it.
        "importer_age": (rows.day - rows.first_day).cast("float64"),
        "importer_recovered": (rows.importer_r + 1.0).ln(),
        "seller_rate": shrunk(rows.seller_h, rows.seller_n, base, settings),
        "seller_seen": rows.seller_n,
        "payer_rate": shrunk(rows.payer_h, rows.payer_n, base, settings),
        "declarant_rate": rows.declarant_rate.fill_null(base),
        "price_gap": rows.price - rows.middle,
        "price_score": (rows.price - rows.middle) / rows.spread,
        "unit_gap": rows.unit - rows.unit_middle,
        "peer_spread": rows.spread,
        "payer_count": rows.payer_count.fill_null(0.0),
        "payer_value": (rows.payer_value.fill_null(0.0) + 1.0).ln(),
    }
    carried = {name: rows.office_name if name == "office" else rows[name] for name in CARRIED}
    # Four bytes each: what follows are trees and sums of products, which see no more.
    return rows.select(
        **carried, **{name: made.get(name, (rows[name] if name in rows.columns else ibis.null())).cast("float32") for name in FEATURES}
    )
