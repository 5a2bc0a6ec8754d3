"""The journal: appended with the act, chained afterwards, and any later change seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from entrepot.ground.journal.api import UnrecordedWrite, action, append, seal, verify
from entrepot.ground.journal.core import FIRST, Sealed, check_chain, seal_of
from entrepot.ground.journal.models import Entry
from entrepot.ground.keeping.api import WrittenOutsideAction
from entrepot.ground.people.models import Person
from entrepot.kernel.principals import SYSTEM


def _chain(contents: list[int]) -> list[Sealed]:
    chain, previous = [], FIRST
    for position, content in enumerate(contents, 1):
        previous = seal_of(previous, position, {"n": content})
        chain.append(Sealed(position, {"n": content}, previous))
    return chain


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
