"""The chain: how an entry's seal is reckoned, and how a chain is checked. No database, no clock."""

from .chain import FIRST, Fault, Sealed, check_chain, seal_of

__all__ = ["FIRST", "Fault", "Sealed", "check_chain", "seal_of"]
