"""Who is certified, and the codes of certificates. No database."""

from .codes import ALPHABET, is_code, new_code
from .earning import SHARE, earns

__all__ = ["ALPHABET", "SHARE", "earns", "is_code", "new_code"]
