"""The background work of people."""

from entrepot.ground.work.api import outside

from . import wiping


@outside
def wipe() -> None:
    """Leave nothing of those who were erased in the files of the database."""
    wiping.wipe()
