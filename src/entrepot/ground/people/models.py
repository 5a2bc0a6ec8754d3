"""Persons and their postings."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Lower
from django.utils.crypto import salted_hmac

from entrepot.ground.keeping.api import GuardedQuerySet, Record
from entrepot.kernel.periods import Period
from entrepot.kernel.roles import Role

from .core import plain_address
from .enums import Backing


class PersonManager(BaseUserManager.from_queryset(GuardedQuerySet)):  # type: ignore[misc]
    """Finds a person by the address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """The person who signs in with this address, however it is written. Raises `Person.DoesNotExist`."""
        try:
            return self.get(email=plain_address(username or ""))
        except ValueError:
            raise self.model.DoesNotExist from None


class Person(AbstractBaseUser, Record):
    """Someone who trains, learns or plans. `home` is the administration or body they belong to, wherever they are posted.

    `email` signs in this one person; it may be empty. `contact_email` signs in nobody, and any number of people may share it. Both are
    kept as `core.plain_address` spells them, so that the database itself can tell two spellings of one address.

    `email_backed`: who stands for it that the address is theirs (`Backing`). Anyone may write anyone's address into their own record.

    `joins_by_invitation`: registered by a link or a token, which anybody may have come by; a first password comes by a keeper's invitation
    only, and not by asking for a forgotten one.

    `credentials_version` rises with every new password, and when someone else changes the address: sessions, tokens and links to a
    password that were given out under an earlier one are over.
    """

    SIGN_IN_FIELDS = frozenset({"password", "last_login"})

    full_name = models.CharField(max_length=200)
    family_name = models.CharField(max_length=120, blank=True)
    latin_name = models.CharField(max_length=200, blank=True)
    sort_name = models.CharField(max_length=200, db_index=True, editable=False)
    email = models.EmailField(null=True, blank=True, unique=True)
    email_backed = models.CharField(max_length=8, blank=True, default=Backing.SAID, editable=False)
    contact_email = models.EmailField(blank=True)
    home = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="people")
    gender = models.CharField(max_length=1, blank=True)
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=40, blank=True)
    credentials_version = models.PositiveIntegerField(default=0, editable=False)
    is_active = models.BooleanField(default=True)
    joins_by_invitation = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = PersonManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gender__in=["", "F", "M", "X"]), name="people_person_gender_known"),
            models.CheckConstraint(condition=Q(email_backed__in=list(Backing)), name="people_person_email_backing_known"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(is_active=False, email__isnull=True, contact_email=""),
                name="people_person_erased_whole",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email"), email__octets=Length("email")) | Q(email__isnull=True), name="people_person_email_plain"
            ),
            models.CheckConstraint(
                condition=Q(contact_email=Lower("contact_email"), contact_email__octets=Length("contact_email")),
                name="people_person_contact_plain",
            ),
        ]
        indexes = [models.Index(fields=["home", "sort_name", "id"], name="people_person_home_sorted")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write inside an action; Django's sign-in may write the last sign-in, and the same password hashed anew: its own trail."""
        if set(kwargs.get("update_fields") or ()) and set(kwargs["update_fields"]) <= self.SIGN_IN_FIELDS:
            models.Model.save(self, *args, **kwargs)
            return
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's own, with the version: a session lasts no longer than what it was opened with.
        seen = f"{self.password}:{self.credentials_version}"
        return salted_hmac("entrepot.people.session", seen, secret=secret, algorithm="sha256").hexdigest()


class NameWord(models.Model):
    """One folded word of a person's names, so that people are found by the beginning of any, in any script."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_words")
    word = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "word"], name="people_nameword_once")]

    def __str__(self) -> str:
        return self.word


class Posting(Record):
    """A role that a person holds at a place from one day up to another. `seconded_from` is set when the place is not under their home."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="postings")
    role = models.CharField(max_length=24)
    place = models.ForeignKey("region.Place", on_delete=models.PROTECT, related_name="postings")
    seconded_from = models.ForeignKey("region.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="secondments")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="people_posting_role_known"),
            models.CheckConstraint(condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="people_posting_ends_after_start"),
            models.CheckConstraint(condition=Q(seconded_from__isnull=True) | Q(to_on__isnull=False), name="people_posting_secondment_ends"),
        ]
        indexes = [
            models.Index(fields=["person", "role"], name="people_posting_person"),
            models.Index(fields=["place", "role", "from_on"], name="people_posting_place"),
            models.Index(fields=["to_on"], name="people_posting_ending"),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.place_id}"

    @property
    def period(self) -> Period:
        """The days it runs."""
        return Period(self.from_on, self.to_on)
