"""Reading a pack of competencies. No database."""

from .pack import Pack, read_pack

__all__ = ["Pack", "read_pack"]
