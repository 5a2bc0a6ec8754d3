"""A Member that has switched the community off: its people are seen by nobody, and shut in nowhere."""

from __future__ import annotations

from typing import Any

import pytest

from entrepot.capacity.community import api as community
from entrepot.capacity.community.enums import Belonging, Sight
from entrepot.capacity.community.models import Fellow, Group, Post, Profile
from entrepot.capacity.community.queries import Seek, listed
from entrepot.desk.gathered import switches
from entrepot.ground.access.api import turn
from entrepot.ground.notices.models import Notice
from entrepot.kernel.errors import NotAllowed, NotFound

JSON = "application/json"


def _switch_off(world: Any) -> None:
    turn(by=world.principal("coordinator"), at=world.at, place=world.place("ATN"), module="community", on=False, known_modules=switches())


def _open(world: Any, part: str) -> Profile:
    return community.keep_profile(by=world.principal(part), at=world.at, values={"headline": "checks papers", "sight": Sight.REGION})


def _group() -> Group:
    return Group.objects.get(posts__text__startswith="Six months on")


def test_its_people_are_shown_to_nobody_and_nobody_writes_to_them(world: Any) -> None:
    theirs, reader = _open(world, "officer"), world.principal("neighbour")
    _open(world, "neighbour")
    assert theirs in listed(reader, Seek())
    _switch_off(world)
    assert theirs not in listed(reader, Seek())
    for verb in ("view", "write to"):
        assert not community.profile_rules.may(reader, verb, theirs)
        assert not community.profile_rules.visible_to(reader, verb).filter(pk=theirs.pk).exists()
    with pytest.raises(NotFound):
        community.write(by=reader, at=world.at, uuid=theirs.uuid, text="Hello there")
    assert world.browser("neighbour").get(f"/community/people/{theirs.uuid}/").status_code == 404


def test_they_close_and_delete_what_they_opened_and_open_nothing(world: Any) -> None:
    _open(world, "officer")
    _switch_off(world)
    browser = world.browser("officer")
    assert "/community/me/" in browser.get("/community/").content.decode(), "the way there"
    page = browser.get("/community/me/").content.decode()
    assert "checks papers" in page
    assert "switched this module off" in page
    assert browser.post("/community/me/", {"headline": "more", "sight": "region"}).status_code == 422
    assert Profile.objects.get(person=world.person("officer")).headline == "checks papers"
    assert browser.post("/community/me/", {"headline": "checks papers", "sight": "private"}).status_code == 302
    assert Profile.objects.get(person=world.person("officer")).sight == Sight.PRIVATE
    assert browser.post("/community/me/delete/", follow=True).status_code == 200
    assert not Profile.objects.filter(person=world.person("officer")).exists()


def test_programs_close_and_delete_for_them_too(world: Any) -> None:
    _open(world, "officer")
    _switch_off(world)
    browser, address = world.browser("officer"), "/api/v1/community/profile"
    assert browser.get(address).json()["headline"] == "checks papers"
    assert browser.put(address, {"headline": "more", "sight": "region"}, content_type=JSON).status_code == 403
    closed = browser.put(address, {"sight": "private"}, content_type=JSON)
    assert (closed.status_code, closed.json()["sight"]) == (200, "private")
    assert browser.delete(address).status_code == 204
    reads = world.principal("officer", scopes=["people:read"])
    assert not community.profile_rules.visible_to(reads, "keep", reads=True).exists(), "a token does as much as it was issued for"


def test_they_leave_a_group_and_take_out_what_they_said(world: Any) -> None:
    group, officer = _group(), world.person("officer")
    own, other = Post.objects.filter(group=group, person=officer)[0], Post.objects.exclude(person=officer).filter(group=group)[0]
    _switch_off(world)
    browser, address = world.browser("officer"), f"/community/groups/{group.uuid}/"
    assert address in browser.get("/community/groups/").content.decode()
    page = browser.get(address).content.decode()
    assert own.text[:30] in page
    assert other.text[:30] not in page
    assert "Who is here" not in page
    assert "Say it" not in page
    assert browser.post(address, {"text": "From inside"}).status_code == 422
    assert browser.post(f"/community/posts/{other.uuid}/take-out/", {"because": "It is not mine"}).status_code == 404
    assert browser.post(f"/community/posts/{own.uuid}/take-out/").status_code == 302
    assert Post.objects.get(pk=own.pk).text == ""
    assert browser.post(f"{address}belong/", {"move": "leave"}).status_code == 302
    assert Fellow.objects.get(group=group, person=officer).belonging == Belonging.LEFT
    assert browser.post(f"{address}belong/", {"move": "join"}).status_code == 403


def test_programs_leave_and_take_out_for_them_too(world: Any) -> None:
    group, officer = _group(), world.person("officer")
    own = Post.objects.filter(group=group, person=officer)[0]
    _switch_off(world)
    browser, address = world.browser("officer"), "/api/v1/community"
    assert str(group.uuid) in [one["uuid"] for one in browser.get(f"{address}/groups").json()]
    assert browser.get(f"{address}/groups/{group.uuid}/fellows").json() == []
    assert {row["name"] for row in browser.get(f"{address}/groups/{group.uuid}/posts").json()["rows"]} <= {officer.full_name}
    assert browser.post(f"{address}/groups/{group.uuid}/hear", {"hears": False}, content_type=JSON).status_code == 200
    assert browser.post(f"{address}/groups/{group.uuid}/hear", {"hears": True}, content_type=JSON).status_code == 403
    assert browser.post(f"{address}/posts/{own.uuid}/take-out", {}, content_type=JSON).status_code == 204
    assert browser.post(f"{address}/groups/{group.uuid}/leave").json() == {"belonging": "left"}
    assert browser.post(f"{address}/groups/{group.uuid}/join").status_code == 403


def test_what_is_said_in_a_group_is_not_told_to_those_who_are_out(world: Any) -> None:
    group = _group()
    Notice.objects.filter(key__startswith=f"said:{group.uuid}").delete()
    _switch_off(world)
    community.say(by=world.principal("trainer"), at=world.at, uuid=group.uuid, text="Who has the new form?")
    told = Notice.objects.filter(key=f"said:{group.uuid}:{world.at.date()}")
    assert not told.filter(person__home=world.place("ATN")).exists()
    with pytest.raises(NotAllowed):
        community.say(by=world.principal("officer"), at=world.at, uuid=group.uuid, text="From outside")
