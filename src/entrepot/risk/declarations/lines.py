"""Lines of a CSV file, one by one: which are rows, which are none, and why. What DuckDB gives up on is parted here, so that no row is lost.

A quotation mark that is not closed makes a reader of CSV take all that follows for one cell. Such a mark is an odd number of marks in a
line: `looks_whole` counts them, and the number of lines, in one pass. Where it does not hold, or DuckDB read another number of rows,
`part` reads line by line: every line of the file is among the rows, a part of one, or rejected.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from entrepot.kernel.errors import DomainError

JOINED = 50
"""Lines that one row may have: a description with line ends in it."""
LONGEST = 16_000_000
"""Characters of a line; more is no row."""


class Unreadable(DomainError):
    """The file cannot be read as what its name says."""

    code = "unreadable"


@dataclass(slots=True)
class Rejects:
    """Lines that are no rows, as columns: the row in the file (titles not counted), why, what stood there."""

    rows: list[int] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)

    def add(self, row: int, reason: str, content: str) -> None:
        """Reject a line."""
        self.rows.append(row)
        self.reasons.append(f"the line cannot be read: {reason}; ")
        self.contents.append(content[:2000])


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of the file without their ends, unpacked where it is packed."""
    with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as file:
        head = file.read(65_536)
        file.seek(0)
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable("%(path)s is saved as UTF-16 (Unicode text). Save it as CSV UTF-8.", path=path)
        lines = _of_old_macs(file) if b"\r" in head and b"\n" not in head else iter(file)
        for number, line in enumerate(lines):
            text = line.rstrip(b"\r\n")
            yield text.removeprefix(b"\xef\xbb\xbf") if number == 0 else text


def _of_old_macs(file: BinaryIO | gzip.GzipFile) -> Iterator[bytes]:
    return (line.encode("latin-1") for line in io.TextIOWrapper(file, "latin-1", newline="\r"))  # type: ignore[arg-type]


def looks_whole(path: Path) -> tuple[bool, int]:
    """(whether every line closes its quotation marks, how many lines there are that are not empty)."""
    whole, count = True, 0
    for line in _lines(path):
        count += line != b""
        if line.count(b'"') & 1 or b"\x00" in line:
            whole = False
    return whole, count


def require_whole(path: Path) -> None:
    """Refuse a file that another command wrote and that was damaged since. Raises `Unreadable` naming the line."""
    for number, line in enumerate(_lines(path), 1):
        if line.count(b'"') & 1 or b"\x00" in line:
            raise Unreadable("%(path)s, line %(line)s: a quotation mark is not closed, or the line holds NUL.", path=path, line=number)


def part(path: Path, out: Any, row_title: str) -> Rejects:
    """Write the rows as clean CSV to `out`, each after its number (titles not counted); return the lines that are none.

    Raises `Unreadable` where the line of titles is none.
    """
    lines = _Ahead(_lines(path))
    titles = _titles(path, lines)
    writer, rejects = csv.writer(out), Rejects()
    writer.writerow([row_title, *titles])
    while lines.more():
        number, line = lines.take()
        if line == b"":
            continue
        try:
            cells = _joined(line, lines, len(titles))
        except ValueError as error:
            rejects.add(number, str(error), line.decode("utf-8", "replace"))
        else:
            writer.writerow([number, *cells])
    return rejects


class _Ahead:
    """Lines with their numbers, of which some can be looked at before they are taken."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._seen, self._number = lines, deque[bytes](), -1

    def more(self) -> bool:
        return bool(self.peek(1))

    def take(self) -> tuple[int, bytes]:
        self._number += 1
        return self._number, self._seen.popleft()

    def peek(self, count: int) -> list[bytes]:
        while len(self._seen) < count and (line := next(self._lines, None)) is not None:
            self._seen.append(line)
        return [self._seen[at] for at in range(min(count, len(self._seen)))]


def _titles(path: Path, lines: _Ahead) -> list[str]:
    try:
        while lines.more():
            _, line = lines.take()
            if line:
                return _cells(_text(line))
    except ValueError as error:
        raise Unreadable("%(path)s: the line of titles cannot be read: %(why)s", path=path, why=error) from None
    raise Unreadable("%(path)s is empty.", path=path)


def _joined(line: bytes, lines: _Ahead, width: int) -> list[str]:
    """The cells of the row that begins here, its further lines taken. Raises `ValueError`."""
    text = _text(line)
    if not _is_open(text):
        return _of_width(_cells(text), width)
    further: list[str] = []
    for raw in lines.peek(JOINED):
        further.append(_text(raw))
        whole = "\n".join([text, *further])
        if _is_open(whole):
            continue
        cells = _of_width(_cells(whole), width)
        # As many separators as a row has, in a cell of several lines: a mark that is too much swallowed the rows in between.
        if any("\n" in cell and cell.count(",") >= width - 1 for cell in cells):
            break
        for _ in further:
            lines.take()
        return cells
    raise ValueError(_OPEN)


_OPEN = "a quotation mark is not closed, or stands inside a cell"


def _text(line: bytes) -> str:
    if len(line) > LONGEST:
        msg = "it is too long"
        raise ValueError(msg)
    if b"\x00" in line:
        msg = "it holds NUL"
        raise ValueError(msg)
    try:
        return line.decode()
    except UnicodeDecodeError:
        msg = "its letters are not in UTF-8"
        raise ValueError(msg) from None


def _is_open(text: str) -> bool:
    try:
        next(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ValueError("a cell is too long" if "limit" in str(error) else _OPEN) from None


def _of_width(cells: list[str], width: int) -> list[str]:
    if len(cells) != width:
        msg = f"it has {len(cells)} cells, the titles are {width}"
        raise ValueError(msg)
    return cells
