"""Grounds: on what something is allowed. Each is written once and answers two questions: does it hold for this thing (`holds`), and for
which things does it hold (`q`)? The suite proves on random data that both answers agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, Protocol

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from entrepot.kernel.lineages import is_under, region_of, upwards
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

NOTHING = Q(pk__in=())
# An empty Q would vanish when combined by "or", and with it the ground that it stands for.
EVERYTHING = ~NOTHING


class Ground(Protocol):
    """One ground on which a verb is allowed."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles it speaks of, for the page of roles."""

    @property
    def words(self) -> str:
        """The ground in words, where it is not a role."""

    def q(self, principal: Principal) -> Q:
        """The things for which it holds."""

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether it holds for this thing."""


def _follow(thing: Any, path: str) -> Any:
    for name in path.split("__"):
        thing = getattr(thing, name, None)
        if thing is None:
            return None
    return thing


def _matches(thing: Any, when: Mapping[str, Any]) -> bool:
    for path, wanted in when.items():
        if path.endswith("__in"):
            if _follow(thing, path.removesuffix("__in")) not in wanted:
                return False
        elif path.endswith("__isnull"):
            if (_follow(thing, path.removesuffix("__isnull")) is None) is not wanted:
                return False
        elif _follow(thing, path) != wanted:
            return False
    return True


@dataclass(frozen=True)
class Anyone:
    """Holds for everyone, signed in or not, for the things that match `when`."""

    when: Mapping[str, Any] = field(default_factory=dict)
    words: str = gettext_noop("anyone")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:  # noqa: ARG002  (the protocol's)
        """The things that match."""
        return Q(**self.when) if self.when else EVERYTHING

    def holds(self, principal: Principal, thing: Any) -> bool:  # noqa: ARG002
        """Whether this thing matches."""
        return _matches(thing, self.when)


@dataclass(frozen=True)
class Known:
    """Holds for everyone who is signed in as a person, for the things that match `when`."""

    when: Mapping[str, Any] = field(default_factory=dict)
    words: str = gettext_noop("anyone signed in")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """The things that match, for a person."""
        if not principal.person_id:
            return NOTHING
        return Q(**self.when) if self.when else EVERYTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether this thing matches, for a person."""
        return bool(principal.person_id) and _matches(thing, self.when)


@dataclass(frozen=True)
class Own:
    """Holds for the person named by `path` on the thing."""

    path: str = "person_id"
    when: Mapping[str, Any] = field(default_factory=dict)
    words: str = gettext_noop("the person concerned")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """The person's own things."""
        return Q(**{self.path: principal.person_id, **self.when}) if principal.person_id else NOTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the thing is the person's own."""
        return principal.person_id is not None and _follow(thing, self.path) == principal.person_id and _matches(thing, self.when)


@dataclass(frozen=True)
class OwnAs(Own):
    """The same, as long as the person holds one of `roles` at the place whose lineage stands at `at`, or at one within it.

    Who was named for what they were (an officer's supervisor) is no more than anybody once they are it no longer.
    """

    at: str = "place__lineage"
    words: str = gettext_noop("the one who was named, as long as they hold the role")

    def q(self, principal: Principal) -> Q:
        """The person's own things, of the places where the role is held."""
        places = [above for reach in principal.reaches(*self.roles) for above in upwards(reach)]
        return super().q(principal) & Q(**{f"{self.at}__in": places}) if places else NOTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the thing is the person's own, and the role held there."""
        there = _follow(thing, self.at) or ""
        return super().holds(principal, thing) and any(is_under(reach, there) for reach in principal.reaches(*self.roles))


@dataclass(frozen=True)
class Acting:
    """Holds for the principal named by `path` (a uuid) on the thing, whatever kind of principal it is."""

    path: str
    words: str = gettext_noop("whoever did it")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """The principal's own things."""
        return Q(**{self.path: principal.uuid}) if principal.is_known else NOTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether it is the principal's own."""
        return principal.is_known and _follow(thing, self.path) == principal.uuid


@dataclass(frozen=True)
class Linked:
    """Holds for a signed link that was made for this purpose and for the thing whose uuid stands at `path`."""

    purpose: str
    path: str = "uuid"
    words: str = gettext_noop("by signed link")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """The one thing that the link is for."""
        return Q(**{self.path: principal.thing}) if principal.thing and principal.came_for(self.purpose, principal.thing) else NOTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the link is for this thing."""
        there = _follow(thing, self.path)
        return there is not None and principal.came_for(self.purpose, there)


@dataclass(frozen=True)
class Held:
    """Holds for whoever has one of `roles` over the place whose lineage stands at `over` on the thing.

    `when` narrows it to some things. `dated` names an instant or date on the thing: with it, a role narrowed to a period
    (a past Vice-Chair's) counts for the things dated in that period.
    """

    roles: frozenset[Role]
    over: str = "place__lineage"
    when: Mapping[str, Any] = field(default_factory=dict)
    dated: str = ""
    words: str = ""

    def q(self, principal: Principal) -> Q:
        """The things over which a role is held."""
        found = NOTHING
        for grant in principal.grants:
            if grant.role not in self.roles:
                continue
            if grant.within is None:
                found |= Q(**{f"{self.over}__under": grant.reach})
            elif self.dated:
                within = Q(**{f"{self.over}__under": grant.reach})
                if grant.within.start:
                    within &= Q(**{f"{self.dated}__gte": _moment(self.dated, grant.within.start)})
                if grant.within.end:
                    within &= Q(**{f"{self.dated}__lt": _moment(self.dated, grant.within.end)})
                found |= within
        return found & Q(**self.when) if self.when and found is not NOTHING else found

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether a role is held over this thing."""
        lineage = _follow(thing, self.over)
        if not lineage or not _matches(thing, self.when):
            return False
        day = _follow(thing, self.dated) if self.dated else None
        return any(
            grant.role in self.roles
            and is_under(lineage, grant.reach)
            and (grant.within is None or (day is not None and _as_date(day) in grant.within))
            for grant in principal.grants
        )


@dataclass(frozen=True)
class FromRegion:
    """Holds for people at home in the same region as the place whose lineage stands at `over`, for the things that match `when`."""

    over: str = "place__lineage"
    when: Mapping[str, Any] = field(default_factory=dict)
    words: str = gettext_noop("people of the region")
    roles: frozenset[Role] = frozenset()

    def reach(self, principal: Principal) -> str:
        """The lineage within which the principal is at home; empty for whoever is no person."""
        return region_of(principal.home) if principal.person_id else ""

    def q(self, principal: Principal) -> Q:
        """The things within that reach."""
        reach = self.reach(principal)
        return Q(**{f"{self.over}__under": reach, **self.when}) if reach else NOTHING

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether this thing is within that reach."""
        return is_under(_follow(thing, self.over) or "", self.reach(principal)) and _matches(thing, self.when)


@dataclass(frozen=True)
class FromHome(FromRegion):
    """The same, for people at home in that very administration or body; with `above`, for those at home over it as well."""

    words: str = gettext_noop("people of that administration")
    above: bool = False

    def reach(self, principal: Principal) -> str:
        """The lineage of the principal's home."""
        return principal.home if principal.person_id else ""

    def q(self, principal: Principal) -> Q:
        """The things of that home."""
        reach = self.reach(principal)
        return super().q(principal) if self.above or not reach else Q(**{self.over: reach, **self.when})

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether this thing is of that home."""
        return super().holds(principal, thing) and (self.above or _follow(thing, self.over) == self.reach(principal))


def _as_date(moment: Any) -> Any:
    return moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment


def _moment(column: str, day: date) -> date:
    # By the house's names, `…_on` holds a date and anything else that is dated an instant in UTC.
    return day if column.endswith("on") else datetime.combine(day, time(), UTC)


@dataclass(frozen=True)
class Through:
    """Holds where `ground` holds for one of the things related by `related` (a reverse relation's name)."""

    related: str
    ground: Held | Own
    words: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles of the ground behind it."""
        return self.ground.roles

    def q(self, principal: Principal) -> Q:
        """The things with such a relation, as a subquery, so that no join repeats a row."""
        raise NotImplementedError  # needs the model: Rules asks `ids` or `probe`

    def _related(self, principal: Principal, model: type[Model]) -> tuple[QuerySet[Any], str]:
        relation = model._meta.get_field(self.related)
        related_model: Any = relation.related_model
        remote: str = relation.remote_field.name  # type: ignore[union-attr]
        return related_model._default_manager.filter(self.ground.q(principal)), f"{remote}_id"

    def counts_for(self, principal: Principal) -> bool:
        """Whether the principal is someone for whom it can hold at all."""
        if isinstance(self.ground, Own):
            return principal.person_id is not None
        return bool(principal.reaches(*self.ground.roles, narrowed=True))

    def ids(self, principal: Principal, model: type[Model]) -> QuerySet[Any]:
        """The primary keys of the things of `model` with such a relation."""
        related, remote = self._related(principal, model)
        return related.values(remote)

    def probe(self, principal: Principal, model: type[Model]) -> Exists:
        """The same, asked of each thing."""
        related, remote = self._related(principal, model)
        return Exists(related.filter(**{remote: OuterRef("pk")}))

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether this thing has such a relation."""
        return self.counts_for(principal) and bool(getattr(thing, self.related).filter(self.ground.q(principal)).exists())
