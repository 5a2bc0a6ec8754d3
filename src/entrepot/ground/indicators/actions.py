"""Defining indicators, entering and correcting values, sharing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from entrepot.ground.journal.api import action, append, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.region.api import place_rules
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.principals import SYSTEM, Principal
from entrepot.kernel.texts import Text, gettext_noop

from .core import LARGEST, LONGEST, Fault, Row, read_rows, span_of, span_text
from .enums import Direction, Every
from .models import Former, Indicator, Series, Value
from .rules import COORDINATOR, ENTER, OFFICE, indicator_rules, series_rules, value_rules

EDITABLE = frozenset({"title", "definition", "unit", "direction", "baseline", "baseline_note", "source"})
"""Code, length of period and whether it is about people stay: values already entered mean what they meant."""
LIMITS = {"code": 24, "title": 160, "definition": 4000, "unit": 40, "baseline_note": 160, "source": 300}
WHERE = ("member", "office")
MOST_VALUES = 5000
"""Rows of a file: more would hold everyone who writes up for longer than they wait; a Member's ten years by the month are 120."""
MOST_FAULTS = 50


class BadRows(Invalid):
    """Rows that cannot be taken: each is named, and none was written."""

    code = "bad-rows"
    message = gettext_noop("Nothing was taken from the file: some rows need correcting.")

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = sorted(faults, key=lambda fault: fault.number)
        self.rows = shown
        said = {f"row {fault.number}, {place}": fault.text for place, fault in enumerate(shown[:MOST_FAULTS], 1)}
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Taken:
    """How many values were new, corrected, and there already."""

    new: int
    corrected: int
    same: int


def _checked(values: Mapping[str, Any], needed: Iterable[str]) -> dict[str, Any]:
    clean: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    faults: dict[str, Text | str] = {}
    for name, limit in LIMITS.items():
        if len(clean.get(name) or "") > limit:
            faults[name] = Text(gettext_noop("At most %(limit)s characters."), {"limit": limit})
    for name, known in (("direction", Direction), ("every", Every)):
        if name in clean and clean[name] not in list(known):
            faults[name] = gettext_noop("Choose one of the answers offered.")
    if clean.get("baseline") is not None and abs(clean["baseline"]) >= LARGEST:
        faults["baseline"] = gettext_noop("This figure is too large to be kept.")
    for name in needed:
        if clean.get(name) in (None, ""):
            faults.setdefault(name, gettext_noop("Please answer this."))
    if faults:
        raise Invalid(faults)
    return clean


@action
def define(*, by: Principal, at: datetime, place: Any, code: str, about_people: bool = False, **values: Any) -> Indicator:
    """Define what is measured, for a region or for one Member. Raises `NotAllowed`, `Invalid` naming every field, `Conflict`."""
    keepers = OFFICE if place.kind == "region" else COORDINATOR
    if place.kind not in ("region", "member"):
        raise Invalid({"place": gettext_noop("A definition is a region’s or a Member’s.")})
    if not by.is_system and not (by.holds(*keepers, over=place.lineage) and by.scoped("indicators:write") and "indicators" not in by.off):
        raise NotAllowed(gettext_noop("The regional office defines for the region, a coordinator for one Member."))
    given = {"code": code.upper(), **values}
    if set(given) - EDITABLE - {"code", "every"}:
        raise Invalid({name: gettext_noop("This cannot be given here.") for name in set(given) - EDITABLE - {"code", "every"}})
    clean = _checked(given, ("code", "title", "definition", "unit", "direction", "every", "source"))
    if not clean["code"].replace("-", "").replace("_", "").isalnum() or not clean["code"].isascii():
        raise Invalid({"code": gettext_noop("Letters, figures and hyphens only.")})
    if Indicator.objects.filter(place=place, code=clean["code"]).exists():
        raise Conflict(gettext_noop("There is an indicator with this code already."), field="code")
    made = Indicator.objects.create(place=place, about_people=about_people, defined_at=at, defined_by=by.uuid, **clean)
    append(by=by, at=at, verb="indicators.indicator.defined", thing=made, place=place.lineage, facts={"code": made.code, "unit": made.unit})
    return made


@action
def edit(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Indicator:
    """Change a definition. Raises `NotFound`, `NotAllowed`, `Invalid`, `StaleEdit`."""
    held = hold(indicator_rules.visible_to(by).select_related("place"), uuid)
    indicator_rules.require(by, "edit", held)
    fixed = {
        name: gettext_noop("This cannot be changed: values already entered would mean something else.") for name in set(values) - EDITABLE
    }
    if fixed:
        raise Invalid(fixed)
    changed = change(held, _checked(values, [name for name in values if name not in ("baseline", "baseline_note")]), version=version)
    if changed:
        append(by=by, at=at, verb="indicators.indicator.edited", thing=held, place=held.place.lineage, facts={"fields": sorted(changed)})
    else:
        nothing_done()
    return held


@action
def retire(*, by: Principal, at: datetime, uuid: UUID, back: bool = False) -> Indicator:
    """Take an indicator out of use, or back into it; its values stay."""
    held = hold(indicator_rules.visible_to(by).select_related("place"), uuid)
    indicator_rules.require(by, "edit", held)
    if change(held, {"retired_at": None if back else held.retired_at or at}, version=None):
        verb = "indicators.indicator.taken_back" if back else "indicators.indicator.retired"
        append(by=by, at=at, verb=verb, thing=held, place=held.place.lineage)
    else:
        nothing_done()
    return held


def _series(indicator: Indicator, place: Any, by: Principal) -> Series:
    """The series of this place, locked, made where it is missing; only for those who may enter. Raises `NotAllowed`."""
    allowed = by.is_system or (by.holds(*ENTER, over=place.lineage) and by.scoped("indicators:write") and "indicators" not in by.off)
    if not allowed:
        raise NotAllowed(gettext_noop("You enter values of your own administration only."))
    Series.objects.get_or_create(indicator=indicator, place=place)
    return Series.objects.select_for_update().get(indicator=indicator, place=place)


def _open(by: Principal, indicator: UUID) -> Indicator:
    held = hold(indicator_rules.visible_to(by).select_related("place"), indicator)
    if held.retired_at:
        raise Conflict(gettext_noop("This indicator is out of use: no values are taken any more."))
    return held


@action
def enter(
    *, by: Principal, at: datetime, indicator: UUID, place: Any, starts_on: date, value: Decimal, n: int | None = None, note: str = ""
) -> Value:
    """Enter the value of one period. Raises `Conflict` where there is one: that is corrected, with a reason."""
    held = _open(by, indicator)
    faults: dict[str, Text | str] = {}
    if place.kind not in WHERE or not place.lineage.startswith(held.place.lineage):
        faults["place"] = gettext_noop("Values are of a Member or an office that the indicator is for.")
    if span_of(starts_on, Every(held.every)) != starts_on:
        faults["starts_on"] = gettext_noop("A period is known by its first day.")
    if starts_on > at.date():
        faults["starts_on"] = gettext_noop("This period has not begun yet.")
    if held.about_people and n is None:
        faults["n"] = gettext_noop("Say about how many people the figure is (n).")
    if abs(value) >= LARGEST:
        faults["value"] = gettext_noop("This figure is too large to be kept.")
    if len(note) > LONGEST:
        faults["note"] = Text(gettext_noop("The note is longer than %(limit)s characters."), {"limit": LONGEST})
    if faults:
        raise Invalid(faults)
    series = _series(held, place, by)
    if series.values.filter(starts_on=starts_on).exists():
        raise Conflict(
            gettext_noop("There is a value for this period already. Correct that one: its former figure is kept."), field="starts_on"
        )
    made = Value.objects.create(series=series, starts_on=starts_on, value=value, n=n, note=note.strip(), entered_at=at, entered_by=by.uuid)
    append(by=by, at=at, verb="indicators.value.entered", thing=made, place=place.lineage, facts={"code": held.code, "period": starts_on})
    return made


@action
def correct(
    *, by: Principal, at: datetime, uuid: UUID, value: Decimal, n: int | None, reason: str, version: int | None, note: str | None = None
) -> Value:
    """Correct a value; what it was is kept with who, when and why. Raises `NotFound`, `NotAllowed`, `Invalid`, `StaleEdit`."""
    held = hold(value_rules.visible_to(by).select_related("series__place", "series__indicator"), uuid)
    value_rules.require(by, "correct", held)
    faults: dict[str, Text | str] = {}
    if not reason.strip() or len(reason) > LONGEST:
        faults["reason"] = gettext_noop("Say why, in at most 200 characters.")
    if held.series.indicator.about_people and n is None:
        faults["n"] = gettext_noop("Say about how many people the figure is (n).")
    if abs(value) >= LARGEST:
        faults["value"] = gettext_noop("This figure is too large to be kept.")
    if faults:
        raise Invalid(faults)
    values = {"value": value, "n": n, "note": held.note if note is None else note}
    if _replace(held, values, by=by, at=at, reason=reason.strip(), version=version):
        facts = {"code": held.series.indicator.code, "period": held.starts_on}
        append(by=by, at=at, verb="indicators.value.corrected", thing=held, place=held.series.place.lineage, facts=facts)
    else:
        nothing_done()
    return held


def _replace(held: Value, values: dict[str, Any], *, by: Principal, at: datetime, reason: str, version: int | None) -> dict[str, Any]:
    was = {"value": held.value, "n": held.n, "entered_at": held.entered_at, "entered_by": held.entered_by}
    if version in (None, held.version) and all(getattr(held, name) == new for name, new in values.items()):
        return {}
    changed = change(held, {**values, "entered_at": at, "entered_by": by.uuid}, version=version)
    if {"value", "n"} & set(changed):
        Former.objects.create(of=held, **was, replaced_at=at, replaced_by=by.uuid, reason=reason)
    return changed


@action
def take_file(
    *, by: Principal, at: datetime, indicator: UUID, table: Iterable[tuple[int, Sequence[Any]]], correcting: bool = False, reason: str = ""
) -> Taken:
    """Take the rows of a file, all or none; the same file again changes nothing.

    `table` is (row number, cells), as `kernel.sheets.read_table` gives it. A value that differs from the one kept is refused unless
    `correcting`; then the former one is kept. Raises `BadRows` with what is wrong in each row, in words.
    """
    held = _open(by, indicator)
    rows, faults = read_rows(table, Every(held.every), about_people=held.about_people, unit=held.unit)
    sorter = _Sorter(held, by, at, correcting=correcting)
    plan = [placed for row in rows if (placed := sorter.placed(row))]
    if faults or sorter.faults:
        raise BadRows([*faults, *sorter.faults])
    return _take(plan, held, by, at, reason.strip()[:LONGEST] or "file")


class _Sorter:
    """Says of each row which place and value it belongs to, or what is wrong with it."""

    def __init__(self, indicator: Indicator, by: Principal, at: datetime, *, correcting: bool) -> None:
        self.indicator, self.by, self.today, self.correcting = indicator, by, at.date(), correcting
        found = place_rules.visible_to(SYSTEM).filter(lineage__under=indicator.place.lineage, kind__in=WHERE)
        self.places = {place.code.upper(): place for place in found if by.is_system or by.holds(*ENTER, over=place.lineage)}
        self.kept: dict[str, dict[date, Value]] = {}
        self.faults: list[Fault] = []

    def placed(self, row: Row) -> tuple[Row, Any, Value | None] | None:
        """The row with its place and the value that is there already; None where it is at fault."""
        values: dict[str, object] = {"place": row.place[:40], "period": span_text(row.starts_on, Every(self.indicator.every))}
        place = self.places.get(row.place)
        if place is None:
            self._fault(row, gettext_noop("%(place)s is no place of yours."), values)
            return None
        if row.starts_on > self.today:
            self._fault(row, gettext_noop("%(period)s has not begun yet."), values)
            return None
        if row.place not in self.kept:
            series = _series(self.indicator, place, self.by)
            self.kept[row.place] = {value.starts_on: value for value in series.values.select_for_update()}
        there = self.kept[row.place].get(row.starts_on)
        if there and not self.correcting and (there.value, there.n) != (row.value, row.n):
            said = gettext_noop("%(place)s, %(period)s holds %(value)s already. Tick “correct” to replace it.")
            self._fault(row, said, {**values, "value": f"{there.value.normalize():f}"})
            return None
        return row, place, there

    def _fault(self, row: Row, said: str, values: Mapping[str, object]) -> None:
        self.faults.append(Fault(row.number, Text(said, values)))


def _take(plan: list[tuple[Row, Any, Value | None]], held: Indicator, by: Principal, at: datetime, reason: str) -> Taken:
    series = {one.place_id: one for one in held.series.filter(place__in={place.pk for _, place, _ in plan})}
    fresh = [
        Value(series=series[place.pk], starts_on=row.starts_on, value=row.value, n=row.n, note=row.note, entered_at=at, entered_by=by.uuid)
        for row, place, there in plan
        if there is None
    ]
    Value.objects.bulk_create(fresh, batch_size=500)
    corrected = 0
    for row, _, there in plan:
        if there is None:
            continue
        values = {"value": row.value, "n": row.n, "note": row.note or there.note}
        corrected += bool(_replace(there, values, by=by, at=at, reason=reason, version=None))
    taken = Taken(len(fresh), corrected, len(plan) - len(fresh) - corrected)
    if taken.new or taken.corrected:
        touched = sorted({place.lineage for _, place, _ in plan})
        facts = {"code": held.code, "new": taken.new, "corrected": taken.corrected, "places": len(touched)}
        append(by=by, at=at, verb="indicators.file.taken", thing=held, place=_above(touched), facts=facts)
    else:
        nothing_done()
    return taken


def _above(lineages: Sequence[str]) -> str:
    """The longest lineage that all of these stand under."""
    parts = [lineage.rstrip("/").split("/") for lineage in lineages]
    common = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        common.append(level[0])
    return "/".join(common) + "/"


@action
def share(*, by: Principal, at: datetime, uuid: UUID, on: bool) -> Series:
    """Share a series with the regional office, or no longer."""
    held = hold(series_rules.visible_to(by).select_related("place", "indicator"), uuid)
    series_rules.require(by, "share", held)
    wanted = {"shared_at": held.shared_at or at, "shared_by": held.shared_by or by.uuid} if on else {"shared_at": None, "shared_by": None}
    if change(held, wanted, version=None):
        verb = "indicators.series.shared" if on else "indicators.series.unshared"
        append(by=by, at=at, verb=verb, thing=held, place=held.place.lineage, facts={"code": held.indicator.code})
    else:
        nothing_done()
    return held
