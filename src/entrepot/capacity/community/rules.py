"""Who sees a profile, who is in a group and reads what is said there. What is private is nobody's else, the regional office's neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from entrepot.ground.access.api import without
from entrepot.ground.keeping.api import NOTHING, FromHome, FromRegion, Held, Own, Rules, Through
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import Role
from entrepot.kernel.texts import gettext_noop

from .enums import Belonging, Sight
from .models import Fellow, Group, Post, Profile

OFFICE = frozenset({Role.HEAD, Role.PROGRAMME_MANAGER})
CENTRE = frozenset({Role.CENTRE_MANAGER})


@dataclass(frozen=True)
class OpenedTo:
    """Holds where `ground` does, as long as the person's own Member has the community: once it is switched off, nobody sees its people."""

    ground: FromRegion

    @property
    def words(self) -> str:
        """The words of the ground behind it."""
        return self.ground.words

    @property
    def roles(self) -> frozenset[Role]:
        """None: it asks where one is at home."""
        return self.ground.roles

    def q(self, principal: Principal) -> Q:
        """What is open to the principal and not of a Member that is out."""
        found = self.ground.q(principal)
        return found if found is NOTHING else found & ~Q(person__home__in=without("community"))

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether this is open to the principal and not of a Member that is out."""
        return self.ground.holds(principal, thing) and not without("community").filter(place=thing.person.home_id).exists()


SHOWN = [
    OpenedTo(FromRegion("person__home__lineage", {"sight": Sight.REGION.value, "person__is_active": True})),
    OpenedTo(FromHome("person__home__lineage", {"sight": Sight.ADMINISTRATION.value, "person__is_active": True})),
]
"""Those to whom someone has opened their profile."""


@dataclass(frozen=True)
class InIt:
    """Holds for those who have joined the thing's group, for what matches `joined` (fellows who joined, where the thing is a fellow)."""

    joined: bool = False
    words: str = gettext_noop("those who joined the group")
    roles: frozenset[Role] = frozenset()

    def q(self, principal: Principal) -> Q:
        """What belongs to the principal's groups."""
        if not principal.person_id:
            return NOTHING
        mine = Fellow.objects.filter(person_id=principal.person_id, belonging=Belonging.JOINED).values("group_id")
        return Q(group_id__in=mine, **({"belonging": Belonging.JOINED} if self.joined else {}))

    def holds(self, principal: Principal, thing: Any) -> bool:
        """Whether the principal is in the thing's group."""
        if not principal.person_id or (self.joined and thing.belonging != Belonging.JOINED):
            return False
        return bool(Fellow.objects.filter(group_id=thing.group_id, person_id=principal.person_id, belonging=Belonging.JOINED).exists())


def _looks_after(before: str, **when: Any) -> list[Held]:
    """The regional office, and the manager of the centre where it was taught."""
    return [Held(OFFICE, over=f"{before}region__lineage", when=when), Held(CENTRE, over=f"{before}host__lineage", when=when)]


class ProfileRules(Rules[Profile]):
    """A profile is its person's, and of those to whom they open it."""

    model = Profile
    thing = "profile"
    scope = "community"
    module = "community"
    kept = frozenset({"keep"})
    verbs = {"view": [Own("person_id"), *SHOWN], "keep": [Own("person_id")], "write to": SHOWN}


class GroupRules(Rules[Group]):
    """A group is seen by those asked into it, and by those who look after it."""

    model = Group
    thing = "alumni group"
    scope = "community"
    module = "community"
    kept = frozenset({"view"})
    verbs = {
        "view": [Through("fellows", Own("person_id")), *_looks_after("activity__")],
        "speak": [Through("fellows", Own("person_id", when={"belonging": Belonging.JOINED.value}))],
        "look after": _looks_after("activity__"),
    }


class FellowRules(Rules[Fellow]):
    """Who has joined is known within the group and to those who look after it; who has not, to nobody else."""

    model = Fellow
    thing = "fellow of a group"
    scope = "community"
    module = "community"
    kept = frozenset({"belong"})
    verbs = {
        "view": [Own("person_id"), InIt(joined=True), *_looks_after("group__activity__", belonging=Belonging.JOINED.value)],
        "belong": [Own("person_id")],
    }


class PostRules(Rules[Post]):
    """What is said is read in the group and by those who look after it; taken out by whoever said it, or by those."""

    model = Post
    thing = "post in a group"
    scope = "community"
    module = "community"
    kept = frozenset({"view", "take out"})
    verbs = {
        "view": [InIt(), Own("person_id"), *_looks_after("group__activity__")],
        "take out": [Own("person_id"), *_looks_after("group__activity__")],
    }


profile_rules = ProfileRules()
group_rules = GroupRules()
fellow_rules = FellowRules()
post_rules = PostRules()
