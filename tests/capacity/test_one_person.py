"""One person in every room: erased, they hold nothing and nothing names them; two records made one hold one of each thing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from entrepot.capacity.credentials.models import Certificate
from entrepot.capacity.evaluation.actions import answer_ask, plan_item, tell_lesson, update_item, update_items
from entrepot.capacity.evaluation.enums import ItemState
from entrepot.capacity.evaluation.models import ActionItem, Ask
from entrepot.capacity.training.models import Nomination
from entrepot.ground.access.api import make_link, principal_for
from entrepot.ground.access.codes import PROVED
from entrepot.ground.access.models import Link
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import writing
from entrepot.ground.notices.models import Notice
from entrepot.ground.people.api import mail_route
from entrepot.ground.people.models import Person
from entrepot.kernel.errors import NotFound
from entrepot.kernel.principals import SYSTEM
from tests.capacity.walking import Walk


def _erase(world: Any, person: Any, by: str = "coordinator") -> None:
    assert world.browser(by).post(f"/erase/{person.uuid}/").status_code == 302


def _merge(world: Any, keep: Any, drop: Any, by: str = "coordinator") -> None:
    answer = world.browser(by).post("/merge/", {"keep": keep.uuid, "drop": drop.uuid})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    keep.refresh_from_db()


def _known(email: str) -> Any:
    return Person.objects.get(email=email)


def _nominated(world: Any, *, seats: int = 1) -> tuple[Walk, dict[str, Any]]:
    """Three officers of ATN, nominated by rank for so many seats."""
    walk = Walk(world)
    invitation = walk.invited("ATN", seats=seats, per_member=seats)["ATN"]
    made = {}
    for rank, name in enumerate(("Ana Tavita", "Losa Mele", "Tui Vea"), 1):
        email = f"{name.split()[0].lower()}@practice.example"
        made[email[:3]] = walk.nominate("coordinator", invitation, rank, full_name=name, email=email, supervisor="supervisor")["uuid"]
        walk.send("supervisor", "post", f"/training/nominations/{made[email[:3]]}/release", {"yes": True})
    walk.send("coordinator", "post", f"/training/invitations/{invitation}/finish")
    return walk, made


def _outcomes(walk: Walk, made: dict[str, Any]) -> dict[str, str]:
    found = {row["uuid"]: row["outcome"] for row in walk.nominations() if row["outcome"]}
    return {name: found.get(uuid, "") for name, uuid in made.items()}


def _decided(walk: Walk) -> None:
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")


def test_who_is_erased_before_the_decision_gets_no_seat_and_the_next_one_does(world: Any) -> None:
    walk, made = _nominated(world)
    walk.advance("selection")
    _decided(walk)
    assert _outcomes(walk, made) == {"ana": "seat", "los": "waiting", "tui": "waiting"}
    _erase(world, _known("ana@practice.example"))
    assert _outcomes(walk, made) == {"ana": "", "los": "seat", "tui": "waiting"}
    _decided(walk)
    assert _outcomes(walk, made) == {"ana": "", "los": "seat", "tui": "waiting"}
    row = Nomination.objects.get(uuid=made["ana"])
    assert row.withdrawn_at
    assert Entry.objects.filter(verb="training.nomination.withdrawn", thing_uuid=row.uuid, facts__because="erased").exists()


def test_a_row_left_over_of_someone_who_was_erased_is_left_out_of_the_decision(world: Any) -> None:
    walk, made = _nominated(world)
    walk.advance("selection")
    ana = _known("ana@practice.example")
    with writing():
        # As an earlier version of the product left it.
        Person.objects.filter(pk=ana.pk).update(full_name="—", email=None, is_active=False, erased_at=world.at)
    _decided(walk)
    assert _outcomes(walk, made) == {"ana": "", "los": "seat", "tui": "waiting"}


def test_the_seat_of_someone_who_is_erased_is_offered_on_and_what_was_offered_to_them_too(world: Any) -> None:
    walk, made = _nominated(world)
    walk.advance("selection")
    _decided(walk)
    walk.advance("confirmed")
    _erase(world, _known("ana@practice.example"))
    offered = Nomination.objects.filter(activity__uuid=walk.activity, offers__answer="open").values_list("uuid", flat=True)
    assert [str(uuid) for uuid in offered] == [made["los"]]
    _erase(world, _known("losa@practice.example"))
    assert [str(uuid) for uuid in offered.all()] == [made["tui"]]
    walk.send("coordinator", "post", f"/training/nominations/{made['tui']}/seat", {"yes": True})
    assert _outcomes(walk, made) == {"ana": "", "los": "", "tui": "seat"}
    ours = Link.objects.filter(thing__in=[made["ana"], made["los"]], used_at__isnull=True)
    assert not ours.exists(), "nor does a link of theirs, or of others about them, open anything"


def test_a_supervisors_notice_goes_on_without_the_name_and_a_supervisor_who_is_erased_is_waited_for_by_nobody(world: Any) -> None:
    walk, made = _nominated(world)
    supervisor = world.person("supervisor")
    mine = Notice.objects.filter(person=supervisor, kind="training.release")
    assert any("Ana Tavita" in str(one.title) + str(one.body) for one in mine)
    _erase(world, _known("ana@practice.example"))
    told = [str(one.title) + str(one.body) for one in mine.all()]
    assert not any("Ana" in text for text in told)
    assert any("Losa Mele" in text for text in told), "what names others stays"
    waiting = walk.nominate("coordinator", walk.invitation, 4, full_name="Vika", email="vika@practice.example", supervisor="supervisor")
    _erase(world, supervisor)
    assert Nomination.objects.get(uuid=waiting["uuid"]).supervisor is None
    walk.send("coordinator", "post", f"/training/nominations/{waiting['uuid']}/release", {"yes": True})
    assert made


def test_nothing_is_asked_of_or_about_someone_who_was_erased_after_an_activity(world: Any) -> None:
    walk, made = _nominated(world, seats=2)
    walk.advance("selection")
    _decided(walk)
    walk.advance("confirmed")
    sessions = walk.sessions()
    walk.move(days=41)
    for session in sessions:
        walk.send(
            "centre",
            "post",
            f"/training/sessions/{session['uuid']}/attendance",
            {"present": {made["ana"]: "online", made["los"]: "online"}},
        )
    item = {"what": "A list of parcels, mine", "due_on": str((world.at).date())}
    losa = world.browser()
    losa.force_login(_known("losa@practice.example"), backend="allauth.account.auth_backends.AuthenticationBackend")
    walk.browsers["losa"] = losa
    walk.send("losa", "post", f"/evaluation/nominations/{made['los']}/items", item, wanted=201)
    walk.move(days=3)
    _erase(world, _known("losa@practice.example"))
    assert ActionItem.objects.get(nomination__uuid=made["los"]).state == "dropped"
    walk.advance("delivered", "centre")
    walk.advance("closed", "centre", skip="answers are late")
    assert Certificate.objects.filter(nomination__uuid=made["ana"]).exists()
    assert not Certificate.objects.filter(nomination__uuid=made["los"]).exists(), "nobody is there to hold it"
    walk.move(days=250)
    assert not Ask.objects.filter(nomination__uuid=made["los"], form__kind__in=["officer", "supervisor"]).exists()
    assert Ask.objects.filter(nomination__uuid=made["ana"], form__kind="supervisor").exists()
    _erase(world, _known("ana@practice.example"))
    assert not Ask.objects.filter(nomination__uuid=made["ana"], answered_at__isnull=True, form__kind__in=["officer", "supervisor"]).exists()
    member = Ask.objects.get(form__activity__uuid=walk.activity, form__kind="member")
    assert member.person.is_active


@pytest.mark.parametrize("which", ["first", "second"])
def test_two_nominations_of_one_person_become_one_and_the_seat_that_comes_free_is_given_on(world: Any, which: str) -> None:
    walk, made = _nominated(world, seats=2)
    walk.advance("selection")
    _decided(walk)
    assert _outcomes(walk, made) == {"ana": "seat", "los": "seat", "tui": "waiting"}
    both = [_known("ana@practice.example"), _known("losa@practice.example")]
    keep, drop = both if which == "first" else reversed(both)
    _merge(world, keep, drop)
    _decided(walk)
    mine = Nomination.objects.filter(activity__uuid=walk.activity, person__in=both)
    assert [(one.person, one.outcome, one.rank) for one in mine] == [(keep, "seat", 1)]
    assert _outcomes(walk, made)["tui"] == "seat"


def test_after_confirmation_the_seat_of_the_second_record_is_offered_to_the_next(world: Any) -> None:
    walk, made = _nominated(world, seats=2)
    walk.advance("selection")
    _decided(walk)
    walk.advance("confirmed")
    _merge(world, _known("losa@practice.example"), _known("ana@practice.example"))
    assert Nomination.objects.filter(activity__uuid=walk.activity, outcome="seat").count() == 1
    offered = Nomination.objects.filter(activity__uuid=walk.activity, offers__answer="open").values_list("uuid", flat=True)
    assert [str(uuid) for uuid in offered] == [made["tui"]]


def test_whoever_was_merged_away_is_nominated_again_as_who_they_are(world: Any) -> None:
    walk, _ = _nominated(world)
    ana, losa = _known("ana@practice.example"), _known("losa@practice.example")
    _merge(world, ana, losa)
    again = walk.nominate("coordinator", walk.invitation, 2, full_name="Losa Mele", email="losa@practice.example", supervisor="supervisor")
    assert again["person"] == str(ana.uuid)
    again = walk.nominate("coordinator", walk.invitation, 2, person=str(losa.uuid), supervisor="supervisor")
    assert again["person"] == str(ana.uuid)
    assert Nomination.objects.filter(activity__uuid=walk.activity, person__in=[ana, losa], withdrawn_at__isnull=True).count() == 1


def _without_address(walk: Walk, rank: int = 1, **more: Any) -> dict[str, Any]:
    values = {"rank": rank, "post": "Valuation officer", "language_level": "B2", "consent": True, "years": 5, "full_name": "Mele Fono"}
    return walk.send("coordinator", "post", f"/training/invitations/{walk.invitation}/nominations", values | more, wanted=201)  # type: ignore[no-any-return]


def test_an_officer_without_an_address_is_nominated_and_asked_for_when_typed_again(world: Any) -> None:
    walk = Walk(world)
    walk.invitation = walk.invited("ATN", "HIGH")["ATN"]
    made = _without_address(walk, contact_email="harbour@practice.example")
    person = Person.objects.get(uuid=made["person"])
    assert (person.email, person.contact_email, person.home.code) == (None, "harbour@practice.example", "ATN")
    body = {"rank": 1, "post": "Valuation officer", "language_level": "B2", "consent": True, "full_name": "MELE  FONO"}
    address = f"/training/invitations/{walk.invitation}/nominations"
    asked = walk.send("coordinator", "post", address, body, wanted=422)
    assert asked["faults"]["same_as"].startswith("Is this the same person as Mele Fono (Valuation officer, harbour@practice.example)")
    assert Person.objects.filter(full_name__iexact="mele fono", home__code="ATN").count() == 1, "nobody was made in silence"
    assert walk.send("coordinator", "post", address, body | {"same_as": "same"}, wanted=201)["person"] == made["person"]
    other = walk.send("coordinator", "post", address, body | {"same_as": "new", "rank": 2}, wanted=201)
    assert other["person"] != made["person"]
    again = walk.send("coordinator", "post", address, body | {"same_as": made["person"]}, wanted=201)
    assert again["person"] == made["person"]
    stranger = str(world.officer_of("HIGH").uuid)
    walk.send("coordinator", "post", address, body | {"same_as": stranger}, wanted=422)


def test_the_page_asks_whether_it_is_the_same_person_and_keeps_what_was_typed(world: Any) -> None:
    walk = Walk(world)
    walk.invitation = walk.invited("ATN")["ATN"]
    made = _without_address(walk)
    page, browser = reverse("training:invitation", args=[walk.invitation]), world.browser("coordinator")
    typed = {
        "what": "nominate",
        "full_name": "Mele Fono",
        "rank": "2",
        "post": "Clerk",
        "years": "1",
        "language_level": "B2",
        "consent": "on",
    }
    answer = browser.post(page, typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Say whether it is the same person" in text
    assert f'value="{made["person"]}"' in text
    assert 'value="Clerk"' in text
    assert browser.post(page, typed | {"same_as": made["person"], "rank": "1"}).status_code == 302
    assert Nomination.objects.get(uuid=made["uuid"]).post == "Clerk"


def test_a_workbook_with_an_officer_without_an_address_comes_back_unchanged(world: Any) -> None:
    walk = Walk(world)
    walk.invitation = walk.invited("ATN")["ATN"]
    _without_address(walk, contact_email="harbour@practice.example", supervisor=str(world.person("supervisor").uuid))
    page, browser = reverse("training:invitation", args=[walk.invitation]), world.browser("coordinator")
    book = browser.get(reverse("training:workbook", args=[walk.invitation]))
    assert book.status_code == 200
    sent = {"what": "workbook", "file": SimpleUploadedFile("back.xlsx", book.content)}
    answer = browser.post(page, sent, follow=True)
    assert "0 added, 0 changed, 1 as before" in answer.content.decode()


def test_mail_to_a_shared_mailbox_names_for_whom_it_is_and_its_link_asks_for_the_code(world: Any) -> None:
    walk = Walk(world)
    walk.invitation = walk.invited("ATN", seats=1, per_member=1)["ATN"]
    made = _without_address(walk, contact_email="harbour@practice.example", supervisor=str(world.person("supervisor").uuid))
    person = Person.objects.get(uuid=made["person"])
    walk.send("supervisor", "post", f"/training/nominations/{made['uuid']}/release", {"yes": True})
    walk.send("coordinator", "post", f"/training/invitations/{walk.invitation}/finish")
    walk.advance("selection")
    _decided(walk)
    walk.advance("confirmed")
    mail.outbox.clear()
    walk.move(hours=20)
    sent = [one for one in mail.outbox if one.to == ["harbour@practice.example"]]
    assert [one.subject for one in sent] == ["For Mele Fono: You have a seat: Valuation of parcels"]
    assert "This mailbox is read by others too" in sent[0].body
    link = re.search(r"(/programme/\S+)", sent[0].body)
    assert link, sent[0].body
    reader = Client()
    asked = reader.get(link[1])
    assert asked.status_code == 403
    assert "short code" in asked.content.decode()
    assert "Mele" not in asked.content.decode(), "nor does it say for whom"
    for wrong in ("AAAA-AAAA", ""):
        assert reader.post(reverse("access:code"), {"next": link[1], "code": wrong}).status_code == 422
    assert reader.get(link[1]).status_code == 403
    page = world.browser("coordinator").get(reverse("access:short_code", args=[person.uuid])).content.decode()
    code = re.search(r"<code>([A-Z0-9-]{9})</code>", page)
    assert code
    assert world.browser("officer").get(reverse("access:short_code", args=[person.uuid])).status_code in (403, 404)
    assert reader.post(reverse("access:code"), {"next": link[1], "code": code[1].lower().replace("-", " ")}).status_code == 302
    assert "Mele Fono" in reader.get(link[1]).content.decode()
    session = reader.session
    session[PROVED] = [[proof, given - 61 * 60] for proof, given in session[PROVED]]
    session.save()
    assert reader.get(link[1]).status_code == 403, "nor for whoever comes to the same machine later"
    assert reader.post(link[1], {}).status_code == 200, "what was written meanwhile is taken"
    assert reader.post(reverse("access:code"), {"next": link[1], "code": code[1]}).status_code == 302
    assert reader.get(link[1]).status_code == 200
    assert world.browser("coordinator").post(reverse("access:short_code", args=[person.uuid])).status_code == 302
    assert reader.get(link[1]).status_code == 403, "nor for whoever gave the former code"
    other = Client()
    assert other.post(reverse("access:code"), {"next": link[1], "code": code[1]}).status_code == 422, "the former code opens nothing"


def test_without_any_address_mail_goes_to_the_coordinator_by_name_and_guessing_the_code_is_slow(world: Any) -> None:
    walk = Walk(world)
    walk.invitation = walk.invited("ATN", seats=1, per_member=1)["ATN"]
    made = _without_address(walk)
    person = Person.objects.get(uuid=made["person"])
    with writing():
        secret = make_link(by=SYSTEM, at=world.at, person=person, purpose="training.pass", thing=made["uuid"])
    assert mail_route(person, world.at.date()).addresses == ("coordinator@practice.example",)
    browser = Client()
    path = reverse("training:participant", args=[secret])
    told = [browser.post(reverse("access:code"), {"next": path, "code": "AAAAAAAA"}).status_code for _ in range(14)]
    assert told[0] == 422
    assert told[-1] == 429


def test_what_was_begun_before_the_erasure_writes_nothing_after_it(world: Any) -> None:
    seat = Nomination.objects.filter(outcome="seat", activity__region__invented=True, items__isnull=False)
    person = seat.exclude(person__email=None).order_by("pk")[0].person
    mine = seat.filter(person=person).order_by("pk")[0]
    item, ask = mine.items.order_by("pk")[0], Ask.objects.filter(nomination=mine, person=person, answered_at__isnull=False).first()
    begun = principal_for(person, world.at)
    _erase(world, person, by="admin")
    who: dict[str, Any] = {"by": begun, "at": world.at}
    writes = [
        lambda: plan_item(**who, nomination=mine.uuid, what="Train the night shift", due_on=world.at.date()),
        lambda: update_item(**who, uuid=item.uuid, state=ItemState.DONE, note="Ask me"),
        lambda: update_items(**who, nomination=mine.uuid, rows={item.uuid: {"state": "done", "note": "Ask me"}}),
        lambda: tell_lesson(**who, nomination=mine.uuid, what="Seals", on=world.at.date(), claimed=1),
        *([lambda: answer_ask(**who, uuid=ask.uuid, given={})] if ask else []),
    ]
    for write in writes:
        with pytest.raises(NotFound):
            write()
