"""The pages of indicators."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.lineages import region_of
from entrepot.kernel.numbers import number_text
from entrepot.kernel.sheets import read_table
from entrepot.shell.forms import acted, page_with_form, show_faults
from entrepot.shell.tables import as_table

from .. import actions
from ..core import COLUMNS, following, span_of, span_text
from ..enums import Every
from ..pictures import picture
from ..queries import table
from ..rules import former_rules, indicator_rules, series_rules, value_rules
from .forms import CorrectionForm, EditForm, FileForm, IndicatorForm, ValueForm, enters, keepers


def _indicator(request: Any, uuid: UUID, verb: str = "view") -> Any:
    found = indicator_rules.visible_to(request.principal).select_related("place").filter(uuid=uuid).first()
    if found is None:
        raise NotFound
    indicator_rules.require(request.principal, verb, found)
    return found


def _entering(request: Any, uuid: UUID) -> Any:
    found = _indicator(request, uuid)
    if not enters(request.principal, found).exists():
        raise NotFound
    return found


@require_GET
def indicators(request: Any) -> HttpResponse:
    """The definitions one may see, one's own region's first."""
    if not request.principal.person_id:
        raise NotFound
    found = list(indicator_rules.visible_to(request.principal).select_related("place").order_by("retired_at", "title", "id")[:500])
    home = region_of(request.principal.home)
    found.sort(key=lambda one: (region_of(one.place.lineage) != home, one.retired_at is not None))
    return render(request, "indicators/indicators.html", {"rows": found, "defines": keepers(request.principal).exists()})


@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Define an indicator."""
    if not keepers(request.principal).exists():
        raise NotFound
    form = IndicatorForm(request.POST or None, principal=request.principal)
    if request.method == "POST":
        made = acted(form, partial(actions.define, by=request.principal, at=request.at))
        if made:
            messages.success(request, gettext("Defined. Values can be entered now."))
            return redirect("indicators:indicator", made.uuid)
    return page_with_form(request, form, gettext("Define an indicator"), reverse("indicators:indicators"), gettext("Indicators"))


@require_GET
def indicator(request: Any, uuid: UUID) -> HttpResponse:
    """One indicator: definition, chart, and the table of values that this reader may see."""
    found = _indicator(request, uuid)
    shown = table(request.principal, found)
    mine = [one for one in shown.series if series_rules.may(request.principal, "share", one)]
    chart, legend = picture(found, shown)
    context = {
        "indicator": found,
        "table": shown,
        "names": shown.names[::-1],
        "rows": [(one, cells[::-1]) for one, cells in zip(shown.series, shown.cells, strict=True)],
        "chart": chart,
        "legend": legend,
        "series": mine,
        "hides": any(cell and cell.hidden for row in shown.cells for cell in row),
        "may_enter": not found.retired_at and enters(request.principal, found).exists(),
        "may_edit": bool(indicator_rules.may(request.principal, "edit", found)),
    }
    return render(request, "indicators/indicator.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Any, uuid: UUID) -> HttpResponse:
    """Change a definition."""
    found = _indicator(request, uuid, "edit")
    initial = {name: getattr(found, name) for name in EditForm.base_fields}
    if found.baseline is not None:
        initial["baseline"] = f"{found.baseline.normalize():f}"
    form = EditForm(request.POST or None, initial=initial)

    def act(**values: Any) -> Any:
        return actions.edit(by=request.principal, at=request.at, uuid=uuid, values=values, version=found.version)

    if request.method == "POST" and acted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("indicators:indicator", uuid)
    return page_with_form(request, form, gettext("Edit"), reverse("indicators:indicator", args=[uuid]), found.title)


@require_POST
def retire(request: Any, uuid: UUID) -> HttpResponse:
    """Take it out of use, or back into it."""
    back = request.POST.get("back") == "1"
    actions.retire(by=request.principal, at=request.at, uuid=uuid, back=back)
    messages.success(request, gettext("In use again.") if back else gettext("Out of use. Its values stay."))
    return redirect("indicators:indicator", uuid)


@require_http_methods(["GET", "POST"])
def enter(request: Any, uuid: UUID) -> HttpResponse:
    """Enter the value of one period; the next period is asked for at once."""
    found = _entering(request, uuid)
    every = Every(found.every)
    latest = following(span_of(request.at.date(), every), every, -1)
    initial = {"starts_on": request.GET.get("period") or span_text(latest, every), "place": request.GET.get("place")}
    form = ValueForm(request.POST or None, indicator=found, principal=request.principal, initial=initial)
    if request.method == "POST":
        made = acted(form, partial(actions.enter, by=request.principal, at=request.at, indicator=uuid))
        if made:
            messages.success(request, gettext("Entered."))
            return redirect("indicators:indicator", uuid)
    return page_with_form(
        request, form, gettext("Enter a value"), reverse("indicators:indicator", args=[uuid]), found.title, intro=found.definition
    )


@require_http_methods(["GET", "POST"])
def file(request: Any, uuid: UUID) -> HttpResponse:
    """Take many values from a file, all or none."""
    found = _entering(request, uuid)
    form = FileForm(request.POST or None, request.FILES or None)
    faults: list[Any] = []
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            who = {"by": request.principal, "at": request.at, "indicator": uuid}
            more = {name: form.cleaned_data[name] for name in ("correcting", "reason")}
            taken = actions.take_file(**who, table=read_table(content, most_rows=actions.MOST_VALUES), **more)
        except actions.BadRows as error:
            faults = list(error.rows[: actions.MOST_FAULTS])
            form.add_error(None, _bad(len(error.rows)))
        except DomainError as error:
            show_faults(form, error)
        else:
            messages.success(request, _told(taken))
            return redirect("indicators:indicator", uuid)
    context = {"form": form, "indicator": found, "faults": faults}
    return render(request, "indicators/file.html", context, status=422 if form.errors else 200)


def _bad(count: int) -> str:
    said = ngettext("Nothing was taken: %(n)s row needs correcting.", "Nothing was taken: %(n)s rows need correcting.", count)
    return said % {"n": count}


def _told(taken: actions.Taken) -> str:
    if not taken.new and not taken.corrected:
        return gettext("All of it was here already: nothing was changed.")
    return gettext("Taken: %(new)s new, %(corrected)s corrected, %(same)s as before.") % {
        "new": taken.new,
        "corrected": taken.corrected,
        "same": taken.same,
    }


@require_GET
def blank(request: Any, uuid: UUID) -> HttpResponse:
    """A file to fill in: one row for each of one's places, for the last whole period."""
    found = _entering(request, uuid)
    every = Every(found.every)
    period = span_text(following(span_of(request.at.date(), every), every, -1), every)
    rows = [[place.code, period, "", "", ""] for place in enters(request.principal, found)]
    return as_table("csv", f"{found.code.lower()}-form", COLUMNS, rows)


@require_GET
def export(request: Any, uuid: UUID) -> HttpResponse:
    """All values that this reader may see, as rows that the import takes back; hidden ones are left empty and say so."""
    found = _indicator(request, uuid)
    shown = table(request.principal, found, most=None)
    rows = [
        [series.place.code, period, *_row(cell)]
        for series, cells in zip(shown.series, shown.cells, strict=True)
        for period, cell in zip(shown.names, cells, strict=True)
        if cell is not None
    ]
    return as_table("csv", found.code.lower(), COLUMNS, rows)


def _row(cell: Any) -> list[Any]:
    if cell.hidden:
        return ["", "", gettext("not shown: about fewer than five people")]
    return [number_text(cell.shown), "" if cell.n is None else cell.n, cell.value.note]


@require_http_methods(["GET", "POST"])
def value(request: Any, uuid: UUID) -> HttpResponse:
    """One value, what it was before, and its correction."""
    found = (
        value_rules.visible_to(request.principal, "correct").select_related("series__place", "series__indicator").filter(uuid=uuid).first()
    )
    if found is None:
        raise NotFound
    initial = {"value": found.value, "n": found.n, "version": found.version}
    form = CorrectionForm(request.POST or None, initial=initial)
    if request.method == "POST" and acted(form, partial(actions.correct, by=request.principal, at=request.at, uuid=uuid)):
        messages.success(request, gettext("Corrected. The former figure is kept."))
        return redirect("indicators:value", uuid)
    context = {
        "value": found,
        "form": form,
        "period": span_text(found.starts_on, Every(found.series.indicator.every)),
        "formers": former_rules.visible_to(request.principal).filter(of=found).order_by("-id"),
    }
    return render(request, "indicators/value.html", context, status=422 if form.errors else 200)


@require_POST
def share(request: Any, uuid: UUID) -> HttpResponse:
    """Share a series with the regional office, or no longer."""
    on = request.POST.get("on") == "1"
    found = actions.share(by=request.principal, at=request.at, uuid=uuid, on=on)
    said = gettext("The regional office reads these values now.") if on else gettext("The regional office reads these values no longer.")
    messages.success(request, said)
    return redirect("indicators:indicator", found.indicator.uuid)
