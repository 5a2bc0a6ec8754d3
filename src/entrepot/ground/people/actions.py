"""Registering people, posting them, and letting them go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.models import Q

from entrepot.ground.journal.api import action, append, digest, nothing_done
from entrepot.ground.keeping.api import change, hold
from entrepot.ground.region.api import place_rules
from entrepot.kernel.characters import UnfitText, clean_line
from entrepot.kernel.errors import Conflict, Invalid, NotAllowed
from entrepot.kernel.lineages import is_under
from entrepot.kernel.periods import Period
from entrepot.kernel.principals import Principal
from entrepot.kernel.roles import ROLES, Role
from entrepot.kernel.texts import Text, gettext_noop

from . import signing
from .core import GONE, fold, plain_address, sort_name, words
from .enums import Backing
from .lookups import count_lookup, require_lookups
from .models import NameWord, Person, Posting
from .rules import GRANTABLE, BeyondYourRole, may_give, person_rules, posting_rules, ungivable
from .traces import records_of, refer_to, traces_of
from .wiping import wipe_later

ADDRESSES = frozenset({"email", "contact_email"})
"""Where mail goes that lets one sign in as the person, or act by a link: changing one is acting on the person."""
EDITABLE = ADDRESSES | {"full_name", "family_name", "latin_name", "gender", "language", "time_zone"}


class OverlappingPosting(Conflict):
    """The person holds this role at this place on some of these days already."""

    code = "overlapping-posting"
    message = gettext_noop("This person already holds that role there from %(from)s. End that posting first, or choose later dates.")


class UnableToPost(NotAllowed):
    """The principal may not give this role at this place."""

    code = "unable-to-post"
    message = gettext_noop("You cannot give the role “%(role)s” there.")


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values, trimmed and checked. Raises `Invalid` naming every field at once."""
    clean = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    faults: dict[str, Text | str] = {name: gettext_noop("This cannot be changed here.") for name in set(clean) - EDITABLE}
    faults |= _fit_names(clean)
    if "full_name" in clean and not clean["full_name"]:
        faults["full_name"] = gettext_noop("Write the name as the person writes it; one word is enough.")
    if clean.get("family_name") and "full_name" in clean and fold(clean["family_name"]) not in fold(clean["full_name"]):
        faults["family_name"] = gettext_noop("The family name has to be a part of the full name, as written there.")
    for name, nothing in (("email", None), ("contact_email", "")):
        if name in clean:
            try:
                clean[name] = plain_address(clean[name]) if clean[name] else nothing
            except ValueError:
                faults[name] = gettext_noop("This is not an e-mail address.")
    if clean.get("time_zone") and clean["time_zone"] not in available_timezones():
        faults["time_zone"] = gettext_noop("There is no time zone of that name.")
    if clean.get("gender", "") not in ("", "F", "M", "X"):
        faults["gender"] = gettext_noop("Choose one of the answers offered.")
    if faults:
        raise Invalid(faults)
    return clean


def _fit_names(values: dict[str, Any]) -> dict[str, Text | str]:
    """Put the names among `values` in one line of characters that are kept, and say what is wrong with those that cannot be."""
    said = gettext_noop("At most %(limit)s characters.")
    faults: dict[str, Text | str] = {}
    for name, most in (("full_name", 200), ("latin_name", 200), ("family_name", 120)):
        try:
            if name in values:
                values[name] = clean_line(values[name] or "", field=name)
        except UnfitText as error:
            faults |= error.faults
        if len(values.get(name) or "") > most:
            faults[name] = Text(said, {"limit": most})
    return faults


def _refuse_taken_address(email: str | None, *, by: Principal, at: datetime, but: int | None = None) -> None:
    """Raise `Invalid` where the address signs in somebody. The answer is the same whoever that is, but it does tell that it is somebody: so
    it is given for few addresses of people whom the principal does not see, and after those for none, `TooManyRequests`."""
    if not email:
        return
    require_lookups(by, at)
    holder = Person.objects.filter(email=email).exclude(pk=but).first()
    if holder is None:
        return
    if not person_rules.visible_to(by).filter(pk=holder.pk).exists():
        count_lookup(by, at)
    raise Invalid({"email": gettext_noop("This address cannot be used. Ask the regional office if it should be.")})


@contextmanager
def _free_address(email: str | None, *, by: Principal, at: datetime, but: int | None = None) -> Iterator[None]:
    """Write inside what gives somebody this address: refused as taken, whether it was before or somebody else takes it at this moment."""
    _refuse_taken_address(email, by=by, at=at, but=but)
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        _refuse_taken_address(email, by=by, at=at, but=but)
        raise


def _backing(by: Principal, email: str | None, *, own: bool = False) -> Backing:
    """Who stands for an address that is written down now."""
    if by.is_system and email:
        return Backing.PROVED
    return Backing.SAID if own or not email or by.scopes is not None else Backing.HOME


def _index_names(person: Person) -> None:
    person.name_words.all().delete()
    NameWord.objects.bulk_create([NameWord(person=person, word=w) for w in sorted(words(person.full_name, person.latin_name))])


@action
def register(*, by: Principal, at: datetime, home: Any, vouched: bool = False, **values: Any) -> Person:
    """Register a person who belongs to `home`. Raises `Invalid`, `NotAllowed`.

    `vouched` says that the caller's own rule has decided that the principal speaks for `home` (a coordinator's link to nominate).
    """
    if not vouched:
        _require_may_register(by, home)
    clean = _checked({"full_name": "", **values})
    person = Person(home=home, created_at=at, joins_by_invitation=by.scopes is not None, **clean)
    person.sort_name = sort_name(person.full_name, person.family_name)
    person.email_backed = _backing(by, person.email)
    person.set_unusable_password()
    with _free_address(person.email, by=by, at=at):
        person.save()
    _index_names(person)
    append(by=by, at=at, verb="people.person.registered", thing=person, place=home.lineage)
    return person


def _require_may_register(by: Principal, home: Any) -> None:
    if not by.is_system and not by.holds(Role.REGIONAL_ADMIN, Role.NATIONAL_COORDINATOR, over=home.lineage):
        raise NotAllowed(gettext_noop("You register people of your own administration only."))
    if not by.scoped("people:write"):
        raise NotAllowed(gettext_noop("This token or link was not issued for that."))


@action
def edit(*, by: Principal, at: datetime, uuid: UUID, values: Mapping[str, Any], version: int | None) -> Person:
    """Change what is recorded about a person. Raises `NotFound`, `NotAllowed`, `Invalid`, `StaleEdit`."""
    person = hold(person_rules.visible_to(by).select_related("home"), uuid)
    person_rules.require(by, "edit", person)
    _require_in_use(person)
    clean = _checked({"full_name": person.full_name, **values})
    if any(clean[name] != getattr(person, name) for name in ADDRESSES & set(clean)):
        _require_may_readdress(by, person)
    clean["sort_name"] = sort_name(clean["full_name"], clean.get("family_name", person.family_name))
    # A stale edit is refused by `change`, and looks no address up: so it could ask without end which there are.
    wanted = clean.get("email") if version in (None, person.version) and clean.get("email") != person.email else None
    with _free_address(wanted, by=by, at=at, but=person.pk):
        changed = change(person, clean, version=version)
    if not changed:
        nothing_done()
        return person
    if "email" in changed:
        own = by.person_id == person.pk
        person.email_backed = _backing(by, person.email, own=own)
        person.credentials_version += not own
        person.save(update_fields=["credentials_version", "email_backed"])
    _index_names(person)
    facts = {"fields": sorted(changed)} | {f"{name}_digest": digest(value) for name, value in changed.items() if name in ADDRESSES}
    append(by=by, at=at, verb="people.person.edited", thing=person, place=person.home.lineage, facts=facts)
    return person


def _require_in_use(*people: Person) -> None:
    if any(person.merged_into_id or person.erased_at for person in people):
        raise Conflict(gettext_noop("This record is no longer in use: it was erased, or merged into another one."))


def _require_may_readdress(by: Principal, person: Person) -> None:
    person_rules.require(by, "change address", person)
    if by.scopes is not None and not by.is_system:
        # Whoever has the address can set a password, and then has every scope: a token would give more than it was issued for.
        raise NotAllowed(gettext_noop("An address is changed on the page, signed in; a token cannot do it."))


@action
def post(*, by: Principal, at: datetime, person: Person, role: Role, place: Any, from_on: date, to_on: date | None = None) -> Posting:
    """Give a person a role at a place. Away from home it is a secondment, and needs an end.

    Raises `UnableToPost`, `OverlappingPosting`, `Invalid`.
    """
    period = Period(from_on, to_on)
    _require_in_use(Person.objects.select_for_update().get(pk=person.pk))
    _require_may_post(by, role, person, place)
    faults: dict[str, Text | str] = {}
    if place.kind not in ROLES[role].held_at:
        faults["place"] = gettext_noop("That role is not held at a place of this kind.")
    if person.home.invented != place.invented:
        faults["place"] = gettext_noop("Invented people hold no role at real places, nor real people at invented ones.")
    away = not is_under(place.lineage, person.home.lineage)
    if away and to_on is None:
        faults["to_on"] = gettext_noop("Away from the home administration this is a secondment: say when it ends.")
    if faults:
        raise Invalid(faults)
    for rival in Posting.objects.filter(person=person, role=role, place=place):
        if rival.period.overlaps(period):
            raise OverlappingPosting(**{"from": rival.from_on.isoformat()})
    home = person.home if away else None
    posting = Posting.objects.create(person=person, role=role, place=place, from_on=from_on, to_on=to_on, seconded_from=home)
    facts = {"person": person.uuid, "role": role, "from": from_on, "to": to_on, "seconded_from": home.code if home else None}
    append(by=by, at=at, verb="people.posting.given", thing=posting, place=place.lineage, facts=facts)
    return posting


def _require_may_post(by: Principal, role: Role, person: Person, place: Any) -> None:
    if by.is_system:
        return
    place_rules.require(by, "view", place)
    if not may_give(by, role, place.lineage) or not by.scoped("people:write"):
        raise UnableToPost(role=ROLES[role].title)
    if by.scopes is not None and role in GRANTABLE:
        # Someone who may give roles in turn, made by a token, could sign in and do all that its owner may.
        raise NotAllowed(gettext_noop("A role that gives roles in turn is given on the page, signed in; a token cannot do it."))
    person_rules.require(by, "post", person)


@action
def end_posting(*, by: Principal, at: datetime, uuid: UUID, to_on: date) -> Posting:
    """Let a posting end on a day (the first on which it no longer holds). Raises `NotFound`, `NotAllowed`, `Invalid`."""
    posting = hold(posting_rules.visible_to(by).select_related("place", "person__home"), uuid)
    posting_rules.require(by, "end", posting)
    Period(posting.from_on, to_on)
    if posting.to_on and to_on > posting.to_on:
        raise Invalid({"to_on": gettext_noop("This posting ends earlier already; a new one can follow it.")})
    change(posting, {"to_on": to_on}, version=None)
    append(by=by, at=at, verb="people.posting.ended", thing=posting, place=posting.place.lineage, facts={"to": to_on})
    return posting


Mover = Callable[[int, int, datetime], None]
Eraser = Callable[[int, datetime], None]
Readier = Callable[[Collection[int]], None]


@action
def merge(*, by: Principal, at: datetime, keep: UUID, drop: UUID, movers: Iterable[Mover] = (), before: Iterable[Readier] = ()) -> Person:
    """Make two records of one person one: everything that `drop` has goes to `keep`. `movers` do it for the apps above, `before` takes
    their locks. Nobody signs in to the dropped record any more.

    Raises `NotFound`, `NotAllowed` unless the principal may act on both, `Invalid` for a record merged with itself.
    """
    if keep == drop:
        raise Invalid({"drop": gettext_noop("These are one record already.")})
    seen = person_rules.visible_to(by).select_related("home")
    _make_ready(before, seen.filter(uuid__in=[keep, drop]))
    held = {uuid: hold(seen, uuid) for uuid in sorted((keep, drop))}  # always in one order, so that two merges never wait for each other
    kept, dropped = held[keep], held[drop]
    _require_may_merge(by, kept, dropped)
    _require_in_use(kept, dropped)
    for posting in dropped.postings.all():
        _join_posting(posting, kept)
    for move in movers:
        move(dropped.pk, kept.pk, at)
    signing.forget(dropped.pk)
    # While whoever does it is somebody still: the dropped record may be their own.
    append(by=by, at=at, verb="people.person.merged", thing=kept, place=kept.home.lineage, facts={"dropped": dropped.uuid})
    refer_to(kept, instead_of=dropped)
    _join_addresses(kept, dropped)
    dropped.name_words.all().delete()
    return kept


def _require_may_merge(by: Principal, kept: Person, dropped: Person) -> None:
    person_rules.require(by, "merge", kept)
    person_rules.require(by, "merge", dropped)
    # One may act on oneself whatever one holds, yet hand on to another record only what one could give.
    if not by.is_system and ungivable(by).filter(person=dropped).exists():
        raise BeyondYourRole


@action
def erase(*, by: Principal, at: datetime, uuid: UUID, erasers: Iterable[Eraser] = (), before: Iterable[Readier] = ()) -> Person:
    """Erase what identifies a person, in every record that was merged into theirs too. Their uuid stays, so that counts and the journal
    keep their sense.

    `before` is done before the person is held: locks that others take first.
    """
    visible = person_rules.visible_to(by).select_related("home")
    _make_ready(before, visible.filter(uuid=uuid))
    person = hold(visible, uuid)
    person_rules.require(by, "erase", person)
    if person.erased_at:
        nothing_done()
        return person
    addresses = traces_of(person.pk).addresses
    records = records_of(person.pk)
    for record in records:
        for wipe in erasers:
            wipe(record.pk, at)
        signing.forget(record.pk, addresses)
    for posting in person.postings.filter(to_on__isnull=True) | person.postings.filter(to_on__gt=at.date()):
        ends = max(at.date(), date.fromordinal(posting.from_on.toordinal() + 1))
        change(posting, {"to_on": ends}, version=None)
    append(by=by, at=at, verb="people.person.erased", thing=person, place=person.home.lineage)  # before: most people erase themselves
    for record in records:
        _blank(record, at)
    person.refresh_from_db()
    wipe_later(person, at)
    return person


def _join_posting(posting: Posting, kept: Person) -> None:
    """A posting goes to the kept record; what that holds of the same role, on some of the same days, becomes one with it."""
    same = Posting.objects.filter(person=kept, role=posting.role, place_id=posting.place_id)
    rivals = [rival for rival in same if rival.period.overlaps(posting.period)]
    starts = min([posting.from_on, *[rival.from_on for rival in rivals]])
    ends = [one.to_on for one in (posting, *rivals)]
    for rival in rivals:
        rival.delete()
    until = None if None in ends else max(day for day in ends if day)
    # With no end it is no secondment.
    away = posting.seconded_from_id if until else None
    change(posting, {"person_id": kept.pk, "from_on": starts, "to_on": until, "seconded_from_id": away}, version=None)


def _join_addresses(kept: Person, dropped: Person) -> None:
    """The kept record has its own address, else the dropped one's. An address that is left over stays with the dropped record, where it
    signs nobody in: who nominates by it finds the person, not a second one.

    One that came by a link or a token brings along that a keeper has to invite first, and is left over where there is a password: nobody
    has said whose it is.
    """
    address, contact = dropped.email, dropped.contact_email
    joins = address and not kept.email and not (dropped.joins_by_invitation and kept.has_usable_password())
    brought = {"email": address, "email_backed": dropped.email_backed, "joins_by_invitation": dropped.joins_by_invitation} if joins else {}
    over = {"is_active": False, "merged_into_id": kept.pk, "credentials_version": dropped.credentials_version + 1}
    left = {"email": None, "email_backed": Backing.SAID, "contact_email": "" if joins else address or ""}
    change(dropped, {**left, **over}, version=None)
    change(kept, {"contact_email": kept.contact_email or contact, **brought}, version=None)


def _make_ready(before: Iterable[Readier], people: Any) -> None:
    pks = sorted(people.values_list("pk", flat=True))
    for ready in before:
        ready([one.pk for pk in pks for one in records_of(pk)])


def _blank(person: Person, at: datetime) -> None:
    blank: dict[str, Any] = {"full_name": GONE, "family_name": "", "latin_name": "", "sort_name": "", "email": None, "contact_email": ""}
    blank |= {"email_backed": Backing.SAID, "gender": "", "is_active": False, "credentials_version": person.credentials_version + 1}
    person.set_unusable_password()
    change(person, {**blank, "erased_at": at, "last_login": None}, version=None)
    person.save(update_fields=["password"])
    person.name_words.all().delete()


@action
def reach_by(*, by: Principal, at: datetime, person: Person, contact_email: str) -> Person:
    """Note a contact address of someone who has no address at all; who has one keeps it. The caller's own rule has decided that the
    principal speaks for their home. It signs in nobody."""
    held = Person.objects.select_for_update(of=("self",)).select_related("home").get(pk=person.pk)
    if held.erased_at or held.merged_into_id or not held.is_active:
        raise Conflict(gettext_noop("One of these records is no longer in use."))
    if held.email or held.contact_email or not contact_email or _serves_elsewhere(held, at):
        nothing_done()
        return held
    change(held, _checked({"full_name": held.full_name, "contact_email": contact_email}), version=None)
    facts = {"fields": ["contact_email"], "contact_email_digest": digest(held.contact_email)}
    append(by=by, at=at, verb="people.person.edited", thing=held, place=held.home.lineage, facts=facts)
    return held


def _serves_elsewhere(person: Person, at: datetime) -> bool:
    """Whether a person holds a role, or will, that their home could not give: then where their mail goes is not for those to say who speak
    for the home alone, as it holds links that act for its reader."""
    lasting = Posting.objects.filter(Q(to_on__isnull=True) | Q(to_on__gt=at.date()), person=person)
    return lasting.exclude(role__in=GRANTABLE[Role.NATIONAL_COORDINATOR], place__lineage__under=person.home.lineage).exists()
