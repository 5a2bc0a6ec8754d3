"""All forms and answers of one activity, read once: three queries, whatever is then reckoned from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from entrepot.capacity.training.enums import Stage
from entrepot.kernel.disclosure import FEWEST

from ..core import Claim, Figure, Gain, Question, Tally, claims, gain, item_statistics, rate, read_questions, stepped
from ..enums import OF_OTHERS, OF_PARTICIPANT, TESTS, FormKind
from ..models import Amendment, Ask, Form


class Answer(NamedTuple):
    """One answer: the version it was given to, the participant it is about, the score where it was a test, when it was first given, and
    what was said then."""

    form: int
    nomination: int | None
    answers: dict[str, Any]
    right: int | None
    of: int | None
    since: datetime
    first: dict[str, Any]


class Given:
    """The forms of an activity and what was answered.

    Figures move on in steps of five people (`core.stepped`), unless they are for those who may read each answer and want the `whole`.
    """

    def __init__(self, activity: Any, *, whole: bool = False) -> None:
        self.forms = list(Form.objects.filter(activity=activity).order_by("-number"))
        self.stage, self.whole = activity.stage, whole
        self._questions: dict[str, list[tuple[Question, set[int]]]] = {}
        kinds = {form.pk: form.kind for form in self.forms}
        was = self._amended(kinds)
        names = ("pk", "form_id", "nomination_id", "answers", "right", "of", "answered_at", "asked_at")
        self.asked: Counter[str] = Counter()
        self.answers: dict[str, list[Answer]] = defaultdict(list)
        for pk, form, nomination, answers, right, of, at, asked in Ask.objects.filter(form__in=kinds).order_by("pk").values_list(*names):
            self.asked[kinds[form]] += 1
            if at is not None:
                since, first = was.get(pk, (at, answers))
                self.answers[kinds[form]].append(Answer(form, nomination, answers, right, of, since or asked, first))
        for rows in self.answers.values():
            rows.sort(key=lambda row: row.since)

    def _amended(self, forms: Iterable[int]) -> dict[int, tuple[datetime | None, dict[str, Any]]]:
        """{amended ask: (when it was first answered where that is known, what was said then)}."""
        if self.whole:
            return {}
        rows = Amendment.objects.filter(ask__form__in=forms).order_by("-pk")
        return {ask: (since, before) for ask, since, before in rows.values_list("ask_id", "since", "before")}

    def _told(self, kind: str, first: list[Any], last: list[Any], *, of: int) -> dict[int, Any]:
        """Those of the answers to a form that are told, by their place in its rows. Forms of the workshop end with it, others later or
        never."""
        if self.whole:
            return {at: value for at, value in enumerate(last) if value is not None}
        workshop = kind in OF_PARTICIPANT
        ended = self.stage == Stage.FOLLOWED_UP and kind not in OF_OTHERS
        ended = ended or self.stage == Stage.CANCELLED or (workshop and self.stage == Stage.CLOSED)
        return stepped(first, last, of=of if workshop else None, ended=ended)

    def told(self, kind: str, key: str, *, of: int) -> dict[int, Any]:
        """The answers to one question that are told, by their place in `answers`."""
        rows, among = self.answers[kind], self._among(kind, key, of=of)
        first, last = (
            [getattr(row, name).get(key) if at in among else None for at, row in enumerate(rows)] for name in ("first", "answers")
        )
        return self._told(kind, first, last, of=of)

    def _among(self, kind: str, key: str, *, of: int) -> Collection[int]:
        """Those whose answer to a question may be told: where only some are asked it, by an answer that is told itself. So both move at
        once, by five people, and nobody's answer is seen to bring the other one."""
        before = next((question.shown_if for question, _ in self.questions(kind) if question.key == key), "")
        return self.told(kind, before, of=of) if before and not self.whole else range(len(self.answers[kind]))

    def questions(self, kind: str) -> list[tuple[Question, set[int]]]:
        """(question as it stands now, the versions that ask it) of all versions of a form, the latest version's order first."""
        if kind not in self._questions:
            found: dict[str, tuple[Question, set[int]]] = {}
            for form in self.forms:
                for question in read_questions(form.questions) if form.kind == kind else ():
                    found.setdefault(question.key, (question, set()))[1].add(form.pk)
            self._questions[kind] = list(found.values())
        return self._questions[kind]

    def tallies(self, kind: str, *, of: int) -> list[tuple[Question, Tally]]:
        """Each question with its answers added up over the versions that ask it; whoever answered a version without it was not asked it."""
        rows, found = self.answers[kind], []
        for question, versions in self.questions(kind):
            tally = Tally(of=of - sum(row.form not in versions for row in rows))
            told = self.told(kind, question.key, of=of)
            for answer in told.values():
                tally.add(question, answer)
            if not told:
                # Of fewer than five no figure is made, but that they are there is said; not where being asked it tells another answer.
                n = 0 if question.shown_if and not self.whole else sum(question.key in row.answers for row in rows)
                tally.n = n if n < FEWEST else 0
            if question.kind == "matrix":
                tally.chosen = self._by_row(kind, question, of=of)
            found.append((question, tally))
        return found

    def _by_row(self, kind: str, question: Question, *, of: int) -> Counter[str]:
        """How often each value was chosen in each row of a matrix, every row told for itself: not everyone answers each."""
        among = self._among(kind, question.key, of=of)
        rows = [row for at, row in enumerate(self.answers[kind]) if at in among]
        first, last = ([(getattr(row, name).get(question.key) or {}) for row in rows] for name in ("first", "answers"))
        chosen: Counter[str] = Counter()
        for part in map(str, range(len(question.rows))):
            told = self._told(kind, [one.get(part) for one in first], [one.get(part) for one in last], of=of)
            chosen.update(f"{part}:{value}" for value in told.values() if self.whole or len(told) >= FEWEST)
        return chosen

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
        before, after = (self._scores(kind) for kind in TESTS)
        both = sorted(before.keys() & after.keys(), key=lambda one: max(before[one][0], after[one][0]))
        told = {both[at] for at in self._told(FormKind.POST, [True] * len(both), [True] * len(both), of=of)}
        back = set(both) - told
        return gain(*({one: score for one, (_, score) in scores.items() if one not in back} for scores in (before, after)), of=of)

    def _scores(self, kind: str) -> dict[str, tuple[datetime, float]]:
        return {str(row.nomination): (row.since, row.right / row.of) for row in self.answers[kind] if row.right is not None and row.of}

    def test_items(self, *, of: int) -> list[dict[str, Any]]:
        """Difficulty and discrimination of each question of the test after, which is the one that people were taught for."""
        questions = [question for question, _ in self.questions(FormKind.POST) if question.right is not None]
        rows = [row.answers for row in self.answers[FormKind.POST]]
        told = self._told(FormKind.POST, rows, rows, of=of).values()
        rights = [{q.key: answers.get(q.key) == q.right for q in questions} for answers in told]
        texts = {question.key: question.text for question in questions}
        return [{"text": texts[item.key], **asdict(item)} for item in item_statistics(rights, list(texts))]

    def hopes_met(self) -> list[tuple[str, int | None]]:
        """(what someone hoped for before, how far it came on 1 to 5 or None), without names and in no order of people.

        While more comes in none of it is told: it is in words.
        """
        if not self.whole and self.stage not in (Stage.CLOSED, Stage.FOLLOWED_UP):
            return []
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
