"""One guard for archives that people send (kits, workbooks, office files): what they would unpack to is known before anything is.

Python's reader believes an archive too much for that: it reads the whole list of contents at once, unpacks all of a part to give the few
bytes that are stated of it, and of other packings than the usual one a whole piece, whatever is asked for. So whoever reads what people
sent opens it with `opened` and takes parts out with `part`.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

MOST_ENTRIES = 5000
LONGEST_LIST = 400 * MOST_ENTRIES
"""Bytes of the list of contents, long names and all."""
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, KeyError),
    *(NotImplementedError, RuntimeError, EOFError, OSError),
)
"""What Python's reader raises of an archive that is damaged, locked or packed in a way of its own: names that are no letters, places before
its beginning, parts that are not there. Whoever opens what people sent catches these and says so."""


@contextmanager
def opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """An archive, to be looked into. Raises one of `BROKEN`, also for one whose list of contents alone is longer than any of ours."""
    found = zipfile._EndRecData(file)  # type: ignore[attr-defined]
    if found and found[_SIZE_OF_LIST] > LONGEST_LIST:
        raise zipfile.BadZipFile
    with zipfile.ZipFile(file) as packed:
        yield packed


_SIZE_OF_LIST = 5


def part(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    """What one part holds, at most so many bytes, and never more than that unpacked. Raises one of `BROKEN`."""
    entry = packed.getinfo(name)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or entry.file_size > most:
        raise zipfile.BadZipFile
    with packed.open(entry) as packet:
        # Asked for a number of bytes it unpacks no more; asked for all, it unpacks all there is and cuts that.
        return packet.read(entry.file_size)


def unpacked(packed: zipfile.ZipFile, most: int) -> io.BytesIO:
    """The same archive with its parts as they are, for a reader that asks for all. Raises one of `BROKEN`."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as whole:
        for name in dict.fromkeys(packed.namelist()):
            whole.writestr(zipfile.ZipInfo(name), part(packed, name, most))
    return plain


def swells(entries: Iterable[zipfile.ZipInfo], most: int, *, most_entries: int = MOST_ENTRIES) -> bool:
    """Whether an archive with these entries states that it unpacks to more than `most` bytes, or holds more than `most_entries` files.

    >>> entry = zipfile.ZipInfo("a"); entry.file_size = 10
    >>> swells([entry], 10), swells([entry, entry], 19), swells([entry, entry], 99, most_entries=1)
    (False, True, True)
    """
    sizes = [entry.file_size for entry in entries]
    return len(sizes) > most_entries or sum(sizes) > most
