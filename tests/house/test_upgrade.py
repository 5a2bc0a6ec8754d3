"""An old database upgrades: a row in every table of the first version, migrated on, is still there with all that it held."""

from __future__ import annotations

import json
from pathlib import Path

from tests.apart import apart, run

ENTREPOT = ("-m", "entrepot.desk.cli")
UPGRADE = ("-m", "tests.house.upgrade")


def test_a_database_of_the_first_version_upgrades_and_keeps_every_row(tmp_path: Path) -> None:
    with apart(tmp_path) as environment:
        held = json.loads(run(environment, *UPGRADE, "fill").splitlines()[-1])
        assert all(rows for rows in held.values())
        kept = tmp_path / "held.json"
        kept.write_text(json.dumps(held))
        assert "behind the code" in run(environment, *ENTREPOT, "check", code=1)
        run(environment, *ENTREPOT, "migrate")
        tables = json.loads(run(environment, *UPGRADE, "read", str(kept)).splitlines()[-1])
        assert set(held) <= set(tables)
        assert "an old form is read" in run(environment, "-m", "tests.capacity.evaluation.upgraded")
        run(environment, *ENTREPOT, "demo", "make")
