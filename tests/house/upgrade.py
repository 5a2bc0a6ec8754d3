"""Both ends of an upgrade, each run as a process of its own: `python -m tests.house.upgrade fill`, later `… read FILE`.

`fill` migrates an empty database to its first version and puts a row into every table of ours, through the models as they were then.
`read` compares each of those rows with what the migrated database holds, column by column.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from entrepot.desk.gathered import APPS  # noqa: E402

OURS = [*(app.rsplit(".", 1)[1] for app in APPS), "desk"]
# What a column may hold where its type and its constraints do not say; None leaves it empty.
HELD: dict[str, Any] = {
    "region.Place.kind": "region",
    "region.Standing.kind": "membership",
    "region.Standing.other": None,
    "journal.Entry.position": 1,
    "journal.Entry.seal": "5" * 64,
    "people.Person.merged_into": None,
    "people.Person.erased_at": None,
    "people.Posting.seconded_from": None,
    "work.ClockShift.id": 1,
    "documents.Document.retired_at": None,
    "documents.Document.removed_at": None,
    "knowledge.Question.initiative": None,
    "community.Post.out_at": None,
    "publications.Edition.parts": [],
    "publications.Edition.cells": [],
    "evaluation.Form.kind": "reaction",
    "evaluation.Form.questions": [
        {"key": "useful", "text": "What I learned is useful for my work", "kind": "scale", "options": [], "right": None, "needed": True}
    ],
    "evaluation.Ask.answers": {"useful": 4},
    "evaluation.ActionItem.state": "done",
    "evaluation.ItemUpdate.state": "done",
}
DAY = dt.date(2026, 3, 1)
PLAIN: list[tuple[type[models.Field[Any, Any]], Any]] = [
    (models.DateTimeField, dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)),
    (models.DateField, DAY),
    (models.TimeField, dt.time(7)),
    (models.DurationField, dt.timedelta(days=2)),
    (models.BinaryField, b"bytes"),
    (models.JSONField, {"a": ["é"]}),
    (models.BooleanField, True),
    (models.IntegerField, 3),
    (models.FloatField, 0.5),
    (models.DecimalField, 2),
    (models.EmailField, "old@practice.example"),
]


def _first_version(executor: MigrationExecutor) -> list[tuple[str, str]]:
    """The earliest state in which every table's first migration has run: the first of each app, with what those build upon."""
    graph = executor.loader.graph
    wanted = [node for node in graph.nodes if node[0] in OURS and not any(parent[0] == node[0] for parent in graph.node_map[node].parents)]
    wanted += [node for node in graph.leaf_nodes() if node[0] not in OURS]
    reached: dict[str, tuple[str, str]] = {}
    for node in wanted:
        for step in graph.forwards_plan(node):
            reached[step[0]] = max(reached.get(step[0], step), step)
    return list(reached.values())


class Filler:
    """Makes one row of each model, and of those it refers to first."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def row(self, model: Any) -> Any:
        """The row of this model."""
        label = model._meta.label
        if label not in self.made:
            fields = [field for field in model._meta.local_fields if not isinstance(field, models.AutoField | models.CompositePrimaryKey)]
            self.made[label] = model._default_manager.create(**{field.name: self._value(model, field) for field in fields})
        return self.made[label]

    def _value(self, model: Any, field: Any) -> Any:
        name = f"{model._meta.label}.{field.name}"
        if name in HELD:
            return HELD[name]
        if isinstance(field, models.ForeignKey):
            return None if field.remote_field.model is model and field.null else self.row(field.remote_field.model)
        allowed = [list(q.condition.children[0][1]) for q in model._meta.constraints if _is_list(q, field.name)]
        if allowed:
            return max(allowed[0], key=len) if not field.has_default() else field.get_default()
        if field.has_default():
            return field.get_default()
        if isinstance(field, models.DateField) and field.name.startswith(("to_", "ends_")):
            later = DAY + dt.timedelta(days=30)
            return dt.datetime.combine(later, dt.time(12), dt.UTC) if isinstance(field, models.DateTimeField) else later
        return next((value for kind, value in PLAIN if isinstance(field, kind)), None) or self._text(field)

    def _text(self, field: Any) -> Any:
        return uuid.uuid4() if isinstance(field, models.UUIDField) else f"ข้อความ {field.name}"[: field.max_length or 50]


def _is_list(constraint: Any, name: str) -> bool:
    children = constraint.condition.children if isinstance(constraint, models.CheckConstraint) else []
    return len(children) == 1 and isinstance(children[0], tuple) and children[0][0] == f"{name}__in"


def _rows(table: str, columns: list[str]) -> list[dict[str, str]]:
    with connection.cursor() as cursor:
        names = ", ".join(map(connection.ops.quote_name, columns))
        cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(table)} ORDER BY 1")
        return [dict(zip(columns, map(str, row), strict=True)) for row in cursor.fetchall()]


def fill() -> None:
    """Make the old database, and print what each table holds."""
    executor = MigrationExecutor(connection)
    first = _first_version(executor)
    state = executor.migrate(first)
    filler = Filler()
    for model in state.apps.get_models():
        if model._meta.app_label in OURS:
            filler.row(model)
    held = {
        row._meta.db_table: _rows(row._meta.db_table, [f.column for f in row._meta.local_fields if f.column])
        for row in filler.made.values()
    }
    print(json.dumps(held))


def _without_concepts(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """All rows, but of the index of words without what an upgrade adds to it: the concepts that practices name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM knowledge_token WHERE text LIKE '=%'")
        added = {str(key) for (key,) in cursor.fetchall()}
    column = {"knowledge_token": "id", "knowledge_mention": "token_id"}.get(table)
    return [row for row in rows if column is None or row[column] not in added]


def read(file: Path) -> None:
    """Compare, and print the tables that there are now."""
    held = json.loads(file.read_text())
    for table, rows in held.items():
        assert _without_concepts(table, _rows(table, list(rows[0]))) == rows, table
    now = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    for model in now:
        # A table that came later may be empty.
        assert [str(row) for row in model._default_manager.all()] or model._meta.db_table not in held, model
    print(json.dumps(sorted(model._meta.db_table for model in now)))


if __name__ == "__main__":
    fill() if sys.argv[1] == "fill" else read(Path(sys.argv[2]))
