"""Number fields: no box in which a browser swallows a comma, what is unclear is asked with what was typed still there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

import entrepot
from entrepot.shell.fields import NumberField, WholeField
from tests.capacity.walking import Walk


def _forms() -> Iterator[type[forms.BaseForm]]:
    for found in pkgutil.walk_packages(entrepot.__path__, "entrepot."):
        if found.name.endswith(("web.forms", "web.views")):
            importlib.import_module(found.name)
    found: list[type] = list(forms.BaseForm.__subclasses__())
    while found:
        one = found.pop()
        found += one.__subclasses__()
        if one.__module__.startswith("entrepot"):
            yield one


def test_no_form_has_a_box_in_which_a_browser_changes_a_number() -> None:
    assert settings.configured
    assert get_user_model()
    boxes = {
        (one.__name__, name)
        for one in _forms()
        for name, field in getattr(one, "base_fields", {}).items()
        if isinstance(field.widget, forms.NumberInput) or (isinstance(field, forms.IntegerField) and not field.widget.is_hidden)
    }
    assert boxes == set()
    assert any(isinstance(field, NumberField) for one in _forms() for field in one.base_fields.values())


class _Form(forms.Form):
    amount = NumberField(least=0, most=1000, places=2, digits=6, unit="USD")
    seats = WholeField(required=False)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        *(("1,5", Decimal("1.5")), ("USD 12", Decimal(12)), ("١٢٫٥", Decimal("12.5")), ("1000.000,0", None), ("1,005", None)),
        *(("-1", None), ("1001", None), ("", None), ("0.125", None), ("five", None), ("99999", None)),
    ],
)
def test_a_number_is_taken_within_its_bounds_or_what_was_typed_stays(sent: str, kept: Decimal | None) -> None:
    form = _Form({"amount": sent})
    assert form.is_valid() == (kept is not None)
    if kept is not None:
        assert form.cleaned_data == {"amount": kept, "seats": None}
    else:
        assert form["amount"].value() == sent


def test_a_kept_number_is_shown_so_that_it_is_read_back() -> None:
    shown = _Form(initial={"amount": Decimal("1.234"), "seats": 1200})
    assert (shown["amount"].value(), shown["seats"].value()) == ("1.2340", "1200")
    again = _Form({"amount": "500", "seats": "1200"}, initial={"amount": Decimal("500.00"), "seats": 1200})
    assert again.changed_data == []


def test_what_could_mean_two_things_is_asked_on_the_page(world: Any) -> None:
    from entrepot.capacity.training.models import BudgetLine

    walk = Walk(world)
    uuid = walk.designed()
    browser, path = world.browser("manager"), f"/programme/{uuid}/budget/"
    asked = browser.post(path, {"title": "Rooms", "currency": "USD", "amount": "12.000"})
    text = asked.content.decode()
    assert asked.status_code == 422
    assert "can mean 12000 or 12. Write 12000 or 12." in text
    assert 'value="12.000"' in text
    assert browser.post(path, {"title": "Rooms", "currency": "USD", "amount": "1 500,50"}).status_code == 302
    assert BudgetLine.objects.get(title="Rooms").amount == Decimal("1500.50")
    need = world.browser("coordinator").get(reverse("needs:new")).content.decode()
    assert 'type="number"' not in need
    assert 'inputmode="numeric"' in need
