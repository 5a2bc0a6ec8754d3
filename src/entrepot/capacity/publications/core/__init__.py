"""The digests by which an edition proves itself. No database."""

from .digests import digest_of_edition, digest_of_part

__all__ = ["digest_of_edition", "digest_of_part"]
