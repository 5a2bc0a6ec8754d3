"""An edition is frozen part by part, so that it still proves what it was after a part had to be taken out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def digest_of_part(part: Mapping[str, Any]) -> str:
    """SHA-256 of a part's key, title and blocks as canonical JSON."""
    return _digest({name: part[name] for name in ("key", "title", "blocks")})


def digest_of_edition(head: Mapping[str, Any], parts: Iterable[str]) -> str:
    """SHA-256 of what the edition is called and of its parts' digests, in their order. A part taken out leaves its digest behind.

    >>> digest_of_edition({"title": "A"}, ["0" * 64])[:8]
    'acbe8369'
    """
    return _digest({"head": dict(head), "parts": list(parts)})
