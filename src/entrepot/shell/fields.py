"""Form fields for numbers, read as `kernel.numbers` reads them.

They are text boxes, never `type=number`: in such a box Chromium drops what it does not take for part of a number while one types, so that
`1,5` leaves as 15 and nobody sees it; others send nothing at all. `inputmode` brings the keyboard with digits on a phone where no minus is
needed (its digits have none).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from entrepot.kernel.numbers import NotANumber, number_text, read_number, read_whole

from .words import say


class NumberField(forms.Field):
    """A number; `places` and `digits` bound what stands behind the point and in all."""

    def __init__(
        self, *, least: float | None = None, most: float | None = None, places: int = 6, digits: int = 18, unit: str = "", **kwargs: Any
    ) -> None:
        self.least, self.most, self.places, self.digits, self.unit = least, most, places, digits, unit
        attributes = {"autocomplete": "off"} | ({"inputmode": self.keyboard()} if least is not None and least >= 0 else {})
        super().__init__(**{"widget": forms.TextInput(attrs=attributes), **kwargs})

    def keyboard(self) -> str:
        """Which keys a phone shows."""
        return "decimal"

    def read(self, text: str) -> Any:
        """What the text says. Raises `NotANumber`."""
        return read_number(text, unit=self.unit)

    def prepare_value(self, value: Any) -> Any:
        """A number that is kept, so that it is read back as it was; what was typed stays as typed."""
        return number_text(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another number was sent than was shown."""
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> Any:
        """The number, None where nothing was written."""
        text = str(value or "").strip()
        super().clean(text)
        if not text:
            return None
        try:
            found = self.read(text)
        except NotANumber as error:
            raise forms.ValidationError(say(error.text)) from None
        self._require_within(found)
        return found

    def _require_within(self, found: Any) -> None:
        if self.least is not None and found < self.least:
            raise forms.ValidationError(_("At least %(least)s.") % {"least": self.least})
        if self.most is not None and found > self.most:
            raise forms.ValidationError(_("At most %(most)s.") % {"most": self.most})
        figure = Decimal(found)
        behind = max(0, -int(figure.normalize().as_tuple().exponent))
        if behind > self.places:
            raise forms.ValidationError(_("At most %(places)s digits after the point.") % {"places": self.places})
        if abs(figure) >= Decimal(10) ** (self.digits - self.places):
            raise forms.ValidationError(_("This number is too large."))


class WholeField(NumberField):
    """A whole number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"places": 0, "digits": 10, **kwargs})

    def keyboard(self) -> str:
        """Digits alone."""
        return "numeric"

    def read(self, text: str) -> Any:
        """What the text says. Raises `NotANumber`."""
        return read_whole(text, unit=self.unit)
