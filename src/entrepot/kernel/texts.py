"""Marking a message for translation where there is no translator at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


def gettext_noop(message: str) -> str:
    """Return `message` as it is; the catalogue builder finds the call, the shell translates the value."""
    return message


@dataclass(frozen=True, slots=True)
class Personal:
    """Words that belong to one person, among the values of a text: their name, or what they wrote. They go when the person is erased."""

    words: str
    who: UUID

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Text:
    """An English message and the values to put into it, kept apart so that it can be translated before they are."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message

    def packed(self) -> dict[str, Any]:
        """As plain JSON, to be kept and translated when it is read.

        >>> Text("Due %(on)s", {"on": date(2026, 6, 30)}).packed()
        {'message': 'Due %(on)s', 'values': {'on': {'date': '2026-06-30'}}}
        """
        return {"message": self.message, "values": {name: _packed(value) for name, value in self.values.items()}}

    @classmethod
    def unpacked(cls, plain: Mapping[str, Any]) -> Text:
        """What `packed` was made from; identifiers come back as text."""
        return cls(plain["message"], {name: _unpacked(value) for name, value in plain["values"].items()})


def _packed(value: object) -> object:
    match value:
        case Text():
            return value.packed()
        case Personal():
            return {"personal": value.words, "who": str(value.who)}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case None | bool() | int() | float():
            return value
        case _:
            return str(value)


def _unpacked(value: Any) -> object:
    match value:
        case {"message": _, "values": _}:
            return Text.unpacked(value)
        case {"personal": str(words), "who": str(who)}:
            return Personal(words, UUID(who))
        case {"instant": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case _:
            return value
