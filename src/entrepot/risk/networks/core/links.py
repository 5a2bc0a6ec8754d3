"""Who is linked to whom: importers that share an address, a telephone or a payer, and the communities they form."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from entrepot.risk.measures.core import Ints


@dataclass(frozen=True, slots=True)
class Links:
    """Pairs of importers (numbers) that share something, each pair once, with the number of things shared."""

    one: Ints
    other: Ints
    weight: Ints
    count: int


def links(importer: Ints, shared: list[Ints], *, hub: int = 50) -> Links:
    """Links from rows: `importer` (n,) and, for each kind of thing, its number in each row (n,), -1 where missing.

    A thing used by more than `hub` importers (a forwarder's address) says nothing about them and is left out. Cost: the sum over things of
    the square of its importers, at most `hub` times the rows. Oracle: networkx over the same pairs.
    """
    count = int(importer.max()) + 1 if importer.size else 0
    table = sparse.csr_matrix((count, count), dtype=np.int64)
    for thing in shared:
        known = thing >= 0
        if not known.any():
            continue
        pairs = np.unique(np.column_stack([importer[known], thing[known]]), axis=0)
        users = np.bincount(pairs[:, 1])
        few = (users[pairs[:, 1]] > 1) & (users[pairs[:, 1]] <= hub)
        who, what = pairs[few, 0], pairs[few, 1]
        made = sparse.csr_matrix((np.ones(len(who), dtype=np.int64), (who, what)), shape=(count, len(users)))
        table = table + made @ made.T
    upper = sparse.triu(table, k=1).tocoo()
    return Links(upper.row.astype(np.int64), upper.col.astype(np.int64), upper.data.astype(np.int64), count)


def components(found: Links) -> Ints:
    """The connected component of each importer, (importers,): those that hang together however remotely.

    >>> components(Links(np.array([0]), np.array([1]), np.array([1]), 3)).tolist()
    [0, 0, 1]

    Oracle: `networkx.connected_components`.
    """
    if not found.count:
        return np.array([], dtype=np.int64)
    table = sparse.csr_matrix((found.weight, (found.one, found.other)), shape=(found.count, found.count))
    return np.asarray(csgraph.connected_components(table, directed=False)[1], dtype=np.int64)


def communities(found: Links, *, seed: int, largest: int = 30) -> Ints:
    """The community of each importer, (importers,): components, and inside those of more than `largest` the parts that Louvain's method
    finds.

    Source: Blondel, Guillaume, Lambiotte and Lefebvre, Journal of Statistical Mechanics (2008). Oracle: planted rings that are found again.
    """
    label = components(found)
    sizes = np.bincount(label) if label.size else np.array([], dtype=np.int64)
    big = np.flatnonzero(sizes > largest)
    following = len(sizes)
    for number in big:
        inside = label[found.one] == number
        graph = nx.Graph()
        graph.add_weighted_edges_from(
            zip(found.one[inside].tolist(), found.other[inside].tolist(), found.weight[inside].tolist(), strict=True)
        )
        for part in nx.community.louvain_communities(graph, seed=seed):
            label[list(part)] = following
            following += 1
    return np.unique(label, return_inverse=True)[1].ravel().astype(np.int64) if label.size else label
