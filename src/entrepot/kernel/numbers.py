"""Numbers as people write them, read in one place: on pages, in workbooks and CSV, in texts of the API.

What a number means is found by trying every convention of the region. Where they agree, that is the number; where two read it differently
(`1,500` is fifteen hundred in Manila and one and a half in Jakarta), it is asked again with both readings. Nothing is guessed.

Read are: a comma or a point before the decimals; between thousands a comma, a point, spaces of any width or apostrophes, in threes, or as
in India in twos before the last three (`1,00,000`); the digits of any script, one script in a number; full-width signs and the Arabic
separators; any dash before the digits as minus; an exponent (`1.5e3`); the unit that was asked for, before or behind (`12 %`, `USD 5`).
Marks that cannot be seen are passed over. Refused are: numerals that are no digits (`一`, `²`, `½`), brackets or a minus behind for what is
negative, a per cent sign or a currency that was not asked for. Groups of four, as in ten thousands, are not known: `1,0000` is one.
"""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from typing import Any

from .texts import Text, gettext_noop

LONGEST = 60
_COMMAS, _POINTS = ",，﹐،", ".．﹒"
_APOSTROPHES = "'’‘ʼ＇"
_PLUS, _MINUS = "+＋﹢", "-−–‐‑‒﹣－"
_PERCENT = "%％﹪٪"
_DECIMAL, _GROUP = "٫", "٬"
_SAME = {
    **dict.fromkeys(_COMMAS, ","),
    **dict.fromkeys(_POINTS, "."),
    **dict.fromkeys(_APOSTROPHES, "'"),
    **dict.fromkeys(_PLUS, "+"),
    **dict.fromkeys(_MINUS, "-"),
    **dict.fromkeys(_PERCENT, "%"),
}


class NotANumber(ValueError):
    """What was written is no number; `text` says what to write."""

    message = gettext_noop("“%(text)s” is not a number. Write it as 1234.5, in digits alone.")

    def __init__(self, raw: Any, **more: object) -> None:
        self.text = Text(self.message, {"text": str(raw)[:40], **more})
        super().__init__(str(self.text))


class UnclearNumber(NotANumber):
    """What was written means two things; `text` names both, each written so that it means one."""

    message = gettext_noop("“%(text)s” can mean %(first)s or %(second)s. Write %(write_first)s or %(write_second)s.")


class NotWhole(NotANumber):
    """What was written is a number, and not a whole one."""

    message = gettext_noop("“%(text)s” is not a whole number. Write it as 12, without decimals.")


def read_number(raw: Any, *, unit: str = "") -> Decimal:
    """The number, exactly as written. Raises `NotANumber`, or `UnclearNumber` where it means two things.

    >>> [str(read_number(text)) for text in ("1 234,5", "1,234,567", "−0.25", "1’500.250", "१२,५", "12,34,567")]
    ['1234.5', '1234567', '-0.25', '1500.250', '12.5', '1234567']
    >>> read_number(1.234), read_number("12 %", unit="%")
    (Decimal('1.234'), Decimal('12'))
    >>> read_number("12,000")
    Traceback (most recent call last):
    entrepot.kernel.numbers.UnclearNumber: “12,000” can mean 12000 or 12. Write 12000 or 12.
    """
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return _of_type(raw)
    if not isinstance(raw, str) or len(raw) > LONGEST:
        raise NotANumber(raw)
    sign, body = _parted(_plain(raw, raw), _plain(unit, unit))
    readings = _readings(body)
    if not readings:
        raise NotANumber(raw)
    if len(readings) > 1:
        raise _unclear(raw, [sign * reading for reading in sorted(readings, reverse=True)])
    return sign * readings.pop() or Decimal(0)


def read_whole(raw: Any, *, unit: str = "") -> int:
    """The same for what is counted. Raises `NotWhole` too.

    >>> read_whole("1 200"), read_whole("3.0")
    (1200, 3)
    """
    found = read_number(raw, unit=unit)
    if found != found.to_integral_value():
        raise NotWhole(raw)
    return int(found)


def number_text(value: Decimal | float) -> str:
    """A number so that `read_number` reads it back and nobody can read it as another: `1.234` gets a nought behind.

    >>> number_text(1500.0), number_text(Decimal("1.234")), number_text(1e7)
    ('1500', '1.2340', '10000000')
    """
    found = _of_type(value)
    text = f"{found:f}"
    if len(text) > LONGEST:
        return f"{found:e}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text + "0" if re.fullmatch(r"-?[1-9]\d{0,2}\.\d{3}", text) else text


def _unclear(raw: str, readings: list[Decimal]) -> UnclearNumber:
    first, second = (f"{reading.normalize():f}" for reading in readings)
    return UnclearNumber(raw, first=first, second=second, write_first=number_text(readings[0]), write_second=number_text(readings[1]))


def _of_type(value: Decimal | float) -> Decimal:
    found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not math.isfinite(found):
        raise NotANumber(value)
    return found


def _plain(text: str, raw: Any) -> str:
    """The text in ASCII digits, with one sign for each sort of sign, and nothing that cannot be seen. Raises `NotANumber`."""
    kept: list[str] = []
    scripts = set()
    for char in text:
        kind = unicodedata.category(char)
        if kind == "Nd":
            value = unicodedata.decimal(char)
            scripts.add(ord(char) - value)
            kept.append(str(value))
        elif kind == "Zs":
            kept.append(" ")
        elif kind != "Cf":
            kept.append(_SAME.get(char, char))
    if len(scripts) > 1:
        raise NotANumber(raw)
    return "".join(kept).strip()


def _parted(text: str, unit: str) -> tuple[int, str]:
    """(1 or -1, what stands behind the sign), the unit left out."""
    if unit:
        low, wanted = text.casefold(), unit.casefold()
        if low.endswith(wanted):
            text = text[: len(text) - len(unit)].rstrip()
        elif low.startswith(wanted):
            text = text[len(unit) :].lstrip()
    if text[:1] in ("+", "-"):
        return (-1 if text[0] == "-" else 1), text[1:].lstrip()
    return 1, text


def _readings(text: str) -> set[Decimal]:
    """What the text means by each convention that allows it."""
    power = re.fullmatch(r"(\d+(?:[.,]\d+)?)[eE]([+-]?\d{1,3})", text)
    if power:
        return {Decimal(power[1].replace(",", ".")).scaleb(int(power[2]))}
    found: set[Decimal] = set()
    for group in ("", " ", "'", _GROUP, ",", "."):
        for point in (",", ".", _DECIMAL):
            if point != group and re.fullmatch(_pattern(group, point), text):
                found.add(Decimal((text.replace(group, "") if group else text).replace(point, ".")))
    return found


def _pattern(group: str, point: str) -> str:
    g, p = re.escape(group), re.escape(point)
    if not group:
        return rf"\d+({p}\d+)?|{p}\d+"
    lakh = rf"|[1-9]\d?({g}\d{{2}})+{g}\d{{3}}({p}\d+)?" if group == "," else ""
    return rf"[1-9]\d{{0,2}}({g}\d{{3}})+({p}\d+)?{lakh}"
