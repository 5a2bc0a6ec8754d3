"""Who is certified, and the codes of certificates. No database."""

from .codes import ALPHABET, new_code, read_code
from .earning import SHARE, earns

__all__ = ["ALPHABET", "SHARE", "earns", "new_code", "read_code"]
