"""Nobody is seen before they say so; groups come of closed workshops; what one said can be had and taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from entrepot.capacity.community import api as community
from entrepot.capacity.community.enums import Belonging, Sight
from entrepot.capacity.community.models import Fellow, Group, Letter, Post, Profile
from entrepot.capacity.community.queries import Seek, groups_of, listed, said_in
from entrepot.capacity.training import api as training
from entrepot.capacity.training.enums import Stage
from entrepot.capacity.training.models import Activity
from entrepot.desk.gathered import person_data, switches
from entrepot.ground.access.api import principal_for, turn
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import writing
from entrepot.ground.notices.models import Notice
from entrepot.ground.people.api import erase, register
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, StaleEdit
from entrepot.kernel.principals import SYSTEM

WORDS = {"headline": "reads manifests", "ask_me": "late manifests", "about": "", "topics": ["RSK"], "languages": ["en", "fr"]}


def _names(world: Any, part: str, **seek: str) -> set[str]:
    found = listed(world.principal(part), Seek(**seek)).select_related("person")
    return {profile.person.full_name for profile in found}


def _keep(world: Any, part: str, sight: Sight, **more: Any) -> Profile:
    return community.keep_profile(by=world.principal(part), at=world.at, values={**WORDS, "sight": sight, **more})


def _group() -> Group:
    return Group.objects.get(posts__text__startswith="Six months on")


@pytest.mark.row("R42.1")
def test_a_profile_is_seen_by_those_to_whom_it_is_open_and_by_nobody_else(world: Any) -> None:
    name = world.person("observer").full_name
    seen_by = {}
    for sight in Sight:
        _keep(world, "observer", sight)
        seen_by[sight] = {part for part in ("officer", "manager", "admin", "observer", "analyst") if name in _names(world, part)}
    assert seen_by[Sight.PRIVATE] == set(), "the regional office sees no private profile either, and a list shows it to nobody"
    assert seen_by[Sight.ADMINISTRATION] == {"observer"}
    assert seen_by[Sight.REGION] == {"officer", "manager", "admin", "observer", "analyst"}
    _keep(world, "observer", Sight.PRIVATE)
    assert name not in _names(world, "officer"), "closing takes effect at once"
    mine = Entry.objects.filter(verb__startswith="community.profile", by_uuid=world.person("observer").uuid)
    verbs = list(mine.order_by("id").values_list("verb", "facts"))
    assert [v for v, _ in verbs] == [f"community.profile.{one}" for one in ("kept", "opened", "opened", "closed")]
    assert not Profile.objects.get(person__email="observer@practice.example").shared_at


@pytest.mark.row("R42.1")
def test_a_colleague_sees_what_is_open_to_the_administration_and_a_neighbour_does_not(world: Any) -> None:
    assert "Pele" in _names(world, "coordinator")
    assert "Pele" not in _names(world, "neighbour") | _names(world, "manager") | _names(world, "admin")
    pele = Profile.objects.get(person__email="officer@practice.example")
    for part in ("neighbour", "manager", "admin", ""):
        assert world.browser(part).get(f"/community/people/{pele.uuid}/").status_code in (302, 404)
        answer = world.browser(part).get("/search/", {"q": "Pele"})
        assert str(pele.uuid) not in answer.content.decode()
    assert world.browser("coordinator").get(f"/community/people/{pele.uuid}/").status_code == 200


@pytest.mark.parametrize("home", ["PX", "ISLES"])
def test_what_is_open_to_an_administration_is_not_open_to_those_above_it(world: Any, home: str) -> None:
    above = register(by=SYSTEM, at=world.at, home=world.place(home), email="above@practice.example", full_name="Above Them")
    who = principal_for(above, world.at)
    _keep(world, "coordinator", Sight.ADMINISTRATION)
    profile = Profile.objects.get(person=world.person("coordinator"))
    for verb in ("view", "write to"):
        assert not community.profile_rules.may(who, verb, profile)
        assert not community.profile_rules.visible_to(who, verb).filter(pk=profile.pk).exists()
        assert community.profile_rules.may(world.principal("officer"), verb, profile)


@pytest.mark.row("R42.2")
@pytest.mark.parametrize(
    ("seek", "found"),
    [
        ({"topic": "DAT"}, {"নীলা সরকার"}),
        ({"language": "dz"}, {"Dorji Wen"}),
        ({"member": "DELT"}, {"নীলা সরকার"}),
        ({"words": "scanner"}, {"Bayu Segara"}),
        ({"words": "bayu EXERCISES"}, {"Bayu Segara"}),
        ({"words": "faleolo", "topic": "ORI", "language": "to", "member": "ATN"}, {"Sina Faleolo"}),
        ({"words": "zzz"}, set()),
        ({"topic": "nonsense'--"}, set()),
    ],
)
def test_people_are_found_by_topic_language_member_and_words(world: Any, seek: dict[str, str], found: set[str]) -> None:
    assert _names(world, "head", **seek) == found
    page = world.browser("head").get("/community/", {"q" if name == "words" else name: value for name, value in seek.items()})
    assert page.status_code == 200
    shown = page.content.decode()
    assert all(name in shown for name in found)
    assert ("Nobody found" in shown) is not bool(found)


@pytest.mark.row("R42.2")
def test_the_counts_beside_the_list_are_of_what_the_reader_may_see(world: Any) -> None:
    of_atn = {}
    for part in ("coordinator", "neighbour"):
        browser = world.browser(part)
        for group in browser.get("/community/").context["groups"]:
            for link in (*group["links"], *group["more"]):
                found = browser.get("/community/" + link["query"])
                assert link["n"] == len(found.context["page"].rows) == found.content.decode().count("<article"), (part, link)
                if link["title"] == "Atoll North Customs":
                    of_atn[part] = link["n"]
    assert of_atn["coordinator"] == of_atn["neighbour"] + 1


def test_a_narrowing_that_finds_nobody_can_be_let_go(world: Any) -> None:
    page = world.browser("coordinator").get("/community/?topic=nothing&language=en").content.decode()
    assert "Nobody found" in page
    assert 'href="?language=en"' in page


def test_what_is_wrong_with_a_profile_is_said_by_field_and_nothing_is_kept(world: Any) -> None:
    bad = {
        "headline": {"headline": ""},
        "sight": {"sight": "everyone"},
        "topics": {"topics": ["NO-SUCH"]},
        "languages": {"languages": ["klingon"]},
        "about": {"about": "x" * 2001},
    }
    for field, values in bad.items():
        with pytest.raises(Invalid) as said:
            _keep(world, "observer", values.pop("sight", Sight.REGION), **values)  # type: ignore[arg-type]
        assert field in said.value.faults
    assert not Profile.objects.filter(person__email="observer@practice.example").exists()
    page = world.browser("observer").post("/community/me/", {"sight": "region", "headline": "", "about": "Kept in the form"})
    assert page.status_code == 422
    assert "Kept in the form" in page.content.decode()
    assert "Say in a few words" in page.content.decode()


def test_a_stale_form_shows_both_sides(world: Any) -> None:
    first = _keep(world, "observer", Sight.REGION)
    seen = Profile.objects.get(pk=first.pk).version
    _keep(world, "observer", Sight.REGION, headline="changed on the phone")
    with pytest.raises(StaleEdit):
        community.keep_profile(by=world.principal("observer"), at=world.at, values={**WORDS, "sight": Sight.REGION}, version=seen)
    page = world.browser("observer").post("/community/me/", {"sight": "region", "headline": "from the desk", "version": seen})
    assert "changed on the phone" in page.content.decode()
    assert "from the desk" in page.content.decode()


@pytest.mark.row("R42.3")
def test_closing_an_activity_asks_its_alumni_and_shows_nobody_before_they_join(world: Any) -> None:
    activity = Activity.objects.get(stage=Stage.DELIVERED)
    assert not Group.objects.filter(activity=activity).exists()
    training.advance(by=world.principal("manager"), at=world.at, uuid=activity.uuid, to=Stage.CLOSED, skip="The rest is on paper")
    group = Group.objects.get(activity=activity)
    wanted = {n.person_id for n in training.attended(activity)} | set(activity.trainers.values_list("pk", flat=True))
    assert set(group.fellows.values_list("person_id", flat=True)) == wanted
    assert len(wanted) > 5
    assert set(group.fellows.filter(taught=True).values_list("person_id", flat=True)) == set(activity.trainers.values_list("pk", flat=True))
    told = Notice.objects.filter(key=f"group:{group.uuid}")
    assert set(told.values_list("person_id", flat=True)) == {f.person_id for f in group.fellows.filter(person__is_active=True)}
    one, two = group.fellows.filter(taught=False).select_related("person__home")[:2]
    reader = principal_for(one.person, world.at)
    community.join(by=reader, at=world.at, uuid=group.uuid)
    assert set(community.fellow_rules.visible_to(reader).filter(group=group).values_list("person_id", flat=True)) == {one.person_id}
    assert community.fellow_rules.visible_to(world.principal("manager")).filter(group=group).count() == 1, "not the office either"
    other = principal_for(two.person, world.at)
    assert not community.fellow_rules.visible_to(other).filter(group=group, belonging=Belonging.JOINED).exists()
    with pytest.raises(NotAllowed):
        community.say(by=other, at=world.at, uuid=group.uuid, text="Before joining")


@pytest.mark.row("R42.3")
def test_a_group_opens_once_and_asks_who_came_late_to_the_list(world: Any) -> None:
    group = _group()
    asked = group.fellows.count()
    by = world.principal("manager")
    assert community.open_group(by=by, at=world.at, activity=group.activity.uuid) == group
    assert group.fellows.count() == asked
    with writing():
        Fellow.objects.filter(pk=group.fellows.filter(belonging=Belonging.ASKED)[0].pk).delete()
    community.open_group(by=by, at=world.at, activity=group.activity.uuid)
    assert group.fellows.count() == asked
    with pytest.raises(Conflict):
        community.open_group(by=by, at=world.at, activity=Activity.objects.get(stage=Stage.DESIGN).uuid)
    with pytest.raises((NotAllowed, NotFound)):
        community.open_group(by=world.principal("coordinator"), at=world.at, activity=group.activity.uuid)


def test_people_of_a_group_speak_answer_leave_and_take_back(world: Any) -> None:
    group, by = _group(), world.principal("officer")
    first = community.say(by=by, at=world.at, uuid=group.uuid, text="Who has the new form?")
    trainer = world.principal("trainer")
    reply = community.say(by=trainer, at=world.at, uuid=group.uuid, text="Ask Sagara.", parent=first.uuid)
    below = community.say(by=by, at=world.at, uuid=group.uuid, text="Thank you.", parent=reply.uuid)
    assert below.parent == first, "answers stand in one row below what was asked"
    told = Notice.objects.filter(key=f"said:{group.uuid}:{world.at.date()}")
    hearing = group.fellows.filter(belonging=Belonging.JOINED)
    assert 0 < told.count() <= hearing.count()
    assert told.filter(person=world.person("trainer")).count() == 1, "once a day, however much is said"
    with pytest.raises(NotAllowed):
        community.take_out(by=trainer, at=world.at, uuid=first.uuid, because="I would rather not")
    community.take_out(by=by, at=world.at, uuid=first.uuid)
    assert Post.objects.get(pk=first.pk).text == ""
    assert first in list(said_in(trainer, group)), "its place stays while there are answers"
    community.leave(by=by, at=world.at, uuid=group.uuid)
    assert not said_in(by, group).exclude(person=world.person("officer")).exists()
    with pytest.raises(NotAllowed):
        community.say(by=by, at=world.at, uuid=group.uuid, text="From outside")
    left = world.browser("officer").get(f"/community/groups/{group.uuid}/").content.decode()
    assert "put the date of the last change" in left, "what one said can be taken out after leaving, too"
    assert "Six months on" not in left
    assert "Bayu Segara" not in left
    community.join(by=by, at=world.at, uuid=group.uuid)
    assert said_in(by, group).count() > 1


def test_who_declines_stands_nowhere_and_who_leaves_in_the_journal(world: Any) -> None:
    asked = Fellow.objects.filter(belonging=Belonging.ASKED, person__is_active=True).select_related("person", "group").first()
    assert asked
    asked_by, group = principal_for(asked.person, world.at), asked.group
    entries = Entry.objects.count()
    assert community.leave(by=asked_by, at=world.at, uuid=group.uuid).belonging == Belonging.LEFT
    assert Entry.objects.count() == entries, "any entry of theirs would tell: whoever joined is known"
    for verb, act in (("joined", community.join), ("left", community.leave)):
        act(by=asked_by, at=world.at, uuid=group.uuid)
        assert Entry.objects.filter(verb=f"community.group.{verb}", by_uuid=asked.person.uuid, thing_uuid=group.uuid).count() == 1


def test_those_who_look_after_a_group_take_out_with_a_reason_that_is_told(world: Any) -> None:
    post = Post.objects.get(text__startswith="Has anyone met")
    with pytest.raises(Invalid):
        community.take_out(by=world.principal("manager"), at=world.at, uuid=post.uuid)
    world.browser("manager").post(f"/community/posts/{post.uuid}/take-out/", {"because": "It names a consignment under inquiry"})
    post.refresh_from_db()
    assert (post.text, post.out_because) == ("", "It names a consignment under inquiry")
    assert Notice.objects.filter(person=post.person, key=f"out:{post.uuid}").exists()
    with pytest.raises((NotFound, NotAllowed)):
        community.take_out(
            by=world.principal("neighbour"), at=world.at, uuid=Post.objects.exclude(pk=post.pk)[0].uuid, because="Not mine at all"
        )


def test_the_centre_that_taught_it_looks_after_the_group_and_another_centre_does_not(world: Any) -> None:
    group, centre = _group(), world.principal("centre")
    assert not community.group_rules.may(centre, "view", group)
    with writing():
        Activity.objects.filter(pk=group.activity_id).update(host=world.place("RTC-SAG"))
    group = _group()
    assert community.group_rules.may(centre, "look after", group)
    page = world.browser("centre").get(f"/community/groups/{group.uuid}/").content.decode()
    assert "Six months on" in page
    assert "Say it" not in page, "who looks after a group reads along; only those who joined speak"


def test_a_letter_goes_through_the_product_and_shows_no_address(world: Any) -> None:
    theirs = Profile.objects.get(person__email="analyst@practice.example")
    with pytest.raises(Conflict):
        community.write(by=world.principal("supervisor"), at=world.at, uuid=theirs.uuid, text="I am hidden myself")
    page = world.browser("coordinator").post(
        f"/community/people/{theirs.uuid}/", {"text": "Could we see your cleaning script?"}, follow=True
    )
    assert "Sent." in page.content.decode()
    notice = Notice.objects.get(person=theirs.person, kind="community.letter")
    mine = Profile.objects.get(person__email="coordinator@practice.example")
    assert notice.href == f"/community/people/{mine.uuid}/"
    seen = world.browser("analyst").get("/notices/").content.decode()
    assert "Could we see your cleaning script?" in seen
    assert "coordinator@practice.example" not in seen
    assert "cleaning script" not in str(list(Entry.objects.filter(verb="community.letter.sent").values()))
    for n in range(19):
        community.write(by=world.principal("coordinator"), at=world.at + timedelta(minutes=n), uuid=theirs.uuid, text=f"Again {n}")
    with pytest.raises(Conflict):
        community.write(by=world.principal("coordinator"), at=world.at + timedelta(minutes=30), uuid=theirs.uuid, text="One too many")
    assert Letter.objects.filter(sender=world.person("coordinator")).count() == 20
    assert not hasattr(Letter.objects.first(), "text")


@pytest.mark.row("R42.4")
def test_what_one_said_is_in_ones_export_and_goes_with_erasure(world: Any) -> None:
    officer = world.person("officer")
    mine = dict(person_data())["community"].export(officer.pk)
    assert mine["profile"]["headline"] == "checks certificates of origin at Lagoon Wharf"
    assert any("date of the last change" in post["text"] for post in mine["posts"])
    assert {one["belonging"] for one in mine["groups"]} >= {"joined"}
    data = world.browser("officer").get("/my-data.json")
    assert "checks certificates of origin at Lagoon Wharf" in data.content.decode()
    erasers = [data.erase for _, data in person_data()]
    erase(by=world.principal("officer"), at=world.at, uuid=officer.uuid, erasers=erasers)
    assert not Profile.objects.filter(person=officer).exists()
    assert not Fellow.objects.filter(person=officer).exists()
    assert not Post.objects.filter(person=officer).exclude(text="").exists()


@pytest.mark.row("R42.4")
def test_a_profile_can_be_deleted_by_its_person_alone(world: Any) -> None:
    assert world.browser("analyst").post("/community/me/delete/").status_code == 302
    assert not Profile.objects.filter(person__email="analyst@practice.example").exists()
    assert "নীলা সরকার" not in _names(world, "head")
    with pytest.raises(NotFound):
        community.delete_profile(by=world.principal("analyst"), at=world.at)


def test_two_records_of_one_person_become_one_in_the_community_too(world: Any) -> None:
    group = _group()
    kept, dropped = world.person("observer"), world.person("officer")
    data = dict(person_data())["community"]
    with writing():
        Fellow.objects.filter(group=group, person=kept).delete()
        data.merge(dropped.pk, kept.pk, world.at)
    assert Profile.objects.get(person=kept).headline == "checks certificates of origin at Lagoon Wharf"
    assert Fellow.objects.filter(group=group, person=kept, belonging=Belonging.JOINED).exists()
    assert not Post.objects.filter(person=dropped).exists()


def test_a_member_that_switched_the_community_off_is_out_of_it(world: Any) -> None:
    turn(by=world.principal("coordinator"), at=world.at, place=world.place("ATN"), module="community", on=False, known_modules=switches())
    knowledge = reverse("knowledge:practices")
    answer = world.browser("officer").get("/community/")
    assert answer.status_code == 403
    assert "switched this module off" in answer.content.decode()
    assert 'href="/community/"' not in world.browser("officer").get(knowledge).content.decode(), "nor is there a way to it"
    assert "Bayu Segara" not in world.browser("officer").get("/search/?q=bayu").content.decode()
    assert 'href="/community/"' in world.browser("neighbour").get(knowledge).content.decode()
    assert _names(world, "officer") == set()
    with pytest.raises(NotAllowed):
        _keep(world, "officer", Sight.REGION)


def test_a_token_reads_or_writes_as_far_as_it_was_issued(world: Any) -> None:
    reads, other = (world.principal("officer", scopes=scopes) for scopes in (("community:read",), ("people:read",)))
    assert community.profile_rules.visible_to(reads).filter(person=world.person("officer")).exists()
    assert groups_of(reads).exists()
    assert not community.profile_rules.visible_to(other).exists()
    assert not groups_of(other).exists()
    with pytest.raises(NotAllowed):
        _group_join(reads, world)


def _group_join(by: Any, world: Any) -> None:
    community.join(by=by, at=world.at, uuid=_group().uuid)


def test_programs_do_the_same(world: Any) -> None:
    browser = world.browser("observer")
    kept = browser.put("/api/v1/community/profile", {**WORDS, "sight": "region"}, content_type="application/json")
    assert kept.status_code == 200, kept.content
    assert kept.json()["languages"] == ["en", "fr"]
    rows = browser.get("/api/v1/community/profiles", {"topic": "RSK"}).json()["rows"]
    assert {row["name"] for row in rows} >= {world.person("observer").full_name, "Bayu Segara"}
    group = _group()
    officer = world.browser("officer")
    made = officer.post(f"/api/v1/community/groups/{group.uuid}/posts", {"text": "By a program"}, content_type="application/json")
    assert made.status_code == 201, made.content
    texts = [row["text"] for row in officer.get(f"/api/v1/community/groups/{group.uuid}/posts").json()["rows"]]
    assert texts[0] == "By a program"
    assert len(texts) == Post.objects.filter(group=group).count()
    gone = officer.post(f"/api/v1/community/posts/{made.json()['uuid']}/take-out", {}, content_type="application/json")
    assert gone.status_code == 204
    assert browser.get(f"/api/v1/community/groups/{group.uuid}/posts").status_code == 404
    assert browser.delete("/api/v1/community/profile").status_code == 204
    assert browser.get("/api/v1/community/profile").status_code == 404
