"""Where in an address a secret stands, and how it is kept out of what is logged."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

_PART = re.compile(r"<(?:str:)?(secret|key)>")
_SEGMENT = re.compile(
    r"((?:/|%2F)(?!(?-i:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\w-]))(?=[a-z_.:=-]*[A-Z0-9]))[\w.:=~-]{24,}", re.ASCII
)
"""A part of a path as long as a secret; a record's uuid is none, nor is a word."""


def secret_in(route: str, parts: Mapping[str, Any]) -> str:
    """The secret that an address holds, by its route and the parts found; empty where there is none.

    A part named `secret` is one, and so is one named `key` that is no uuid: `key` is a record's uuid for those who are signed in. The API
    takes no links.

    >>> secret_in("seat/<str:key>/", {"key": "x1"}), secret_in("question/<slug:key>/", {"key": "useful"})
    ('x1', '')
    """
    for name in _PART.findall(route) if not route.startswith("api/") else ():
        value = str(parts.get(name, ""))
        if name == "secret" or not is_uuid(value):
            return value
    return ""


def is_uuid(text: str) -> bool:
    """Whether a text is a uuid."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def masked(text: str) -> str:
    """A text to be logged, with each secret of a path left out.

    >>> masked("Gone: /programme/seat/" + 8 * "Ab3_" + "/")
    'Gone: /programme/seat/***/'
    >>> masked("Not Found: /programme/seat/0b7cf0e2-6f0e-4a53-9d5c-3f0a6d9e8b11/")
    'Not Found: /programme/seat/0b7cf0e2-6f0e-4a53-9d5c-3f0a6d9e8b11/'
    """
    return _SEGMENT.sub(r"\1***", text)


def _masked(value: object) -> object:
    return masked(value) if isinstance(value, str) else value


def masked_record(*given: Any, **named: Any) -> logging.LogRecord:
    """A line of a log that holds no secret, whichever handler writes it: Django's, the web server's, a monitor's."""
    record = logging.LogRecord(*given, **named)
    record.msg = _masked(record.msg)
    if isinstance(record.args, dict):
        record.args = {key: _masked(value) for key, value in record.args.items()}
    elif record.args:
        record.args = tuple(_masked(value) for value in record.args)
    return record


_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class MaskedFormatter(logging.Formatter):
    """The same for what is written only in the end: errors and where they came from. Each line begins with its time, in UTC."""

    converter = staticmethod(time.gmtime)  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """The line without a traceback, and nothing in it that ends a line: whoever asks for an address could write one of theirs."""
        return _BREAKS.sub(lambda found: f"\\x{ord(found[0]):02x}", super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return masked(super().format(record))
