"""What a participant's calendar gets: the seat, the change of days, the seat given back, the activity cancelled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from icalendar import Calendar

from .walking import Walk


def _calendars(walk: Walk, to: str) -> list[tuple[str, Any]]:
    """Each appointment that was mailed to someone, as a mail program finds it: (method in the mail's header, the calendar)."""
    walk.move(days=1)
    found = []
    for message in mail.outbox:
        if message.to[0].startswith(to) or f"<{to}" in message.to[0]:
            parts = [part for part in message.message().walk() if part.get_content_type() == "text/calendar"]
            found += [(str(part.get_param("method")), Calendar.from_ical(part.get_payload(decode=True))) for part in parts]
    mail.outbox.clear()
    return found


@pytest.mark.row("R12.2")
def test_a_seat_a_change_of_days_and_its_return_reach_the_calendar_as_one_appointment(world: Any) -> None:
    walk = Walk(world)
    invitation = walk.invited("ATN")["ATN"]
    walk.nominate("coordinator", invitation, 1, full_name="Losa Mataʻafa", email="losa@practice.example", supervisor="supervisor")
    walk.nominate("coordinator", invitation, 2, full_name="Pele Two", email="pele2@practice.example", supervisor="supervisor")
    walk.send("coordinator", "post", f"/training/invitations/{invitation}/finish")
    for nomination in walk.nominations():
        walk.send("supervisor", "post", f"/training/nominations/{nomination['uuid']}/release", {"yes": True})
    walk.move(days=21)
    walk.advance("selection")
    walk.send("manager", "post", f"/training/activities/{walk.activity}/decide")
    sessions = walk.sessions()
    walk.advance("confirmed")

    [(method, seat)] = _calendars(walk, "losa@")
    event = seat.walk("VEVENT")[0]
    assert (method, str(seat["method"]), str(event["status"])) == ("REQUEST", "REQUEST", "CONFIRMED")
    activity = walk.send("manager", "get", f"/training/activities/{walk.activity}")
    first = date.fromisoformat(activity["starts_on"])
    assert (event.decoded("dtstart"), str(event["attendee"])) == (first, "mailto:losa@practice.example")
    assert event["attendee"].params["CN"] == "Losa Mataʻafa"
    assert all(session["title"] in event["description"] for session in sessions)

    walk.send(
        "manager",
        "patch",
        f"/training/activities/{walk.activity}",
        {"version": activity["version"], "ends_on": str(first + timedelta(days=4)), "starts_on": str(first + timedelta(days=1))},
    )
    [(method, later)] = _calendars(walk, "losa@")
    then = later.walk("VEVENT")[0]
    assert (method, then["uid"], then.decoded("dtstart")) == ("REQUEST", event["uid"], first + timedelta(days=1))
    assert then.decoded("sequence") > event.decoded("sequence"), "a calendar takes what is newer"

    losa = next(n for n in walk.nominations() if n["rank"] == 1)
    walk.send("coordinator", "post", f"/training/nominations/{losa['uuid']}/withdraw")
    [(method, gone)] = _calendars(walk, "losa@")
    assert (method, gone.walk("VEVENT")[0]["uid"], str(gone.walk("VEVENT")[0]["status"])) == ("CANCEL", event["uid"], "CANCELLED")

    walk.send("manager", "post", f"/training/activities/{walk.activity}/cancel", {"reason": "The hall is flooded"})
    assert [method for method, _ in _calendars(walk, "pele2@")] == ["CANCEL"]
    assert _calendars(walk, "losa@") == [], "whoever has no seat hears nothing more"
