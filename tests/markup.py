"""How tests read a page whose templates are broken into lines for people."""

from __future__ import annotations

import re
from typing import Any


def flat(answer: Any) -> str:
    """The markup of an answer, or of text, on one line: blanks as one, and none beside a tag."""
    page = answer if isinstance(answer, str) else answer.content.decode()
    return re.sub(r"\s*([<>])\s*", r"\1", re.sub(r"\s+", " ", page))
