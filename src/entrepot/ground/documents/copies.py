"""The contents as one archive, for backup and restore. They never change once kept, so copying while people work is consistent."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

from .actions import store
from .queries import storage, stored_names

_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f-]{36}")


def write_copy(target: Path) -> int:
    """Write every content into a tar archive and return how many there are. Copy the database first: what it names is then here."""
    count = 0
    with tarfile.open(target, "w") as archive:
        for name in sorted(stored_names()):
            with storage().open(name) as content:
                entry = tarfile.TarInfo(name)
                entry.size = storage().size(name)
                archive.addfile(entry, content)
            count += 1
    return count


class CutArchive(RuntimeError):
    """The archive ends in the middle, or is none."""


def read_copy(source: Path) -> int:
    """Put back every content of an archive that is not whole in the storage, and return how many were. Raises `CutArchive`: what stands
    before the cut is put back, and nothing stays of the content in which the archive ends."""
    count = 0
    try:
        with tarfile.open(source) as archive:
            for entry in archive:
                content = archive.extractfile(entry) if entry.isfile() and _STORED.fullmatch(entry.name) else None
                if content and not _is_whole(entry):
                    storage().delete(entry.name)
                    store(entry.name, content)
                    count += 1
    except tarfile.TarError as error:
        raise CutArchive(str(error)) from error
    return count


def _is_whole(entry: tarfile.TarInfo) -> bool:
    return storage().exists(entry.name) and storage().size(entry.name) == entry.size
