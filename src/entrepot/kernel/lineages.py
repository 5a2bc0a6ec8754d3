"""Where a place stands: the codes from its region down to itself, as one text.

`AP/AS/TH/` is Thailand's administration in the ASEAN group of the Asia/Pacific region; everything under it starts with that text.
A lineage never changes once given, which is why a permission can be decided by comparing beginnings.
"""

from __future__ import annotations

import re

from .errors import Invalid
from .texts import gettext_noop

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,15}")


def lineage(parent: str, code: str) -> str:
    """The lineage of the place `code` under `parent` ("" for a region).

    >>> lineage("AP/AS/", "TH")
    'AP/AS/TH/'

    Raises `Invalid` where the code is not two to sixteen capital letters, digits and hyphens.
    """
    if not CODE.fullmatch(code):
        raise Invalid({"code": gettext_noop("A code is two to sixteen capital letters, digits and hyphens.")})
    return f"{parent}{code}/"


def is_under(place: str, above: str) -> bool:
    """Whether `place` is `above` or stands somewhere below it.

    >>> is_under("AP/AS/TH/", "AP/AS/"), is_under("AP/ASX/", "AP/AS/")
    (True, False)
    """
    return bool(above) and place.startswith(above)


def upwards(place: str) -> list[str]:
    """The lineages of the place and of all above it, the region's first.

    >>> upwards("AP/AS/TH/")
    ['AP/', 'AP/AS/', 'AP/AS/TH/']
    """
    return [place[: end + 1] for end, sign in enumerate(place) if sign == "/"]


def region_of(place: str) -> str:
    """The lineage of the region that `place` belongs to.

    >>> region_of("AP/AS/TH/")
    'AP/'
    """
    return place[: place.index("/") + 1] if "/" in place else ""
