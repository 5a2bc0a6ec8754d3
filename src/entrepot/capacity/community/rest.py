"""The community for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from entrepot.ground.keeping.api import page
from entrepot.kernel.errors import NotFound

from . import actions
from .enums import Belonging, Sight
from .queries import Seek, fellows_of, groups_of, listed, own_profile, said_in, shown
from .rules import group_rules, profile_rules

router = Router(tags=["community"])
Cursor = Annotated[str, Query("", max_length=400)]
Words = Annotated[str, Field(max_length=4000)]


class ProfileIn(Schema):
    """What one says of oneself. Topics by code, languages by code; `version` is the one read before."""

    sight: Sight
    headline: Annotated[str, Field(max_length=160)] = ""
    ask_me: Annotated[str, Field(max_length=300)] = ""
    about: Annotated[str, Field(max_length=2000)] = ""
    topics: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=60)] = []
    languages: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=60)] = []
    version: int | None = None


class ProfileOut(Schema):
    """A person as they show themself."""

    uuid: UUID
    version: int
    name: str
    place: str
    sight: Sight
    headline: str
    ask_me: str
    about: str
    topics: list[str]
    languages: list[str]


class ProfilesOut(Schema):
    """A page of profiles, by name."""

    rows: list[ProfileOut]
    following: str


class SeekIn(Schema):
    """What is looked for: words, a topic's code, a language, a Member's code."""

    q: Annotated[str, Field(max_length=100)] = ""
    topic: Annotated[str, Field(max_length=12)] = ""
    language: Annotated[str, Field(max_length=12)] = ""
    member: Annotated[str, Field(max_length=16)] = ""


class AlumniGroupOut(Schema):
    """A group, and where one stands with it."""

    uuid: UUID
    activity: UUID
    title: str
    belonging: Belonging
    hears: bool
    joined: int


class FellowOut(Schema):
    """Someone who joined."""

    name: str
    place: str
    taught: bool
    profile: UUID | None


class PostOut(Schema):
    """Something said; empty where it was taken out."""

    uuid: UUID
    parent: UUID | None
    name: str
    place: str
    at: datetime
    text: str


class PostsOut(Schema):
    """A page of what was said, latest first, each followed by its answers."""

    rows: list[PostOut]
    following: str


class PostIn(Schema):
    """Something to say."""

    text: Words
    parent: UUID | None = None


class LetterIn(Schema):
    """A letter."""

    text: Words


class OutIn(Schema):
    """Why a post is taken out; not asked of whoever wrote it."""

    because: Annotated[str, Field(max_length=300)] = ""


class HearIn(Schema):
    """Whether one wants to be told of what is said."""

    hears: bool


def _plain(profile: Any) -> dict[str, Any]:
    own = {name: getattr(profile, name) for name in ("uuid", "version", "sight", "headline", "ask_me", "about")}
    topics, tongues = profile.topics.all(), profile.tongues.all()
    more = {"topics": [topic.code for topic in topics], "languages": [one.language for one in tongues]}
    return {**own, **more, "name": profile.person.full_name, "place": profile.person.home.code}


def _said(post: Any, parent: UUID | None) -> dict[str, Any]:
    own = {name: getattr(post, name) for name in ("uuid", "at", "text")}
    return {**own, "parent": parent, "name": post.person.full_name, "place": post.person.home.code}


@router.get("/profiles", response=ProfilesOut, operation_id="list_profiles")
def profiles(request: Any, seek: Query[SeekIn], cursor: Cursor = "", size: Annotated[int, Query(50, ge=1, le=200)] = 50) -> Any:
    """The profiles that people have opened to this principal."""
    found = shown(listed(request.principal, Seek(seek.q.strip(), seek.topic, seek.language, seek.member)))
    read = page(found, by="name", cursor=cursor, size=size)
    return {"rows": [_plain(one) for one in read.rows], "following": read.following}


@router.get("/profile", response=ProfileOut, operation_id="read_own_profile")
def own(request: Any) -> Any:
    """One's own."""
    found = own_profile(request.principal).first()
    if found is None:
        raise NotFound
    return _plain(found)


@router.put("/profile", response=ProfileOut, operation_id="keep_own_profile")
def keep(request: Any, body: ProfileIn) -> Any:
    """Write it, open it, close it."""
    actions.keep_profile(by=request.principal, at=request.at, values=body.dict(exclude={"version"}), version=body.version)
    return own(request)


@router.delete("/profile", response={204: None}, operation_id="delete_own_profile")
def delete(request: Any) -> Any:
    """Take it away."""
    actions.delete_profile(by=request.principal, at=request.at)
    return Status(204, None)


@router.get("/profiles/{uuid}", response=ProfileOut, operation_id="read_profile")
def profile(request: Any, uuid: UUID) -> Any:
    """One person as they show themself."""
    found = profile_rules.visible_to(request.principal).select_related("person__home").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return _plain(found)


@router.post("/profiles/{uuid}/letters", response={201: dict[str, UUID]}, operation_id="write_letter")
def write(request: Any, uuid: UUID, body: LetterIn) -> Any:
    """Write to them."""
    return Status(201, {"uuid": actions.write(by=request.principal, at=request.at, uuid=uuid, text=body.text).uuid})


@router.get("/groups", response=list[AlumniGroupOut], operation_id="list_own_groups")
def groups(request: Any) -> Any:
    """The groups that one belongs to, is asked into, or has left."""
    return [
        {
            "uuid": one.group.uuid,
            "activity": one.group.activity.uuid,
            "title": one.group.activity.title,
            "belonging": one.belonging,
            "hears": one.hears,
            "joined": one.n,  # type: ignore[attr-defined]
        }
        for one in groups_of(request.principal)
    ]


def _group(request: Any, uuid: UUID) -> Any:
    found = group_rules.visible_to(request.principal).filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    return found


@router.post("/activities/{uuid}/group", response=dict[str, UUID], operation_id="open_alumni_group")
def open_group(request: Any, uuid: UUID) -> Any:
    """Open the group of a taught activity, or ask those who are new."""
    return {"uuid": actions.open_group(by=request.principal, at=request.at, activity=uuid).uuid}


@router.post("/groups/{uuid}/join", response=dict[str, Belonging], operation_id="join_group")
def join(request: Any, uuid: UUID) -> Any:
    """Join."""
    return {"belonging": actions.join(by=request.principal, at=request.at, uuid=uuid).belonging}


@router.post("/groups/{uuid}/leave", response=dict[str, Belonging], operation_id="leave_group")
def leave(request: Any, uuid: UUID) -> Any:
    """Leave, or decline."""
    return {"belonging": actions.leave(by=request.principal, at=request.at, uuid=uuid).belonging}


@router.post("/groups/{uuid}/hear", response=dict[str, bool], operation_id="hear_group")
def hear(request: Any, uuid: UUID, body: HearIn) -> Any:
    """Be told of what is said, or not."""
    return {"hears": actions.hear(by=request.principal, at=request.at, uuid=uuid, hears=body.hears).hears}


@router.get("/groups/{uuid}/fellows", response=list[FellowOut], operation_id="list_fellows")
def fellows(request: Any, uuid: UUID) -> Any:
    """Those who joined."""
    return [
        {
            "name": one.person.full_name,
            "place": one.person.home.code,
            "taught": one.taught,
            "profile": one.open.uuid if one.open else None,
        }
        for one in fellows_of(request.principal, _group(request, uuid))
    ]


@router.get("/groups/{uuid}/posts", response=PostsOut, operation_id="list_posts")
def posts(request: Any, uuid: UUID, cursor: Cursor = "") -> Any:
    """What was said; nothing for those who have not joined."""
    read = page(said_in(request.principal, _group(request, uuid)), cursor=cursor, size=50, descending=True)
    rows = [_said(one, above) for post in read.rows for one, above in [(post, None), *((reply, post.uuid) for reply in post.replies)]]  # type: ignore[attr-defined]
    return {"rows": rows, "following": read.following}


@router.post("/groups/{uuid}/posts", response={201: dict[str, UUID]}, operation_id="say_in_group")
def say(request: Any, uuid: UUID, body: PostIn) -> Any:
    """Say something, or answer."""
    made = actions.say(by=request.principal, at=request.at, uuid=uuid, text=body.text, parent=body.parent)
    return Status(201, {"uuid": made.uuid})


@router.post("/posts/{uuid}/take-out", response={204: None}, operation_id="take_post_out")
def take_out(request: Any, uuid: UUID, body: OutIn) -> Any:
    """Take its words out."""
    actions.take_out(by=request.principal, at=request.at, uuid=uuid, because=body.because)
    return Status(204, None)
