"""Entrepot: one system for a regional customs training network."""

__version__ = "0.1.0"
