"""Showing what is wrong with a form, whatever app it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from entrepot.kernel.errors import DomainError, Invalid, StaleEdit, TooManyRequests

from .words import say


def show_faults(form: forms.Form, error: DomainError) -> None:
    """Put a domain error where the person can act on it: beside its field, or on top."""

    if isinstance(error, StaleEdit):
        form.add_error(None, say(error.text))
        for name, theirs in error.theirs.items():
            if name in form.fields and theirs != error.yours.get(name):
                form.add_error(name, gettext("Meanwhile saved by someone else: “%(theirs)s”.") % {"theirs": theirs})
        sent: Any = form.data  # a QueryDict: a field may have several values
        form.data = sent.copy()
        form.data["version"] = str(error.current_version)  # type: ignore[index]
        return
    if isinstance(error, Invalid) and error.faults:
        for name, fault in error.faults.items():
            form.add_error(name if name in form.fields else None, say(fault))
        return
    form.add_error(error.field if error.field in form.fields else None, say(error.text))


def acted(form: forms.Form, act: Callable[..., Any]) -> Any:
    """The result of `act` with what the form holds, or None where the form or the act is at fault: the form then shows it.

    Raises `TooManyRequests`: then nothing was tried.
    """
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except TooManyRequests:
        raise
    except DomainError as error:
        show_faults(form, error)
        return None


def page_with_form(request: Any, form: Any, title: str, back: str, back_title: str, **more: Any) -> HttpResponse:
    """A page that is one form, with the way back; 422 where something is wrong with it. `more`: `intro`, `submit`, `confirm`, `tone`."""
    context = {"form": form, "title": title, "back": back, "back_title": back_title, **more}
    return render(request, "shell/form_page.html", context, status=422 if form.errors else 200)
