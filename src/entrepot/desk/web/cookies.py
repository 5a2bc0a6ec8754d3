"""Cookies between quotation marks, read in time that grows with their length."""

from __future__ import annotations

import re
from http import cookies

_ESCAPED = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))")


def unquoted(text: str) -> str:
    """What stands between the quotation marks of a cookie, its characters by number read.

    >>> unquoted('"a\\\\"b\\\\054"'), unquoted('a"b')
    ('a"b,', 'a"b')
    """
    if text is None or len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)) if found[1] else found[2], text[1:-1])


def read_in_time() -> None:
    """Let Django, which takes Python's own reader, read cookies so.

    Python's reader looks through all that is left for each backslash (CVE-2024-7592; Python 3.11.10 has it mended): one head of 400 kB
    with nothing but backslashes kept a turn for minutes, and four such heads the site.
    """
    cookies._unquote = unquoted  # type: ignore[attr-defined]
