"""What fills the addresses of the community in the access matrix: a profile open to ATN's own people, and one open to the region."""

from __future__ import annotations

from typing import Any

from entrepot.capacity.community.models import Group, Post, Profile
from entrepot.capacity.training.models import Activity


def _profiles(_world: Any) -> tuple[str, str]:
    near = Profile.objects.get(person__email="officer@practice.example", sight="administration")
    wide = Profile.objects.get(person__email="analyst@practice.example", sight="region")
    return str(near.uuid), str(wide.uuid)


def _group(_world: Any) -> tuple[str, str]:
    return str(Group.objects.get(posts__text__startswith="Six months on").uuid), ""


def _post(_world: Any) -> tuple[str, str]:
    return str(Post.objects.get(text__startswith="Has anyone met").uuid), ""


THINGS: dict[str, Any] = {
    "profile": _profiles,
    "alumni group": _group,
    "post": _post,
    "taught activity": lambda _world: (str(Activity.objects.get(alumni__posts__text__startswith="Six months on").uuid), ""),
}
POSTS = {"community:belong": "alumni group", "community:open": "taught activity", "community:delete": ""}
API_POSTS = {
    **{f"/community/groups/<uuid>/{name}": "alumni group" for name in ("join", "leave", "hear")},
    "/community/activities/<uuid>/group": "taught activity",
    "/community/profiles/<uuid>/letters": "profile",
    "/community/posts/<uuid>/take-out": "post",
}
