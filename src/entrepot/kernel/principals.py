"""Who is asking. Every action, query and rule is handed a principal; none is read from the air."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from .lineages import is_under
from .periods import Period
from .roles import Role


class PrincipalKind(StrEnum):
    """What sort of asker it is."""

    PERSON = "person"
    CLIENT = "client"
    LINK = "link"
    PARTNER = "partner"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in force: how far it reaches, as a lineage. `within` narrows it to records dated in that period (a past Vice-Chair's)."""

    role: Role
    reach: str
    within: Period | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone or something that asks, with the grants in force at the moment of asking.

    `scopes` narrows what a token or a link may be used for; None means that nothing is narrowed.
    """

    kind: PrincipalKind
    uuid: UUID
    person_id: int | None = None
    home: str = ""
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = None
    off: frozenset[str] = frozenset()
    """Modules that the principal's Member has switched off."""
    thing: UUID | None = None
    """The one thing that a link was made for."""
    proved: frozenset[str] = frozenset()
    """For which links this browser has given the person's short code, and which one (`proof_of`)."""
    day: date | None = None
    """The day for which the grants were worked out; what counts "now or later" counts from it. Without one, everything dated counts."""

    @property
    def is_known(self) -> bool:
        """Whether anyone in particular is asking."""
        return self.kind is not PrincipalKind.NOBODY

    @property
    def is_system(self) -> bool:
        return self.kind is PrincipalKind.SYSTEM

    def reaches(self, *roles: Role, narrowed: bool = False) -> tuple[str, ...]:
        """The lineages over which one of `roles` is held. Grants narrowed to a period do not count unless `narrowed`."""
        return tuple(sorted({g.reach for g in self.grants if g.role in roles and (narrowed or g.within is None)}))

    def holds(self, *roles: Role, over: str) -> bool:
        """Whether one of `roles` is held over the place with this lineage."""
        return any(is_under(over, reach) for reach in self.reaches(*roles))

    def came_for(self, purpose: str, thing: UUID) -> bool:
        """Whether this is a link that was made for this purpose and this thing."""
        return self.kind is PrincipalKind.LINK and self.thing == thing and self.scoped(purpose)

    def scoped(self, scope: str) -> bool:
        """Whether a token or link (if the principal came with one) was issued for this."""
        return self.scopes is None or scope in self.scopes


NOBODY = Principal(PrincipalKind.NOBODY, UUID(int=0))
SYSTEM = Principal(PrincipalKind.SYSTEM, UUID(int=1))
