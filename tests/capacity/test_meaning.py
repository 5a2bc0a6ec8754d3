"""Search by meaning with a model on disk: what it adds, whom it shows it to, and that all goes on without one."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.checks import run_checks
from model2vec import StaticModel
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from entrepot.capacity.competencies.models import Topic
from entrepot.capacity.knowledge import actions, indexing, meaning
from entrepot.capacity.knowledge.enums import Sight
from entrepot.capacity.knowledge.finding import Wish, find, near
from entrepot.capacity.knowledge.models import Meaning, Practice
from entrepot.ground.keeping.api import writing
from entrepot.kernel.principals import SYSTEM

ALIKE = (("smuggling", "contraband", "kontrabande"), ("parcel", "post", "colis"), ("laboratory", "sample"), ("zebra",))
"""Words that lie together in the little language of these tests; each line in a direction of its own."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model as it would be downloaded: tokenizer, vectors, configuration."""
    words = {"[UNK]": 0, **{word: number for number, word in enumerate((word for line in ALIKE for word in line), 1)}}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))  # the sign for a word that is not known
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    vectors = np.zeros((len(words), 8), dtype=np.float32)
    for direction, line in enumerate(ALIKE):
        for step, word in enumerate(line):
            vectors[words[word], direction], vectors[words[word], 7] = 1.0, 0.05 * step
    made = tmp_path_factory.mktemp("model")
    StaticModel(vectors, tokenizer, config={"normalize": True}, normalize=True).save_pretrained(made)
    return made


@pytest.fixture
def model(folder: Path, settings: Any) -> Path:
    settings.MEANING = str(folder)
    return folder


def _publish(world: Any, code: str, title: str, sight: Sight = Sight.PUBLIC) -> Practice:
    who: dict[str, Any] = {"by": SYSTEM, "at": world.at - timedelta(days=30)}
    text = {"title": title, "problem": "Every shift asked anew.", "done": "One page.", "results": "Half the time."}
    practice = actions.draft(**who, place=world.place(code), topic=Topic.objects.get(code="ORI"), **text)
    actions.clear(**who, uuid=practice.uuid, sight=sight)
    for part in ("head", "manager"):
        actions.review(
            by=world.principal(part), at=who["at"], uuid=practice.uuid, opinion="fit", words="Their books of two years bear it out."
        )
    actions.publish(**who, uuid=practice.uuid)
    practice.refresh_from_db()
    return practice


def _near(principal: Any, **wish: Any) -> list[str]:
    asked = Wish(**wish)
    return [row.title for row in near(principal, asked, find(principal, asked))]


def test_what_means_the_same_stands_below_what_says_it(world: Any, model: Path) -> None:
    _publish(world, "ATN", "Contraband in the mangroves")
    said = _publish(world, "HIGH", "Smuggling at the pass")
    other = _publish(world, "LAG", "Zebra crossings")
    reader = world.principal("coordinator")
    assert _near(reader, words="smuggling") == ["Contraband in the mangroves"]
    assert said in find(reader, Wish(words="smuggling")).practices
    assert _near(reader, words="kontrabande")[:1] == ["Contraband in the mangroves"]
    assert other.title not in _near(reader, words="kontrabande")
    assert _near(reader, words="smuggling", member="LAG") == [], "the other wishes hold"
    assert _near(reader, words="nothing known of this") == []
    told = world.browser().get("/api/v1/knowledge/search", {"q": "smuggling"}).json()
    assert [row["title"] for row in told["near"]] == ["Contraband in the mangroves"]
    assert world.browser().get("/api/v1/knowledge/search", {"q": "smuggling", "skip": 30}).json()["near"] == []
    page = world.browser("coordinator").get("/knowledge/", {"q": "smuggling"}).content.decode()
    assert page.index("Smuggling at the pass") < page.index("Near in meaning") < page.index("Contraband in the mangroves")


def test_nobody_is_shown_what_they_may_not_see(world: Any, model: Path) -> None:
    _publish(world, "ATN", "Contraband at our own wharf", sight=Sight.OWN)
    assert world.browser("neighbour").get("/api/v1/knowledge/search", {"q": "smuggling"}).json()["near"] == []
    assert _near(world.principal("coordinator"), words="smuggling") == ["Contraband at our own wharf"]
    assert _near(world.principal("neighbour"), words="smuggling") == []
    assert "our own wharf" not in world.browser().get("/knowledge/", {"q": "smuggling"}).content.decode()


def test_a_changed_text_means_something_else_at_once(world: Any, model: Path) -> None:
    practice = _publish(world, "ATN", "Contraband in the mangroves")
    before = meaning.nearest("smuggling")
    assert practice.pk in before
    with writing():
        Practice.objects.filter(pk=practice.pk).update(title="A sample for the laboratory")
        meaning.note({practice.pk: meaning.texts_of(Practice.objects.get(pk=practice.pk))})
    assert practice.pk not in meaning.nearest("smuggling")
    assert meaning.nearest("laboratory")[0] == practice.pk


def test_a_collection_that_was_there_before_the_model_is_read_by_the_queue(world: Any, folder: Path, settings: Any) -> None:
    practice = _publish(world, "ATN", "Contraband in the mangroves")
    assert not Meaning.objects.exists()
    assert _near(world.principal("coordinator"), words="smuggling") == []
    settings.MEANING = str(folder)
    assert indexing.catch_up() == Practice.objects.count()
    assert indexing.catch_up() == 0
    assert practice.title in _near(world.principal("coordinator"), words="smuggling")


def test_the_nearest_are_those_of_a_naive_scan(world: Any, model: Path) -> None:
    indexing.catch_up()
    for title in ("Contraband post", "Smuggling by colis", "Laboratory sample of contraband", "Zebra"):
        _publish(world, "ATN", title)
    by = meaning.model()
    assert by is not None
    asked = by.vectors(["contraband colis"])[0]
    told = {kept.practice_id: np.frombuffer(bytes(kept.numbers), dtype=np.float16).astype(float) for kept in Meaning.objects.all()}
    how = {key: sum(a * b for a, b in zip(asked.tolist(), row.tolist(), strict=True)) for key, row in told.items()}
    found = meaning.nearest("contraband colis")
    assert set(found) == {key for key, value in how.items() if value >= meaning.NEAR}
    assert [how[key] for key in found] == sorted((how[key] for key in found), reverse=True)


def test_a_folder_that_holds_no_model_is_said_when_the_product_starts(tmp_path: Path, settings: Any, model: Path) -> None:
    assert run_checks() == []
    for wrong in (str(tmp_path), "models/of-someone"):  # the latter is what a name on the network looks like
        settings.MEANING = wrong
        assert [error.id for error in run_checks()] == ["knowledge.E002"]
