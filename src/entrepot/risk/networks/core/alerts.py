"""Rules that look for a pattern over several declarations; each alert names its rows and says what its rule saw."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from entrepot.kernel.errors import Invalid
from entrepot.risk.measures.core import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Alert:
    """`rule` fired for `key` (what the rows share, of kind `kind`) on `rows`; `score` puts alerts of one rule in order; `seen` in words."""

    rule: str
    kind: str
    key: int
    rows: Ints
    score: float
    seen: str


def splits(
    key: Ints, day: Ints, value: Floats, *, limit: float, window: int = 7, least: int = 3, near: float = 0.5, kind: str = "payer"
) -> list[Alert]:
    """Consignments split to stay under a limit: `least` rows or more of one `key` within `window` days, each from `near` × `limit` up
    to, not including, `limit`, that together exceed it.

    `key` (n,) with -1 for missing, `day` (n,) counted, `value` (n,) in the unit of account. Rows of one alert follow each other with no gap
    longer than the window; the score is `ln(1 + together ÷ limit)`, times the part of the key's rows that lie just under it, times
    `2 window ÷ days` where the run is longer than that: what goes on for months is a business. Raises `Invalid`. Oracle: every window
    tried by brute force.

    >>> found = splits(np.zeros(3, int), np.array([1, 2, 3]), np.array([140.0, 145.0, 130.0]), limit=150)
    >>> found[0].rows.tolist(), found[0].seen
    ([0, 1, 2], '3 consignments from 130.00 to 145.00 within 3 days, together 415.00; the limit is 150.00')
    """
    if limit <= 0 or window < 1 or least < 2 or not 0 <= near < 1:
        raise Invalid({"splits": "limit above 0, window 1 or more, least 2 or more, near from 0 to below 1"})
    under = np.flatnonzero((key >= 0) & (value >= near * limit) & (value < limit))
    order = under[np.lexsort((day[under], key[under]))]
    if not order.size:
        return []
    all_of = np.bincount(key[key >= 0])
    new = np.r_[True, (key[order][1:] != key[order][:-1]) | (day[order][1:] - day[order][:-1] >= window)]
    starts = np.r_[np.flatnonzero(new), len(order)]
    found = []
    for first, last in itertools.pairwise(starts.tolist()):
        if last - first < least:
            continue
        rows = order[first:last]
        together = float(value[rows].sum())
        if together <= limit or not _crowded(day[rows], window, least):
            continue
        share = len(rows) / all_of[key[rows[0]]]
        days = int(day[rows].max() - day[rows].min()) + 1
        score = math.log1p(together / limit) * share * min(1.0, 2 * window / days)
        seen = (
            f"{len(rows)} consignments from {value[rows].min():.2f} to {value[rows].max():.2f} within {days} days, "
            f"together {together:.2f}; the limit is {limit:.2f}"
        )
        found.append(Alert("split-consignment", kind, int(key[rows[0]]), np.sort(rows), score, seen))
    return sorted(found, key=lambda alert: -alert.score)


def _crowded(days: Ints, window: int, least: int) -> bool:
    """Whether some `least` of these ordered days lie within the window."""
    return bool((days[least - 1 :] - days[: len(days) - least + 1] < window).any())


def borrowed(importer: Ints, means: dict[str, Ints], day: Ints, *, least: int = 3, hub: int = 200) -> list[Alert]:
    """Borrowed identities: a telephone or payer that declares for `least` importers or more who otherwise use their own.

    `importer` (n,) and each of `means` (n,) are numbers, -1 for missing. A row counts where its means is not the one its importer uses most
    (or the importer has no other row). The score is the number of importers, times the part of the means' rows that are strangers'. A means
    of more than `hub` importers is a forwarder's. Oracle: counted by hand over dictionaries.

    >>> importer = np.array([0, 0, 1, 1, 2, 2, 0, 1, 2])
    >>> phone = np.array([0, 0, 1, 1, 2, 2, 9, 9, 9])
    >>> borrowed(importer, {"phone": phone}, np.arange(9))[0].rows.tolist()
    [6, 7, 8]
    """
    found: list[Alert] = []
    for kind, number in means.items():
        strange = _strange(importer, number)
        rows = np.flatnonzero(strange)
        if not rows.size:
            continue
        pairs = np.unique(np.column_stack([number[rows], importer[rows]]), axis=0)
        users = np.bincount(pairs[:, 0])
        whole = np.bincount(number[number >= 0], minlength=len(users))
        order = rows[np.argsort(number[rows], kind="stable")]
        cuts = np.flatnonzero(np.r_[True, number[order][1:] != number[order][:-1]])
        for first, last in zip(cuts, np.r_[cuts[1:], len(order)], strict=True):
            its = order[first:last]
            key = int(number[its[0]])
            if not least <= users[key] <= hub:
                continue
            seen = f"{kind} declares for {users[key]} importers who otherwise use another, in {len(its)} of its {whole[key]} declarations"
            found.append(Alert("borrowed-identity", kind, key, np.sort(its), users[key] * len(its) / whole[key], seen))
    return sorted(found, key=lambda alert: -alert.score)


def _strange(importer: Ints, number: Ints) -> Bools:
    """Rows whose means is not the one that their importer uses most (of several used equally, the first stands)."""
    known = number >= 0
    pairs, inverse, counts = np.unique(np.column_stack([importer, number]), axis=0, return_inverse=True, return_counts=True)
    order = np.lexsort((-counts, pairs[:, 0]))
    first = order[np.r_[True, pairs[order][1:, 0] != pairs[order][:-1, 0]]]
    usual = np.full(int(importer.max()) + 1 if importer.size else 0, -1, dtype=np.int64)
    usual[pairs[first, 0]] = pairs[first, 1]
    lone = counts[inverse.ravel()] == np.bincount(importer)[importer]
    several = np.bincount(number[known & lone], minlength=int(number.max()) + 2) if known.any() else np.zeros(1)
    # An importer met only with this means is a stranger to it if others are too: a list of names used once each.
    once = lone & known & (np.bincount(importer)[importer] == 1) & (several[np.maximum(number, 0)] >= 3)
    return np.asarray(known & ((usual[importer] != number) | once))


def rings(importer: Ints, community: Ints, *, least: int = 3, largest: int = 200) -> list[Alert]:
    """Communities of `least` to `largest` importers linked by what they share; the score is their number.

    Oracle: rings planted by hand are found again, each with every row of its importers.
    """
    sizes = np.bincount(community) if community.size else np.array([], dtype=np.int64)
    of_row = community[importer] if importer.size else importer
    order = np.argsort(of_row, kind="stable")
    cuts = np.searchsorted(of_row[order], np.arange(len(sizes) + 1))
    return sorted(
        (
            Alert("shared-means", "community", int(number), np.sort(order[cuts[number] : cuts[number + 1]]), float(sizes[number]), seen)
            for number in np.flatnonzero((sizes >= least) & (sizes <= largest))
            for seen in [f"{sizes[number]} importers linked by addresses, telephones or payers they share"]
        ),
        key=lambda alert: -alert.score,
    )


def precision_of(alerts: list[Alert], true: Bools, top: int) -> float:
    """Of the distinct rows in the first alerts, up to `top` rows, the part that is true; nan without rows. `true` is (n,).

    Oracle: the generator's own truth, beside chance and beside a plain rule.
    """
    rows: list[int] = []
    met: set[int] = set()
    for alert in alerts:
        for row in alert.rows.tolist():
            if row not in met:
                met.add(row)
                rows.append(row)
        if len(rows) >= top:
            break
    return float(true[rows[:top]].mean()) if rows else float("nan")
