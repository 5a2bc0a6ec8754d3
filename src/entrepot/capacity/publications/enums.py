"""Kinds of series, how far a publication is seen, in which form it is fetched."""

from enum import StrEnum

from entrepot.kernel.texts import gettext_noop


class SeriesKind(StrEnum):
    """What a series is compiled from."""

    PRACTICES = "practices"
    ANNUAL = "annual"


SERIES_KINDS = {
    SeriesKind.PRACTICES: gettext_noop("good practices"),
    SeriesKind.ANNUAL: gettext_noop("the year of the network"),
}


class Reach(StrEnum):
    """How far a publication is seen."""

    REGION = "region"
    PUBLIC = "public"


REACHES = {Reach.REGION: gettext_noop("people of the region, signed in"), Reach.PUBLIC: gettext_noop("everyone")}


class Form(StrEnum):
    """In which form it is fetched."""

    PDF = "pdf"
    WORD = "docx"
