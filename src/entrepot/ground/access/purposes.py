"""The table of what links are made for, and of who has to be what still for one to be good. Each room declares its own purposes in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from entrepot.ground.people import api as people


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose of links: `holder` says in words who gets one, `held` whether this person is that still for this thing at this moment.

    `title` says what the thing is called before anyone has said that they are no machine: an activity's title, never a person's name.
    """

    code: str
    holder: str
    held: Callable[[Any, UUID, datetime], bool]
    title: Callable[[UUID], str]


PURPOSES: dict[str, Purpose] = {}


def declare_purpose(
    code: str, *, holder: str, held: Callable[[Any, UUID, datetime], bool], title: Callable[[UUID], str] = lambda _thing: ""
) -> str:
    """Put a purpose into the table and return its code. A link of a purpose that stands in no table is neither made nor taken."""
    PURPOSES[code] = Purpose(code, holder, held, title)
    return code


JOIN = declare_purpose(people.JOIN, holder="the person themself", held=lambda person, thing, _at: bool(person.uuid == thing))
