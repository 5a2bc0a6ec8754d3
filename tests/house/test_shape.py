"""Templates stay such that people can edit them; `make shape` prints the rest of what is measured."""

from __future__ import annotations

from . import shape


def test_no_line_of_a_template_is_longer_than_120_characters() -> None:
    long = [f"{path.name}: {line.strip()[:80]}" for path in shape.templates() for line in path.read_text().splitlines() if len(line) > 120]
    assert not long, long


def test_at_most_three_attributes_stand_on_a_line_and_translated_blocks_keep_no_white_space() -> None:
    assert shape.template_tags() == {"lines with more than three attributes": 0, "blocktranslate without trimmed": 0}
