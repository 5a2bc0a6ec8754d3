"""Django's registration of this app."""

from datetime import date

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The app's place and label."""

    name = "entrepot.shell"
    label = "shell"

    def ready(self) -> None:
        """Let every form's date refuse a year that nobody means, where it is read: before anything is reckoned with it."""
        from django import forms  # noqa: PLC0415

        for field in (forms.DateField, forms.DateTimeField):
            field.default_validators = [_near]


def _near(day: date) -> None:
    from django.core.exceptions import ValidationError  # noqa: PLC0415

    from entrepot.kernel.errors import Invalid  # noqa: PLC0415
    from entrepot.kernel.periods import require_near  # noqa: PLC0415

    from .words import say  # noqa: PLC0415

    try:
        require_near(day)
    except Invalid as error:
        raise ValidationError(say(error.faults["date"])) from None
