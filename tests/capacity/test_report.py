"""The figures of a report, each reckoned anew from raw rows by a query of our own; and what is frozen stays as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from entrepot.capacity.evaluation.api import figures, report_body
from entrepot.capacity.evaluation.core import wilson
from entrepot.capacity.evaluation.models import Report
from entrepot.capacity.evaluation.queries import Given
from entrepot.capacity.training.models import Activity
from entrepot.ground.keeping.api import writing


def _one(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def _all(sql: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


_THERE = (
    "SELECT DISTINCT n.id, n.invitation_id, n.person_id FROM training_nomination n "
    "JOIN training_attendance a ON a.nomination_id=n.id WHERE n.activity_id=%s AND n.outcome='seat'"
)


@pytest.mark.row("R21.3", "R21.4", "R24.3", "R19.4")
def test_each_figure_agrees_with_raw_rows(world: Any) -> None:
    activity = Activity.objects.get(stage="followed_up")
    found, key = figures(activity, Given(activity, whole=True)), activity.pk
    assert found["asked"] == _one("SELECT COUNT(*) FROM training_invitation WHERE activity_id=%s AND sent_at IS NOT NULL", key)
    assert found["answered"] == _one("SELECT COUNT(*) FROM training_invitation WHERE activity_id=%s AND state='answered'", key)
    assert found["nominated"] == _one("SELECT COUNT(*) FROM training_nomination WHERE activity_id=%s AND withdrawn_at IS NULL", key)
    assert found["seats"] == _one("SELECT COUNT(*) FROM training_nomination WHERE activity_id=%s AND outcome='seat'", key)
    there = _all(_THERE, key)
    assert found["attended"] == len(there) > 5
    members = _all(
        "SELECT i.place_id, COUNT(DISTINCT t.id) FROM ("
        + _THERE
        + ") t JOIN training_invitation i ON i.id=t.invitation_id GROUP BY i.place_id",
        key,
    )
    assert found["members"] == len(members)
    assert sorted(n for _, n in found["by_member"]) == sorted(n for _, n in members)
    women = _one("SELECT COUNT(*) FROM (" + _THERE + ") t JOIN people_person p ON p.id=t.person_id WHERE p.gender='F'", key)
    assert found["balance"]["women"] == women
    spans = _all(
        "SELECT s.starts_at, s.ends_at FROM training_attendance a JOIN training_session s ON s.id=a.session_id WHERE s.activity_id=%s", key
    )
    hours = sum((_moment(e) - _moment(s)).total_seconds() / 3600 for s, e in spans)
    assert found["hours"] == pytest.approx(hours)
    certificates = (
        "SELECT COUNT(*) FROM credentials_certificate c JOIN training_nomination n ON n.id=c.nomination_id WHERE n.activity_id=%s"
    )
    assert found["certificates"] == _one(certificates + " AND c.revoked_at IS NULL", key)
    answered = (
        'SELECT k.nomination_id, k.answers, k."right", k."of" FROM evaluation_ask k JOIN evaluation_form f ON f.id=k.form_id '
        "WHERE f.activity_id=%s AND f.kind=%s AND k.answered_at IS NOT NULL"
    )
    reactions = [_json(row[1]) for row in _all(answered, key, "reaction")]
    assert found["reaction"].value == pytest.approx(len(reactions) / len(there))
    means = dict(found["reactions"])
    useful = [row["useful"] for row in reactions]
    assert means["What I learned is useful for my work"].value == pytest.approx(sum(useful) / len(useful))
    assert means["What I learned is useful for my work"].n == len(useful)
    before = {row[0]: row[2] / row[3] for row in _all(answered, key, "pre")}
    after = {row[0]: row[2] / row[3] for row in _all(answered, key, "post")}
    both = before.keys() & after.keys()
    assert found["gain"].n == len(both) < len(before), "only those who took both"
    assert found["gain"].value == pytest.approx(sum(after[n] - before[n] for n in both) / len(both))
    items = _all(
        "SELECT i.state FROM evaluation_actionitem i JOIN training_nomination n ON n.id=i.nomination_id WHERE n.activity_id=%s", key
    )
    done = sum(state == "done" for (state,) in items)
    assert (found["items"].n, found["items"].value) == (len(items), pytest.approx(done / len(items)))
    assert (found["items"].low, found["items"].high) == pytest.approx(wilson(done, len(items)))
    for kind in ("officer", "supervisor"):
        asked = _one(
            "SELECT COUNT(*) FROM evaluation_ask k JOIN evaluation_form f ON f.id=k.form_id WHERE f.activity_id=%s AND f.kind=%s", key, kind
        )
        assert (found["follow_up"][kind].n, found["follow_up"][kind].value) == (
            asked,
            pytest.approx(len(_all(answered, key, kind)) / asked),
        )


def _moment(value: Any) -> Any:
    from datetime import datetime

    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def test_a_published_report_stays_as_it_was(world: Any) -> None:
    activity = Activity.objects.get(stage="followed_up")
    address = f"/evaluation/activities/{activity.uuid}/report/"
    before = world.browser().get(address).content.decode()
    with writing():
        activity.nominations.filter(outcome="seat").first().asks.all().delete()
        activity.title = "Renamed"
        activity.save()
    assert report_body(activity)["activity"]["title"] == "Renamed"
    after = world.browser().get(address).content.decode()
    body = before[before.index("<article") : before.index("</article>")]
    assert body in after
    again = world.browser("manager").post(f"/evaluation/activities/{activity.uuid}/report/publish/")
    assert again.status_code == 409


def test_a_report_changed_behind_the_products_back_says_so(world: Any) -> None:
    report = Report.objects.get()
    report.body["figures"]["attended"] += 1
    with writing():
        report.save()
    assert "behind the product" in world.browser().get(f"/evaluation/activities/{report.activity.uuid}/report/").content.decode()


@pytest.mark.parametrize("name", ["report.pdf", "report.docx"])
def test_files_of_the_report_open_and_say_the_same(world: Any, name: str) -> None:
    import io

    from docx import Document

    activity = Activity.objects.get(stage="followed_up")
    answer = world.browser().get(f"/evaluation/activities/{activity.uuid}/{name}")
    assert answer.status_code == 200
    if name.endswith("pdf"):
        assert answer.content.startswith(b"%PDF-")
        assert b"pdfuaid" in answer.content, "it says that it is PDF/UA"
    else:
        document = Document(io.BytesIO(answer.content))
        text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
        assert "Members represented" in text


def test_few_answers_are_counted_and_not_averaged() -> None:
    from entrepot.capacity.evaluation.core import mean_of, rate

    assert mean_of([5, 4, 3, 2], of=9).value is None
    assert rate(3, 4).value is None
    assert rate(3, 4).n == 4
