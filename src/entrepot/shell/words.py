"""Saying a kernel text in the reader's language, on pages and in mail."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from entrepot.kernel.texts import Text


def say(value: Any) -> str:
    """A text, an English string marked for translation, a date, or an amount of money, in the language and time zone that are active."""
    match value:
        case Text():
            values = {name: say(v) if isinstance(v, str | Text | date | Decimal) else v for name, v in value.values.items()}
            return gettext(value.message) % values if values else gettext(value.message)
        case datetime():
            return date_format(localtime(value), "j F Y H:i T")
        case date():
            return date_format(value, "j F Y")
        case Decimal():
            return number_format(value, force_grouping=True)
        case _:
            return gettext(str(value)) if value else ""
