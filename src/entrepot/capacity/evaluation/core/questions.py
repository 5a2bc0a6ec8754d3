"""The questions of a form, what counts as an answer, and the marking of tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from entrepot.kernel.errors import Invalid
from entrepot.kernel.texts import Text, gettext_noop

SCALE = 5
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind` is scale (1 to 5), choice (of `options`), yes (yes or no) or text. `right` is the index of the right option."""

    key: str
    text: str
    kind: str
    options: tuple[str, ...] = ()
    right: int | None = None
    needed: bool = True

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {**asdict(self), "options": list(self.options)}  # as JSON gives it back, so that the same is seen to be the same


def read_questions(data: Sequence[Mapping[str, Any]]) -> tuple[Question, ...]:
    """The questions of a kept form."""
    return tuple(Question(**{**row, "options": tuple(row.get("options", ()))}) for row in data)


DEFAULTS: dict[str, tuple[Question, ...]] = {
    "reaction": (
        Question("useful", gettext_noop("What I learned is useful for my work"), "scale"),
        Question("clear", gettext_noop("The trainers explained clearly"), "scale"),
        Question("practice", gettext_noop("There was enough practice"), "scale"),
        Question("pace", gettext_noop("The pace was right for me"), "scale"),
        Question("arrangements", gettext_noop("The arrangements were good"), "scale"),
        Question("best", gettext_noop("What will you use first?"), "text", needed=False),
        Question("change", gettext_noop("What should be different next time?"), "text", needed=False),
    ),
    "officer": (
        Question("applied", gettext_noop("How often do you use what you learned?"), "scale"),
        Question("alone", gettext_noop("Can you do it without help?"), "scale"),
        Question("office", gettext_noop("Does your office work differently because of it?"), "yes"),
        Question("taught", gettext_noop("Have you taught colleagues?"), "yes"),
        Question("effect", gettext_noop("What is better now? Give a case or a figure."), "text", needed=False),
        Question("hindered", gettext_noop("What stood in the way?"), "text", needed=False),
    ),
    "supervisor": (
        Question("applied", gettext_noop("How often does the officer use what was learned?"), "scale"),
        Question("alone", gettext_noop("Can the officer do it without help?"), "scale"),
        Question("office", gettext_noop("Does your office work differently because of it?"), "yes"),
        Question("taught", gettext_noop("Has the officer taught colleagues?"), "yes"),
        Question("effect", gettext_noop("What is better now? Give a case or a figure."), "text", needed=False),
        Question("hindered", gettext_noop("What stood in the way?"), "text", needed=False),
    ),
}
"""Our own templates. Officer and supervisor answer the same keys, so that their answers stand side by side."""


def checked_answers(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept. Raises `Invalid` naming each question that is not answered as it asks.

    >>> checked_answers((Question("a", "?", "scale"),), {"a": "4"})
    {'a': 4}
    """
    faults: dict[str, Text | str] = {}
    clean: dict[str, Any] = {}
    for question in questions:
        raw = given.get(question.key)
        text = "" if raw is None else str(raw).strip()
        if not text:
            if question.needed:
                faults[question.key] = gettext_noop("Please answer this.")
            continue
        answer = _answer(question, text)
        if answer is None:
            faults[question.key] = gettext_noop("Choose one of the answers offered.")
        else:
            clean[question.key] = answer
    for key in set(given) - {question.key for question in questions}:
        faults[key] = gettext_noop("The form has no such question.")
    if faults:
        raise Invalid(faults)
    return clean


def _answer(question: Question, text: str) -> Any:
    match question.kind:
        case "scale":
            return int(text) if text in {str(n) for n in range(1, SCALE + 1)} else None
        case "yes":
            return {"yes": True, "no": False, "True": True, "False": False}.get(text)
        case "choice":
            return int(text) if text in {str(n) for n in range(len(question.options))} else None
        case _:
            return text[:LONGEST]


def marked(questions: Sequence[Question], answers: Mapping[str, Any]) -> tuple[int, int]:
    """(right answers, questions that have one). What was not answered is not right.

    >>> marked((Question("a", "?", "choice", ("x", "y"), right=1),), {"a": 1})
    (1, 1)
    """
    tested = [question for question in questions if question.right is not None]
    return sum(answers.get(question.key) == question.right for question in tested), len(tested)


def read_test(text: str) -> tuple[Question, ...]:
    """A test as trainers write it: a question, then its answers each on a line, the right one with a star; an empty line between questions.

    >>> read_test("Who decides the value?\\n* customs\\n- the carrier")[0].right
    0

    Raises `Invalid` naming the question that is not whole.
    """
    found: list[Question] = []
    for number, part in enumerate((block for block in text.replace("\r", "").split("\n\n") if block.strip()), 1):
        lines = [row.strip() for row in part.strip().splitlines() if row.strip()]
        options = [row[1:].strip() for row in lines[1:] if row[:1] in "*-"]
        right = [index for index, row in enumerate(lines[1:]) if row.startswith("*")]
        if len(options) < 2 or len(options) != len(lines) - 1 or len(right) != 1 or not all(options):
            said = gettext_noop(
                "Question %(n)s: write it on one line, then at least two answers, each with - before it and the right one with *."
            )
            raise Invalid({"questions": Text(said, {"n": number})})
        found.append(Question(f"q{number}", lines[0][:500], "choice", tuple(option[:300] for option in options), right[0]))
    if not found:
        raise Invalid({"questions": gettext_noop("A test needs a question.")})
    return tuple(found)


def write_test(questions: Sequence[Question]) -> str:
    """The text that `read_test` reads."""
    blocks = []
    for question in questions:
        rows = [("* " if index == question.right else "- ") + option for index, option in enumerate(question.options)]
        blocks.append("\n".join([question.text, *rows]))
    return "\n\n".join(blocks)
