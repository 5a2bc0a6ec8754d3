"""A few papers of the practice region, for the pages to have something to show. All invented."""

from __future__ import annotations

import io
from datetime import datetime

from django.db import transaction

from entrepot.ground.keeping.api import writing
from entrepot.ground.region.api import find
from entrepot.kernel.principals import SYSTEM

from .actions import keep
from .enums import Visibility
from .models import Document
from .queries import storage

PAPERS = (
    (
        "RTC-SAG",
        "How to reach the Sagara centre",
        "reaching-sagara.txt",
        Visibility.PUBLIC,
        "Invented. Ferry to Sagara, then the yellow bus.",
    ),
    ("RTC-SAG", "House rules of the Sagara centre", "ຂໍ້ກຳນົດ ระเบียบ.txt", Visibility.KNOWN, "Invented. Quiet after ten; shoes off indoors."),
    ("ATN", "Roster of Lagoon Wharf", "roster.csv", Visibility.PRIVATE, "officer,shift\nPele,morning\n"),
)


def make(*, at: datetime, seed: int, people: int) -> None:
    """Keep the papers. `seed` and `people` do not matter here."""
    del seed, people
    for code, title, name, visibility, text in PAPERS:
        place = find(code, region="PX/")
        paper = io.BytesIO(text.encode())
        keep(by=SYSTEM, at=at, place=place, about=place.uuid, title=title, name=name, content=paper, visibility=visibility)


def remove() -> None:
    """Take every document of an invented place out again, content and all."""
    invented = Document.objects.filter(place__invented=True)
    names = [document.stored for document in invented]
    with writing():
        invented.delete()

    def clear() -> None:
        for name in names:
            storage().delete(name)

    transaction.on_commit(clear)
