"""What the codes that evaluation keeps are called, and its figures as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from entrepot.shell.templatetags.shell import naming

from ..enums import DROP_REASONS, FORM_KINDS, ITEM_STATES, ITEM_TONES, QUESTION_KINDS
from ..papers import chance

register = naming(FORM_KINDS, ITEM_STATES, DROP_REASONS, QUESTION_KINDS, tones=ITEM_TONES)
register.filter("chance", chance)


@register.filter
def percent(share: float | None) -> str:
    """A share as a percentage; a dash where it is not said."""
    return "–" if share is None else gettext("%(share)s %%") % {"share": round(100 * share)}


@register.filter
def points(share: float) -> str:
    """A difference of shares in points of a hundred, with its sign."""
    return f"{100 * share:+.0f}"


@register.filter
def along(value: float) -> str:
    """Where a value of a scale of 1 to 5 stands on a line from 6 to 114."""
    return f"{6 + 108 * (value - 1) / 4:.1f}"


@register.filter
def get(rows: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key."""
    return rows.get(key)
