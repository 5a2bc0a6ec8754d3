"""The nomination workbook: handed out with lists and checks inside, read back strictly.

The file says which invitation it belongs to, so that one for another activity is refused before a row is looked at. Columns are found by
their titles, in any order. Nothing is written here: rows go to `actions.nominate_rows`, all or none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from entrepot.kernel.errors import Invalid
from entrepot.kernel.sheets import LARGEST, put, saved
from entrepot.kernel.texts import Text, gettext_noop
from entrepot.kernel.workbooks import Book, Line, Sheet, open_book

from .actions.knowing import SAME
from .core import COLUMNS, RowFault, names_nobody, read_rows
from .models import Invitation

SHEET, ABOUT, HEAD = "Nominations", "About", 4
MOST_NOMINEES = 500
"""Rows of a workbook: each is a person, looked for and kept one by one in one transaction."""


class WrongFile(Invalid):
    """The file is not a nomination workbook for this invitation."""

    message = gettext_noop("This file cannot be taken. Nothing was changed.")


def write(invitation: Invitation, *, rows: int = 200) -> bytes:
    """The workbook for an invitation, with the nominations that are there already."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    activity = invitation.activity
    put(sheet["A1"], f"{activity.title} · {invitation.place.name}")
    sheet["A1"].font = Font(bold=True, size=14)
    limit = activity.asks.max_nominees or "–"
    until = invitation.deadline.until if invitation.deadline else ""
    sheet["A2"] = (
        f"One row for each officer, ranked from 1 (at most {limit}). Please answer {until}: save the file and send it back on the page."
    )
    for number, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(HEAD, number, column.title + (" *" if column.needed else ""))
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="0A6A72")
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = column.width
        span = f"{letter}{HEAD + 1}:{letter}{HEAD + rows}"
        check = _check(column.name, column.choices)
        if check:
            sheet.add_data_validation(check)
            check.add(span)
        for row in range(HEAD + 1, HEAD + 1 + rows):
            sheet.cell(row, number).protection = Protection(locked=False)
    sheet.freeze_panes = sheet.cell(HEAD + 1, 3)
    for offset, nomination in enumerate(
        invitation.nominations.filter(withdrawn_at__isnull=True).select_related("person", "supervisor").order_by("rank"), 1
    ):
        for number, value in enumerate(_cells(nomination), 1):
            put(sheet.cell(HEAD + offset, number), value)
    about = book.create_sheet(ABOUT)
    for row, (name, value) in enumerate({"invitation": str(invitation.uuid), "activity": activity.code, "form": "1"}.items(), 1):
        about.cell(row, 1, name)
        about.cell(row, 2, value)
    about.sheet_state = "hidden"
    return saved(book)


def _check(name: str, choices: tuple[str, ...]) -> DataValidation | None:
    if choices:
        check = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
        check.error = "Choose one of the answers in the list."
    elif name in ("rank", "years"):
        check = DataValidation(type="whole", operator="between", formula1="1" if name == "rank" else "0", formula2="999", allow_blank=True)
        check.error = "A whole number."
    else:
        return None
    check.showErrorMessage = True
    return check


def _cells(nomination: Any) -> tuple[Any, ...]:
    person, supervisor = nomination.person, nomination.supervisor
    values = {
        **{name: getattr(person, name) for name in ("full_name", "family_name", "latin_name", "email", "contact_email", "gender")},
        **{name: getattr(nomination, name) for name in ("rank", "post", "unit", "duties", "years", "language_level", "special_needs")},
        "supervisor_email": supervisor.email if supervisor else "",
        # Who has no address is known again by this, when the file comes back.
        "same_as": "" if person.email else SAME,
        "consent": "yes" if nomination.consent else "no",
    }
    return tuple(values[column.name] for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a returned workbook says: rows with their numbers, what is wrong cell by cell, and what its sender should know besides."""

    rows: list[tuple[int, dict[str, Any]]]
    faults: list[RowFault]
    remarks: list[Text]


def read(file: BinaryIO, invitation: UUID) -> Sent:
    """A returned workbook. Raises `WrongFile` or `UnreadableTable` for what is no such workbook, or another invitation's.

    Hidden rows are read as any other, for a filter hides what was filled in as well as what was not; they are remarked on.
    """
    with open_book(file.read(LARGEST + 1), most_rows=MOST_NOMINEES) as book:
        _require_ours(book, invitation)
        lines, titles, sheet = _table(book)
    remarks = [Text(_HIDDEN, {"row": line.number}) for line in lines[1:] if line.hidden]
    unread = [at for at, title in lines[0].cells.items() if at not in titles and any(line.cells.get(at) for line in lines[1:])]
    remarks += [Text(_UNREAD, {"title": str(lines[0].cells[at])[:40]}) for at in sorted(unread)]
    cells = [(line.number, _cells_of(line, titles, sheet)) for line in lines[1:]]
    return Sent(*read_rows(cells), remarks)


def _cells_of(line: Line, titles: dict[int, str], sheet: Sheet) -> dict[str, Any]:
    """The cells by title; in the row of a nominee, those that are merged as such: nobody knows whose the value is."""
    cells = {title: line.cells.get(at) for at, title in titles.items()}
    if names_nobody(cells):
        return cells
    return {title: sheet.merged_at(line.number, at) or line.cells.get(at) for at, title in titles.items()}


_HIDDEN = gettext_noop("Row %(row)s is hidden in the file. It was read too.")
_UNREAD = gettext_noop("The column “%(title)s” was not read: the workbook has no such column.")


def _require_ours(book: Book, invitation: UUID) -> None:
    if ABOUT not in book.names:
        raise WrongFile({"file": gettext_noop("This is not the nomination workbook. Download it from this page and fill that in.")})
    about = {str(line.cells.get(0)): str(line.cells.get(1)) for line in book.sheet(ABOUT).lines}
    if about.get("invitation") != str(invitation):
        said = Text(gettext_noop("This workbook belongs to another invitation (%(code)s)."), {"code": about.get("activity", "?")[:40]})
        raise WrongFile({"file": said})


def _table(book: Book) -> tuple[list[Line], dict[int, str], Sheet]:
    """The row of titles with all that follow it, which column has which title, and the sheet, whatever it is called by now."""
    for name in [SHEET] if SHEET in book.names else [name for name in book.names if book.shown(name)]:
        sheet = book.sheet(name)
        for at, line in enumerate(sheet.lines[:50]):
            titles = _titles(line)
            if len(titles) >= 3:
                _require_columns(list(titles.values()))
                return sheet.lines[at:], titles, sheet
    raise WrongFile({"file": gettext_noop("The row with the titles of the columns is missing.")})


def _titles(line: Line) -> dict[int, str]:
    known = {column.title.casefold(): column.title for column in COLUMNS}
    said = {at: str(value).removesuffix("*").strip().casefold() for at, value in line.cells.items()}
    return {at: known[title] for at, title in said.items() if title in known}


def _require_columns(found: list[str]) -> None:
    # An officer may have no address, but a column of addresses that is gone was lost.
    lost = [column.title for column in COLUMNS if (column.needed or column.name == "email") and column.title not in found]
    if lost:
        raise WrongFile({"file": Text(gettext_noop("A column is missing: %(title)s."), {"title": ", ".join(lost)})})
    twice = sorted({title for title in found if found.count(title) > 1})
    if twice:
        raise WrongFile({"file": Text(gettext_noop("Two columns are called %(title)s. Rename one."), {"title": twice[0]})})
