"""PostgreSQL refuses overlaps by itself, whatever code wrote them; SQLite has no such constraint."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from entrepot.ground.keeping.api import writing
from entrepot.ground.people.models import Posting
from entrepot.ground.region.models import Standing


@pytest.mark.parametrize("model", [Posting, Standing])
def test_overlaps_are_refused_by_the_database(world: Any, model: Any) -> None:
    place = world.place("ATN")
    values: dict[str, Any] = {"place": place, "from_on": date(2030, 1, 1), "to_on": date(2031, 1, 1)}
    if model is Posting:
        values |= {"person": world.person("officer"), "role": "analyst"}
    else:
        values |= {"kind": "host", "other": world.place("SAG")}
    with writing():
        model.objects.create(**values)
        if connection.vendor == "sqlite":
            return
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**{**values, "from_on": date(2030, 6, 1)})
        model.objects.create(**{**values, "from_on": date(2031, 1, 1), "to_on": None})
