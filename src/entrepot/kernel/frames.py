"""What the shell needs to draw the frame round a page: who is here, where they can go, what rings. Desk fills it."""

from __future__ import annotations

from dataclasses import dataclass

from .texts import Text


@dataclass(frozen=True, slots=True)
class NavLink:
    """One place to go."""

    title: Text
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class NavSection:
    """One of the five things people come to do."""

    code: str
    title: Text
    href: str
    links: tuple[NavLink, ...] = ()
    current: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything round a page."""

    sections: tuple[NavSection, ...] = ()
    person_name: str = ""
    person_role: Text | None = None
    unread: int = 0
    demo: bool = False
    clock_moved: bool = False
