"""The answer to "may this principal do this?": yes or no, and why."""

from __future__ import annotations

from dataclasses import dataclass

from .texts import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with its reason. It is true when allowed."""

    allowed: bool
    reason: Text

    def __bool__(self) -> bool:
        return self.allowed
