"""Rules: for each protected model one object that says who may do what, as a check and as a filter.

A rule lists, verb by verb, the *grounds* (see `grounds`) on which it is allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Generic, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet

from entrepot.kernel.errors import NotAllowed, NotFound
from entrepot.kernel.offers import VerbNote
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import ROLES
from entrepot.kernel.texts import Text, gettext_noop
from entrepot.kernel.verdicts import Verdict

from .grounds import NOTHING, Anyone, Ground, Linked, Own, Through

M = TypeVar("M", bound=Model)


class Rules(Generic[M]):
    """Who may do what with one protected model. `view` is always among the verbs; what cannot be viewed cannot be touched."""

    model: ClassVar[type[Model]]
    thing: ClassVar[str]
    """What the model is called on the page of roles."""
    scope: ClassVar[str]
    """`people` means that a token needs `people:read` to view and `people:write` for any other verb."""
    module: ClassVar[str] = ""
    """The switchable module it belongs to, if any."""
    kept: ClassVar[frozenset[str]] = frozenset()
    """The verbs that people keep for what is their own when their Member has switched the module off: what one gave one can take back."""
    verbs: ClassVar[Mapping[str, Sequence[Ground]]]

    every: ClassVar[list[Rules[Any]]] = []
    """One of each, for the suite's properties and the page of roles."""

    def __init__(self) -> None:
        Rules.every.append(self)

    def _grounds(self, principal: Principal, verb: str, *, reads: bool = False) -> Sequence[Any]:
        """The grounds that count for this principal: without the scope or with the module switched off, only those that need neither."""
        every, asked = self.verbs[verb], "view" if reads else verb
        if principal.is_system or not self._narrowed(principal, asked):
            return every
        keeps = verb in self.kept and self._scoped(principal, asked)
        return [ground for ground in every if isinstance(ground, Anyone | Linked) or (keeps and _is_own(ground))]

    def _scoped(self, principal: Principal, verb: str) -> bool:
        return principal.scoped(f"{self.scope}:{'read' if verb == 'view' else 'write'}")

    def _narrowed(self, principal: Principal, verb: str) -> Text | None:
        if not self._scoped(principal, verb):
            return Text(gettext_noop("This token or link was not issued for that."))
        if self.module and self.module in principal.off:
            return Text(gettext_noop("Your administration has switched this module off."))
        return None

    def may(self, principal: Principal, verb: str, thing: M) -> Verdict:
        """Whether the principal may do this with the thing, and why."""
        if principal.is_system:
            return Verdict(True, Text(gettext_noop("the system itself")))
        for ground in self._grounds(principal, verb):
            if ground.holds(principal, thing):
                return Verdict(True, _because(ground, principal))
        return Verdict(False, self._narrowed(principal, verb) or Text(gettext_noop("None of your roles allows this here.")))

    def visible_to(self, principal: Principal, verb: str = "view", *, reads: bool = False) -> QuerySet[M]:
        """The things with which the principal may do this. With `reads` a token that only reads may ask which those are."""
        everything: QuerySet[M] = self.model._default_manager.all()  # type: ignore[assignment]
        if principal.is_system:
            return everything
        grounds = self._grounds(principal, verb, reads=reads)
        found, broad = NOTHING, False
        for ground in grounds:
            if not isinstance(ground, Through):
                here = ground.q(principal)
                found |= here
                broad = broad or not (here is NOTHING or isinstance(ground, Own))
        through = [ground for ground in grounds if isinstance(ground, Through) and ground.counts_for(principal)]
        return self._together(everything, found, through, principal, broad=broad)

    def _together(self, everything: QuerySet[M], found: Q, through: list[Through], principal: Principal, *, broad: bool) -> QuerySet[M]:
        """The things found directly or through a relation, in the form that each database answers fastest (see docs/performance.md).

        SQLite takes a list of keys beside the other conditions. PostgreSQL would read the whole table for that: where much is found
        directly it asks each thing in turn, and where nothing but one's own is, it joins the keys into one list.
        """
        if connection.vendor != "postgresql":
            return everything.filter(reduce(or_, (Q(pk__in=ground.ids(principal, self.model)) for ground in through), found))
        if broad or not through:
            return everything.filter(reduce(or_, (ground.probe(principal, self.model) for ground in through), found))
        own = everything.filter(found).order_by().values("pk")
        return everything.filter(pk__in=own.union(*(ground.ids(principal, self.model) for ground in through)))

    def require(self, principal: Principal, verb: str, thing: M) -> None:
        """Raise `NotFound` where the thing may not even be seen, `NotAllowed` with the reason where only the verb is missing."""
        verdict = self.may(principal, verb, thing)
        if verdict:
            return
        if verb == "view" or not self.may(principal, "view", thing):
            raise NotFound
        raise NotAllowed(verdict.reason.message)

    def notes(self) -> list[VerbNote]:
        """The rows of the page of roles for this model."""
        app = self.model._meta.app_label
        return [
            VerbNote(
                app,
                self.thing,
                verb,
                frozenset().union(*(ground.roles for ground in grounds)),
                tuple(ground.words for ground in grounds if ground.words),
            )
            for verb, grounds in self.verbs.items()
        ]


def _is_own(ground: Ground) -> bool:
    return isinstance(ground.ground if isinstance(ground, Through) else ground, Own)


def _because(ground: Ground, principal: Principal) -> Text:
    for grant in principal.grants:
        if grant.role in ground.roles:
            return Text(gettext_noop("as %(role)s"), {"role": ROLES[grant.role].title})
    return Text(ground.words or gettext_noop("allowed"))
