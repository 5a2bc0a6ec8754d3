"""The workbook in which a form, or an action plan, is answered without a line: handed out with lists inside, read back strictly.

The file says what it belongs to and which version of the form; questions are found by their key, in any order. Nothing is written here:
answers go to `actions.answer_ask`, items to `actions.update_items`, all or none.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from typing import Any, BinaryIO
from uuid import UUID

from django.utils.translation import gettext
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from entrepot.kernel.errors import DomainError, Invalid
from entrepot.kernel.sheets import inert, saved
from entrepot.kernel.texts import Text, gettext_noop

from .core import Question
from .enums import DROP_REASONS, ITEM_STATES
from .models import ActionItem, Ask

ANSWERS, ITEMS, LISTS, ABOUT = "Answers", "Actions", "Lists", "About"
LARGEST = 3_000_000
"""Bytes of a file; unpacked it may be thirty times that."""
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
    sheet["A1"] = inert(title)
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
            sheet.cell(number, column, inert(said)).alignment = Alignment(wrap_text=True, vertical="top")
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
        lists.cell(row, column, int(choice) if choice.isdigit() else choice)
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
            sheet.cell(number, column, inert(value))
        _offer(sheet, lists, f"C{number}", states)
        _offer(sheet, lists, f"D{number}", reasons)


def about_ask(ask: Ask) -> dict[str, str]:
    """What the workbook of a question says of itself."""
    return {"what": "answer", "thing": str(ask.uuid), "form": str(ask.form.uuid)}


def about_plan(nomination: Any) -> dict[str, str]:
    """What the workbook of a plan says of itself."""
    return {"what": "plan", "thing": str(nomination.uuid), "form": ""}


def read(
    file: BinaryIO, about: Mapping[str, str], questions: Sequence[Question]
) -> tuple[dict[str, Any], dict[UUID, dict[str, str]], list[Fault]]:
    """(answers as given, how each item stands, faults as (where, what)). Raises `WrongFile` for another workbook or none."""
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise WrongFile({"file": Text(gettext_noop("The file is larger than %(limit)s MB."), {"limit": LARGEST // 1_000_000})})
    _require_sane(content)
    try:
        with closing(load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)) as book:
            _require_ours(book, about)
            given, faults = _read_answers(book, questions)
            items, more = _read_items(book)
    except DomainError:
        raise
    except Exception as error:
        raise WrongFile({"file": gettext_noop("This is not an Excel workbook (.xlsx).")}) from error
    return given, items, [*faults, *more]


def _require_sane(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > 30 * LARGEST:
                raise WrongFile({"file": gettext_noop("The file unpacks to far more than such a workbook holds.")})
    except zipfile.BadZipFile as error:
        raise WrongFile({"file": gettext_noop("This is not an Excel workbook (.xlsx).")}) from error


def _require_ours(book: Any, about: Mapping[str, str]) -> None:
    if ABOUT not in book.sheetnames:
        raise WrongFile({"file": gettext_noop("This is not the workbook from this page. Download it here and fill that in.")})
    said = {str(row[0]): str(row[1] or "") for row in book[ABOUT].iter_rows(max_row=9, max_col=2, values_only=True) if row and row[0]}
    if said.get("what") != about["what"] or said.get("thing") != about["thing"]:
        raise WrongFile({"file": gettext_noop("This workbook belongs to something else. Download the one on this page.")})
    if said.get("form", "") != about["form"]:
        raise WrongFile({"file": gettext_noop("The form has changed since this workbook was handed out. Download it again.")})


def _rows(book: Any, name: str, width: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    if name not in book.sheetnames:
        return
    for number, row in enumerate(book[name].iter_rows(min_row=HEAD + 1, max_row=HEAD + 600, max_col=width, values_only=True), HEAD + 1):
        cells = (*row, *[None] * (width - len(row)))
        if cells[width - 1]:
            yield number, cells


def _read_answers(book: Any, questions: Sequence[Question]) -> tuple[dict[str, Any], list[Fault]]:
    known = {question.key: question for question in questions}
    given: dict[str, Any] = {}
    faults: list[Fault] = []
    for number, (_, _, value, full) in _rows(book, ANSWERS, 4):
        key, _, row = str(full).partition(".")
        text = _text(value)
        question = known.get(key)
        if question is None:
            faults.append((_where(ANSWERS, number), gettext("There is no such question: the last column was changed.")))
        elif text.startswith("="):
            faults.append((_where(ANSWERS, number), gettext("This is a formula. Write the answer itself.")))
        elif text and row:
            given.setdefault(key, {})[row] = text
        elif text:
            given[key] = _meant(question, text)
    return given, faults


def _where(sheet: str, row: int) -> str:
    return gettext("sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": row}


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip().removeprefix("'")


def _meant(question: Question, text: str) -> Any:
    """What a cell says, in the form that `checked_answers` reads: options by their words or by their number from 1."""
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
    words = [option.casefold() for option in question.options]
    wanted = text.strip().casefold()
    if wanted in words:
        return str(words.index(wanted))
    return str(int(wanted) - 1) if wanted.isdigit() else wanted


def _read_items(book: Any) -> tuple[dict[UUID, dict[str, str]], list[Fault]]:
    states = {gettext(words).casefold(): code.value for code, words in ITEM_STATES.items()}
    reasons = {gettext(words).casefold(): code.value for code, words in DROP_REASONS.items()}
    found: dict[UUID, dict[str, str]] = {}
    faults: list[Fault] = []
    for number, (_, _, state, because, note, uuid) in _rows(book, ITEMS, 6):
        said, why = _text(state).casefold(), _text(because).casefold()
        try:
            key = UUID(str(uuid))
        except ValueError:
            faults.append((_where(ITEMS, number), gettext("There is no such item: the last column was changed.")))
            continue
        if said not in states or (why and why not in reasons):
            faults.append((_where(ITEMS, number), gettext("Choose one of the answers in the list.")))
        elif _text(note).startswith("="):
            faults.append((_where(ITEMS, number), gettext("This is a formula. Write the answer itself.")))
        else:
            found[key] = {"state": states[said], "dropped_because": reasons.get(why, ""), "note": _text(note)}
    return found, faults
