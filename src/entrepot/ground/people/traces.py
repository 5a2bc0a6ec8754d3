"""Where a person's name and addresses stand in what others wrote: found in every table, and taken out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from entrepot.ground.keeping.api import Record, change

from .core import Traces, traces
from .models import Person

_TEXTS = (models.CharField, models.TextField, models.JSONField)
_OURS = "entrepot."
NOT_SWEPT = frozenset({"people", "journal", "region"})
"""A person's own row is blanked by itself; the journal holds no names; names of places are no names of people."""
NOT_REFERRING = frozenset({"journal", "records"})
"""Statements refer by identities, which their own room moves."""


class Found(Traces):
    """The traces of one person, to look for in the database."""

    def among(self, rows: QuerySet[Any], *fields: str) -> QuerySet[Any]:
        """Those of `rows` in whose `fields` (text or JSON) one of them may stand: look at each with `out_of`.

        They are locked, always in one order: what somebody is just writing there is waited for, and not written over.
        """
        if not self.clues:
            return rows.none()
        as_text = {f"text_of_{name}": Cast(name, models.TextField()) for name in fields}
        locked = rows.select_for_update(of=("self",)).order_by("pk")
        return locked.alias(**as_text).filter(reduce(or_, (Q(**{f"{name}__icontains": clue}) for name in as_text for clue in self.clues)))


def records_of(person_id: int) -> list[Person]:
    """The person's record, and every record that was merged into it."""
    found = list(Person.objects.filter(pk=person_id))
    for one in found:
        found += Person.objects.filter(merged_into=one)
    return found


def traces_of(person_id: int) -> Found:
    """What identifies a person in the words of others. What somebody else has too, a name or a shared mailbox, is not looked for."""
    mine = records_of(person_id)
    names = {name for one in mine for name in (one.full_name, one.latin_name)}
    others = Person.objects.filter(erased_at__isnull=True, merged_into__isnull=True).exclude(pk__in=[one.pk for one in mine])
    taken = others.filter(Q(full_name__in=names) | Q(latin_name__in=names)).values_list("full_name", "latin_name")
    shared = {one.contact_email for one in mine} & set(others.values_list("contact_email", flat=True))
    addresses = {address or "" for one in mine for address in (one.email, one.contact_email)} - shared
    addresses |= set(EmailAddress.objects.filter(user__in=mine).values_list("email", flat=True))
    found = traces(sorted(names - {name for both in taken for name in both}), sorted(addresses))
    return Found(found.names, found.addresses)


def refer_to(kept: Person, *, instead_of: Person) -> None:
    """Every column of ours that holds the uuid of the dropped record holds that of the kept one; the journal says what was, and stays."""
    for config in apps.get_app_configs():
        if not config.name.startswith(_OURS) or config.label in NOT_REFERRING:
            continue
        for model in config.get_models():
            for field in model._meta.concrete_fields:
                if isinstance(field, models.UUIDField) and field.name not in ("uuid", "lease") and not field.primary_key:
                    model._default_manager.filter(**{field.name: instead_of.uuid}).update(**{field.name: kept.uuid})


def sweep(person_id: int, _at: datetime, *, but: Collection[str] = ()) -> None:
    """Take a person's name and addresses out of every text of ours.

    `but` are tables (`app.Model`) that their room looks after itself, as something hangs on their text: a digest, an index.
    """
    looked_for = traces_of(person_id)
    for model, fields in _swept(but):
        _take_out(looked_for, model, fields)


def _swept(but: Collection[str]) -> Iterator[tuple[type[models.Model], list[str]]]:
    for config in apps.get_app_configs():
        if not config.name.startswith(_OURS) or config.label in NOT_SWEPT:
            continue
        for model in config.get_models():
            fields = [field.name for field in model._meta.concrete_fields if isinstance(field, _TEXTS) and not field.unique]
            if fields and model._meta.managed and model._meta.label not in but:
                yield model, fields


def _take_out(looked_for: Found, model: type[models.Model], fields: Iterable[str]) -> None:
    for row in looked_for.among(model._default_manager.all(), *fields):
        before = {name: getattr(row, name) for name in fields}
        after = {name: value for name, old in before.items() if (value := looked_for.out_of(old)) != old}
        if after and isinstance(row, Record):
            change(row, after, version=None)
        elif after:
            model._default_manager.filter(pk=row.pk).update(**after)
