"""One guard for archives that people send (kits, workbooks, office files): what they would unpack to is known before anything is."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable

MOST_ENTRIES = 5000
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ValueError, KeyError),
    *(NotImplementedError, RuntimeError, EOFError, OSError),
)
"""What Python's reader raises of an archive that is damaged, locked or packed in a way of its own: names that are no letters, places before
its beginning, parts that are not there. Whoever opens what people sent catches these and says so."""


def swells(entries: Iterable[zipfile.ZipInfo], most: int, *, most_entries: int = MOST_ENTRIES) -> bool:
    """Whether an archive with these entries unpacks to more than `most` bytes, or holds more than `most_entries` files.

    The sizes are those that its directory states; Python's reader never gives more of an entry than is stated there.

    >>> entry = zipfile.ZipInfo("a"); entry.file_size = 10
    >>> swells([entry], 10), swells([entry, entry], 19), swells([entry, entry], 99, most_entries=1)
    (False, True, True)
    """
    sizes = [entry.file_size for entry in entries]
    return len(sizes) > most_entries or sum(sizes) > most
