"""Message catalogues: finding every string of the product, and the pseudo-languages that prove that none was forgotten."""

from .build import PSEUDO, build

__all__ = ["PSEUDO", "build"]
