"""A nomination from a mail, on a phone, over a slow line, without a password: how long it takes someone new to it.

Page loads are measured over a line of 400 kbit/s with 400 ms of delay and nothing in the cache. To them is added what a person needs, by
the keystroke-level model (Card, Moran and Newell 1980; phone figures on the slow side): reading everything on each page once at 150 words a
minute, 0.5 s for each character typed with a thumb, 3 s to find and touch each thing.
"""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from entrepot.capacity.training.models import Nomination
from entrepot.desk.gathered import jobs
from entrepot.ground.work.api import move_clock, tick, work_off
from tests.capacity.walking import Walk

pytestmark = pytest.mark.browser
READS, TYPES, TOUCHES = 60 / 150, 0.5, 3.0
"""Seconds for a word, a character, a touch."""


class Stopwatch:
    """A phone, and the seconds that a person has spent with it."""

    def __init__(self, chromium: Any) -> None:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        self.page = context.new_page()
        line = context.new_cdp_session(self.page)
        line.send("Network.enable")
        conditions = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 200_000 / 8}
        line.send("Network.emulateNetworkConditions", conditions)
        self.loads = self.person = 0.0

    def _waits(self, act: Any) -> None:
        began = time.monotonic()
        act()
        self.page.wait_for_load_state("load")
        self.loads += time.monotonic() - began
        self.person += READS * len(self.page.locator("main").inner_text().split())

    def opens(self, address: str) -> None:
        """Touch the link in the mail, wait, and read the page."""
        self.person += TOUCHES
        self._waits(lambda: self.page.goto(address))

    def types(self, label: str, text: str, *, exact: bool = False) -> None:
        """Find a field and type into it."""
        self.page.get_by_label(label, exact=exact).first.fill(text)
        self.person += TOUCHES + TYPES * len(text)

    def chooses(self, label: str, option: str) -> None:
        """Open a list, find one of its lines, touch it."""
        self.page.get_by_label(label).first.select_option(label=option)
        self.person += 2 * TOUCHES + READS * len(self.page.get_by_label(label).first.locator("option").all_inner_texts())

    def ticks(self, label: str) -> None:
        """Tick a box."""
        self.page.get_by_label(label).first.check()
        self.person += TOUCHES

    def presses(self, words: str) -> None:
        """Press a button, wait, and read what comes."""
        self.person += TOUCHES
        self._waits(self.page.get_by_role("button", name=words, exact=True).first.click)


@pytest.mark.row("R19.1", "R66.1")
def test_a_nomination_is_answered_within_five_minutes_on_a_phone_with_no_password(
    chromium: Any, live_server: Any, transactional_world: Any, record_property: Any
) -> None:
    walk = Walk(transactional_world)
    walk.invited("ATN")
    move_clock(ahead=timedelta(hours=20))
    tick(jobs())
    work_off()
    letter = next(m for m in mail.outbox if "Please nominate" in m.subject and m.to[0].startswith(("coordinator@", "Sina")))
    link = re.search(r"https?://[^/\s]+(/\S+)", str(letter.body))
    assert link
    watch = Stopwatch(chromium)
    watch.person += READS * len(str(letter.body).split())
    watch.opens(live_server.url + link.group(1))
    watch.presses("Continue to the page")  # once in a browser
    watch.chooses("Officer", "Pele")
    watch.types("Post", "Wharf officer", exact=True)
    watch.types("Years", "6")
    watch.ticks("They agree to be nominated")
    watch.presses("Nominate")
    watch.presses("These are all: send")
    nomination = Nomination.objects.get(activity__uuid=walk.activity)
    assert (nomination.person.full_name, nomination.invitation.state) == ("Pele", "answered")
    took = watch.loads + watch.person
    record_property("seconds", f"{took:.0f}")
    print(f"loads {watch.loads:.1f} s, person {watch.person:.0f} s, together {took:.0f} s")
    assert 60 < took < 300
