"""What people write is read as they meant it, or asked again: by every convention of the region, in any script."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from entrepot.kernel.numbers import NotANumber, NotWhole, UnclearNumber, number_text, read_number, read_whole

CONVENTIONS = [
    (",", "."),
    (".", ","),
    (" ", ","),
    (" ", "."),
    ("\u00a0", ","),
    ("\u202f", ","),
    ("\u2009", "."),
    ("'", "."),
    ("’", "."),
    ("", "."),
    ("", ","),
]
"""(between thousands, before decimals), as in English, Indonesian, French, Vietnamese, Swiss."""
ZEROS = "0٠۰०০௦๐၀០０𝟎"


def _written(value: Decimal, group: str, point: str, *, lakh: bool = False) -> str:
    whole, _, behind = f"{abs(value):f}".partition(".")
    parts = [whole[-3:]]
    whole = whole[:-3]
    size = 2 if lakh else 3
    while whole:
        parts.insert(0, whole[-size:])
        whole = whole[:-size]
    return ("-" if value < 0 else "") + group.join(parts) + (point + behind if behind else "")


numbers = st.decimals(-(10**12), 10**12, places=None, allow_nan=False).map(lambda n: n.quantize(Decimal("0.00001")).normalize())
typed = st.one_of(numbers, st.integers(-(10**9), 10**9).map(Decimal), st.sampled_from([Decimal("1.234"), Decimal("0.5"), Decimal(1500)]))


@settings(max_examples=300, deadline=None)
@given(value=typed, convention=st.sampled_from(CONVENTIONS), zero=st.sampled_from(ZEROS))
@example(Decimal(12000), (",", "."), "0")
def test_a_number_is_read_as_its_writer_meant_it_or_asked(value: Decimal, convention: tuple[str, str], zero: str) -> None:
    plain = _written(value, *convention)
    text = "".join(chr(ord(zero) + int(c)) if c.isascii() and c.isdigit() else c for c in plain)
    try:
        assert read_number(text) == value
    except UnclearNumber as unclear:
        readings = {read_number(unclear.text.values[name]) for name in ("write_first", "write_second")}
        assert value in readings, "what was meant is one of the two that are shown"
        assert len(readings) == 2


@settings(max_examples=300, deadline=None)
@given(value=st.one_of(typed, st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)))
def test_a_number_that_we_write_is_read_back(value: Any) -> None:
    assert read_number(number_text(value)) == (Decimal(repr(value)) if isinstance(value, float) else value)
    assert read_number(value) == (Decimal(repr(value)) if isinstance(value, float) else value), (
        "a number of a workbook or of JSON is itself"
    )


@settings(max_examples=200, deadline=None)
@given(value=st.integers(0, 10**9).map(Decimal), point=st.sampled_from(["", ".5", ".25"]))
def test_lakhs_and_crores_are_read(value: Decimal, point: str) -> None:
    text = _written(value, ",", ".", lakh=True) + point
    try:
        assert read_number(text) == value + Decimal(point or 0)
    except UnclearNumber as unclear:
        assert (text.count(","), point, read_number(unclear.text.values["write_first"])) == (1, "", value)  # noqa: PT017


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.sampled_from("0123456789,. '-+eE٫٬%\u00a0\u200f５x"), max_size=14))
def test_whatever_is_typed_it_is_one_number_or_said_to_be_none(text: str) -> None:
    try:
        found = read_number(text)
    except NotANumber as error:
        assert error.text.message  # noqa: PT017
        return
    assert read_number(number_text(found)) == found


READ = {
    "0,500": "0.5", "0.250": "0.25", "1,5": "1.5", ",5": "0.5", "1234,567": "1234.567", "1,500,000": "1500000", "1.500.000": "1500000",
    "1.500,25": "1500.25", "1,500.250": "1500.25", "1'500": "1500", "1 500": "1500", "٣٫٥": "3.5", "١٬٥٠٠": "1500", "१२,३४,५६७": "1234567",
    "１，５００．２": "1500.2", "−3": "-3", "– 3": "-3", "\u200e-7\u200f": "-7", "+4": "4", "2.5e3": "2500", "007": "7", "-0": "0",
}  # fmt: skip
ASKED = {
    "1,500": ("1500", "1.5"),
    "1.500": ("1500", "1.5"),
    "12,000": ("12000", "12"),
    "-1,234": ("-1234", "-1.234"),
    "٣,٥٠٠": ("3500", "3.5"),
}
NONE = (
    *("", " ", "five", "12 34", "1,2,3", "1.2.3", "1 500 00", "012,345,678", "5-", "(5)", "12 %", "$5", "USD 5", "1_000"),
    *("1٢", "½", "²", "一", "nan", "inf", "0x10", "1" * 61, None, True, []),
)


@pytest.mark.parametrize("text", READ)
def test_what_means_one_thing_is_read(text: str) -> None:
    assert read_number(text) == Decimal(READ[text])


@pytest.mark.parametrize("text", ASKED)
def test_what_could_mean_two_things_is_asked_with_both(text: str) -> None:
    with pytest.raises(UnclearNumber) as asked:
        read_number(text)
    assert (asked.value.text.values["first"], asked.value.text.values["second"]) == ASKED[text]
    with pytest.raises(UnclearNumber):
        read_whole(text)


@pytest.mark.parametrize("raw", NONE)
def test_what_is_no_number_is_said_to_be_none(raw: Any) -> None:
    with pytest.raises(NotANumber):
        read_number(raw)


def test_the_unit_that_was_asked_for_may_stand_beside_it() -> None:
    assert read_number("12,5 %", unit="%") == read_number("١٢٫٥٪", unit="%") == Decimal("12.5")
    assert read_number("USD 1500", unit="USD") == read_number("1500 usd", unit="USD") == 1500
    with pytest.raises(NotANumber):
        read_number("EUR 1500", unit="USD")


def test_what_is_counted_is_whole() -> None:
    assert read_whole("1 200") == 1200
    assert read_whole(3.0) == 3
    with pytest.raises(NotWhole):
        read_whole("2,5")
