"""Seats that are freed, passed on, taken back and given by name; sessions that move."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core import mail
from django.test import Client
from icalendar import Calendar

from entrepot.capacity.training.models import Activity, Nomination, Offer, Session
from entrepot.desk.gathered import jobs
from entrepot.ground.documents.api import about
from entrepot.ground.journal.models import Entry
from entrepot.ground.work.api import move_clock, tick, work_off

from .walking import Walk


def _selected(
    world: Any, *, seats: int = 1, per_member: int = 0, each: int = 2, days: int = 3, **criteria: Any
) -> tuple[Walk, dict[str, str]]:
    """Seats decided and not yet confirmed; ATN and HIGH have named `each` officers, released and on time."""
    walk = Walk(world)
    invitations = walk.invited("ATN", "HIGH", seats=seats, per_member=per_member, **criteria)
    version = walk.send("manager", "get", f"/training/activities/{walk.activity}")["version"]
    walk.send("manager", "patch", f"/training/activities/{walk.activity}", {"version": version, "first_refusal_days": days})
    for part, code in (("coordinator", "ATN"), ("neighbour", "HIGH")):
        for rank in range(1, each + 1):
            names = {"full_name": f"{code} {rank}", "email": f"{code.lower()}{rank}@practice.example"}
            made = walk.nominate(part, invitations[code], rank, **names)
            walk.send(part, "post", f"/training/nominations/{made['uuid']}/release", {"yes": True})
    move_clock(ahead=timedelta(days=21))
    walk.advance("selection")
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    return walk, invitations


def _confirmed(world: Any, **how: Any) -> tuple[Walk, dict[str, str]]:
    walk, invitations = _selected(world, **how)
    walk.advance("confirmed")
    _later(days=1)
    mail.outbox.clear()
    return walk, invitations


def _later(**ahead: int) -> None:
    """Some time later, offers that are over have lapsed and mail is out; what other rooms do by the clock is left out."""
    move_clock(ahead=timedelta(**ahead))
    tick([job for job in jobs() if job.name == "training.lapse_offers"])
    work_off()


def _of(code: str, rank: int) -> Nomination:
    return Nomination.objects.select_related("person").get(person__email=f"{code.lower()}{rank}@practice.example")


def _outcomes(walk: Walk) -> dict[str, str]:
    found = Nomination.objects.filter(activity__uuid=walk.activity).select_related("person")
    return {n.person.full_name: n.outcome or ("withdrawn" if n.withdrawn_at else "undecided") for n in found}


def _mail_to(address: str) -> list[Any]:
    return [message for message in mail.outbox if address in message.to[0]]


def _link(address: str, subject: str) -> str:
    found = [message for message in _mail_to(address) if message.subject.startswith(subject)]
    match = re.search(r"https?://[^/\s]+(/\S+)", str(found[-1].body))
    assert match
    return match[1]


def _events(address: str) -> list[tuple[str, int]]:
    """(method, number) of each appointment that was mailed to an address."""
    found = []
    for message in _mail_to(address):
        for part in message.message().walk():
            if part.get_content_type() == "text/calendar":
                whole = Calendar.from_ical(part.get_payload(decode=True))
                event = whole.walk("VEVENT")[0]
                assert (str(whole["method"]) == "CANCEL") == (str(event["status"]) == "CANCELLED")
                found.append((str(whole["method"]), int(event["sequence"])))
    return found


# A freed seat


def test_a_freed_seat_is_offered_first_to_the_member_that_gave_it_up_for_some_days_and_then_to_the_line(world: Any) -> None:
    walk, _ = _confirmed(world, seats=2, each=3)
    assert _outcomes(walk) == {
        **dict.fromkeys(("ATN 1", "HIGH 1"), "seat"),
        **dict.fromkeys(("ATN 2", "ATN 3", "HIGH 2", "HIGH 3"), "waiting"),
    }
    walk.send("neighbour", "post", f"/training/nominations/{_of('HIGH', 1).uuid}/withdraw")
    offer = Offer.objects.get(answer="open", nomination__activity__uuid=walk.activity)
    assert offer.nomination == _of("HIGH", 2), "ATN's second nominee stands before them in the line, and is not asked"
    assert offer.ends_at - offer.made_at == timedelta(days=3)
    _later(days=1)
    walk.send("neighbour", "post", f"/training/nominations/{offer.nomination.uuid}/seat", {"yes": False})
    second = Offer.objects.get(answer="open", nomination__activity__uuid=walk.activity)
    assert (second.nomination, second.ends_at) == (_of("HIGH", 3), offer.ends_at), "the next of the Member, for what is left of the time"
    _later(days=2, minutes=1)
    assert Offer.objects.get(pk=second.pk).answer == "lapsed"
    assert Offer.objects.get(answer="open", nomination__activity__uuid=walk.activity).nomination == _of("ATN", 2), "then the line"


def test_without_days_of_first_refusal_or_anyone_of_the_member_left_the_line_is_next_at_once(world: Any) -> None:
    walk, _ = _confirmed(world, seats=2, each=3, days=0)
    walk.send("neighbour", "post", f"/training/nominations/{_of('HIGH', 1).uuid}/withdraw")
    first = Offer.objects.get(answer="open", nomination__activity__uuid=walk.activity)
    assert first.nomination == min(Nomination.objects.filter(outcome="waiting", activity__uuid=walk.activity), key=lambda n: n.line)


def test_days_of_first_refusal_are_a_setting_of_the_activity(world: Any) -> None:
    walk = Walk(world)
    walk.designed()
    activity = walk.send("manager", "get", f"/training/activities/{walk.activity}")
    assert activity["first_refusal_days"] == 3
    path = f"/training/activities/{walk.activity}"
    walk.send("manager", "patch", path, {"version": activity["version"], "first_refusal_days": 61}, wanted=422)
    assert 'name="first_refusal_days"' in world.browser("manager").get(f"/programme/{walk.activity}/design/").content.decode()


def test_a_seat_that_is_given_up_before_the_confirmation_goes_to_the_next_at_once(world: Any) -> None:
    walk, invitations = _selected(world)
    gone = next(name for name, outcome in _outcomes(walk).items() if outcome == "seat")
    code, rank = gone.split()
    part = "coordinator" if code == "ATN" else "neighbour"
    body = {"what": "withdraw", "nomination": str(_of(code, int(rank)).uuid)}
    assert world.browser(part).post(f"/programme/invitations/{invitations[code]}/", body).status_code == 302
    outcomes = _outcomes(walk)
    assert outcomes[gone] == "withdrawn"
    assert list(outcomes.values()).count("seat") == 1, "nobody has to remember to decide again"


# Replacing a participant


def test_replacing_a_participant_is_one_act_that_carries_the_seat_its_letters_and_its_records_over(world: Any) -> None:
    from entrepot.capacity.training.api import passed_on

    walk, invitations = _confirmed(world, seats=2, each=1)
    seen: list[tuple[Any, Any]] = []
    passed_on.append(lambda given_up, taken_over, _by, _at: seen.append((given_up.uuid, taken_over.uuid)))
    try:
        names = {"full_name": "Mele", "email": "mele@practice.example", "post": "Officer", "language_level": "B2", "consent": True}
        supervisor = str(world.person("supervisor").uuid)
        old = _of("ATN", 1)
        path = f"/training/nominations/{old.uuid}/replace"
        walk.send("neighbour", "post", path, names, wanted=404)
        walk.send("manager", "post", path, names, wanted=403)
        faults = walk.send("coordinator", "post", path, names | {"consent": False}, wanted=422)["faults"]
        assert list(faults) == ["consent"]
        made = walk.send("coordinator", "post", path, names | {"supervisor": supervisor}, wanted=201)
    finally:
        passed_on.pop()
    assert _outcomes(walk) == {"ATN 1": "withdrawn", "Mele": "seat", "HIGH 1": "seat"}
    assert seen == [(old.uuid, Nomination.objects.get(uuid=made["uuid"]).uuid)], "rooms that keep something of a seat are told"
    new = Nomination.objects.get(uuid=made["uuid"])
    assert (new.replaces, new.rank, new.reasons) == (old, 1, [{"code": "took-over"}])
    assert not Offer.objects.filter(nomination__activity__uuid=walk.activity).exists(), "no seat came free on the way"
    entries = Entry.objects.filter(verb="training.participant.replaced")
    assert [entry.facts for entry in entries] == [{"from": str(old.person.uuid), "to": str(new.person.uuid)}]

    _later(days=1)
    subjects = {address: [m.subject for m in _mail_to(address)] for address in ("atn1@", "mele@", "supervisor@", "high1@")}
    assert [subject.partition(":")[0] for subject in subjects["atn1@"]] == ["Your seat passed to a colleague"]
    assert [subject.partition(":")[0] for subject in subjects["mele@"]] == ["You have a seat"]
    assert any(subject.startswith("Please release Mele") for subject in subjects["supervisor@"])
    assert subjects["high1@"] == []
    assert [method for method, _ in _events("atn1@")] == ["CANCEL"]
    assert [method for method, _ in _events("mele@")] == ["REQUEST"]
    walk.send("coordinator", "post", path, names, wanted=409)
    assert invitations


def test_someone_who_waits_takes_a_colleagues_seat_over_with_what_was_said_of_them(world: Any) -> None:
    walk, invitations = _confirmed(world, seats=1, each=2, per_member=1)
    code, part = ("ATN", "coordinator") if _outcomes(walk)["ATN 1"] == "seat" else ("HIGH", "neighbour")
    waiting = _of(code, 2)
    page = f"/programme/invitations/{invitations[code]}/replace/{_of(code, 1).uuid}/"
    browser = world.browser(part)
    assert f"Replace {code} 1" in browser.get(page).content.decode()
    empty = browser.post(page, {"post": ""})
    assert empty.status_code == 422
    answer = browser.post(page, {"person": waiting.person.pk, "consent": "on", "years": 0, "language_level": "B1"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert _outcomes(walk)[f"{code} 1"] == "withdrawn"
    waiting.refresh_from_db()
    assert (waiting.outcome, waiting.post, waiting.language_level) == ("seat", "Valuation officer", "B2")


def test_whoever_takes_a_seat_over_meets_the_criteria_and_has_none_yet(world: Any) -> None:
    walk, _ = _confirmed(world, seats=2, each=1, language_level="B2")
    path = f"/training/nominations/{_of('ATN', 1).uuid}/replace"
    names = {"full_name": "Mele", "email": "mele@practice.example", "post": "Officer", "language_level": "A2", "consent": True}
    assert "B2 is needed" in walk.send("coordinator", "post", path, names, wanted=422)["faults"]["person"]
    walk.send("coordinator", "post", path, {"person": str(_of("ATN", 1).person.uuid)}, wanted=422)
    assert _outcomes(walk)["ATN 1"] == "seat", "nothing was changed"


def test_the_invitations_link_replaces_a_participant_without_a_password(world: Any) -> None:
    walk = Walk(world)
    invitation = walk.invited("ATN", seats=1)["ATN"]
    _later(days=1)
    secret = _link("coordinator@", "Please nominate").rstrip("/").rpartition("/")[2]
    made = walk.nominate("coordinator", invitation, 1, full_name="ATN 1", email="atn1@practice.example")
    walk.send("coordinator", "post", f"/training/nominations/{made['uuid']}/release", {"yes": True})
    move_clock(ahead=timedelta(days=21))
    walk.advance("selection")
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    walk.advance("confirmed")
    phone = Client()
    page = f"/programme/invitations/{secret}/replace/{made['uuid']}/"
    assert page in phone.get(f"/programme/invitations/{secret}/").content.decode()
    body = {"full_name": "Mele", "email": "mele@practice.example", "post": "Officer", "language_level": "B2", "consent": "on", "years": 1}
    assert phone.post(page, body).status_code == 302
    assert _outcomes(walk) == {"ATN 1": "withdrawn", "Mele": "seat"}
    assert list(about(made["uuid"])) == []


# Consent


def test_consent_is_required_and_marked_where_someone_is_nominated(world: Any) -> None:
    walk = Walk(world)
    invitation = walk.invited("ATN")["ATN"]
    body = {"rank": 1, "post": "Officer", "language_level": "B2", "full_name": "Losa", "email": "losa@practice.example"}
    path = f"/training/invitations/{invitation}/nominations"
    refused = walk.send("coordinator", "post", path, body | {"consent": False}, wanted=422)
    assert "agree to be nominated" in refused["faults"]["consent"]
    page = world.browser("coordinator").post(f"/programme/invitations/{invitation}/", body | {"what": "nominate", "years": 1})
    assert page.status_code == 422
    shown = page.content.decode()
    box = re.search(r"<input[^>]*name=\"consent\"[^>]*>", shown)
    assert box
    assert " required" in box[0]
    assert "Ask the officer first" in shown
    assert 'value="Losa"' in shown, "what was typed is there"
    assert not Nomination.objects.filter(activity__uuid=walk.activity).exists()


# An invitation taken back after seats


def test_an_invitation_taken_back_after_seats_warns_takes_them_back_tells_once_and_moves_the_line_up(world: Any) -> None:
    walk, invitations = _confirmed(world, seats=2, each=2)
    page = f"/programme/invitations/{invitations['ATN']}/cancel/"
    manager = world.browser("manager")
    assert "1 officers of this Member have a seat" in manager.get(page).content.decode()
    assert manager.post(page, {"reason": "The fund withdrew"}).status_code == 422, "the box says that it is meant"
    path = f"/training/invitations/{invitations['ATN']}/cancel"
    refused = walk.send("manager", "post", path, {"reason": "The fund withdrew"}, wanted=409)
    assert refused["type"].endswith("seats-given")
    assert _outcomes(walk)["ATN 1"] == "seat"
    assert manager.post(page, {"reason": "The fund withdrew", "take_seats": "on"}).status_code == 302
    assert _outcomes(walk) == {"ATN 1": "withdrawn", "ATN 2": "withdrawn", "HIGH 1": "seat", "HIGH 2": "waiting"}
    assert Offer.objects.get(answer="open", nomination__activity__uuid=walk.activity).nomination == _of("HIGH", 2)
    assert walk.send("manager", "post", path, {"reason": "Twice", "take_seats": True})["state"] == "cancelled"
    _later(days=1)
    told = {address: [m.subject.partition(":")[0] for m in _mail_to(address)] for address in ("atn1@", "atn2@", "coordinator@", "high2@")}
    assert told == {"atn1@": ["Cancelled"], "atn2@": ["Cancelled"], "coordinator@": ["Cancelled"], "high2@": ["A seat came free"]}
    [(method, number)] = _events("atn1@")
    assert method == "CANCEL"
    assert number > 1
    walk.send("manager", "post", f"/training/activities/{walk.activity}/cancel", {"reason": "Flooded"})
    _later(days=1)
    assert [m.subject.partition(":")[0] for m in _mail_to("atn1@")] == ["Cancelled"], "who was told is not told again"


def test_an_invitation_is_not_taken_back_once_the_activity_was_delivered(world: Any) -> None:
    delivered = Activity.objects.get(stage="delivered")
    invitation = delivered.invitations.filter(state="answered").first()
    assert invitation
    walk = Walk(world)
    walk.send("manager", "post", f"/training/invitations/{invitation.uuid}/cancel", {"reason": "x", "take_seats": True}, wanted=409)


# Calendar


def test_every_change_reaches_the_calendar_under_a_higher_number(world: Any) -> None:
    walk, _ = _selected(world, seats=2, each=1)
    session = walk.sessions()[0]
    walk.advance("confirmed")
    walk.send("coordinator", "post", f"/training/nominations/{_of('ATN', 1).uuid}/withdraw")
    _later(days=1)
    [(asked, first), (cancelled, second)] = sorted(_events("atn1@"), key=lambda event: event[1])
    assert (asked, cancelled) == ("REQUEST", "CANCEL")
    assert second > first, "a changed status is a change (RFC 5546, 2.1.4)"
    body = {"title": "Day 1", "starts_at": session["starts_at"], "ends_at": session["ends_at"], "room": "Hall"}
    walk.send("centre", "put", f"/training/sessions/{session['uuid']}", body)
    walk.send("manager", "post", f"/training/activities/{walk.activity}/cancel", {"reason": "The hall is flooded"})
    _later(days=1)
    numbers = [number for _, number in _events("high1@")]
    assert numbers == sorted(set(numbers)), numbers
    assert len(numbers) == 3
    feed = Client().get(f"/programme/{walk.activity}/agenda.ics").content
    assert all(str(event["status"]) == "CANCELLED" for event in Calendar.from_ical(feed).walk("VEVENT"))


def test_a_session_that_moves_is_told_to_all_with_a_seat_and_to_the_trainers_with_the_calendar(world: Any) -> None:
    walk, _ = _selected(world, seats=2, each=2)
    session = Session.objects.get(uuid=walk.sessions()[1]["uuid"])
    walk.advance("confirmed")
    _later(days=1)
    mail.outbox.clear()
    moments = {"starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}
    body = {"title": session.title, "room": session.room, "join_link": "", **moments}
    path = f"/training/sessions/{session.uuid}"
    walk.send("centre", "put", path, body)
    _later(days=1)
    assert mail.outbox == [], "the same again is no change"
    earlier = (session.starts_at - timedelta(hours=1)).isoformat()
    numbers = []
    for change, shown in (({"starts_at": earlier}, ""), ({"room": "Hall 2"}, "Hall 2"), ({"join_link": "https://meet.example/x"}, "/x")):
        body |= change
        mail.outbox.clear()
        walk.send("centre", "put", path, body)
        _later(days=1)
        for address in ("atn1@", "high1@", "trainer@"):
            assert [m.subject for m in _mail_to(address)] == ["Session changed: Day 2"], address
            [(method, number)] = _events(address)
            assert method == "REQUEST"
        numbers.append(number)
        assert (_mail_to("atn2@"), _mail_to("high2@")) == ([], []), "whoever waits has no calendar to change"
        whole = next(part for part in _mail_to("atn1@")[0].message().walk() if part.get_content_type() == "text/calendar")
        assert shown in Calendar.from_ical(whole.get_payload(decode=True)).walk("VEVENT")[0]["description"]
        assert "(UTC+" in str(_mail_to("atn1@")[0].body), "it says which clock"
    assert numbers == sorted(set(numbers))
    mail.outbox.clear()
    world.browser("centre").post(f"/programme/sessions/{session.uuid}/remove/")
    _later(days=1)
    assert [m.subject for m in _mail_to("atn1@")] == ["Session removed: Day 2"]


# Two taps


def test_a_second_tap_tells_the_taker_that_they_have_the_seat(world: Any) -> None:
    walk, _ = _confirmed(world, seats=2, each=2)
    walk.send("neighbour", "post", f"/training/nominations/{_of('HIGH', 1).uuid}/withdraw")
    _later(minutes=1)
    link = _link("high2@", "A seat came free")
    phone = Client()
    for _ in range(2):
        answer = phone.post(link, {"take": "1"})
        assert (answer.status_code, b"You have this seat" in answer.content) == (200, True)
    assert b"You have this seat" in phone.get(link).content
    assert Entry.objects.filter(verb="training.offer.answered").count() == 1
    refused = phone.post(link, {"take": "0"})
    assert refused.status_code == 409
    assert _outcomes(walk)["HIGH 2"] == "seat"


def test_a_second_tap_of_a_supervisor_says_the_same_and_does_not_change_the_answer(world: Any) -> None:
    walk = Walk(world)
    invitation = walk.invited("ATN")["ATN"]
    made = walk.nominate("coordinator", invitation, 1, full_name="Losa", email="losa@practice.example", supervisor="supervisor")
    _later(days=1)
    link = _link("supervisor@", "Please release Losa")
    for _ in range(2):
        answer = Client().post(link, {"given": "1"})
        assert (answer.status_code, b"Thank you" in answer.content) == (200, True)
    assert b"Your answer is recorded" in Client().get(link).content
    assert Client().post(link, {"given": "0"}).status_code == 410
    assert Nomination.objects.get(uuid=made["uuid"]).release == "given"


# By name


def test_more_let_in_by_name_than_a_member_has_seats_is_asked_about_first(world: Any) -> None:
    walk, _ = _selected(world, seats=3, per_member=1, each=2)
    first, second = _of("ATN", 1), _of("ATN", 2)
    walk.send("manager", "post", f"/training/nominations/{first.uuid}/override", {"way": "in", "note": "Team lead"})
    path = f"/training/nominations/{second.uuid}/override"
    refused = walk.send("manager", "post", path, {"way": "in", "note": "Both run the desk"}, wanted=409)
    assert refused["type"].endswith("over-limit")
    assert _of("ATN", 2).override == ""
    page = world.browser("manager").post(f"/programme/nominations/{second.uuid}/override/", {"way": "in", "note": "Both run the desk"})
    shown = page.content.decode()
    assert page.status_code == 409
    assert "which has 1 seats" in shown
    assert 'value="Both run the desk"' in shown, "the note is not lost"
    again = {"way": "in", "note": "Both run the desk", "over_limit": "1"}
    assert world.browser("manager").post(f"/programme/nominations/{second.uuid}/override/", again).status_code == 302
    assert [_of("ATN", rank).outcome for rank in (1, 2)] == ["seat", "seat"]


def test_the_form_of_an_override_says_who_reads_the_note(world: Any) -> None:
    walk, _ = _selected(world)
    page = world.browser("manager").get(f"/programme/{walk.activity}/selection/").content.decode()
    assert page.count("The officer and their coordinator read this.") == page.count('name="note"') > 0
