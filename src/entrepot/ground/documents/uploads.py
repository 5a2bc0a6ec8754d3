"""Receiving a file that may be far too large: the browser is heard out, so that the form keeps what was typed, but no more is stored."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .queries import limit


class LimitedUpload(TemporaryFileUploadHandler):
    """Streams to a temporary file, one byte past the limit at most; the file tells the size that was sent, so that `keep` refuses it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.room = limit() + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  (Django's signature)
        """Store what still has room and drop the rest."""
        piece = raw_data[: self.room]
        self.room -= len(piece)
        self.file.write(piece)
