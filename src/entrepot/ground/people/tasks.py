"""The background work of people."""

from entrepot.ground.work.api import outside

from . import wiping


def note_erased(person: str, on: str) -> None:
    """Note an erasure beside the database."""
    wiping.note_erased(person, on)


@outside
def wipe() -> None:
    """Leave nothing of those who were erased in the files of the database."""
    wiping.wipe()
