"""Look-back features as table expressions over declarations."""

from .features import HISTORIES, assemble, features, prepare, sides
from .history import BLOCK, shrunk
from .settings import CARRIED, FEATURES, Settings

__all__ = ["BLOCK", "CARRIED", "FEATURES", "HISTORIES", "Settings", "assemble", "features", "prepare", "shrunk", "sides"]
