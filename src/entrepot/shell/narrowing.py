"""Narrowing a list by its properties: each with how many have it, and the address of the same page with it chosen or let go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

FIRST = 12
"""So many are shown at once, the rest on request."""
PLACES = ("skip", "cursor")
"""Parameters that say where in a list one is: another list begins at its beginning."""


def narrowed(request: Any, name: str, value: str) -> str:
    """This page's address with `value` for `name` ("" lets it go)."""
    query = request.GET.copy()
    for gone in (*PLACES, name):
        query.pop(gone, None)
    if value:
        query[name] = value
    return "?" + query.urlencode()


def narrowing(request: Any, name: str, title: str, values: Iterable[tuple[str, str, int]]) -> dict[str, Any]:
    """One property as `shell/_narrow.html` shows it, of (code, what it is called, how many)."""
    chosen = request.GET.get(name, "")
    links = [{"title": label, "n": n, "chosen": code == chosen, "query": narrowed(request, name, code)} for code, label, n in values]
    links.sort(key=lambda link: not link["chosen"])  # what is chosen can be let go without looking for it
    more = {"links": links[:FIRST], "more": links[FIRST:]}
    return {"name": name, "title": title, "chosen": chosen, "off": narrowed(request, name, ""), **more}
