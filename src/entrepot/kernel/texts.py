"""Marking a message for translation where there is no translator at hand."""

from __future__ import annotations

from dataclasses import dataclass, field


def gettext_noop(message: str) -> str:
    """Return `message` as it is; the catalogue builder finds the call, the shell translates the value."""
    return message


@dataclass(frozen=True, slots=True)
class Text:
    """An English message and the values to put into it, kept apart so that it can be translated before they are."""

    message: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message
