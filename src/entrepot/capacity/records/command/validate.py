"""`entrepot lrs validate`: what is wrong with someone's statements. Needs no Django and no database."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..core import Fault, Unreadable, faults_of, read_once, sentence, split


def run(options: argparse.Namespace) -> int:
    """Check every statement of a file: exit code 0 where all are sound, 1 where some are not, 2 where there is nothing to check."""
    try:
        data = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    except OSError as error:
        print(f"{options.file}: {error.strerror}", file=sys.stderr)
        return 2
    total = wrong = 0
    for number, text in _statements(data):
        total += 1
        faults, value = _faults(text, options.version)
        wrong += bool(faults)
        for path, message in faults:
            fault = {"statement": number, "path": path, "message": message}
            print(json.dumps(fault, ensure_ascii=False) if options.json else _shown(f"statement {number}: {path or '(whole)'}: {message}"))
        if options.words and not faults:
            print(_shown(f"statement {number}: {sentence(value)}"))
    print(f"{total} statement{'s' * (total != 1)}, {total - wrong} sound, {wrong} wrong", file=sys.stderr)
    return 2 if not total else 1 if wrong else 0


def _shown(text: str) -> str:
    """What someone wrote, with the characters by number that would steer the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _statements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, bytes) of each: of a list, of lines, or the only one. A list that cannot be read as a whole is one thing that is wrong."""
    text = data.strip()
    lines = text.splitlines()
    if text.startswith(b"[") or not text:
        try:
            yield from enumerate(split(text) if text else [], 1)
        except Unreadable:
            yield 1, text
    elif len(lines) > 1 and all(line.strip().startswith(b"{") and line.strip().endswith(b"}") for line in lines[:50] if line.strip()):
        yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    else:
        yield 1, text


def _faults(text: bytes, version: str) -> tuple[list[tuple[str, str]], Any]:
    try:
        value = read_once(text)
    except Unreadable as error:
        return [("", f"no JSON that can be kept: {error}")], None
    except Fault as fault:
        return [(fault.path, fault.message)], None
    own = value.get("version") if isinstance(value, dict) else None
    by = version or (own if isinstance(own, str) and own else "2.0.0")
    return [(fault.path, fault.message) for fault in faults_of(value, version=by)], value
