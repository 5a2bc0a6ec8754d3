"""Running a workshop again from a kit: whole, by another centre, with nobody's name in it, and compared afterwards."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.training.core import unpack
from entrepot.capacity.training.models import Activity, Nomination
from entrepot.kernel.errors import Invalid

from .test_papers import _hand_out, _read

FIRST = date(2027, 3, 1)


def _kit(world: Any, activity: Activity) -> bytes:
    answer = world.browser("manager").get(f"/programme/{activity.uuid}/kit.zip")
    assert answer.status_code == 200
    return bytes(answer.content)


def _bring(world: Any, kit: bytes, part: str = "manager", host: str = "RTC-LAG") -> Any:
    data = {"file": SimpleUploadedFile("kit.zip", kit), "host": world.place(host).pk, "starts_on": FIRST.isoformat()}
    return world.browser(part).post("/programme/again/", data)


def _whole(world: Any) -> Activity:
    activity = Activity.objects.get(stage="followed_up")
    assert _hand_out(world, activity, part="manager").status_code == 302
    return activity


@pytest.mark.row("R12.4", "R66.2")
def test_a_delivered_workshop_is_run_again_whole_by_another_centre(world: Any) -> None:
    origin = _whole(world)
    assert _bring(world, _kit(world, origin)).status_code == 302
    made = Activity.objects.get(rerun=True)
    assert (made.stage, made.host.code, made.starts_on) == ("design", "RTC-LAG", FIRST)
    for name in ("title", "competency", "level", "mode", "objectives", "outcomes", "seats", "criteria", "language", "follow_up_months"):
        assert getattr(made, name) == getattr(origin, name), name
    assert made.ends_on - made.starts_on == origin.ends_on - origin.starts_on
    assert list(made.budget.values_list("title", "amount", "currency")) == list(origin.budget.values_list("title", "amount", "currency"))
    here, there = (
        [(s.title, s.starts_at.astimezone(_zone(a)).strftime("%H:%M"), s.ends_at - s.starts_at) for s in a.sessions.order_by("starts_at")]
        for a in (made, origin)
    )
    assert here == there, "by the clock of each host"
    forms, originals = ({form.kind: form.questions for form in a.forms.filter(current=True)} for a in (made, origin))
    assert set(forms) >= {"pre", "post", "reaction"}
    assert forms == originals
    page = world.browser("manager").get(f"/programme/{made.uuid}/").content.decode()
    assert "Slides of day one" in page
    paper = page.split("/papers/")[2].split("/")[0]
    assert _read(world.browser("manager").get(f"/programme/{made.uuid}/papers/{paper}/")) == b"Day one: values"
    assert origin.code in page
    assert made.lineage.original == origin
    centre = world.browser("manager")
    assert centre.get(f"/programme/{made.uuid}/design/").status_code == 200


def _zone(activity: Activity) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(activity.host.time_zone)


@pytest.mark.row("R12.4")
def test_a_centre_runs_a_kit_at_its_own_place_and_adapts_it_there(world: Any) -> None:
    kit = _kit(world, _whole(world))
    refused = _bring(world, kit, part="centre", host="RTC-LAG")
    assert refused.status_code == 422, "another centre is not among its choices"
    assert _bring(world, kit, part="centre", host="RTC-SAG").status_code == 302
    made = Activity.objects.get(rerun=True)
    assert world.browser("centre").get(f"/programme/{made.uuid}/design/").status_code == 200
    other = Activity.objects.filter(rerun=False, host__code="RTC-SAG", stage="confirmed").get()
    assert world.browser("centre").get(f"/programme/{other.uuid}/design/").status_code in (403, 404), (
        "what the office designed stays the office's"
    )
    for part in ("coordinator", "supervisor", "officer", ""):
        assert world.browser(part).get("/programme/again/").status_code in (302, 404), part


def test_nobodys_name_is_in_a_kit(world: Any) -> None:
    origin = _whole(world)
    text = _text_of(_kit(world, origin))
    people = {n.person.full_name for n in Nomination.objects.filter(activity=origin).select_related("person")}
    people |= {trainer.full_name for trainer in origin.trainers.all()}
    assert people
    for name in people:
        assert name not in text
    assert "practice.example" not in text
    assert "meet.example" not in text, "join links stay behind"


def _text_of(kit: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(kit)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def test_the_same_activity_gives_the_same_kit(world: Any) -> None:
    origin = _whole(world)
    assert _kit(world, origin) == _kit(world, origin)


def _altered(kit: bytes, **changes: Any) -> bytes:
    with zipfile.ZipFile(io.BytesIO(kit)) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    note = json.loads(entries["kit.json"])
    note.update(changes)
    entries["kit.json"] = json.dumps(note).encode()
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"form": "entrepot-kit/9"}, "of another form"),
        ({"competency": "NONE-1"}, "not in the catalogue"),
        ({"seats": -4}, "0 to 5,000"),
        ({"seats": "many"}, "damaged"),
        ({"level": "wizard"}, "cannot be taken"),
        ({"lessons": [{"title": "Night", "day": 0, "starts": "26:00", "minutes": 5}]}, "day and time that exist"),
        ({"lessons": [{"title": "Back", "day": 0, "starts": "09:00", "minutes": -5}]}, ""),
        ({"costs": [{"title": "Gold", "currency": "USD", "amount": "NaN"}]}, "not an amount"),
        ({"papers": [{"entry": "kit.json", "name": "x.txt", "title": "X", "digest": "0"}]}, "not the one"),
        ({"parts": {"evaluation": 7}}, "damaged"),
        (
            {"parts": {"evaluation": [{"kind": "pre", "language": "en", "questions": [{"key": "q", "text": "?", "kind": "choice"}]}]}},
            "right",
        ),
        (
            {"parts": {"evaluation": [{"kind": "reaction", "language": "en", "questions": [{"key": "q", "text": "?", "kind": "?"}]}]}},
            "kind",
        ),
        ({"papers": [{"entry": "gone", "name": "x.txt", "title": "X", "digest": "0"}]}, "not a kit"),
    ],
)
def test_a_kit_that_is_not_whole_is_refused_in_words_and_makes_nothing(world: Any, changes: dict[str, Any], said: str) -> None:
    before = Activity.objects.count()
    answer = _bring(world, _altered(_kit(world, _whole(world)), **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Activity.objects.count() == before


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_else_is_sent_is_no_kit(content: bytes) -> None:
    with pytest.raises(Invalid):
        unpack(content, largest=1000)


def _packed(note: bytes, *, kind: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as packed:
        packed.writestr("kit.json", note)
    return file.getvalue()


def _damaged(kind: int) -> bytes:
    whole = bytearray(_packed(b'{"form": "entrepot-kit/1"}' * 9, kind=kind))
    whole[50:56] = b"\xff" * 6
    return bytes(whole)


@pytest.mark.parametrize(
    "content",
    [
        *(_damaged(kind) for kind in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)),
        _packed(b'{"form": "entrepot-kit/1", "title": "\xff\xfe"}'),
        _packed(b"\xff\xfe{}"),
        _packed(b"{}")[5:],
        _packed(b"{}").replace(b"kit.json", b"kit.j\xffon").replace(b"\x00\x00\x00\x00kit", b"\x00\x08\x00\x00kit"),
    ],
    ids=["deflate", "bzip2", "lzma", "no letters inside", "no letters", "begins too late", "no letters in a name"],
)
def test_a_damaged_kit_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid):
        unpack(content, largest=1000)


@pytest.mark.row("R12.4", "R66.2")
def test_the_second_run_is_set_beside_the_first(world: Any) -> None:
    from entrepot.capacity.training.queries import comparison_of, results_of

    origin = _whole(world)
    _bring(world, _kit(world, origin))
    made = Activity.objects.get(rerun=True)
    then = {figure.key: figure for figure, _ in comparison_of(made)}
    assert then["attended"].value == len({a.nomination_id for s in origin.sessions.all() for a in s.attendances.all()})
    assert all(now is None for _, now in comparison_of(made)), "it has not been taught here yet"
    assert [figure.key for figure, _ in comparison_of(made)] == [figure.key for figure in results_of(origin)]
    assert made.starts_on == FIRST


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"lessons": [{"title": "x", "day": 0, "starts": "09:00", "minutes": 60}] * 201}, "at most 200 sessions"),
        ({"costs": [{"title": "x", "currency": "USD", "amount": "1"}] * 101}, "at most 100 costs"),
    ],
)
def test_a_kit_with_more_of_anything_than_a_page_lets_one_enter_is_refused(world: Any, more: dict[str, Any], said: str) -> None:
    kit = _kit(world, _whole(world))
    with zipfile.ZipFile(io.BytesIO(kit)) as packed:
        note = json.loads(packed.read("kit.json")) | more
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("kit.json", json.dumps(note | {"papers": []}))
    answer = _bring(world, file.getvalue())
    assert answer.status_code == 422
    assert said in answer.content.decode()
