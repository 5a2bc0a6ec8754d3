"""The components of pages: what is put into them is text, and what is not there draws nothing."""

from __future__ import annotations

import pytest
from django.template import engines
from django_cotton.compiler_regex import CottonCompiler  # type: ignore[import-untyped]

HOSTILE = "\"'><script>alert(1)</script>"
WRITTEN = "&quot;&#x27;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"


def drawn(source: str) -> str:
    """What a template with components makes of a hostile `x`."""
    made: str = engines["django"].from_string(CottonCompiler().process(source)).render({"x": HOSTILE})
    return " ".join(made.split())


@pytest.mark.parametrize(
    "source",
    [
        '<c-chip tone="{{ x }}">a</c-chip>',
        '<c-chip lang="{{ x }}">a</c-chip>',
        "<c-chip>{{ x }}</c-chip>",
        '<c-card aria-label="{{ x }}">a</c-card>',
        '<c-card title="{{ x }}" class="{{ x }}">a</c-card>',
        '<c-facts id="{{ x }}"><dd>{{ x }}</dd></c-facts>',
        '<c-page-head><c-slot name="title">{{ x }}</c-slot><c-slot name="small">{{ x }}</c-slot></c-page-head>',
    ],
)
def test_what_people_wrote_stays_text_in_every_place_of_a_component(source: str) -> None:
    made = drawn(source)
    assert made.count(WRITTEN) == source.count("{{ x }}")
    assert "<script>" not in made


def test_a_card_is_the_element_that_it_is_asked_to_be_and_a_head_without_acts_has_no_row_for_them() -> None:
    assert drawn('<c-card as="article" class="entry" id="a">b</c-card>').startswith('<article class="card entry" id="a"')
    head = drawn('<c-page-head><c-slot name="title">T</c-slot><c-slot name="actions"> {% if no %}b{% endif %} </c-slot></c-page-head>')
    assert (head.count("<h1>T</h1>"), head.count("row")) == (1, 0)
    assert "<b>do</b></div>" in drawn('<c-page-head><c-slot name="actions"><b>do</b></c-slot></c-page-head>')
