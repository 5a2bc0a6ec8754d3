"""The facts packs that ship with the product, and their loader."""

from .load import load_facts

__all__ = ["load_facts"]
