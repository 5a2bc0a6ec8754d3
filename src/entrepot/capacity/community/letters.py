"""What the community tells people: that a group is open, that something was said, that someone writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from entrepot.ground.notices.api import notify
from entrepot.kernel.principals import Principal
from entrepot.kernel.texts import Personal, Text, gettext_noop

from .models import Group, Letter, Post, Profile


def _page(group: Group) -> str:
    return reverse("community:group", args=[group.uuid])


def ask_to_join(group: Group, activity: Any, people: Iterable[Any], *, by: Principal, at: datetime) -> None:
    """Ask each to join."""
    values = {"title": activity.title}
    for person in people:
        notify(
            by=by,
            at=at,
            person=person,
            kind="community.group",
            title=Text(gettext_noop("Stay in touch: the group of “%(title)s”"), values),
            body=Text(gettext_noop("Those who were there can go on asking each other. Nobody sees you in it before you join."), {}),
            href=_page(group),
            key=f"group:{group.uuid}",
        )


def tell_said(post: Post, group: Group, people: Iterable[Any], *, by: Principal, at: datetime) -> None:
    """Tell each that something was said, once a day."""
    values = {"title": group.activity.title}
    author = post.person
    said = {"name": Personal(author.full_name, author.uuid), "words": Personal(post.text[:300], author.uuid)}
    for person in people:
        notify(
            by=by,
            at=at,
            person=person,
            kind="community.post",
            title=Text(gettext_noop("Something was said in the group of “%(title)s”"), values),
            body=Text(gettext_noop("%(name)s: %(words)s"), said),
            href=_page(group),
            key=f"said:{group.uuid}:{at.date()}",
        )


def tell_out(post: Post, *, by: Principal, at: datetime) -> None:
    """Tell whoever wrote it that their post was taken out, and why."""
    notify(
        by=by,
        at=at,
        person=post.person,
        kind="community.group",
        title=Text(gettext_noop("Your post was taken out of the group of “%(title)s”"), {"title": post.group.activity.title}),
        body=Text(gettext_noop("Why: %(words)s"), {"words": post.out_because}),
        href=_page(post.group),
        key=f"out:{post.uuid}",
    )


def tell_letter(letter: Letter, mine: Profile, text: str, *, by: Principal, at: datetime) -> None:
    """Hand the words over, with the way back."""
    sender = letter.sender
    notify(
        by=by,
        at=at,
        person=letter.to,
        kind="community.letter",
        title=Text(
            gettext_noop("%(name)s (%(member)s) writes to you"),
            {"name": Personal(sender.full_name, sender.uuid), "member": sender.home.name},
        ),
        body=Text(gettext_noop("They write: %(words)s"), {"words": Personal(text, sender.uuid)}),
        href=reverse("community:profile", args=[mine.uuid]),
        key=f"letter:{letter.uuid}",
    )
