"""Writes: keys, statements, documents, people, retention, relays."""
