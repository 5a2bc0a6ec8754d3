"""All forms and answers of one activity, read once: two queries, whatever is then reckoned from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from typing import Any, NamedTuple

from entrepot.kernel.disclosure import FEWEST

from ..core import Claim, Figure, Gain, Question, Tally, claims, gain, item_statistics, rate, read_questions, tallied
from ..enums import TESTS, FormKind
from ..models import Ask, Form


class Answer(NamedTuple):
    """One answer: the version it was given to, the participant it is about, and the score where it was a test."""

    form: int
    nomination: int | None
    answers: dict[str, Any]
    right: int | None
    of: int | None


class Given:
    """The forms of an activity and what was answered."""

    def __init__(self, activity: Any) -> None:
        self.forms = list(Form.objects.filter(activity=activity).order_by("-number"))
        kinds = {form.pk: form.kind for form in self.forms}
        names = ("form_id", "nomination_id", "answers", "right", "of", "answered_at")
        self.asked: Counter[str] = Counter()
        self.answers: dict[str, list[Answer]] = defaultdict(list)
        for form, nomination, answers, right, of, at in Ask.objects.filter(form__in=kinds).values_list(*names):
            self.asked[kinds[form]] += 1
            if at is not None:
                self.answers[kinds[form]].append(Answer(form, nomination, answers, right, of))

    def questions(self, kind: str) -> list[tuple[Question, set[int]]]:
        """(question as it stands now, the versions that ask it) of all versions of a form, the latest version's order first."""
        found: dict[str, tuple[Question, set[int]]] = {}
        for form in self.forms:
            for question in read_questions(form.questions) if form.kind == kind else ():
                found.setdefault(question.key, (question, set()))[1].add(form.pk)
        return list(found.values())

    def tallies(self, kind: str, *, of: int) -> list[tuple[Question, Tally]]:
        """Each question with its answers added up over the versions that ask it; whoever answered a version without it was not asked it."""
        questions, rows = self.questions(kind), self.answers[kind]
        found = tallied([question for question, _ in questions], [row.answers for row in rows], of=of)
        for question, versions in questions:
            found[question.key].of -= sum(row.form not in versions for row in rows)
        return [(question, found[question.key]) for question, _ in questions]

    def scale_means(self, kind: str, *, of: int) -> list[tuple[str, Figure]]:
        """(question, mean with its n) for each scale question of a form."""
        return [(question.text, tally.mean()) for question, tally in self.tallies(kind, of=of) if question.kind == "scale"]

    def response(self, kind: str, *, of: int) -> Figure:
        """How many answered, of how many could."""
        answered = len(self.answers[kind])
        return rate(answered, of) if of >= FEWEST else Figure(None, answered, of)

    def worth(self, kind: str) -> list[Claim]:
        """What those who answer a form say the results are worth in a year, each in the currency that their version asked for."""
        return claims(self.tallies(kind, of=self.asked[kind]))

    def learning(self, *, of: int) -> Gain:
        """The gain from the test before to the test after, with its tests and effect sizes."""
        return gain(*(self._scores(kind) for kind in TESTS), of=of)

    def _scores(self, kind: str) -> dict[str, float]:
        return {str(row.nomination): row.right / row.of for row in self.answers[kind] if row.right is not None and row.of}

    def test_items(self) -> list[dict[str, Any]]:
        """Difficulty and discrimination of each question of the test after, which is the one that people were taught for."""
        questions = [question for question, _ in self.questions(FormKind.POST) if question.right is not None]
        rights = [{q.key: row.answers.get(q.key) == q.right for q in questions} for row in self.answers[FormKind.POST]]
        texts = {question.key: question.text for question in questions}
        return [{"text": texts[item.key], **asdict(item)} for item in item_statistics(rights, list(texts))]

    def hopes_met(self) -> list[tuple[str, int | None]]:
        """(what someone hoped for before, how far it came on 1 to 5 or None), without names and in no order of people."""
        keys = [question.key for question, _ in self.questions(FormKind.EXPECT) if question.kind == "expectation"]
        beside = [question.key for question, _ in self.questions(FormKind.REACTION) if question.beside]
        came = {row.nomination: next((row.answers[k] for k in beside if k in row.answers), None) for row in self.answers[FormKind.REACTION]}
        hopes = [
            (str(row.answers[key]), came.get(row.nomination))
            for row in self.answers[FormKind.EXPECT]
            for key in keys
            if row.answers.get(key)
        ]
        return sorted(hopes, key=lambda row: (row[1] or 0, row[0]))
