"""Reading a facts pack: a TOML file in, plain rows out. No database."""

from .pack import Pack, Past, read_pack, read_past

__all__ = ["Pack", "Past", "read_pack", "read_past"]
