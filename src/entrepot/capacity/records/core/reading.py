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
    if data.count(b"{") + data.count(b"[") > DEEPEST and _depth(value) > DEEPEST:
        msg = f"more than {DEEPEST} levels deep"
        raise Unreadable(msg)
    return value


def marks_written(data: bytes) -> int:
    """How many colons and backslashes stand in some JSON: counting single bytes is all but free."""
    return data.count(b":") + data.count(b"\\")


def marks_held(value: Any) -> int:
    """How many colons at least were written for a value: one for each name of a member, and those inside its texts.

    A colon of a text may have been written as an escape, which has a backslash.
    """
    return msgspec.json.encode(value).count(b":")


def read_once(data: bytes) -> Any:
    """As `read_json`. Raises `Fault` too, where an object has two members of one name: of those a reader would see one, and another reader
    the other."""
    value = read_json(data)
    # Each name that was written, held or not, has its colon: where no more were written than are held, none stands twice.
    if marks_written(data) != marks_held(value):
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
