"""Reading a facts pack: a TOML file in, plain rows out. No database."""

from .pack import Pack, read_pack

__all__ = ["Pack", "read_pack"]
