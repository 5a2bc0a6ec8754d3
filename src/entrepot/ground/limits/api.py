"""The door of `limits`."""

from .failures import count_wrong, guessing, take
from .requests import client_address, counted_address, limit

__all__ = ["client_address", "count_wrong", "counted_address", "guessing", "limit", "take"]
