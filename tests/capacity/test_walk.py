"""One Member's need becomes a workshop, a changed practice, and a practice that another Member uses: through the API alone."""

from __future__ import annotations

from typing import Any

import pytest

from .walking import Walk, from_need_to_report


@pytest.mark.row("R12.1", "R12.2", "R13.4", "R19.1", "R21.1", "R22.1", "R22.3", "R23.1", "R39.2", "R39.4", "R66.5")
def test_from_a_need_to_an_adopted_practice_and_a_frozen_report_through_the_api(world: Any) -> None:
    walk = Walk(world)
    from_need_to_report(walk, world)
    page = world.browser("manager").get(f"/programme/{walk.activity}/").content.decode()
    for bead in (
        "Need",
        "Design",
        "Invitations",
        "Nominations",
        "Selection",
        "Workshop",
        "Certificates",
        "Action plans",
        "Months later",
        "Good practice",
        "Used by others",
    ):
        assert bead in page
    assert page.count('<li class="done">') == 11, "every bead is done, the report's among them"
    assert ("2 of 2<br>" in page, "2 from 1<br>" in page) == (True, True), "people are counted once, however many sessions they attended"
    assert page.count('<li class="held">') == 1, "but for the two answers that never came"
