"""The facts packs that ship with the product, and their loader."""

from .load import load_facts, load_past

__all__ = ["load_facts", "load_past"]
