"""What the codes that indicators keep are called, and figures as people read them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from entrepot.shell.templatetags.shell import naming

from ..enums import DIRECTIONS, EVERY

register = naming(EVERY, DIRECTIONS)


@register.filter
def plain(value: Decimal | None) -> Any:
    """A figure without zeros that say nothing."""
    return "" if value is None else f"{value.normalize():f}"
