"""Templates stay such that people can edit them; `make shape` prints the rest of what is measured."""

from __future__ import annotations

from django.template.loader import get_template

from . import shape

BY_HAND = {
    "card": ["stream.html"],  # the card itself is what htmx asks for again
    "chip": ["badge.html", "base.html", "profile.html"],  # allauth's element, the banner of a demo, a link that looks like one
    "crumbs": [],
    "empty": [],
    "facts": [],
    "page-head": [],
    "pager": ["practices.html"],  # goes by how many were seen, as one list of several sources has no cursor
}
"""Where the markup of a component may be typed, and why."""


def test_no_line_of_a_template_is_longer_than_120_characters() -> None:
    long = [f"{path.name}: {line.strip()[:80]}" for path in shape.templates() for line in path.read_text().splitlines() if len(line) > 120]
    assert not long, long


def test_at_most_three_attributes_stand_on_a_line_and_translated_blocks_keep_no_white_space() -> None:
    assert shape.template_tags() == {"lines with more than three attributes": 0, "blocktranslate without trimmed": 0}


def test_every_template_can_be_read() -> None:
    for path in shape.templates():
        inside = path.parts[len(path.parts) - path.parts[::-1].index("templates") :]
        get_template("/".join(inside))


def test_no_markup_of_a_component_is_typed_by_hand() -> None:
    found = shape.components()
    assert {name: sorted(found[name][1]) for name in BY_HAND} == BY_HAND
