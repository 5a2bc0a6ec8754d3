"""Templates as they are read from their files: every script that one of them names carries the number of the answer."""

from __future__ import annotations

import re

from django.template import Origin
from django_cotton.cotton_loader import Loader as CottonLoader  # type: ignore[import-untyped]

_SCRIPT = re.compile(r"<script(?=[\s>])(?![^>]*\snonce=)", re.IGNORECASE)
_NONCED = '<script nonce="{{ request.csp_nonce }}"'


class Loader(CottonLoader):  # type: ignore[misc]
    """Put the nonce on script tags in the text of templates, ours and those of the packages that draw the sign-in.

    Only what stands in a template's file gets it, before anything is put into the page: what people write never does.
    """

    def get_contents(self, origin: Origin) -> str:
        """The text of a template."""
        return _SCRIPT.sub(_NONCED, super().get_contents(origin))
