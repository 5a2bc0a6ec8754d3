"""What a file really is. Its name only says what it claims to be; both have to agree.

Signatures are recognised by `filetype`; text, and what lies inside zip archives (today's office files), are looked at here. Nothing is
unpacked: an archive is judged by its list of contents, so that one that would swell to gigabytes costs nothing.
"""

from __future__ import annotations

import codecs
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import filetype

from entrepot.kernel.archives import BROKEN, opened, part, swells
from entrepot.kernel.errors import Invalid
from entrepot.kernel.texts import Text, gettext_noop

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept: its ending, its media type, and the signature by which it is known ("zip" and "text": looked into)."""

    ending: str
    media_type: str
    known_by: str


KINDS: dict[str, Kind] = {
    kind.ending: kind
    for kind in (
        Kind("pdf", "application/pdf", "application/pdf"),
        Kind("png", "image/png", "image/png"),
        Kind("jpg", "image/jpeg", "image/jpeg"),
        Kind("jpeg", "image/jpeg", "image/jpeg"),
        Kind("gif", "image/gif", "image/gif"),
        Kind("webp", "image/webp", "image/webp"),
        Kind("mp4", "video/mp4", "video/mp4"),
        Kind("webm", "video/webm", "video/webm"),
        Kind("mp3", "audio/mpeg", "audio/mpeg"),
        Kind("docx", f"{_OFFICE}.wordprocessingml.document", "zip"),
        Kind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", "zip"),
        Kind("pptx", f"{_OFFICE}.presentationml.presentation", "zip"),
        Kind("odt", f"{_OPEN}.text", "zip"),
        Kind("ods", f"{_OPEN}.spreadsheet", "zip"),
        Kind("odp", f"{_OPEN}.presentation", "zip"),
        Kind("zip", "application/zip", "zip"),
        Kind("txt", "text/plain", "text"),
        Kind("csv", "text/csv", "text"),
    )
}
_HEAD = 8192
_MOST_UNPACKED = 1024**3
_MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}


def _unfit(message: str, **values: object) -> Invalid:
    return Invalid({"file": Text(message, values)})


def judge(name: str, content: BinaryIO) -> Kind:
    """The kind of a file, from its name and its content; `content` is seekable and stands at its beginning again afterwards.

    Raises `Invalid` (under `file`) where the kind is not kept, name and content disagree, or the content is broken or hides something.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    kind = KINDS.get(ending)
    if kind is None:
        kept = ", ".join(sorted(set(KINDS) - {"jpeg"}))
        raise _unfit(gettext_noop("Files of this kind are not kept. What is kept: %(kinds)s."), kinds=kept)
    content.seek(0)
    head = content.read(_HEAD)
    if not head:
        raise _unfit(gettext_noop("The file is empty."))
    if kind.known_by == "text":
        _require_text(head, content)
    elif kind.known_by == "zip":
        _require_archive(kind, content)
    else:
        found = filetype.guess(head)
        if found is None or found.mime != kind.known_by:
            raise _unfit(gettext_noop("The file ends in “.%(ending)s” but is something else inside."), ending=ending)
    content.seek(0)
    return kind


def _require_text(head: bytes, content: BinaryIO) -> None:
    """Refuse what is not text in UTF-8 (or UTF-16 with its mark): other encodings look alike and would be read wrongly later."""
    encoding = "utf-16" if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)()
    content.seek(0)
    try:
        while chunk := content.read(65536):
            _require_plain(decoder.decode(chunk))
        _require_plain(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        raise _unfit(gettext_noop("This text is not in UTF-8. Save it as “CSV UTF-8” or “UTF-8” and choose it again.")) from None


def _require_plain(text: str) -> None:
    if any(ord(letter) < 32 and letter not in "\t\n\r\f" for letter in text):
        raise _unfit(gettext_noop("The file says that it is text but holds something else."))


def _require_archive(kind: Kind, content: BinaryIO) -> None:
    content.seek(0)
    try:
        with opened(content) as archive:
            entries = archive.infolist()
            _require_harmless(entries)
            _require_inside(kind, archive, {entry.filename for entry in entries})
    except BROKEN:
        raise _unfit(gettext_noop("The file is damaged, or locked by a password: it cannot be opened.")) from None


def _require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    if swells(entries, _MOST_UNPACKED):
        raise _unfit(gettext_noop("Unpacked, this file would be too large."))
    for entry in entries:
        path = entry.filename.replace("\\", "/")
        if path.startswith("/") or ".." in path.split("/") or ":" in path[:3]:
            raise _unfit(gettext_noop("The file holds a path that leads out of it."))
        if path.lower().endswith("vbaproject.bin"):
            raise _unfit(gettext_noop("The file holds macros (programs). Save it without them and choose it again."))


def _require_inside(kind: Kind, archive: zipfile.ZipFile, names: set[str]) -> None:
    wrong = _unfit(gettext_noop("The file ends in “.%(ending)s” but is something else inside."), ending=kind.ending)
    main = _MAIN_PART.get(kind.ending)
    if main and not {main, "[Content_Types].xml"} <= names:
        raise wrong
    if kind.ending in ("odt", "ods", "odp"):
        if "mimetype" not in names:
            raise wrong
        if part(archive, "mimetype", 200).decode("ascii", "replace").strip() != kind.media_type:
            raise wrong
