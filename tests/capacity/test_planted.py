"""A person planted in every room is exported, merged and erased whole: nothing of them is left in any table, file or index."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any

import pytest

from tests.apart import apart, run


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the planting found, in a database of its own."""
    folder = tmp_path_factory.mktemp("planted") / "home"
    folder.mkdir()
    with apart(folder) as environment:
        run(environment, "-m", "tests.snapshot")
        return json.loads(run(environment, "-m", "tests.capacity.planted").splitlines()[-1])


def test_the_search_finds_a_planted_person_in_every_room(told: Any) -> None:
    """Else it would prove nothing that it finds nobody afterwards."""
    rooms = {where.partition("_")[0] for where in told["before"]["tables"]}
    ours = {"people", "access", "documents", "notices", "needs", "training", "records", "credentials", "evaluation", "knowledge"}
    assert rooms >= ours | {"publications", "community", "django"}
    assert len(told["before"]["tables"]) > 40
    assert any(name.startswith("mail/") for name in told["before"]["files"])
    assert any(name.startswith("documents/") for name in told["before"]["files"])
    assert told["before"]["prints"]
    assert told["before"]["relations"] is None or told["before"]["relations"]


def test_nothing_refers_to_the_record_that_was_merged(told: Any) -> None:
    assert told["referring"] == []


def test_nobody_is_left_in_any_table_file_or_index(told: Any) -> None:
    assert told["after"]["tables"] == {}
    assert told["after"]["files"] == {}
    assert told["after"]["prints"] == 0
    assert not told["after"]["relations"], "nor in a page of a table that is free now"


def test_the_day_is_said_on_which_the_last_backup_ends(told: Any) -> None:
    found = re.search(r"Backups that were made before now still hold it; the last of them ends on (\d+ \w+ \d{4})\.", told["page"])
    assert found
    ends = datetime.strptime(f"{found[1]} +0000", "%d %B %Y %z").date()
    assert (ends - date.fromisoformat(told["day"])).days == 35


def test_the_export_holds_what_is_kept_of_a_person_in_every_room(told: Any) -> None:
    held = json.loads(told["export"])
    one = held["training"]["nominations"][0]
    assert {one[name] for name in ("unit", "duties", "special_needs")} == {"Call me: +676 771 80953"}
    assert len(one["attended"]) == 2
    assert one["note"].startswith("Ask Zorvaine Quxembly")
    assert held["training"]["taught"]
    assert {row["form"] for row in held["evaluation"]["answers"]} >= {"reaction", "officer"}
    assert [row["form"] for row in held["evaluation"]["said_of_you"]] == ["supervisor"]
    item = held["evaluation"]["action_items"][0]
    assert {item[name] for name in ("what", "why", "support", "indicator")} == {"Call me: +676 771 80953"}
    assert held["evaluation"]["of_action_items"]
    assert {row["holder"] for row in held["credentials"]["certificates"]} == {"Zorvaine Quxembly"}
    assert held["records"]["statements"]
    assert held["knowledge"]["questions"]
    assert held["community"]["posts"]
    assert held["documents"]["documents"][0]["name"] == "zorvaine-quxembly-cv.pdf"
    assert "sign_in" in held["people"]
    assert held["people"]["records_merged_into_this"]
    assert {"people.person.registered", "community.post.said"} & {row["verb"] for row in held["people"]["acts"]}
    assert held["access"]["links"]
