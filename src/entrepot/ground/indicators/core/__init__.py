"""Periods, rows of values, and what is hidden from others. No database."""

from .hiding import Told, hidden
from .rows import COLUMNS, LARGEST, LONGEST, Fault, MissingColumn, Row, read_figure, read_n, read_rows
from .spans import MONTHS, following, read_span, span_of, span_text, spans_between

__all__ = [
    "COLUMNS",
    "LARGEST",
    "LONGEST",
    "MONTHS",
    "Fault",
    "MissingColumn",
    "Row",
    "Told",
    "following",
    "hidden",
    "read_figure",
    "read_n",
    "read_rows",
    "read_span",
    "span_of",
    "span_text",
    "spans_between",
]
