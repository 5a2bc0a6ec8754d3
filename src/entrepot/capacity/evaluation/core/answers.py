"""What counts as an answer, the marking of tests, and tests written as text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from entrepot.kernel.characters import clean_text
from entrepot.kernel.errors import Invalid
from entrepot.kernel.numbers import NotANumber, read_number
from entrepot.kernel.periods import require_near
from entrepot.kernel.texts import Text, gettext_noop

from .questions import LONGEST, MOST_OPTIONS, SCALE, Question, asked_of

MOST_TESTED = 200
"""Questions of a test."""
_SCALE = {str(n) for n in range(1, SCALE + 1)}


def checked_answers(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are kept; of a question that was not asked, none. Raises `Invalid` naming each that is not as it asks.

    Kept as: int (scale, choice), list of int (several), {row: int} (matrix), bool (yes), float (number), ISO text (date), text.

    >>> checked_answers((Question("a", "?", "scale"),), {"a": "4"})
    {'a': 4}
    """
    faults: dict[str, Text | str] = {}
    clean: dict[str, Any] = {}
    for question in questions:
        if question not in asked_of(questions, clean):
            continue
        try:
            answer = _answer(question, given.get(question.key))
        except (ValueError, Invalid) as error:
            faults[question.key] = _told(error)
            continue
        if answer is not None:
            clean[question.key] = answer
        elif question.needed:
            faults[question.key] = gettext_noop("Please answer this.")
    for key in set(given) - {question.key for question in questions}:
        faults[key] = gettext_noop("The form has no such question.")
    if faults:
        raise Invalid(faults)
    return clean


def _told(error: ValueError | Invalid) -> Text | str:
    match error:
        case NotANumber():
            return error.text
        case Invalid():
            return next(iter(error.faults.values()))
        case _:
            return str(error)


_OFFERED = gettext_noop("Choose one of the answers offered.")


def _answer(question: Question, raw: Any) -> Any:
    """The answer, or None where there is none. Raises `ValueError` or `Invalid` with what to do."""
    match question.kind:
        case "several":
            return _several(question, raw)
        case "matrix":
            return _matrix(question, raw)
    if question.kind == "number":
        return None if raw is None or str(raw).strip() == "" else _number(question, raw)
    text = "" if raw is None else str(raw).strip()
    return _one(question, text) if text else None


def _one(question: Question, text: str) -> Any:
    match question.kind:
        case "scale":
            return int(_offered(text, _SCALE))
        case "choice":
            return int(_offered(text, {str(n) for n in range(len(question.options))}))
        case "yes":
            return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[_offered(text.lower(), _YES)]
        case "date":
            return _day(text)
        case _:
            return _words(text)


_YES = {"yes", "no", "true", "false", "1", "0"}


def _offered(text: str, offered: set[str]) -> str:
    if text not in offered:
        raise ValueError(_OFFERED)
    return text


def _several(question: Question, raw: Any) -> list[int] | None:
    chosen = raw if isinstance(raw, list | tuple) else [] if raw in (None, "") else str(raw).split(",")
    offered = {str(n) for n in range(len(question.options))}
    return sorted({int(_offered(str(one).strip(), offered)) for one in chosen}) or None


def _matrix(question: Question, raw: Any) -> dict[str, int] | None:
    rows = {str(row): str(value).strip() for row, value in raw.items()} if isinstance(raw, Mapping) else {}
    found = {str(n): int(_offered(rows[str(n)], _SCALE)) for n in range(len(question.rows)) if rows.get(str(n)) not in (None, "", "None")}
    if question.needed and found and len(found) < len(question.rows):
        raise ValueError(gettext_noop("Please answer each row."))
    return found or None


def _number(question: Question, raw: Any) -> float:
    # As many digits as a spreadsheet program keeps: a workbook that comes back unchanged holds the same number.
    value = float(f"{float(read_number(raw, unit=question.unit)):.15g}")
    if not math.isfinite(value):
        raise NotANumber(raw)
    if (question.least is not None and value < question.least) or (question.most is not None and value > question.most):
        raise ValueError(gettext_noop("This number is outside what is asked for."))
    return value


def _words(text: str) -> str:
    kept = clean_text(text).strip()
    if len(kept) > LONGEST:
        raise Invalid({"text": Text(gettext_noop("At most %(limit)s characters."), {"limit": LONGEST})})
    return kept


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(gettext_noop("Write a date as 2026-11-05.")) from None
    require_near(day)
    return day.isoformat()


def marked(questions: Sequence[Question], answers: Mapping[str, Any]) -> tuple[int, int]:
    """(right answers, questions that have one). What was not answered is not right.

    >>> marked((Question("a", "?", "choice", ("x", "y"), right=1),), {"a": 1})
    (1, 1)
    """
    tested = [question for question in questions if question.right is not None]
    return sum(answers.get(question.key) == question.right for question in tested), len(tested)


def without_words(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with nothing that someone wrote: words can name a person, numbers and choices do not."""
    written = {question.key for question in questions if question.kind in ("text", "expectation")}
    dates = {question.key for question in questions if question.kind == "date"}
    return {key: value for key, value in answers.items() if key not in written and (key in dates or not isinstance(value, str))}


def read_test(text: str) -> tuple[Question, ...]:
    """A test as trainers write it: a question, then its answers each on a line, the right one with a star; an empty line between questions.

    >>> read_test("Who decides the value?\\n* customs\\n- the carrier")[0].right
    0

    Raises `Invalid` naming the question that is not whole.
    """
    found: list[Question] = []
    for number, part in enumerate((block for block in text.replace("\r", "").split("\n\n") if block.strip()), 1):
        if number > MOST_TESTED:
            raise Invalid({"questions": Text(gettext_noop("At most %(n)s questions."), {"n": MOST_TESTED})})
        lines = [row.strip() for row in part.strip().splitlines() if row.strip()]
        options = [row[1:].strip() for row in lines[1:] if row[:1] in "*-"]
        right = [index for index, row in enumerate(lines[1:]) if row.startswith("*")]
        if len(options) < 2 or len(options) != len(lines) - 1 or len(right) != 1 or not all(options) or len(options) > MOST_OPTIONS:
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
