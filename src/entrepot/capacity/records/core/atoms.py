"""The small values that statements are made of, each with the rule that it has to keep."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .faults import Fault

Checker = Callable[[Any], None]

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
# RFC 3987 leaves nearly every character to IRIs; what it never allows are controls, spaces and the delimiters below.
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\x9f<>\"{}|\\^`\ud800-\udfff]+")
_MAILTO = re.compile(r"mailto:[^\s@<>\"(),;\x00-\x1f\x7f]+@[^\s@<>\"(),;\x00-\x1f\x7f]+")
_SHA1 = re.compile(r"[0-9a-f]{40}", re.IGNORECASE)
_SHA2 = re.compile(r"(?:[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*|[xX](?:-[A-Za-z0-9]{1,8})+|i(?:-[A-Za-z0-9]{1,8})+)")
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?)?",
)
_PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
_DURATION = re.compile(
    r"P(?:\d+(?:[.,]\d+)?W|(?=.)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=.)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?)"
)
_VERSION = re.compile(r"1\.0(?:\.\d{1,4})?|2\.0\.\d{1,4}")
_MEDIA = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+*-]+(?:\s*;[^\x00-\x1f\x7f]*)?")
_HEADER = re.compile(r"[ -~]{1,200}")
LONGEST_IRI = 2000

_known: dict[str, None] = {}
"""IRIs found sound lately: a class of officers sends the same few thousands of times."""


def _text(value: Any) -> str:
    if type(value) is not str:
        msg = "has to be text"
        raise Fault(msg)
    return value


def text(value: Any) -> None:
    """Any text."""
    _text(value)


def some_text(value: Any) -> None:
    """Text that is not empty."""
    if not _text(value):
        msg = "must not be empty"
        raise Fault(msg)


def truth(value: Any) -> None:
    """True or false."""
    if type(value) is not bool:
        msg = "has to be true or false"
        raise Fault(msg)


def number(value: Any) -> None:
    """A number."""
    if type(value) is not float and type(value) is not int:
        msg = "has to be a number"
        raise Fault(msg)


def whole(value: Any) -> None:
    """A whole number from nought up."""
    if type(value) is not int or value < 0:
        msg = "has to be a whole number, not below nought"
        raise Fault(msg)


def uuid(value: Any) -> None:
    """A UUID in its usual form of 36 characters."""
    if type(value) is not str or len(value) != 36 or not _UUID.fullmatch(value):
        msg = "has to be a UUID, as 6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
        raise Fault(msg)


def iri(value: Any) -> None:
    """An absolute IRI."""
    if value.__class__ is str and value in _known:
        return
    if not _IRI.fullmatch(_text(value)) or len(value) > LONGEST_IRI:
        msg = "has to be an absolute IRI without spaces, as https://example.org/thing"
        raise Fault(msg)
    if len(_known) > 20_000:
        _known.clear()
    _known[value] = None


def mailbox(value: Any) -> None:
    """`mailto:` and an address."""
    if not _MAILTO.fullmatch(_text(value)) or len(value) > LONGEST_IRI:
        msg = "has to be mailto: and an address, as mailto:ana@example.org"
        raise Fault(msg)


def sha1(value: Any) -> None:
    """Forty hexadecimal digits."""
    if not _SHA1.fullmatch(_text(value)):
        msg = "has to be the SHA-1 of a mailto: IRI, forty hexadecimal digits"
        raise Fault(msg)


def sha2(value: Any) -> None:
    """The digits of SHA-224, 256, 384 or 512."""
    if not _SHA2.fullmatch(_text(value)):
        msg = "has to be a SHA-2 digest in hexadecimal digits"
        raise Fault(msg)


def media_type(value: Any) -> None:
    """An internet media type."""
    if not _MEDIA.fullmatch(_text(value)):
        msg = "has to be a media type, as text/plain"
        raise Fault(msg)


def header(value: Any) -> None:
    """What can stand in a header: no line ends, no controls, nothing beyond ASCII."""
    if not _HEADER.fullmatch(_text(value)):
        msg = "has to be one line of at most 200 plain characters, as text/plain"
        raise Fault(msg)


def holds(checker: Checker, value: Any) -> bool:
    """Whether a value keeps a rule."""
    try:
        checker(value)
    except Fault:
        return False
    return True


def version(value: Any) -> None:
    """1.0, 1.0.x or 2.0.x."""
    if not _VERSION.fullmatch(_text(value)):
        msg = "has to be 1.0, 1.0.x or 2.0.x"
        raise Fault(msg)


def language(value: Any) -> None:
    """A language tag of RFC 5646."""
    if not _LANGUAGE.fullmatch(_text(value)):
        msg = "has to be a language tag, as en or zh-Hant"
        raise Fault(msg)


def language_map(value: Any) -> None:
    """Texts by language."""
    if type(value) is not dict:
        msg = "has to be an object of texts by language"
        raise Fault(msg)
    for tag, words in value.items():
        if not _LANGUAGE.fullmatch(tag):
            msg = "is no language tag, as en or zh-Hant"
            raise Fault(msg, tag or "(empty)")
        if type(words) is not str:
            msg = "has to be text"
            raise Fault(msg, tag)


def extensions(value: Any) -> None:
    """Anything, by IRI."""
    if type(value) is not dict:
        msg = "has to be an object whose names are IRIs"
        raise Fault(msg)
    for name in value:
        try:
            iri(name)
        except Fault:
            msg = "the name of an extension has to be an absolute IRI"
            raise Fault(msg, name[:80] or "(empty)") from None


def duration(value: Any) -> None:
    """A duration of ISO 8601."""
    if not _DURATION.fullmatch(_text(value)) or len(value) > 100:
        msg = "has to be an ISO 8601 duration, as PT1H30M"
        raise Fault(msg)


def instant(value: Any) -> None:
    """A moment of ISO 8601."""
    moment(value)


def moment(value: Any) -> datetime:
    """The moment that a time stamp names, in UTC; without an offset it is taken as UTC. Raises `Fault`.

    >>> moment("2026-11-05T14:00:00.25+07:00")
    datetime.datetime(2026, 11, 5, 7, 0, 0, 250000, tzinfo=datetime.timezone.utc)
    """
    if _PLAIN_TIME.fullmatch(_text(value)):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass  # a day that there is not, or one of the edges below
    found = _TIME.fullmatch(value) if len(value) < 60 else None
    if not found:
        msg = "has to be an ISO 8601 time stamp, as 2026-11-05T14:00:00Z"
        raise Fault(msg)
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if offset and offset[0] == "-" and not offset.strip("-0:"):
        msg = "must not have the offset -00:00, which says that the offset is unknown"
        raise Fault(msg)
    # 24:00 and the sixtieth second are the edges that the calendar allows and Python's clock does not.
    leap = second == "60"
    midnight = hour == "24" and minute == "00" and (second or "00") == "00" and not (fraction or "").strip("0")
    micro = ((fraction or "") + "000000")[:6]
    shown = f"{year}-{month}-{day}T{'00' if midnight else hour or '00'}:{minute or '00'}:{'59' if leap else second or '00'}.{micro}"
    try:
        at = datetime.fromisoformat(shown + _offset(offset))
        if midnight:
            at = at.replace(hour=23, minute=59, second=59, microsecond=999_999)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        msg = "has to be a moment that exists, between the years 1 and 9999"
        raise Fault(msg) from None


def in_utc(value: str) -> str:
    """A sound time stamp as the same moment in UTC, as exactly as it was written; what is in UTC stays as it is.

    >>> in_utc("2026-11-05T14:00:00.25+07:00"), in_utc("2026-11-05"), in_utc("2026-11-05T14:00:00.123456789Z")
    ('2026-11-05T07:00:00.25Z', '2026-11-05T00:00:00Z', '2026-11-05T14:00:00.123456789Z')
    """
    found = _TIME.fullmatch(value)
    assert found
    *_, second, fraction, offset = found.groups()
    if value[-1] in "Zz" or (second is not None and _offset(offset) == "+00:00" and offset):
        return value
    at = moment(value)
    # Digits beyond the microsecond are kept; those of 24:00, the last moment of its day, are not written.
    fraction = fraction or (f"{at.microsecond:06d}" if at.microsecond else "")
    return f"{at.replace(tzinfo=None, microsecond=0).isoformat()}{'.' if fraction else ''}{fraction}Z"


def _offset(offset: str | None) -> str:
    if not offset or offset in ("Z", "z"):
        return "+00:00"
    digits = offset[1:].replace(":", "")
    return f"{offset[0]}{digits[:2]}:{digits[2:] or '00'}"
