"""Statements in and out of a store: files (JSON lines, Parquet), and other record stores."""
