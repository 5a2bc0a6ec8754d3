"""The characters that texts of people are kept in. Every way in (page, API, workbook, import) asks here, so that all keep the same.

What is typed comes through copying from Word, chats, scanned papers and web pages, and brings characters that nobody sees: two addresses
look alike and are not, a name turns the words after it round, a control character stops a mail or a PDF.

*Normalised*: letters with their accents composed (NFC; compatibility ideographs stay, they are how some people write their name), every
kind of line end to `\\n`, five bullets and arrows that Word takes from its symbol fonts to real ones.
*Removed*: marks on one letter from the thirty-first on; what no reader sees and no script needs: soft hyphens, byte order marks, word
joiners, marks that turn the direction (a page sets it by itself), fillers, tags, annotation marks. Joiners (U+200C, U+200D) and the break
of no width (U+200B) stay between letters of scripts that need them, and joiners within emoji.
*Refused*, because nobody knows what was meant: control characters, NUL among them, lone surrogates, private use (U+F0000), noncharacters.

A `clean_line` is one line without ends and doubled blanks (a name, a title). A `clean_address` (e-mail, web) has no blank around it and
nothing invisible in it. Cleaning twice changes nothing. Passwords, secrets and files are not texts: leave them alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from .errors import Invalid
from .texts import Text, gettext_noop

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SYMBOLS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0e0": "→", "\uf0fc": "✓"})
_REMOVED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0001\U000e0020-\U000e007f]"
)
# Left over after that: joiners and the break without width, each with what stands on both sides of it.
_JOINERS = re.compile("[\u200b-\u200d]+")
_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
_IDEOGRAPHS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
# Marks that normalising puts in order, among them those that it first takes apart.
_MARKS = "".join(
    chr(code)
    for code in range(0x300, 0x1F000)
    if unicodedata.combining(unicodedata.normalize("NFKD", chr(code))[0]) and chr(code) != "\u034f"
)
MOST_MARKS = 30
"""On one letter. No script needs more, and ordering them takes time that grows with their square (Unicode's annex 15, stream-safe)."""
_PASSED = "\u200b\u200c\u200d" + "".join(mark for mark in _MARKS if mark < "\u0590")
"""What is passed over to find the letter beside a joiner: joiners, which may go, and marks for letters of any script, which composing may
put elsewhere among the marks."""
FARTHEST = 4 * MOST_MARKS
"""How far from a joiner its letter is looked for."""
_TOO_MANY = re.compile(f"([{_MARKS}]{{{MOST_MARKS}}})[{_MARKS}]+")
_PLAIN = re.compile(r"[ -~\n\t]*")
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
    + "\U000f0000-\U0010ffff]"
)


class UnfitText(Invalid):
    """A text holds a character that cannot be kept."""


def clean_text(text: str, *, field: str = "text") -> str:
    """A text as it is kept. Raises `UnfitText` (under `field`) that names the first character which is refused.

    >>> clean_text("1\\u202e2\\r\\n\\uf0b7 3"), clean_text("می\\u200cخواهم") == "می\\u200cخواهم"
    ('12\\n• 3', True)
    """
    if _PLAIN.fullmatch(text):
        return text
    text = _composed(_LINE_ENDS.sub("\n", text.translate(_SYMBOLS)))
    # Composed again: what was removed may have stood between a letter and its accent.
    text = _composed(_JOINERS.sub(_joiner, _REMOVED.sub("", text)))
    require_fit(text, field=field)
    return text


def require_fit(text: str, *, field: str = "text") -> str:
    """The text as it is: for where it is kept, whichever way it came in. Raises `UnfitText` for what `clean_text` refuses."""
    found = _REFUSED.search(text)
    if found:
        raise UnfitText({field: _told(text, found.start())})
    return text


def clean_line(text: str, *, field: str = "text") -> str:
    """A text in one line: blanks of any kind become single ones, those at its ends go. Raises `UnfitText`.

    >>> clean_line(" Ana\\u00a0\\t Tui\\u200b\\n")
    'Ana Tui'
    """
    return " ".join(clean_text(text, field=field).replace("\u200b", "").split())


def clean_address(text: str, *, field: str = "email") -> str:
    """An e-mail or web address: nothing invisible in it, nothing round it; a blank inside is for the caller to refuse.

    >>> clean_address("\\u200bana@\\u200dcustoms.example\\u200f ")
    'ana@customs.example'
    """
    return _JOINERS.sub("", clean_text(text, field=field)).strip()


def without_unfit(text: str) -> str:
    """A text as `clean_text` keeps it, without the characters that it would refuse: for what is looked for, never kept.

    >>> without_unfit("val\\x00ue\\U000f0000")
    'value'
    """
    return clean_text(_REFUSED.sub("", _LINE_ENDS.sub("\n", text.translate(_SYMBOLS))))


def clean_values(value: Any, path: str = "", clean: Callable[..., str] = clean_text) -> Any:
    """JSON with every text in it cleaned, names of members too. Raises `UnfitText` under the path of the first that is refused.

    >>> clean_values({"notes": ["a\\r\\nb", 1]})
    {'notes': ['a\\nb', 1]}
    """
    match value:
        case str():
            return clean(value, field=path or "text")
        case dict():
            return {
                clean(name, field=path or "text"): clean_values(part, f"{path}.{name}".lstrip("."), clean) for name, part in value.items()
            }
        case list():
            return [clean_values(part, f"{path}.{number}".lstrip("."), clean) for number, part in enumerate(value)]
    return value


def _composed(text: str) -> str:
    parts = _IDEOGRAPHS.split(_TOO_MANY.sub(r"\1", text))
    return "".join(part if _IDEOGRAPHS.fullmatch(part) else unicodedata.normalize("NFC", part) for part in parts)


def _joiner(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    if _EMOJI.match(text[max(0, start - 1) : start]) and _EMOJI.match(text[end : end + 1]):
        return "\u200d" if "\u200d" in found[0] else ""
    before, after = text[max(0, start - FARTHEST) : start].rstrip(_PASSED)[-1:], text[end : end + FARTHEST].lstrip(_PASSED)[:1]
    # Letters from Hebrew on: in Latin, Greek and Cyrillic words nothing joins or breaks out of sight.
    return found[0][:1] if before >= "\u0590" and after >= "\u0590" and before.isprintable() and not before.isspace() else ""


def _told(text: str, at: int) -> Text:
    code = f"U+{ord(text[at]):04X}"
    before = text[:at].rpartition("\n")[2][-20:].strip()
    if not before:
        return Text(gettext_noop("The character %(code)s cannot be kept. Delete it, or type this text again."), {"code": code})
    message = gettext_noop("The character %(code)s, after “%(before)s”, cannot be kept. Delete it, or type this place again.")
    return Text(message, {"code": code, "before": before})
