"""The questions of a form, in several languages, and what keeps them comparable from version to version."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from entrepot.kernel.errors import Invalid
from entrepot.kernel.texts import Text, gettext_noop

SCALE = 5
LONGEST = 2000
MOST = 60
MOST_OPTIONS = 100
"""Answers offered by a question, and rows of a matrix."""
"""Questions in a form: more and nobody comes to the end."""
KINDS = ("scale", "choice", "several", "matrix", "yes", "number", "date", "text", "expectation")
"""scale: 1 to 5; choice: one of the options; several: any of them; matrix: a scale for each row; expectation: what someone hopes for
before, in words, which a later question may be set beside."""
BRANCHING = ("scale", "choice", "several", "yes")
WITH_OPTIONS = ("choice", "several")


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    `key` is its identity over versions. `right` is the index of the right option of a test. `shown_if` is the key of an earlier question
    and `shown_for` the answers to it (numbers; 1 and 0 for yes and no) for which this one is asked. `beside` is the key of an expectation
    that the answerer wrote before and now sees. `least` and `most` bound a number, `unit` names it. `texts` holds other languages: code →
    {"text", "options", "rows"}.
    """

    key: str
    text: str
    kind: str
    options: tuple[str, ...] = ()
    right: int | None = None
    needed: bool = True
    rows: tuple[str, ...] = ()
    section: str = ""
    shown_if: str = ""
    shown_for: tuple[int, ...] = ()
    beside: str = ""
    least: float | None = None
    most: float | None = None
    unit: str = ""
    texts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As it is kept: what says nothing is left out."""
        said = {name: value for name, value in asdict(self).items() if name in ("key", "text", "kind", "needed") or value not in _EMPTY}
        # As JSON gives it back, so that the same is seen to be the same.
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    def said_in(self, language: str) -> Question:
        """The question in a language, part by part; the source's words where a part is not there."""
        said = self.texts.get(language) or {}
        options, rows = (_whole(said.get(name), getattr(self, name)) for name in ("options", "rows"))
        return replace(self, text=said.get("text") or self.text, options=options, rows=rows)

    def in_words(self, answer: Any) -> str:
        """An answer as text.

        >>> Question("a", "?", "several", ("red", "blue")).in_words([0, 1])
        'red; blue'
        """
        return _WORDS.get(self.kind, _as_it_is)(self, answer)


def _as_it_is(_: Question, answer: Any) -> str:
    return str(answer)


_WORDS: dict[str, Callable[[Question, Any], str]] = {
    "scale": lambda _, answer: f"{answer} / {SCALE}",
    "yes": lambda _, answer: "yes" if answer else "no",
    "choice": lambda question, answer: "; ".join(question.options[answer : answer + 1]),
    "several": lambda question, answer: "; ".join(question.options[one] for one in answer if one < len(question.options)),
    "matrix": lambda question, answer: "; ".join(f"{row}: {answer[str(n)]}" for n, row in enumerate(question.rows) if str(n) in answer),
    "number": lambda question, answer: f"{answer:g} {question.unit}".strip(),
}

_EMPTY: tuple[Any, ...] = ((), None, "", {})


def _whole(said: Any, source: tuple[str, ...]) -> tuple[str, ...]:
    given = tuple(said or ())
    return tuple(given[index] if index < len(given) and given[index] else text for index, text in enumerate(source))


def read_questions(data: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a kept form, of any age: what older forms did not know is left at its default."""
    listed = ("options", "rows", "shown_for")
    return tuple(Question(**{**row, **{name: tuple(row.get(name, ())) for name in listed}}) for row in data)


def languages(questions: Sequence[Question]) -> list[str]:
    """The languages in which every question has a text of its own, beside the source.

    >>> languages([Question("a", "?", "yes", texts={"fr": {"text": "?"}}), Question("b", "?", "yes")])
    []
    """
    codes = {code for question in questions for code, said in question.texts.items() if said.get("text")}
    return sorted(code for code in codes if all((question.texts.get(code) or {}).get("text") for question in questions))


def checked_question(question: Question, before: Sequence[Question], keys: Collection[str]) -> Question:
    """A question as the builder keeps it. `before` are those that stand before it, `keys` all others of its form. Raises `Invalid`."""
    faults: dict[str, Text | str] = {}
    clean = replace(
        question,
        text=question.text.strip()[:500],
        options=tuple(option.strip()[:300] for option in question.options if option.strip()),
        rows=tuple(row.strip()[:300] for row in question.rows if row.strip()),
    )
    if not clean.text:
        faults["text"] = gettext_noop("What do you ask?")
    if clean.kind not in KINDS:
        faults["kind"] = gettext_noop("There is no such kind of question.")
    faults |= _line_faults(clean)
    if clean.least is not None and clean.most is not None and clean.least > clean.most:
        faults["most"] = gettext_noop("The most is less than the least.")
    if clean.key in keys or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", clean.key):
        faults["key"] = gettext_noop("Another question has this name.")
    faults |= _branch_faults(clean, {other.key: other for other in before})
    if faults:
        raise Invalid(faults)
    return _fitting(clean)


def _line_faults(question: Question) -> dict[str, Text | str]:
    """What is wrong with the answers offered and the rows of a matrix."""
    faults: dict[str, Text | str] = {}
    if question.kind in WITH_OPTIONS and len(question.options) < 2:
        faults["options"] = gettext_noop("Offer at least two answers, each on a line.")
    if question.kind == "matrix" and not question.rows:
        faults["rows"] = gettext_noop("A matrix needs a row, each on a line.")
    for name in ("options", "rows"):
        if len(getattr(question, name)) > MOST_OPTIONS:
            faults[name] = Text(gettext_noop("At most %(n)s lines."), {"n": MOST_OPTIONS})
    return faults


def _branch_faults(question: Question, before: Mapping[str, Question]) -> dict[str, Text | str]:
    if not question.shown_if:
        return {}
    asked = before.get(question.shown_if)
    if asked is None or asked.kind not in BRANCHING:
        return {"shown_if": gettext_noop("It can depend only on a question before it that offers answers.")}
    if not question.shown_for or not set(question.shown_for) <= set(_possible(asked)):
        return {"shown_for": gettext_noop("Say for which answers to that question it is asked.")}
    return {}


def _possible(question: Question) -> range:
    """The numbers that stand for answers to a question that others can depend on."""
    return {"scale": range(1, SCALE + 1), "yes": range(2)}.get(question.kind, range(len(question.options)))


def _fitting(question: Question) -> Question:
    """Without what its kind has no use for."""
    kept = question.kind in WITH_OPTIONS
    numeric = question.kind == "number"
    return replace(
        question,
        options=question.options if kept else (),
        rows=question.rows if question.kind == "matrix" else (),
        right=question.right if kept else None,
        least=question.least if numeric else None,
        most=question.most if numeric else None,
        unit=question.unit if numeric else "",
        shown_for=question.shown_for if question.shown_if else (),
    )


def checked_order(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The same questions, each after what it depends on. Raises `Invalid` where one would come before, or there are too many."""
    seen: set[str] = set()
    for question in questions:
        if question.shown_if and question.shown_if not in seen:
            said = gettext_noop("“%(text)s” depends on a question that would come after it.")
            raise Invalid({"order": Text(said, {"text": question.text[:80]})})
        seen.add(question.key)
    if len(questions) > MOST:
        raise Invalid({"order": Text(gettext_noop("At most %(n)s questions."), {"n": MOST})})
    return tuple(questions)


def same_meaning(old: Question, new: Question) -> bool:
    """Whether answers to both can be put together. A wording may be mended (whoever mends it says so); what is chosen from, may not.

    >>> same_meaning(Question("a", "Useful?", "scale"), Question("a", "Was it useful?", "scale"))
    True
    >>> same_meaning(Question("a", "Useful?", "scale"), Question("a", "Useful?", "yes"))
    False
    """
    return all(getattr(old, name) == getattr(new, name) for name in ("kind", "options", "rows", "right", "unit"))


def renewed(key: str, taken: Collection[str]) -> str:
    """The key of a question whose meaning changed.

    >>> renewed("useful", {"useful", "useful_2"})
    'useful_3'
    """
    stem = re.sub(r"_\d+$", "", key)[:34]
    number = 2
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def key_for(text: str, taken: Collection[str]) -> str:
    """A key for a new question, from its words."""
    stem = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:30].strip("_") or "question"
    stem = stem if stem[0].isalpha() else f"q_{stem}"
    return stem if stem not in taken else renewed(stem, taken)


def asked_of(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Question]:
    """The questions that are asked, given the answers to those before them.

    >>> first = Question("a", "?", "yes")
    >>> [q.key for q in asked_of([first, Question("b", "?", "text", shown_if="a", shown_for=(0,))], {"a": True})]
    ['a']
    """
    found: list[Question] = []
    open_keys: set[str] = set()
    for question in questions:
        if question.shown_if:
            answer = answers.get(question.shown_if) if question.shown_if in open_keys else None
            chosen = set(answer) if isinstance(answer, list) else set() if answer is None else {int(answer)}
            if not chosen & set(question.shown_for):
                continue
        open_keys.add(question.key)
        found.append(question)
    return found
