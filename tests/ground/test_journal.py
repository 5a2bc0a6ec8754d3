"""The journal: appended with the act, chained afterwards, and any later change seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from entrepot.desk.cli import main
from entrepot.ground.journal.api import UnrecordedWrite, action, append, seal, verify
from entrepot.ground.journal.core import FIRST, Sealed, check_chain, seal_of
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import WrittenOutsideAction
from entrepot.ground.people.api import register
from entrepot.ground.people.models import Person
from entrepot.kernel.principals import SYSTEM


def _chain(contents: list[int]) -> list[Sealed]:
    chain, previous = [], FIRST
    for position, content in enumerate(contents, 1):
        previous = seal_of(previous, position, {"n": content})
        chain.append(Sealed(position, {"n": content}, previous))
    return chain


def test_entries_stand_in_the_order_of_what_is_sealed_whatever_number_they_are_given(world: Any) -> None:
    browser = world.browser("admin")

    def shown() -> list[str]:
        return [row["uuid"] for row in browser.get("/api/v1/journal?size=100").json()["rows"]]

    before = shown()
    first = Entry.objects.order_by("at", "id")[0]
    assert str(first.uuid) != before[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET id = %s WHERE id = %s", [10**9, first.pk])
    assert shown() == before
    assert str(first.uuid) not in browser.get("/journal/entries.csv").content.decode().splitlines()[1]


@given(st.lists(st.integers(), min_size=1, max_size=20), st.data())
def test_any_change_or_removal_breaks_the_chain(contents: list[int], data: st.DataObject) -> None:
    chain = _chain(contents)
    assert not list(check_chain(chain))
    index = data.draw(st.integers(0, len(chain) - 1))
    changed = [*chain]
    changed[index] = Sealed(chain[index].position, {"n": contents[index] + 1}, chain[index].seal)
    assert list(check_chain(changed))
    if index < len(chain) - 1:
        assert list(check_chain(chain[:index] + chain[index + 1 :]))


@pytest.mark.row("R3.4")
def test_a_change_behind_the_products_back_is_found(world: Any) -> None:
    seal()
    assert verify().faults == []
    assert verify().unsealed == 0
    victim = Entry.objects.order_by("position")[5]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET verb = 'nothing.happened' WHERE id = %s", [victim.pk])
    assert [fault.position for fault in verify().faults] == [victim.position]


def test_entries_carry_no_names(world: Any) -> None:
    text = "\n".join(str(entry.content) for entry in Entry.objects.all())
    for person in Person.objects.exclude(email=None):
        assert person.full_name not in text or len(person.full_name) < 5
        assert str(person.email) not in text


def test_an_action_without_an_entry_is_a_defect_and_is_undone(world: Any) -> None:
    @action
    def silent(*, by: Any) -> None:
        Person.objects.filter(pk=world.person("officer").pk).update(full_name="Silently")

    with pytest.raises(UnrecordedWrite):
        silent(by=SYSTEM)
    assert world.person("officer").full_name == "Pele"


def test_entries_are_appended_inside_actions_only_and_never_changed(world: Any) -> None:
    with pytest.raises(WrittenOutsideAction):
        append(by=SYSTEM, at=world.at, verb="x.y", thing=world.person("officer"))
    entry = Entry.objects.first()
    assert entry is not None
    with pytest.raises(WrittenOutsideAction):
        entry.save()


def test_an_entry_has_a_page_with_its_facts_its_seal_and_what_else_was_done(world: Any) -> None:
    seal()
    officer = world.person("officer")
    entry = Entry.objects.get(verb="people.person.registered", thing_uuid=officer.uuid)
    page = world.browser("coordinator").get(f"/journal/{entry.uuid}/").content.decode()
    assert entry.seal in page
    assert str(officer.uuid) in page
    assert officer.full_name not in page
    assert world.browser("neighbour").get(f"/journal/{entry.uuid}/").status_code == 404


@pytest.fixture
def sealed(world: Any, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> Callable[[], None]:
    """Seals what there is and notes the head, as the job does; called once at first."""
    settings.JOURNAL_HEADS = str(tmp_path / "journal-heads")

    def again() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            seal(limit=100_000)

    again()
    return again


def _do_something(world: Any) -> None:
    register(by=SYSTEM, at=world.at, home=world.place("ATN"), full_name="Somebody new")


def _cut(entries: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE position > (SELECT MAX(position) FROM journal_entry) - %s", [entries])


def test_a_cut_end_of_the_chain_is_noticed_and_sealing_on_does_not_hide_it(world: Any, sealed: Any, capsys: Any) -> None:
    length = verify().length
    assert verify().faults == []
    assert main(["journal", "verify"]) == 0
    _cut(3)
    assert [fault.position for fault in verify().faults] == [length - 2]
    assert main(["journal", "verify"]) == 1
    assert f"entries up to {length} were sealed" in capsys.readouterr().err
    for _ in range(5):
        _do_something(world)
    sealed()
    assert verify().length > length
    assert [fault.position for fault in verify().faults] == [length], "another entry stands where the noted one stood"


def test_a_head_is_noted_with_each_sealing_and_one_kept_elsewhere_tells_without_the_file(world: Any, sealed: Any, capsys: Any) -> None:
    noted = verify().noted
    assert noted is not None
    assert main(["journal", "head"]) == 0
    kept = capsys.readouterr().out.strip()
    assert kept == f"{noted.length}:{noted.head}"
    _do_something(world)
    sealed()
    again = verify().noted
    assert again is not None
    assert again.length > noted.length
    Path(settings.JOURNAL_HEADS).unlink()
    assert main(["journal", "verify", "--head", kept]) == 0
    _cut(2)
    assert main(["journal", "verify"]) == 0, "nothing here knows better"
    assert "no head was noted" in capsys.readouterr().out
    assert main(["journal", "verify", "--head", kept]) == 1
    assert main(["journal", "verify", "--head", "12:xyz"]) == 2


def test_a_note_that_was_not_signed_here_is_noticed(world: Any, sealed: Any) -> None:
    path = Path(settings.JOURNAL_HEADS)
    assert path.stat().st_mode & 0o077 == 0
    notes = json.loads(path.read_text())
    notes[-1]["length"] -= 3
    path.write_text(json.dumps(notes))
    assert ["secret key" in fault.what for fault in verify().faults] == [True]
    path.write_text("[}")
    assert ["secret key" in fault.what for fault in verify().faults] == [True]


def test_who_restored_an_older_copy_goes_on_knowingly(world: Any, sealed: Any, capsys: Any) -> None:
    _cut(4)
    assert main(["journal", "accept"]) == 2
    assert main(["journal", "accept", "--reason", "restored the copy of Monday"]) == 0
    assert main(["journal", "verify"]) == 0
    assert "restored the copy of Monday" in capsys.readouterr().out
    _do_something(world)
    sealed()
    assert verify().faults == []
    _cut(1)
    assert len(verify().faults) == 1
