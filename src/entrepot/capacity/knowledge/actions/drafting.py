"""Writing a practice, its translations and its attachments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO
from uuid import UUID

from entrepot.capacity.evaluation.api import action_item_rules
from entrepot.ground.documents.api import about, keep
from entrepot.ground.documents.api import retire as retire_document
from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from entrepot.kernel.languages import LANGUAGES
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import gettext_noop

from .. import letters
from ..enums import PracticeState
from ..fields import TOLD, checked, told
from ..indexing import index
from ..models import Practice, Translation, Version
from ..rules import COORDINATOR, OFFICE, practice_rules, translation_rules
from .again import ask_again

MOST_FILES = 12


@action
def draft(
    *, by: Principal, at: datetime, place: Any, topic: Any, item: UUID | None = None, parent: UUID | None = None, **values: Any
) -> Practice:
    """Draft a practice of the Member `place`, from an action item that was done, from another practice (`parent`), or from nothing.

    Raises `NotAllowed`, `NotFound`, `Invalid`.
    """
    if not by.is_system and not (by.holds(*OFFICE, *COORDINATOR, over=place.lineage) and by.scoped("knowledge:write")):
        raise NotAllowed(gettext_noop("You draft practices of your own administration."))
    clean = checked({"title": "", **values})
    source = None
    if item is not None:
        visible = action_item_rules.visible_to(by).select_related("nomination__activity", "nomination__invitation")
        source = visible.filter(uuid=item, nomination__invitation__place=place).first()
        if source is None:
            raise NotFound
    grown = None
    if parent is not None:
        grown = practice_rules.visible_to(by).filter(uuid=parent).first()
        if grown is None:
            raise NotFound
    return begin(by=by, at=at, place=place, topic=topic, item=source, parent=grown, **clean)


def begin(*, by: Principal, at: datetime, place: Any, **values: Any) -> Practice:
    """The draft itself, inside an action: its first version, its words, the Member's coordinators asked."""
    source = values.get("item")
    activity = source.nomination.activity if source else None
    practice = Practice.objects.create(place=place, activity=activity, drafted_at=at, drafted_by=by.uuid, **values)
    Version.objects.create(practice=practice, number=1, at=at, by_uuid=by.uuid, values=told(practice))
    index(practice)
    facts = {"item": source.uuid if source else None, "activity": activity.uuid if activity else None}
    facts["parent"] = practice.parent.uuid if practice.parent else None
    append(by=by, at=at, verb="knowledge.practice.drafted", thing=practice, place=place.lineage, facts=facts)
    letters.ask_clearance(practice, by=by, at=at)
    return practice


def held(by: Principal, uuid: UUID, verb: str) -> Practice:
    """A practice in hand, for someone who may do this with it."""
    practice = hold(practice_rules.visible_to(by).select_related("place", "topic"), uuid)
    practice_rules.require(by, verb, practice)
    return practice


@action
def edit(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Practice:
    """Change a practice; each change is a version that is kept. What the Member had cleared and someone else changed it clears again."""
    practice = held(by, uuid, "edit")
    changed = change(practice, checked(values), version=version)
    if not changed:
        nothing_done()
        return practice
    _renumber(practice, sorted(changed), by=by, at=at)
    index(practice)
    return practice


def _renumber(practice: Practice, fields: list[str], *, by: Principal, at: datetime) -> None:
    """Inside an action: the practice is another one than before, so that what was cleared or reviewed of it no longer counts."""
    change(practice, {"number": practice.number + 1}, version=None)
    Version.objects.create(practice=practice, number=practice.number, at=at, by_uuid=by.uuid, values=told(practice))
    if practice.state == PracticeState.CLEARED:
        if by.holds(*COORDINATOR, over=practice.place.lineage):
            ask_again(practice, by=by, at=at)
        else:
            change(practice, {"state": PracticeState.DRAFT, "cleared_at": None, "cleared_by": None}, version=None)
            letters.ask_clearance(practice, by=by, at=at)
    facts = {"fields": fields, "number": practice.number}
    append(by=by, at=at, verb="knowledge.practice.edited", thing=practice, place=practice.place.lineage, facts=facts)


@action
def translate(*, by: Principal, at: datetime, uuid: UUID, language: str, values: Mapping[str, Any]) -> Translation:
    """Tell a practice in another language. The Member's own coordinator clears it by writing it; from anyone else it waits for that."""
    practice = held(by, uuid, "translate")
    if language not in LANGUAGES or language == practice.language:
        raise Invalid({"language": gettext_noop("Choose a language other than that of the practice itself.")})
    clean = checked(values, frozenset(TOLD))
    if not clean.get("title"):
        raise Invalid({"title": gettext_noop("Give the practice a title.")})
    cleared = at if by.is_system or by.holds(*COORDINATOR, over=practice.place.lineage) else None
    given = {"of_number": practice.number, "values": clean, "at": at, "by_uuid": by.uuid, "cleared_at": cleared}
    translation = Translation.objects.select_for_update().filter(practice=practice, language=language).first()
    if translation:
        change(translation, given, version=None)
    else:
        translation = Translation.objects.create(practice=practice, language=language, **given)
    index(practice)
    facts = {"practice": practice.uuid, "language": language, "number": practice.number}
    append(by=by, at=at, verb="knowledge.translation.written", thing=translation, place=practice.place.lineage, facts=facts)
    if cleared is None:
        letters.ask_clearance(practice, by=by, at=at, language=language)
    return translation


@action
def clear_translation(*, by: Principal, at: datetime, uuid: UUID) -> Translation:
    """The Member agrees to what a translation says."""
    translation = hold(translation_rules.visible_to(by).select_related("practice__place"), uuid)
    translation_rules.require(by, "clear", translation)
    if translation.cleared_at:
        nothing_done()
        return translation
    change(translation, {"cleared_at": at}, version=None)
    index(translation.practice)
    lineage = translation.practice.place.lineage
    append(by=by, at=at, verb="knowledge.translation.cleared", thing=translation, place=lineage)
    return translation


def attach(*, by: Principal, at: datetime, uuid: UUID, title: str, name: str, content: BinaryIO) -> Any:
    """Keep a file with a practice that is under way; it is seen as far as the practice is, and cleared and reviewed like its text.

    Raises `Conflict`, `Invalid`.
    """
    practice = practice_rules.visible_to(by).select_related("place").filter(uuid=uuid).first()
    if practice is None:
        raise NotFound
    practice_rules.require(by, "attach", practice)
    if about(practice.uuid).count() >= MOST_FILES:
        raise Conflict(gettext_noop("A practice has at most %(most)s files."), most=MOST_FILES)
    also = partial(_with_other_files, by, at, uuid)
    return keep(by=by, at=at, place=practice.place, about=practice.uuid, title=title, name=name, content=content, also=also)


@action
def detach(*, by: Principal, at: datetime, uuid: UUID, document: UUID) -> None:
    """Take a file away from a practice that is under way."""
    practice = _with_other_files(by, at, uuid)
    found = about(practice.uuid).filter(uuid=document).first()
    if found is None:
        raise NotFound
    # The practice's rule has decided; the document's own knows only whoever kept it.
    retire_document(by=by if found.kept_by == by.uuid else SYSTEM, at=at, uuid=found.uuid)


def _with_other_files(by: Principal, at: datetime, uuid: UUID) -> Practice:
    """Inside the action by which a practice gets or loses a file. Before anybody cleared or reviewed it, that is no new version."""
    practice = held(by, uuid, "attach")
    if practice.state == PracticeState.CLEARED or practice.reviews.filter(number=practice.number).exists():
        _renumber(practice, ["files"], by=by, at=at)
    return practice
