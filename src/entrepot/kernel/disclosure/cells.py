"""Keeping small groups of people from being worked out of published figures, now or beside anything published before.

People fall into *atoms*: groups that no figure divides (who answered, of one Member, at one activity). A published figure is a *cell*:
a set of atoms and how many people are in it. Whoever has all cells can subtract them from each other, solve them as equations, and use
that no group is smaller than nothing. The guard does the same before a cell is published, and withholds it where something under five
would come out that did not come out before (law 5 of the house; the terms are those of cell suppression, e.g. A. Hundepool and others,
Statistical Disclosure Control, 2012, chapter 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .fewest import FEWEST

_MOST_SETS = 600
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A published figure: how many people are in these atoms together."""

    atoms: frozenset[str]
    value: int


class Guard:
    """Admits cells one after the other, knowing those that were published before: in editions (`known`), and elsewhere.

    What is said elsewhere may give a group away already; our own figures must not do that alone, and must not add to it.
    """

    def __init__(self, known: Iterable[Cell], elsewhere: Iterable[Cell] = ()) -> None:
        self.cells = _different(known)
        self.elsewhere = _different(elsewhere)
        self._alone, self._with = solved(self.cells), solved([*self.cells, *self.elsewhere])

    def admits(self, cell: Cell) -> bool:
        """Whether `cell` may be published; it then counts as published. A cell under five never may, nor one that gives one away."""
        if cell in self.cells:
            return True
        if not cell.atoms or cell.value < FEWEST:
            return False
        alone = solved([*self.cells, cell])
        if alone - self._alone:
            return False
        together = solved([*self.cells, cell, *self.elsewhere])
        if together - self._with:
            return False
        self.cells.append(cell)
        self._alone, self._with = alone, together
        return True


def _different(cells: Iterable[Cell]) -> list[Cell]:
    return list(dict.fromkeys(cell for cell in cells if cell.atoms))


def solved(cells: Sequence[Cell]) -> frozenset[frozenset[str]]:
    """The groups under five (nobody included) that can be worked out of `cells`.

    By subtracting figures from each other, by solving them as equations, and by narrowing what each group can be until nothing moves.
    Only cells that hang together by their atoms are looked at together.

    >>> whole, part = Cell(frozenset("abc"), 12), Cell(frozenset("ab"), 9)
    >>> [sorted(group) for group in solved([whole, part])]
    [['c']]
    """
    found: set[frozenset[str]] = set()
    for group in _together(cells):
        found |= _by_difference(group) | _by_equations(group)
    return frozenset(found)


def _together(cells: Sequence[Cell]) -> list[list[Cell]]:
    """The cells, parted into those that share no atom."""
    parts: list[tuple[set[str], list[Cell]]] = []
    for cell in cells:
        atoms, members = set(cell.atoms), [cell]
        apart = []
        for other, held in parts:
            if other & atoms:
                atoms |= other
                members += held
            else:
                apart.append((other, held))
        parts = [*apart, (atoms, members)]
    return [members for _, members in parts]


def _by_difference(cells: Sequence[Cell]) -> set[frozenset[str]]:
    """What is left where one group lies within another, again and again."""
    known: dict[frozenset[str], int] = {cell.atoms: cell.value for cell in cells}
    fresh = list(known)
    while fresh and len(known) < _MOST_SETS:
        found: dict[frozenset[str], int] = {}
        for one in fresh:
            for other in list(known):
                for small, large in ((one, other), (other, one)):
                    if small < large and (rest := large - small) not in known:
                        found[rest] = known[large] - known[small]
        known |= found
        fresh = list(found)
    return {atoms for atoms, value in known.items() if value < FEWEST}


def _by_equations(cells: Sequence[Cell]) -> set[frozenset[str]]:
    """What the cells say of each group that they do not divide further: by elimination, and by what each can be at least and at most."""
    classes = _classes(cells)
    rows = [([index for index, group in enumerate(classes) if group <= cell.atoms], cell.value) for cell in cells]
    found = _eliminated(rows, len(classes)) | _narrowed(rows, len(classes))
    return {classes[index] for index in found}


def _classes(cells: Sequence[Cell]) -> list[frozenset[str]]:
    """Atoms that no cell tells apart, together."""
    by_cells: dict[tuple[bool, ...], set[str]] = {}
    for atom in sorted(set().union(*(cell.atoms for cell in cells))):
        by_cells.setdefault(tuple(atom in cell.atoms for cell in cells), set()).add(atom)
    return [frozenset(atoms) for atoms in by_cells.values()]


def _eliminated(rows: Sequence[tuple[list[int], int]], columns: int) -> set[int]:
    """The columns that Gauss and Jordan's elimination leaves with one value, under five."""
    table = [[Fraction(index in members) for index in range(columns)] + [Fraction(value)] for members, value in rows]
    at = 0
    for column in range(columns):
        pivot = next((row for row in range(at, len(table)) if table[row][column]), None)
        if pivot is None:
            continue
        table[at], table[pivot] = table[pivot], table[at]
        lead = table[at][column]
        table[at] = [value / lead for value in table[at]]
        for row in range(len(table)):
            if row != at and table[row][column]:
                factor = table[row][column]
                table[row] = [value - factor * base for value, base in zip(table[row], table[at], strict=True)]
        at += 1
    alone = ([index for index in range(columns) if row[index]] for row in table[:at])
    return {members[0] for members, row in zip(alone, table, strict=False) if len(members) == 1 and row[-1] < FEWEST}


def _narrowed(rows: Sequence[tuple[list[int], int]], columns: int) -> set[int]:
    """The columns whose least and most meet under five, as nothing is less than nobody."""
    least, most = [0] * columns, [min((value for members, value in rows if index in members), default=0) for index in range(columns)]
    for _ in range(_ROUNDS):
        moved = False
        for members, value in rows:
            low, high = sum(least[i] for i in members), sum(most[i] for i in members)
            for index in members:
                up, down = value - (low - least[index]), value - (high - most[index])
                if up < most[index]:
                    most[index], moved = up, True
                    high = sum(most[i] for i in members)
                if down > least[index]:
                    least[index], moved = down, True
                    low = sum(least[i] for i in members)
        if not moved:
            break
    return {index for index in range(columns) if least[index] >= most[index] and most[index] < FEWEST}
