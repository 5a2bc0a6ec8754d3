"""From bytes to statements: strict JSON, each statement's own bytes kept."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from .faults import Fault

LARGEST = 8 * 1024 * 1024
"""Bytes of JSON in one request. A batch of five hundred ordinary statements is half a megabyte."""
DEEPEST = 60
"""Levels of objects and lists in one statement; a real one has about ten."""
MOST = 20_000
"""Statements in one request."""

_VALUE = msgspec.json.Decoder()
_ENCODER = msgspec.json.Encoder()
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


class Unreadable(ValueError):
    """The bytes are no JSON that a statement store can keep."""


def read_json(data: bytes) -> Any:
    """The value that `data` holds. Raises `Unreadable` for what is no JSON, too large, or nested too deeply."""
    if len(data) > LARGEST:
        msg = f"more than {LARGEST} bytes of JSON"
        raise Unreadable(msg)
    try:
        value = _VALUE.decode(data)
    except RecursionError:
        msg = f"more than {DEEPEST} levels deep"
        raise Unreadable(msg) from None
    except ValueError as error:
        raise Unreadable(_plain(error)) from None
    # Depth needs a walk only where there are brackets enough to reach it.
    if brackets(data) > DEEPEST and _depth(value) > DEEPEST:
        msg = f"more than {DEEPEST} levels deep"
        raise Unreadable(msg)
    return value


def brackets(data: bytes) -> int:
    """How many objects and lists begin in some JSON, at most: it is no deeper."""
    return data.count(b"{") + data.count(b"[")


def colons(data: bytes) -> int:
    """How many colons some sound JSON holds, in texts also those that are written as escapes."""
    plain = data.count(b":")
    if b"\\" not in data:
        return plain
    single = data.replace(rb"\\", b"")  # a backslash that is meant itself begins no escape
    return plain + single.count(rb"\u003a") + single.count(rb"\u003A")


def read_once(data: bytes) -> Any:
    """As `read_json`. Raises `Fault` too, where an object has two members of one name: of those a reader would see one, and another reader
    the other."""
    value = read_json(data)
    # Each name that was written has its colon, held or not, and so has each colon of a text: none is left over where no name stands twice.
    if colons(data) != colons(_ENCODER.encode(value)):
        _find_twice(json.JSONDecoder(object_pairs_hook=_Pairs, parse_int=str).decode(data.decode()), "")
    return value


class _Pairs(list[tuple[str, Any]]):
    """The members of an object, in order, each as often as it was written."""


def _find_twice(value: Any, path: str) -> None:
    """Raise `Fault` at the first name that stands twice in its object."""
    if isinstance(value, _Pairs):
        seen: set[str] = set()
        for name, inner in value:
            where = f"{path}.{name[:80]}".lstrip(".")
            if name in seen:
                msg = "stands twice in one object"
                raise Fault(msg, where)
            seen.add(name)
            _find_twice(inner, where)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _find_twice(inner, f"{path}[{index}]")


def split(data: bytes) -> list[bytes]:
    """The bytes of each statement in `data`, which holds one or a list of them. Raises `Unreadable`.

    >>> split(b'[{"id": 1}, {"id" : 2 }]')
    [b'{"id": 1}', b'{"id" : 2 }']
    """
    if len(data) > LARGEST:
        msg = f"more than {LARGEST} bytes of JSON"
        raise Unreadable(msg)
    text = data.strip(b" \t\r\n")
    if not text.startswith(b"["):
        return [text]
    try:
        parts = _LIST.decode(text)
    except RecursionError:
        msg = f"more than {DEEPEST} levels deep"
        raise Unreadable(msg) from None
    except ValueError as error:
        raise Unreadable(_plain(error)) from None
    if len(parts) > MOST:
        msg = f"more than {MOST} statements in one request"
        raise Unreadable(msg)
    return [bytes(part) for part in parts]


def _plain(error: ValueError) -> str:
    return "not valid UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _depth(value: Any) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        if deepest > DEEPEST:
            break
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
    return deepest
