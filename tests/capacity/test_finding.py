"""Finding practices by words and concepts: what is found is what a naive scan of the texts finds, whatever the index does to be quick."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.capacity.knowledge import finding, indexing
from entrepot.capacity.knowledge.core import Term, concepts, concepts_in, edition, said_elsewhere, tokens, wanted
from entrepot.capacity.knowledge.fields import TOLD
from entrepot.capacity.knowledge.finding import Wish, find, ranked
from entrepot.capacity.knowledge.meaning import texts_of
from entrepot.capacity.knowledge.models import Mention, Practice, Token
from entrepot.capacity.knowledge.rules import practice_rules
from entrepot.ground.people.core import fold
from entrepot.kernel.principals import SYSTEM

_WORDS = sorted({part for words in concepts() for phrase in words for part in phrase.split()})
_PHRASES = [phrase for words in concepts() for phrase in words]
_TEXT = st.lists(st.sampled_from([*_WORDS, *_PHRASES, "wharf", "originality", "a", "原", "データベース", "منشا"]), max_size=14).map(
    " ".join
)


def _held(term: Term, told: set[str]) -> bool:
    return any(token.startswith(term.text) for token in told) if term.beginning else term.text in told


@settings(max_examples=300)
@given(_TEXT)
def test_a_concept_is_named_where_all_of_one_phrase_is_there(text: str) -> None:
    told = tokens(text)
    naive = {f"={fold(words[0])}" for words in concepts() if any(all(_held(term, told) for term in wanted(phrase)) for phrase in words)}
    assert concepts_in(told) == naive


@given(st.text(max_size=60))
def test_no_text_makes_a_token_of_the_index_s_own(text: str) -> None:
    assert not any(token.startswith("=") for token in tokens(text + "=origin ==1-x"))
    assert not any(term.text.startswith("=") for term in wanted(text + " =origin"))


def _told(practice: Practice) -> tuple[set[str], set[str]]:
    """(tokens of a practice's texts, those of its titles)."""
    whole: set[str] = set()
    title: set[str] = set()
    for values in texts_of(practice):
        for name in TOLD:
            found = tokens(str(values.get(name) or ""))
            whole |= found
            title |= found if name == "title" else set()
    return whole, title


def _scan(told: dict[Any, set[str]], query: str) -> set[Any]:
    """What holds each concept by all terms of one phrase, and each other word."""
    meant, rest = said_elsewhere(query)
    units = [[wanted(phrase) for phrase in (concept.said, *concept.others)] for concept in meant] + [[[term]] for term in wanted(rest)]
    if not units:
        return set()
    return {key for key, held in told.items() if all(any(all(_held(term, held) for term in terms) for terms in unit) for unit in units)}


@pytest.mark.row("R39.3")
def test_what_is_found_is_what_a_naive_scan_finds(world: Any) -> None:
    practices = list(practice_rules.visible_to(SYSTEM).filter(state="published").prefetch_related("translations"))
    told = {practice.pk: _told(practice)[0] for practice in practices}
    chance = random.Random(7)
    words = sorted({token for held in told.values() for token in held})
    asked = [" ".join(chance.sample(words, chance.choice((1, 1, 2, 3)))) for _ in range(80)]
    asked += (
        [chance.choice(words)[:2] for _ in range(20)] + _PHRASES[::3] + [f"{phrase} {chance.choice(words)}" for phrase in _PHRASES[1::7]]
    )
    hits = 0
    for query in asked:
        found = {row.pk for row in ranked(find(SYSTEM, Wish(query)), 1000)}
        assert found == _scan(told, query), query
        hits += len(found)
    assert hits > 100


def test_a_short_beginning_that_stands_for_very_many_words_finds_the_same(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    queries = ("cou", "the list", "origin the", "counter officer")
    before = [[row.pk for row in ranked(find(SYSTEM, Wish(query)), 1000)] for query in queries]
    assert any(before)
    monkeypatch.setattr(finding, "MOST_TOKENS", 1)
    assert [[row.pk for row in ranked(find(SYSTEM, Wish(query)), 1000)] for query in queries] == before


def test_an_index_of_other_concepts_is_made_anew_by_the_queue(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for practice in Practice.objects.prefetch_related("translations"):
        whole, title = _told(practice)
        mentioned = dict(Mention.objects.filter(practice=practice).values_list("token__text", "title"))
        named = concepts_in(whole)
        assert set(mentioned) == whole | named | {edition()}
        assert {text for text, in_title in mentioned.items() if in_title} == title | concepts_in(title)
    assert indexing.catch_up() == 0
    found = [row.pk for row in ranked(find(SYSTEM, Wish("origine")), 1000)]
    assert found
    Mention.objects.filter(token__text__startswith="=").delete()  # as an index looks that was made before there were concepts in it
    assert ranked(find(SYSTEM, Wish("origine")), 1000) == []
    assert indexing.catch_up() == Practice.objects.count()
    assert [row.pk for row in ranked(find(SYSTEM, Wish("origine")), 1000)] == found
    monkeypatch.setattr(indexing, "edition", lambda: "==another")
    assert indexing.catch_up() == Practice.objects.count()
    assert not Mention.objects.filter(token__in=Token.objects.filter(text=edition())).exists()


def test_practices_indexed_before_there_were_concepts_learn_them_with_the_upgrade(world: Any) -> None:
    from importlib import import_module

    from django.apps import apps

    def own() -> set[tuple[int, str, bool]]:
        return set(Mention.objects.filter(token__text__startswith="=").values_list("practice_id", "token__text", "title"))

    before = own()
    Mention.objects.filter(token__text__startswith="=").delete()
    import_module("entrepot.capacity.knowledge.migrations.0005_found").name_concepts(apps, None)
    assert own() == before
    assert indexing.catch_up() == 0


def test_the_queue_indexes_in_many_small_transactions() -> None:
    from entrepot.capacity.knowledge import tasks

    assert tasks.catch_up.outside, "one transaction for a whole collection would hold up whoever saves a practice"  # type: ignore[attr-defined]
    assert indexing._LOCKED <= 50
