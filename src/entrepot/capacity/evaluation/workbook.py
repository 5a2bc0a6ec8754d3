"""The workbook in which a form, or an action plan, is answered without a line: handed out with lists inside, read back strictly.

The file says what it belongs to and which version of the form; questions are found by their key, in any order. Nothing is written here:
answers go to `actions.answer_ask`, items to `actions.update_items`, all or none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from entrepot.kernel.errors import Invalid
from entrepot.kernel.sheets import UnreadCell, cell_text, put, saved
from entrepot.kernel.texts import Text, gettext_noop
from entrepot.kernel.workbooks import Book, open_book
from entrepot.shell.words import say

from .core import Question, checked_answers
from .enums import DROP_REASONS, ITEM_STATES
from .models import ActionItem, Ask

ANSWERS, ITEMS, LISTS, ABOUT = "Answers", "Actions", "Lists", "About"
LARGEST = 3_000_000
"""Bytes of a file; unpacked it may be thirty times that."""
MOST_ROWS = 2_000
HEAD = 3
Fault = tuple[str, str]


class WrongFile(Invalid):
    """The file is not the workbook that was handed out for this."""

    message = gettext_noop("This file cannot be taken. Nothing was changed.")


def write(
    title: str, about: Mapping[str, str], questions: Sequence[Question], answers: Mapping[str, Any], items: Sequence[ActionItem]
) -> bytes:
    """The workbook: a sheet of questions where there are any, a sheet of action items where there are any."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    lists = book.create_sheet(LISTS)
    if questions:
        sheet.title = ANSWERS
        _write_questions(sheet, lists, title, questions, answers)
    else:
        book.remove(sheet)
    if items:
        _write_items(book.create_sheet(ITEMS, 1 if questions else 0), lists, title, items)
    hidden = book.create_sheet(ABOUT)
    for row in about.items():
        hidden.append(list(row))
    lists.sheet_state = hidden.sheet_state = "hidden"
    return saved(book)


def _head(sheet: Any, title: str, columns: Sequence[tuple[str, int]]) -> None:
    put(sheet["A1"], title)
    sheet["A1"].font = Font(bold=True, size=14)
    for number, (name, width) in enumerate(columns, 1):
        cell = sheet.cell(HEAD, number, name)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0A6A72")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = sheet.cell(HEAD + 1, 1)


def _write_questions(sheet: Any, lists: Any, title: str, questions: Sequence[Question], answers: Mapping[str, Any]) -> None:
    columns = ((gettext("Question"), 60), (gettext("How to answer"), 36), (gettext("Answer"), 40), (gettext("key, leave as it is"), 18))
    _head(sheet, title, columns)
    for number, (key, text, how, value, choices) in enumerate(_lines(questions, answers), HEAD + 1):
        for column, said in enumerate((text, how, value, key), 1):
            put(sheet.cell(number, column), said).alignment = Alignment(wrap_text=True, vertical="top")
        _offer(sheet, lists, f"C{number}", choices)


def _lines(questions: Sequence[Question], answers: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Any, Sequence[str]]]:
    """(key, question, how to answer, the answer that is there, what is offered), a line for each row of a matrix."""
    words = {question.key: question.text for question in questions}
    for question in questions:
        answer, text = answers.get(question.key), question.text + (" *" if question.needed else "")
        only = gettext("only if it applies, see “%(text)s”; ") % {"text": words.get(question.shown_if, "")} if question.shown_if else ""
        match question.kind:
            case "matrix":
                for index, row in enumerate(question.rows):
                    value = (answer or {}).get(str(index))
                    yield f"{question.key}.{index}", f"{text}\n{row}", only + gettext("a number from 1 to 5"), value, "12345"
            case "several":
                offered = "; ".join(f"{number} {option}" for number, option in enumerate(question.options, 1))
                value = "; ".join(str(one + 1) for one in answer) if answer else None
                yield question.key, text, only + gettext("numbers with ; between them") + f": {offered}", value, ()
            case _:
                yield question.key, text, only + _how(question), _cell(question, answer), _choices(question)


def _how(question: Question) -> str:
    how = {
        "scale": gettext("a number from 1 (not at all) to 5 (fully)"),
        "yes": gettext("yes or no"),
        "choice": gettext("choose from the list"),
        "number": gettext("a number"),
        "date": gettext("a date, as 2026-11-05"),
    }
    return f"{how.get(question.kind, gettext('in your own words'))} {question.unit}".strip()


def _choices(question: Question) -> Sequence[str]:
    return {"scale": "12345", "yes": ("yes", "no"), "choice": question.options}.get(question.kind, ())


def _cell(question: Question, answer: Any) -> Any:
    if answer is None:
        return None
    match question.kind:
        case "yes":
            return "yes" if answer else "no"
        case "choice":
            return question.options[answer]
        case _:
            return answer


def _offer(sheet: Any, lists: Any, cell: str, choices: Sequence[str]) -> None:
    if not choices:
        return
    column = lists.max_column + 1
    for row, choice in enumerate(choices, 1):
        put(lists.cell(row, column), int(choice) if choice.isdecimal() else choice)
    letter = lists.cell(1, column).column_letter
    check = DataValidation(type="list", formula1=f"={LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True, showErrorMessage=True)
    check.error = gettext("Choose one of the answers in the list.")
    sheet.add_data_validation(check)
    check.add(cell)


def _write_items(sheet: Any, lists: Any, title: str, items: Sequence[ActionItem]) -> None:
    names = (gettext("What"), gettext("By"), gettext("How does it stand?"), gettext("If dropped, why?"), gettext("What happened?"))
    _head(sheet, title, [*zip(names, (50, 14, 18, 30, 50), strict=True), (gettext("key, leave as it is"), 40)])
    states, reasons = [gettext(words) for words in ITEM_STATES.values()], [gettext(words) for words in DROP_REASONS.values()]
    for number, item in enumerate(items, HEAD + 1):
        because = gettext(DROP_REASONS[item.dropped_because]) if item.dropped_because else None  # type: ignore[index]
        row = (item.what, item.due_on, gettext(ITEM_STATES[item.state]), because, None, str(item.uuid))  # type: ignore[index]
        for column, value in enumerate(row, 1):
            put(sheet.cell(number, column), value)
        _offer(sheet, lists, f"C{number}", states)
        _offer(sheet, lists, f"D{number}", reasons)


def about_ask(ask: Ask) -> dict[str, str]:
    """What the workbook of a question says of itself."""
    return {"what": "answer", "thing": str(ask.uuid), "form": str(ask.form.uuid)}


def about_plan(nomination: Any) -> dict[str, str]:
    """What the workbook of a plan says of itself."""
    return {"what": "plan", "thing": str(nomination.uuid), "form": ""}


@dataclass(slots=True)
class Sent:
    """What a returned workbook says: answers as given, how each item stands, what is wrong (where, what), where each question stands."""

    given: dict[str, Any] = field(default_factory=dict)
    items: dict[UUID, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    remarks: list[Text] = field(default_factory=list)

    def also_wrong(self, questions: Sequence[Question]) -> list[Fault]:
        """What is wrong with the answers that could be read, for one answer with all that is to be corrected."""
        try:
            checked_answers(questions, self.given)
        except Invalid as error:
            return self.placed(error, questions, but=self.unread)
        return []

    def placed(self, error: Invalid, questions: Sequence[Question], *, but: Collection[str] = ()) -> list[Fault]:
        """Faults by question or item as faults by sheet and row; those that stand nowhere in the file are left out."""
        words = {question.key: question.text for question in questions}
        found = []
        for name, fault in error.faults.items():
            key = name.rpartition("-")[0] if name.startswith("item-") else name
            place = ", ".join(part for part in (self.places.get(key, ""), words.get(key, "")) if part)
            if place and key not in but:
                found.append((place, say(fault)))
        return found


def read(file: BinaryIO, about: Mapping[str, str], questions: Sequence[Question]) -> Sent:
    """What was filled in. Raises `WrongFile` or `UnreadableTable` for another workbook or none."""
    sent = Sent()
    with open_book(file.read(LARGEST + 1), largest=LARGEST, most_rows=MOST_ROWS) as book:
        _require_ours(book, about)
        _read_answers(book, questions, sent)
        _read_items(book, sent)
    return sent


def _require_ours(book: Book, about: Mapping[str, str]) -> None:
    if ABOUT not in book.names:
        raise WrongFile({"file": gettext_noop("This is not the workbook from this page. Download it here and fill that in.")})
    said = {str(line.cells.get(0)): str(line.cells.get(1, "")) for line in book.sheet(ABOUT).lines}
    if said.get("what") != about["what"] or said.get("thing") != about["thing"]:
        raise WrongFile({"file": gettext_noop("This workbook belongs to something else. Download the one on this page.")})
    if said.get("form", "") != about["form"]:
        raise WrongFile({"file": gettext_noop("The form has changed since this workbook was handed out. Download it again.")})


def _rows(book: Book, name: str, width: int, sent: Sent) -> Iterator[tuple[str, list[Any]]]:
    """(where it is, its cells) of each row below the titles that holds something; a key that is gone is a fault."""
    if name not in book.names:
        return
    sheet = book.sheet(name)
    for line in sheet.lines:
        if line.number <= HEAD:
            continue
        where = gettext("sheet %(sheet)s, row %(row)s") % {"sheet": name, "row": line.number}
        cells = [sheet.merged_at(line.number, at) or line.cells.get(at) for at in range(width)]
        if line.hidden:
            sent.remarks.append(Text(_HIDDEN, {"where": where}))
        if cells[width - 1] is None:
            sent.faults.append((where, gettext("This row has no key: the last column was changed. Clear the row, or download again.")))
            continue
        yield where, cells


_HIDDEN = gettext_noop("A hidden row was read too: %(where)s.")


def _read_answers(book: Book, questions: Sequence[Question], sent: Sent) -> None:
    known = {question.key: question for question in questions}
    seen: set[str] = set()
    for where, (_, _, value, full) in _rows(book, ANSWERS, 4, sent):
        name = _key(full)
        key, _, row = name.partition(".")
        question = known.get(key)
        if question is None:
            sent.faults.append((where, gettext("There is no such question: the last column was changed.")))
        elif name in seen:
            sent.faults.append((where, gettext("This question stands in an earlier row already.")))
        else:
            seen.add(name)
            sent.places.setdefault(key, where)
            _take(question, row, value, where, sent)


def _key(cell: Any) -> str:
    try:
        return cell_text(cell)
    except UnreadCell:
        return ""


def _take(question: Question, row: str, value: Any, where: str, sent: Sent) -> None:
    try:
        answer = _meant(question, value)
    except UnreadCell as error:
        sent.faults.append((where, say(error.text)))
        sent.unread.add(question.key)
        return
    if answer in ("", []):
        return
    if row:
        sent.given.setdefault(question.key, {})[row] = answer
    else:
        sent.given[question.key] = answer


def _meant(question: Question, value: Any) -> Any:
    """What a cell says, in the form that `checked_answers` reads: options by their words or by their number from 1. Raises `UnreadCell`."""
    if question.kind == "date" and isinstance(value, date):  # a datetime is one too
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if question.kind == "number" and isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = cell_text(value)
    match question.kind:
        case "choice":
            return _option(question, text)
        case "several":
            return [_option(question, part) for part in text.replace(",", ";").split(";") if part.strip()]
        case "yes":
            said = {gettext("yes").casefold(): "yes", gettext("no").casefold(): "no"}
            return said.get(text.casefold(), text)
        case _:
            return text


def _option(question: Question, text: str) -> str:
    wanted = text.strip()
    for words in (list(question.options), [option.casefold() for option in question.options]):
        for spelt in (wanted, wanted.casefold()):
            if spelt in words:
                return str(words.index(spelt))
    return str(int(wanted) - 1) if wanted.isdecimal() and len(wanted) < 4 else wanted


def _read_items(book: Book, sent: Sent) -> None:
    states = {gettext(words).casefold(): code.value for code, words in ITEM_STATES.items()}
    reasons = {gettext(words).casefold(): code.value for code, words in DROP_REASONS.items()}
    for where, (_, _, state, because, note, uuid) in _rows(book, ITEMS, 6, sent):
        try:
            said, why, words = cell_text(state).casefold(), cell_text(because).casefold(), cell_text(note)
            key = UUID(_key(uuid))
        except UnreadCell as error:
            sent.faults.append((where, say(error.text)))
            continue
        except ValueError:
            sent.faults.append((where, gettext("There is no such item: the last column was changed.")))
            continue
        if said not in states or (why and why not in reasons):
            sent.faults.append((where, gettext("Choose one of the answers in the list.")))
        elif key in sent.items:
            sent.faults.append((where, gettext("This item stands in an earlier row already.")))
        else:
            sent.places[f"item-{key}"] = where
            sent.items[key] = {"state": states[said], "dropped_because": reasons.get(why, ""), "note": words}
