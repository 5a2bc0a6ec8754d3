"""Beginning series, composing publications, publishing editions, correcting them, counting what is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import translation
from django.utils.translation import gettext

from entrepot.capacity.knowledge.api import practice_rules
from entrepot.capacity.knowledge.enums import PracticeState, Sight
from entrepot.capacity.training.api import activity_rules
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.disclosure import Cell
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from . import letters
from .annual import activities_of, year_parts
from .compiling import Part, entries, follow_up, foreword, tables
from .core import digest_of_edition, digest_of_part
from .enums import Form, Reach, SeriesKind
from .figures import guard_for, plain
from .models import Counting, Edition, Fetch, Publication, Series
from .rules import COORDINATOR, OFFICE, publication_rules, series_rules

MOST_PRACTICES = 200


@action
def begin_series(*, by: Principal, at: datetime, region: Any, code: str, title: str, kind: SeriesKind, about: str = "") -> Series:
    """Begin a series; its code stands in the addresses of all its numbers and never changes. Raises `NotAllowed`, `Invalid`."""
    if not by.is_system and not (by.holds(*OFFICE, over=region.lineage) and by.scoped("publications:write")):
        raise NotAllowed
    faults: dict[str, Text | str] = {}
    if not re.fullmatch(r"[a-z][a-z0-9-]{2,39}", code):
        faults["code"] = gettext_noop("A code is three to forty small letters, digits and hyphens.")
    elif Series.objects.filter(code=code).exists():
        faults["code"] = gettext_noop("There is a series with this code.")
    if not title.strip() or len(title) > 120:
        faults["title"] = gettext_noop("Give the series a title of up to 120 characters.")
    if faults:
        raise Invalid(faults)
    made = Series.objects.create(region=region, code=code, title=title.strip(), kind=kind, about=about.strip(), begun_at=at)
    append(by=by, at=at, verb="publications.series.begun", thing=made, place=region.lineage, facts={"code": code})
    return made


@action
def make(
    *,
    by: Principal,
    at: datetime,
    series: UUID,
    title: str,
    forewords: Mapping[str, str],
    number: int | None = None,
    reach: Reach = Reach.PUBLIC,
) -> Publication:
    """The next number of a series (of an annual the year `number`), to be composed. Raises `Invalid`."""
    held = hold(series_rules.visible_to(by).select_related("region"), series)
    series_rules.require(by, "keep", held)
    if held.kind == SeriesKind.ANNUAL:
        if number is None or not 2000 <= number <= at.year:
            raise Invalid({"number": gettext_noop("An annual’s number is its year, this one or one before.")})
    else:
        number = (held.publications.aggregate(last=Max("number"))["last"] or 0) + 1
    if held.publications.filter(number=number).exists():
        raise Invalid({"number": gettext_noop("There is a publication with this number.")})
    values = _checked({"title": title, "forewords": forewords, "reach": reach})
    made = Publication.objects.create(series=held, number=number, made_at=at, **values)
    append(by=by, at=at, verb="publications.publication.made", thing=made, place=held.region.lineage, facts={"number": number})
    return made


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    clean = dict(values)
    faults: dict[str, Text | str] = {}
    clean["title"] = str(clean.get("title", "")).strip()
    if not clean["title"] or len(clean["title"]) > 200:
        faults["title"] = gettext_noop("Give it a title of up to 200 characters.")
    clean["forewords"] = {code: str(text).strip() for code, text in clean.get("forewords", {}).items() if str(text).strip()}
    if not clean["forewords"] or set(clean["forewords"]) - set(LANGUAGES):
        faults["forewords"] = gettext_noop("Write a foreword in each language in which it is to be published.")
    if any(len(text) > 12000 for text in clean["forewords"].values()):
        faults["forewords"] = gettext_noop("A foreword has at most 12,000 characters.")
    if faults:
        raise Invalid(faults)
    return clean


@action
def compose(
    *,
    by: Principal,
    at: datetime,
    uuid: UUID,
    values: Mapping[str, Any],
    practices: Iterable[UUID],
    activities: Iterable[UUID],
    version: int | None,
) -> Publication:
    """Choose what is compiled, and write the forewords. Only what Members cleared, and let be seen as far, can be chosen."""
    held = hold(publication_rules.visible_to(by).select_related("series__region"), uuid)
    publication_rules.require(by, "compose", held)
    lineage = held.series.region.lineage
    wanted = set(practices)
    sights = (Sight.PUBLIC,) if values.get("reach", held.reach) == Reach.PUBLIC else (Sight.PUBLIC, Sight.REGION)
    chosen = list(
        practice_rules.visible_to(by).filter(
            uuid__in=wanted, state=PracticeState.PUBLISHED, sight__in=sights, place__lineage__under=lineage
        )
    )
    if len(chosen) != len(wanted) or len(chosen) > MOST_PRACTICES:
        raise Invalid({"practices": gettext_noop("Choose published practices of the region that may be seen as far as this publication.")})
    followed = list(activity_rules.visible_to(by).filter(uuid__in=set(activities), region__lineage=lineage))
    change(held, _checked(values) | {"made_at": at}, version=version)
    held.practices.set(chosen)
    held.activities.set(followed)
    facts = {"practices": len(chosen), "activities": len(followed)}
    append(by=by, at=at, verb="publications.publication.composed", thing=held, place=lineage, facts=facts)
    return held


def compiled(publication: Publication, language: str) -> tuple[list[Part], list[Cell]]:
    """The parts as they stand now, in one language, and the figures about persons that they say. Nothing is written."""
    region = publication.series.region
    with translation.override(language):
        opening = foreword(publication.forewords.get(language, ""))
        if publication.series.kind == SeriesKind.ANNUAL:
            parts, cells = year_parts(region, publication.number, guard_for(activities_of(region, publication.number)))
            return [opening, *parts], cells
        chosen = publication.practices.filter(state=PracticeState.PUBLISHED).select_related("place", "topic")
        told = entries(list(chosen.prefetch_related("translations", "adoptions__place")), language)
        followed = list(publication.activities.order_by("starts_on", "id"))
        later, cells = follow_up(followed, guard_for(followed)) if followed else (None, [])
        return [opening, tables(told), *told, *([later] if later else [])], cells


def head_of(publication: Publication, ordinal: int, language: str) -> dict[str, Any]:
    """What an edition is called: part of its digest."""
    series = publication.series
    named = {"series": series.code, "series_title": series.title, "number": publication.number, "title": publication.title}
    return {**named, "edition": ordinal, "language": language, "region": series.region.name, "invented": series.region.invented}


def _freeze(
    publication: Publication,
    parts: list[Part],
    cells: list[dict[str, Any]],
    *,
    ordinal: int,
    language: str,
    by: Principal,
    at: datetime,
    change: str,
) -> Edition:
    for one in parts:
        one["digest"] = digest_of_part(one)
    head = head_of(publication, ordinal, language)
    digest = digest_of_edition(head, [one["digest"] for one in parts])
    kept = {"head": head, "parts": parts, "digest": digest, "cells": cells, "change": change}
    edition = Edition.objects.create(
        publication=publication, ordinal=ordinal, language=language, published_at=at, published_by=by.uuid, **kept
    )
    facts = {"publication": publication.uuid, "ordinal": ordinal, "language": language, "digest": digest}
    append(by=by, at=at, verb="publications.edition.published", thing=edition, place=publication.series.region.lineage, facts=facts)
    return edition


def _one_at_a_time() -> None:
    """What is published and what is taken back come one after another, until the transaction ends: whoever takes back finds every edition,
    and no figure is let out without those beside it."""
    list(Publication.objects.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


@action
def publish(*, by: Principal, at: datetime, uuid: UUID, change_said: str = "") -> list[Edition]:
    """Publish what is composed, in every language of its forewords: the first edition, or a later one that says what changed.

    Raises `Conflict` where nothing is chosen, `Invalid` where a later edition does not say what changed.
    """
    _one_at_a_time()
    held = hold(publication_rules.visible_to(by).select_related("series__region"), uuid)
    publication_rules.require(by, "compose", held)
    if held.series.kind == SeriesKind.PRACTICES and not held.practices.filter(state=PracticeState.PUBLISHED).exists():
        raise Conflict(gettext_noop("Choose at least one practice first."))
    last = held.editions.aggregate(last=Max("ordinal"))["last"] or 0
    change_said = change_said.strip()
    if last and not 5 <= len(change_said) <= 2000:
        raise Invalid({"change": gettext_noop("Say in 5 to 2,000 characters what changed from the edition before.")})
    made = []
    for language in held.forewords:
        parts, cells = compiled(held, language)
        said = change_said if last else ""
        made.append(_freeze(held, parts, plain(cells), ordinal=last + 1, language=language, by=by, at=at, change=said))
    if held.published_at is None:
        change(held, {"published_at": at}, version=None)
    return made


def take_out(practice: Any, by: Principal, at: datetime) -> None:
    """Inside the withdrawal of a clearance: the practice leaves every edition that is seen further than its Member lets it be, and each of
    those publications gets a corrected edition, counted anew."""
    key = str(practice.uuid)
    _one_at_a_time()
    for publication in Publication.objects.filter(practices=practice).select_related("series__region"):
        gone = practice.state == PracticeState.WITHDRAWN or practice.sight == Sight.OWN
        if gone or (publication.reach == Reach.PUBLIC and practice.sight != Sight.PUBLIC):
            publication.practices.remove(practice)
    for publication in Publication.objects.filter(published_at__isnull=False).select_related("series__region"):
        wide = publication.reach == Reach.PUBLIC and practice.sight != Sight.PUBLIC
        if practice.state == PracticeState.WITHDRAWN or practice.sight == Sight.OWN or wide:
            words = gettext_noop(
                "One Member has withdrawn its clearance: what it had cleared was taken out, and the tables were counted anew."
            )
            _correct(publication, lambda one: key in one.get("facts", {}).get("practices", ()), words, by=by, at=at)


def _correct(publication: Publication, touches: Any, words: str, *, by: Principal, at: datetime) -> None:
    """Take the parts that `touches` finds out of every edition, and publish what is left, with its tables made anew."""
    editions = list(publication.editions.order_by("ordinal", "language").select_for_update())
    if not any(touches(one) for edition in editions for one in edition.parts):
        return
    last = max(edition.ordinal for edition in editions)
    before = {edition.language: [dict(one) for one in edition.parts] for edition in editions if edition.ordinal == last}
    cells = {edition.language: edition.cells for edition in editions if edition.ordinal == last}
    day = at.date().isoformat()
    for edition in editions:
        parts = [{"key": one["key"], "digest": one["digest"], "taken_on": day} if touches(one) else one for one in edition.parts]
        if parts != edition.parts:
            change(edition, {"parts": parts}, version=None)
            facts = {"taken_out": [one["key"] for one in edition.parts if touches(one)]}
            append(
                by=by, at=at, verb="publications.edition.taken_from", thing=edition, place=publication.series.region.lineage, facts=facts
            )
    for language, parts in before.items():
        with translation.override(language):
            if publication.series.kind == SeriesKind.ANNUAL or any(touches(one) and one["key"] == "follow-up" for one in parts):
                kept = [one for one in parts if one["key"].startswith("practice-") and not touches(one)]
                anew, said = compiled(publication, language)
                # Entries stay as they were; only what is counted is made anew.
                opening = [one for one in anew if not one["key"].startswith("practice-") and one["key"] != "tables"]
                opening[0] = next((one for one in parts if one["key"] == "foreword"), opening[0])
                middle = [tables(kept), *kept] if publication.series.kind == SeriesKind.PRACTICES else []
                fresh, counted = [opening[0], *middle, *opening[1:]], plain(said)
            else:
                kept = [one for one in parts if not touches(one) and "taken_on" not in one]
                counted_anew = tables([one for one in kept if one["key"].startswith("practice-")])
                fresh, counted = [counted_anew if one["key"] == "tables" else one for one in kept], cells[language]
            change_said = gettext(words)
        _freeze(publication, fresh, counted, ordinal=last + 1, language=language, by=by, at=at, change=change_said)
    letters.tell_corrected(publication, by=by, at=at)


@action
def let_count(*, by: Principal, at: datetime, place: Any, activity: UUID) -> Counting:
    """A Member lets its officers' follow-up answers at an activity be counted in publications."""
    held = _own(by, place, activity)
    kept, new = Counting.objects.get_or_create(place=place, activity=held, defaults={"at": at})
    if not new:
        nothing_done()
        return kept
    append(by=by, at=at, verb="publications.counting.let", thing=kept, place=place.lineage, facts={"activity": held.uuid})
    return kept


@action
def stop_counting(*, by: Principal, at: datetime, place: Any, activity: UUID) -> None:
    """A Member takes that back: tables that counted its officers leave every edition, and corrected editions are published."""
    _one_at_a_time()
    held = _own(by, place, activity)
    kept = Counting.objects.select_for_update().filter(place=place, activity=held).first()
    if kept is None:
        raise NotFound
    append(by=by, at=at, verb="publications.counting.stopped", thing=kept, place=place.lineage, facts={"activity": held.uuid})
    kept.delete()
    uuid, code = str(held.uuid), place.code
    words = gettext_noop("One Member no longer lets its officers’ answers be counted: the table was taken out and made anew without them.")

    def touches(one: Part) -> bool:
        facts = one.get("facts", {})
        return uuid in facts.get("activities", ()) and code in facts.get("members", ())

    for publication in Publication.objects.filter(published_at__isnull=False).select_related("series__region"):
        _correct(publication, touches, words, by=by, at=at)


def _own(by: Principal, place: Any, activity: UUID) -> Any:
    if not by.is_system and not (by.holds(*COORDINATOR, over=place.lineage) and by.scoped("publications:write")):
        raise NotAllowed(gettext_noop("A Member’s own coordinator says whether its answers are counted."))
    held = activity_rules.visible_to(SYSTEM).filter(uuid=activity, invitations__place=place).distinct().first()
    if held is None:
        raise NotFound
    return held


def fetched(edition: Edition, form: Form, place: Any) -> None:
    """Count that someone of this administration or body (None: not signed in) fetched a form of the edition. A machine's count, no act."""
    kept = Fetch.objects.filter(edition=edition, form=form, place=place)
    if not kept.update(n=F("n") + 1):
        Fetch.objects.bulk_create([Fetch(edition=edition, form=form, place=place)], ignore_conflicts=True)
        kept.update(n=F("n") + 1)
