"""What keys stand for: actors, activities and verbs, by store. And by which identities a person is known."""

from __future__ import annotations

from django.db import models

from .using import Store


class Agent(models.Model):
    """An actor seen in a store, and the person it is, once known."""

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="agents", db_index=False)
    key = models.BigIntegerField()
    kind = models.CharField(max_length=14)
    text = models.TextField()
    name = models.CharField(max_length=200, blank=True)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="record_agents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="records_agent_once")]
        indexes = [models.Index(fields=["key"], name="records_agent_key")]

    def __str__(self) -> str:
        return self.name or self.text


class Activity(models.Model):
    """An activity seen in a store, with its definition as gathered from all that was sent."""

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.BigIntegerField()
    iri = models.TextField()
    definition = models.BinaryField(default=b"")
    """JSON, empty where none was sent."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="records_activity_once")]

    def __str__(self) -> str:
        return self.iri


class Verb(models.Model):
    """A verb seen in a store, with the last English display, or whichever came."""

    id = models.BigAutoField(primary_key=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.BigIntegerField()
    iri = models.TextField()
    display = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "key"], name="records_verb_once")]

    def __str__(self) -> str:
        return self.display or self.iri


class PersonIdentity(models.Model):
    """An identity under which a person appears in statements: the mailbox, its digest, the account here. Past ones stay.

    `everywhere`: the account, and a mailbox that was proved. For another only the person's own administration stands, so that it is theirs
    in its stores alone: else anyone could write down a stranger's address and read, or erase, what another Member holds of them.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="record_identities")
    key = models.BigIntegerField(db_index=True)
    email = models.CharField(max_length=254, blank=True)
    """The address it was made from, so that a new one is noticed."""
    everywhere = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="records_identity_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"
