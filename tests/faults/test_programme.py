"""The programme killed (-9) at every step boundary: a step is either done or not, and told again it is done once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.apart import apart, run

NOT_OURS = ("django_session", "desk_repeat", "work_")
"""Tables that say how the work was done, not what was done."""


def _walked(folder: Path, *words: str) -> Any:
    folder.mkdir()
    with apart(folder) as environment:
        run(environment, "-m", "tests.snapshot")
        return json.loads(run(environment, "-m", "tests.faults.killed_walk", *words).splitlines()[-1])


@pytest.mark.slow
@pytest.mark.row("R12.1")
def test_a_step_of_the_programme_killed_at_any_commit_is_done_or_not_and_told_again_is_done_once(tmp_path: Path) -> None:
    whole, killed = _walked(tmp_path / "whole"), _walked(tmp_path / "killed", "kill")
    assert killed["kills"]["before"] > 60
    assert killed["kills"]["after"] > 40
    assert killed["verbs"] == whole["verbs"], "each act has its entries, once, however often it was cut off"
    ours = [{table: n for table, n in one["tables"].items() if not table.startswith(NOT_OURS)} for one in (whole, killed)]
    assert ours[0] == ours[1]
    assert (killed["undone"], killed["faults"]) == ([], 0)
