"""Every page on a phone in each pseudo-language: nothing wider than the screen, nothing left in plain English."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import trans_real

from entrepot.capacity.community.models import Post, Profile
from entrepot.capacity.competencies.models import Competency, Topic
from entrepot.capacity.credentials.models import Certificate
from entrepot.capacity.evaluation.models import ActionItem, Ask, Form, ItemUpdate, Lesson
from entrepot.capacity.impact.models import Backing, Link, Plan, Story
from entrepot.capacity.knowledge.api import TEXTS
from entrepot.capacity.knowledge.models import Adoption, Practice, Round
from entrepot.capacity.needs.models import Need
from entrepot.capacity.publications.models import Edition, Publication, Series
from entrepot.capacity.records.models import Activity as LearntActivity
from entrepot.capacity.records.models import Agent, Key, Verb
from entrepot.capacity.records.showing import title_of
from entrepot.capacity.training.models import Activity, BudgetLine, Invitation, Nomination, Session, StageChange
from entrepot.desk.catalogues import build
from entrepot.desk.demo.told import TEST
from entrepot.ground.documents.models import Document
from entrepot.ground.indicators.models import Former, Indicator, Value
from entrepot.ground.notices.kinds import kinds
from entrepot.ground.people.models import Person
from entrepot.ground.region.models import Event, Facility, Place, Source
from entrepot.kernel.languages import LANGUAGES

from .test_pages import PAGES, names_of

pytestmark = pytest.mark.browser
SEEN = """() => {
  const found = [], skip = "script,style,code,[lang]:not(html),[translate=no]";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (node.textContent.trim() && !parent.closest(skip)) found.push(node.textContent.trim());
  }
  for (const element of document.querySelectorAll("[placeholder],[aria-label],[title],[data-confirm]"))
    for (const name of ["placeholder", "aria-label", "title", "data-confirm"])
      if (element.getAttribute(name) && !element.closest(skip)) found.push(element.getAttribute(name));
  found.push(document.title);
  return found;
}"""
# What is no language: the product's name, abbreviations, codes (`people:read`, `access.link.made`), addresses, zones, times.
CODES = (
    r"\b(Entrepot|CSV|iCal|PDF|Word|Excel|USD|API|UTC|AM|PM|SHA|TOTP|px|xAPI|JSON)\b|\b[\w+-]+([:.][\w-]+)+\b|\S+@\S+|\b\w+/[\w/+-]+|\bT?\d+\S*"
    r"|\b[0-9a-f]{6,}\S*"
)
VERBS = r"\b[a-z_]+\.[a-z_]+\.[a-z_]+\b"
"""What the journal says was done."""


@pytest.fixture(scope="module")
def catalogues() -> Iterator[None]:
    build(settings.HOME / "locale")
    for cached in ("translation_catalog_exists", "get_languages", "_get_supported_language_variant"):
        getattr(trans_real, cached).cache_clear()
    trans_real._translations = {}  # type: ignore[attr-defined]
    yield
    trans_real._translations = {}  # type: ignore[attr-defined]


class Data:
    """Texts that people or sources wrote, each with how it is found in a page; the longest first, so that no part of one is taken alone."""

    def __init__(self, parts: dict[str, str]) -> None:
        self.parts = {text: re.compile(parts[text]) for text in sorted(parts, key=len, reverse=True) if text}

    @cache  # noqa: B019  (one object a test, and it ends with it)
    def without(self, text: str) -> str:
        """`text` with each of them taken out."""
        for known, found in self.parts.items():
            if known in text:
                text = found.sub(" ", text)
        return text


def _data(*, apart: bool) -> Data:
    """Whatever people or sources wrote: it is not the product's to translate.

    Not `apart` where words have no spaces between them: there a statement's actor, verb and activity stand beside each other.
    """
    columns: list[tuple[Any, tuple[str, ...]]] = [
        (Place, ("name", "city", "institute", "code", "lineage")),
        (Person, ("full_name", "latin_name", "email")),
        (Source, ("title", "publisher", "address", "dated")),
        (Facility, ("name",)),
        (Document, ("title", "name", "digest")),
        (Event, ("title", "city")),
        (Topic, ("title",)),
        (Competency, ("title",)),
        (Need, ("evidence", "language")),
        (Indicator, ("title", "definition", "unit", "source", "baseline_note", "code")),
        (Value, ("note",)),
        (Former, ("reason",)),
        (Story, ("title", "question")),
        (Link, ("said",)),
        (Backing, ("said",)),
        (Activity, ("title", "objectives", "target_group", "language", "code")),
        (BudgetLine, ("title", "source", "currency")),
        (StageChange, ("skipped",)),
        (Invitation, ("reason",)),
        (Nomination, ("post", "duties", "note", "language_level")),
        (Session, ("title", "room", "door")),
        (Certificate, ("code", "title", "holder")),
        (ActionItem, ("what", "why", "support", "indicator")),
        (ItemUpdate, ("note",)),
        (Practice, ("title", "contact", *TEXTS)),
        (Adoption, ("result",)),
        (Round, ("title",)),
        (Profile, ("headline", "about", "ask_me")),
        (Post, ("text", "out_because")),
        (Lesson, ("what",)),
        (Series, ("title", "about", "code")),
        (Publication, ("title",)),
        (Edition, ("change",)),
        (Key, ("name", "key")),
        (Agent, ("name", "text")),
        (Verb, ("display", "iri")),
        (LearntActivity, ("iri",)),
    ]
    answers = [value for answers in Ask.objects.values_list("answers", flat=True) for value in answers.values() if isinstance(value, str)]
    outcomes = [text for texts in Activity.objects.values_list("outcomes", flat=True) for text in texts]
    texts = {str(value) for model, names in columns for row in model._default_manager.values_list(*names) for value in row if value}
    texts |= {*answers, *outcomes, TEST, *(title_of(one) for one in LearntActivity.objects.all())}
    texts |= {line.strip() for text in texts for line in text.splitlines() if len(line.strip()) > 2}
    texts |= {language for place in Place.objects.all() for language in place.languages}
    texts |= {zone.rpartition("/")[2].replace("_", " ") for zone in Place.objects.values_list("time_zone", flat=True) if zone}
    texts |= set(
        _strings(
            [
                *Edition.objects.values_list("parts", flat=True),
                *Edition.objects.values_list("head", flat=True),
                *Form.objects.values_list("questions", flat=True),
                *(body.get("worth") for body in Plan.objects.values_list("body", flat=True)),
            ]
        )
    )
    texts |= set(LANGUAGES.values()) | {name.lower() for name in LANGUAGES.values()}  # each in its own words
    texts.add("soon")  # typed by the visitor, in PAGES
    texts |= {zone.replace("_", " ") for zone in zoneinfo.available_timezones()}
    texts |= zoneinfo.available_timezones() | {str(name) for code, name in settings.LANGUAGES if code != "en"}
    joined: set[str] = set()
    if not apart:
        joined = {*Agent.objects.values_list("name", flat=True), *Verb.objects.values_list("display", flat=True)}
        joined = {text for text in (*joined, *map(title_of, LearntActivity.objects.all())) if len(text) > 4}
    parts = {text: rf"(?<![A-Za-z]){re.escape(text)}(?![A-Za-z])" for text in texts} | {text: re.escape(text) for text in joined}
    return Data(parts)


def _strings(value: Any) -> Iterator[str]:
    """Every text in what was kept as JSON."""
    if isinstance(value, str):
        yield from (line.strip() for line in value.splitlines() if len(line.strip()) > 7)
    elif isinstance(value, dict | list | tuple):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _plain(language: str, text: str, data: Data) -> str:
    """The words of `text` that are still plain English."""
    if language == "ar-xb":
        text = re.sub("\u202e[^\u202c]*\u202c", "", text)
    text = re.sub(VERBS, " ", text)  # before the words of people: one of them may stand in a verb
    # Twice: what stood against another text stands free once that is gone.
    left = re.sub(CODES, " ", data.without(data.without(text)))
    return " ".join(re.findall(r"[A-Za-z]{2,}", left))


@pytest.mark.parametrize("language", ["en-xa", "ar-xb", "en-xc"])
def test_every_page_holds_on_a_phone_and_says_nothing_in_plain_english(
    chromium: Any, live_server: Any, signed_in: Any, transactional_world: Any, catalogues: None, language: str
) -> None:
    assert kinds()
    names, data = names_of(transactional_world), _data(apart=language != "en-xc")
    faults: list[str] = []
    contexts: dict[str, Any] = {}
    for part, address in PAGES:
        if part not in contexts:
            contexts[part] = chromium.new_context(viewport={"width": 360, "height": 800})
            cookies = [*signed_in(part), {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}]
            contexts[part].add_cookies(cookies)
        page = contexts[part].new_page()
        page.goto(live_server.url + address.format(**names))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{address}: wider than the screen")
        if (page.evaluate("document.documentElement.dir") == "rtl") != (language == "ar-xb"):
            faults.append(f"{address}: runs the wrong way")
        faults += [f"{address}: {plain!r} in {text[:90]!r}" for text in page.evaluate(SEEN) if (plain := _plain(language, text, data))]
        page.close()
    for context in contexts.values():
        context.close()
    assert faults == [], "\n".join(dict.fromkeys(faults))
