"""Tokens that find words in any script, differences between versions, and how alike two administrations are. No database."""

from .differences import Piece, difference
from .likeness import Administration, Likeness, alike, size_of
from .terms import Concept, concepts, concepts_in, edition, said_elsewhere
from .tokens import Term, tokens, wanted

__all__ = [
    "Administration",
    "Concept",
    "Likeness",
    "Piece",
    "Term",
    "alike",
    "concepts",
    "concepts_in",
    "difference",
    "edition",
    "said_elsewhere",
    "size_of",
    "tokens",
    "wanted",
]
