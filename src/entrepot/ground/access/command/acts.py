"""What the parts of `entrepot person` do."""

from __future__ import annotations

import argparse
import sys
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from entrepot.ground.people import api as people
from entrepot.ground.region.api import find
from entrepot.ground.work.api import now
from entrepot.kernel.errors import DomainError, NotFound
from entrepot.kernel.principals import SYSTEM

from .. import actions


def done(part: str, options: argparse.Namespace) -> int:
    """Do one part and print what came of it; or why not, with exit code 2."""
    try:
        print(PARTS[part](options, {"by": SYSTEM, "at": now()}))
    except DomainError as error:
        print(error, *(f"{name}: {fault}" for name, fault in getattr(error, "faults", {}).items()), sep="\n", file=sys.stderr)
        return 2
    return 0


def _person(options: argparse.Namespace) -> Any:
    everyone = people.person_rules.visible_to(SYSTEM).select_related("home")
    try:
        return everyone.get(uuid=UUID(options.who)) if "@" not in options.who else people.person_by_address(options.who)
    except (ValueError, ObjectDoesNotExist):
        raise NotFound("There is nobody with this identifier or e-mail.") from None


def _place(code: str, options: argparse.Namespace) -> Any:
    try:
        return find(code, region=f"{options.region}/" if options.region else "")
    except NotFound:
        raise NotFound("There is no place with this code.") from None


def _register(options: argparse.Namespace, who: Any) -> str:
    home = _place(options.home, options)
    return str(people.register(**who, home=home, full_name=options.name, email=options.email).uuid)


def _give(options: argparse.Namespace, who: Any) -> str:
    place, begins = _place(options.place, options), options.from_on or who["at"].date()
    given = people.post(**who, person=_person(options), role=options.role, place=place, from_on=begins, to_on=options.to_on)
    return f"{given.role} at {place.code} from {given.from_on} until {given.to_on or 'further notice'}"


def _end(options: argparse.Namespace, who: Any) -> str:
    held = _person(options).postings.filter(role=options.role, place=_place(options.place, options)).order_by("-from_on").first()
    if held is None:
        raise NotFound("They do not hold this role there.")
    ended = people.end_posting(**who, uuid=held.uuid, to_on=options.to_on or who["at"].date())
    return f"{ended.role} at {options.place} until {ended.to_on}"


def _address(options: argparse.Namespace, who: Any) -> str:
    values = {name: getattr(options, name) for name in ("email", "contact_email") if getattr(options, name) is not None}
    changed = people.edit(**who, uuid=_person(options).uuid, values=values, version=None)
    return f"e-mail {changed.email or '–'}, contact address {changed.contact_email or '–'}"


def _invite(options: argparse.Namespace, who: Any) -> str:
    _, secret = actions.invite(**who, uuid=_person(options).uuid)
    return str(settings.ADDRESS + reverse("access:join", args=[secret]))


def _second_step(options: argparse.Namespace, who: Any) -> str:
    return f"{actions.reset_second_step(**who, uuid=_person(options).uuid)} taken away"


PARTS = {"register": _register, "give": _give, "end": _end, "address": _address, "invite": _invite, "second-step": _second_step}
