"""The guard against working out small groups of people, and the digests by which an edition proves itself. No database."""

from .digests import digest_of_edition, digest_of_part
from .disclosure import FEWEST, Cell, Guard, solved

__all__ = ["FEWEST", "Cell", "Guard", "digest_of_edition", "digest_of_part", "solved"]
