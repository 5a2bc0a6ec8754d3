"""The eleven steps in a real browser, as the people concerned: from a need to a practice that another Member uses."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from entrepot.capacity.evaluation.models import Report
from entrepot.capacity.knowledge.models import Adoption
from entrepot.capacity.training.models import Activity, Nomination, Session
from entrepot.desk.gathered import jobs
from entrepot.ground.work.api import move_clock, now, tick, work_off

pytestmark = pytest.mark.browser


class People:
    """One page for each person, opened when first asked for; how many times staff pressed a button is counted."""

    def __init__(self, chromium: Any, base: str, signed_in: Any) -> None:
        self.chromium, self.base, self.signed_in = chromium, base, signed_in
        self.pages: dict[str, Any] = {}
        self.decisions = 0

    def __call__(self, part: str, address: str = "") -> Any:
        if part not in self.pages:
            phone = part in ("officer", "supervisor", "phone")
            context = self.chromium.new_context(viewport={"width": 360 if phone else 1280, "height": 800})
            cookies = self.signed_in(part) if part != "phone" else []
            if cookies:
                context.add_cookies(cookies)
            self.pages[part] = context.new_page()
            self.pages[part].on("dialog", lambda dialog: dialog.accept())
        page = self.pages[part]
        if address:
            answer = page.goto(self.base + address)
            assert answer.status == 200, (part, address, answer.status)
        return page

    def press(self, part: str, words: str) -> Any:
        """Press the button with these words."""
        page = self.pages[part]
        page.get_by_role("button", name=words, exact=True).first.click()
        page.wait_for_load_state()
        assert page.locator(".faults").count() == 0, page.locator("main").inner_text()[:800]
        self.decisions += part in ("manager", "centre")
        return page


def _pass_time(**ahead: int) -> None:
    move_clock(ahead=timedelta(**ahead))
    tick(jobs())
    work_off()


def _mailed(words: str, to: str) -> str:
    found = [m for m in mail.outbox if words in m.subject and to in m.to[0]]
    assert found, [(m.subject, m.to) for m in mail.outbox][-20:]
    match = re.search(r"https?://[^/\s]+(/\S+)", str(found[-1].body))
    assert match
    return match.group(1)


@pytest.mark.row("R12.1", "R19.1", "R22.3", "R23.2", "R39.4", "R66.1", "R66.5")
def test_the_eleven_steps_as_the_people_concerned(chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any) -> None:
    people = People(chromium, live_server.url, signed_in)
    day = now().date()

    page = people("coordinator", "/programme/needs/new/")  # 1 need
    page.get_by_label("What should they be able to do?").select_option(
        label="Decides the customs value of a consignment and defends the decision"
    )
    page.get_by_label("For how many officers?").fill("4")
    people.press("coordinator", "Save")
    need = page.url.rstrip("/").rsplit("/", 1)[-1]

    page = people("manager", f"/programme/needs/{need}/")  # 2 design
    page.get_by_role("link", name="Design an activity for it").click()
    page.get_by_label("Title").fill("Values at the wharf")
    people.press("manager", "Begin")
    for field, value in (
        ("objectives", "Officers decide values and defend them."),
        ("outcomes", "decide the value of a parcel"),
        ("seats", "12"),
        ("seats_per_member", "2"),
        ("nominate_by", (day + timedelta(days=10)).isoformat()),
        ("ends_on", (day + timedelta(days=31)).isoformat()),
        ("starts_on", (day + timedelta(days=30)).isoformat()),
    ):
        page.fill(f"[name={field}]", value)
    page.get_by_label("Host centre").select_option(label="Sagara Training Centre")
    people.press("manager", "Save")
    activity = Activity.objects.get(title="Values at the wharf")
    people("manager", f"/programme/{activity.uuid}/members/")
    for member in ("Atoll North Customs", "Highpass Customs"):
        page.get_by_label(member).check()
    people.press("manager", "Save")
    people.press("manager", "Send the invitations")  # 3 invitation

    _pass_time(hours=20)  # past the quiet hours
    began = time.monotonic()
    page = people("phone", _mailed("Please nominate: Values", "coordinator@"))  # 4 nomination: on a phone, no password
    people.press("phone", "Continue to the page")  # once in a browser
    page.get_by_label("Officer").select_option(label="Pele")
    page.get_by_label("Post", exact=True).fill("Wharf officer")
    page.get_by_label("They agree to be nominated").check()
    people.press("phone", "Nominate")
    people.press("phone", "These are all: send")
    assert time.monotonic() - began < 60, "a script needs seconds; a person has five minutes"
    nomination = Nomination.objects.get(activity=activity)
    page = people("neighbour", "/today/")
    page.get_by_role("link", name="Nominate: Values at the wharf").click()
    page.get_by_text("Nobody this time").click()
    page.get_by_label("Reason").fill("The pass is closed")
    people.press("neighbour", "Decline the invitation")

    people("supervisor", "/today/").get_by_role("link", name="Release Pele for “Values at the wharf”").click()
    people.press("supervisor", "Yes, released")
    page = people("manager", f"/programme/{activity.uuid}/")  # 5 selection
    people.press("manager", "Go on")
    people("manager", f"/programme/{activity.uuid}/selection/")
    people.press("manager", "Decide by the criteria")
    assert "Meets every criterion" in page.locator("main").inner_text()
    people.press("manager", "Confirm 1 seats")

    page = people("centre", f"/programme/{activity.uuid}/sessions/new/")  # 6 delivery
    page.get_by_label("Title").fill("Worked files")
    page.get_by_label("Begins").fill(f"{day + timedelta(days=30)}T09:00")
    page.get_by_label("Ends").fill(f"{day + timedelta(days=30)}T15:00")
    people.press("centre", "Save")
    session = Session.objects.get(activity=activity)
    people("centre", f"/programme/sessions/{session.uuid}/door/")
    door = page.locator(".fig").inner_text().strip()
    _pass_time(seconds=int((session.starts_at - now()).total_seconds()) + 60)
    page = people("officer", f"/programme/participant/{nomination.uuid}/")
    page.get_by_label("Code on the screen").fill(door)
    people.press("officer", "I am here")
    page.get_by_role("link", name="What did you think of it?").click()
    for number in range(5):
        page.locator("fieldset").nth(number).get_by_label("4", exact=True).check()
    people.press("officer", "Send")
    page.get_by_role("link", name="Your action plan").click()  # 8 action plan
    page.get_by_label("What will you do?").fill("A list at the wharf")
    page.get_by_label("By when?").fill((day + timedelta(days=90)).isoformat())
    people.press("officer", "Plan it")
    people.press("officer", "Ask my supervisor to endorse it")
    people("supervisor", f"/evaluation/plan/{nomination.uuid}/")
    people.press("supervisor", "Endorse this plan")
    _pass_time(days=2)
    people("centre", f"/programme/{activity.uuid}/")
    people.press("centre", "Go on")
    people.press("centre", "Go on")  # delivered, closed: 7 certificate
    page = people("officer", f"/programme/participant/{nomination.uuid}/")
    assert page.get_by_role("link", name="Your certificate (PDF)").is_visible()
    people("phone", f"/certificates/verify/{nomination.certificates.get().code}/")
    assert "This certificate is genuine" in people.pages["phone"].locator("main").inner_text()

    _pass_time(days=250)  # 9 follow-up, by signed link
    _pass_time(hours=20)
    page = people("phone", _mailed("What has changed since “Values at the wharf”?", "officer@"))
    for number, answer in enumerate(("5", "4", "yes", "no")):
        page.locator("fieldset").nth(number).get_by_label(answer, exact=True).check()
    people.press("phone", "Send")
    page = people("officer", f"/evaluation/plan/{nomination.uuid}/")
    page.get_by_text("Say how it stands").click()
    page.get_by_label("How does it stand?").select_option("done")
    people.press("officer", "Record")
    page = people("manager", f"/evaluation/activities/{activity.uuid}/after/")
    assert "5 of 5" in page.locator("main").inner_text()

    page.get_by_role("link", name="A list at the wharf").click()  # 10 good practice
    page.get_by_role("link", name="Draft a good practice from it").click()
    page.get_by_label("The problem").fill("Values were argued one by one")
    page.get_by_label("What came of it").fill("Fewer disputes")
    people.press("manager", "Save")
    practice = page.url.rstrip("/").rsplit("/", 1)[-1]
    people("coordinator", f"/knowledge/{practice}/")
    people.press("coordinator", "Clear it for publication")
    page = people("manager", f"/knowledge/{practice}/")
    page.get_by_label("Putri").check()
    people.press("manager", "Ask them")
    for reviewer in ("head", "centre"):
        page = people(reviewer, f"/knowledge/{practice}/")
        page.get_by_label("Is it fit to publish?").select_option(label="fit to publish")
        page.get_by_label("Your words to the Member").fill("The register of disputes bears it out.")
        people.press(reviewer, "Give this review")
    people("manager", f"/knowledge/{practice}/")
    people.press("manager", "Publish")
    page = people("neighbour", f"/knowledge/{practice}/")
    page.locator("summary", has_text="We used this").click()
    page.get_by_label("What you did, and what came of it").fill("Shortened, and used at the gate")
    people.press("neighbour", "Say so")
    assert Adoption.objects.filter(practice__uuid=practice, place__code="HIGH").exists()

    people("manager", f"/evaluation/activities/{activity.uuid}/report/")  # 11 report
    people.press("manager", "Publish")
    assert Report.objects.filter(activity=activity).exists()
    page = people("manager", f"/programme/{activity.uuid}/")
    assert page.locator(".thread li.done").count() >= 10
    assert people.decisions < 40, "decisions by staff, all told"
