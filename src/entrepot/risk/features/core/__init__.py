"""Look-back features as table expressions over declarations."""

from .features import assemble, features, prepare, sides
from .history import shrunk
from .settings import CARRIED, FEATURES, Settings

__all__ = ["CARRIED", "FEATURES", "Settings", "assemble", "features", "prepare", "shrunk", "sides"]
