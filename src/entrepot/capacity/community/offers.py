"""What the community contributes: its pages, people found by what they say of themselves, what one person said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from entrepot.kernel.offers import DemoMaker, Hit, NavOffer, NoticeKind, Offers, PersonData, Section, Switchable, WorkItem
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Text, gettext_noop

from .actions import all_of, erase, merge, on_stage
from .demo import remove
from .enums import Belonging
from .queries import Seek, groups_of, listed, shown


def _known(principal: Principal) -> bool:
    return principal.person_id is not None


def _found(principal: Principal, words: str, limit: int) -> Iterable[Hit]:
    if not _known(principal):
        return
    for profile in shown(listed(principal, Seek(words))).prefetch_related(None).order_by("person__sort_name")[:limit]:
        detail = f"{profile.person.home.name} · {profile.headline}"
        href = reverse("community:profile", args=[profile.uuid])
        yield Hit(profile.person.full_name, href, Text(gettext_noop("Profile")), detail, profile.person.home.invented)


def _to_join(principal: Principal, _day: date) -> Iterable[WorkItem]:
    """Groups that one is asked to join."""
    if not _known(principal):
        return
    for fellow in groups_of(principal).filter(belonging=Belonging.ASKED)[:20]:
        title = Text(gettext_noop("Join the group of “%(title)s”, or leave it"), {"title": fellow.group.activity.title})
        yield WorkItem(title, reverse("community:group", args=[fellow.group.uuid]), minutes=1)


_OWN = tuple(f"community:{page}" for page in ("mine", "delete", "groups", "group", "belong", "take_out"))

OFFERS = Offers(
    nav=[NavOffer(Section.KNOWLEDGE, gettext_noop("People"), "community:people", _known, order=50)],
    work=[_to_join],
    search=[_found],
    switches=[Switchable("community", gettext_noop("Community: profiles and groups"), frozenset({"community"}), _OWN)],
    person=PersonData(all_of, erase, merge),
    notices=[
        NoticeKind("community.group", gettext_noop("Groups of workshops that you attended or taught")),
        NoticeKind("community.post", gettext_noop("What is said in your groups")),
        NoticeKind("community.letter", gettext_noop("Letters from people of the region")),
    ],
    demo=[DemoMaker(95, remove)],
    rest=[("/community", "entrepot.capacity.community.rest.router")],
    extra={"entered": on_stage},
)
