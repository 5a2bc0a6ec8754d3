"""Templates as they are read from their files: scripts carry the number of the answer, and lines are not indented."""

from __future__ import annotations

import re

from django.template import Origin
from django_cotton.cotton_loader import Loader as CottonLoader  # type: ignore[import-untyped]

_SCRIPT = re.compile(r"<script(?=[\s>])(?![^>]*\snonce=)", re.IGNORECASE)
_INDENTATION = re.compile(r"\n[ \t]+")
_NONCED = '<script nonce="{{ request.csp_nonce }}"'


class Loader(CottonLoader):  # type: ignore[misc]
    """Put the nonce on script tags in the text of templates, ours and those of the packages that draw the sign-in.

    Only what stands in a template's file gets it, before anything is put into the page: what people write never does.

    Indentation is for whoever edits a page. It is half as much again as what the page holds, and none of it goes out; a browser draws the
    end of a line as it draws any number of blanks.
    """

    def get_contents(self, origin: Origin) -> str:
        """The text of a template."""
        text = super().get_contents(origin)
        if str(origin.name).endswith(".html"):
            text = _INDENTATION.sub("\n", text)
        return _SCRIPT.sub(_NONCED, text)
