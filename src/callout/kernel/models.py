from typing import Any

from django.db import models
from django.db.models.functions import Now

from callout.kernel.clock import now
from callout.kernel.ids import uuid7


class Entity(models.Model):
    """A thing with an id of its own, made here, and a version against lost updates."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Archivable(models.Model):
    """A thing that has a history and is therefore put away, never deleted."""

    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class PgSnapshotId(models.Field):  # type: ignore[type-arg]  # not subscriptable at run time
    """PostgreSQL's xid8: the transaction that wrote the row; what the feed reads by."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002 - Django's signature
        return "xid8"


class JournalEntry(models.Model):
    """What happened: who, what, when it happened, when it was recorded, by which door.

    Written by `journal.record` alone; update, delete and truncate are refused by trigger.
    `facts` holds ids, field names and codes; whatever a person could ask to have erased stands in
    `personal`, which only the database function `journal_redact` may empty.
    """

    id = models.BigAutoField(primary_key=True)
    xid = PgSnapshotId(db_default=models.Func(function="pg_current_xact_id"), editable=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=80)  # of a system actor; people are read by id
    door = models.CharField(max_length=16)
    token_id = models.UUIDField(null=True)
    entity = models.CharField(max_length=32)
    entity_id = models.UUIDField()
    kind = models.CharField(max_length=48)
    facts = models.JSONField(default=dict)
    personal = models.JSONField(null=True)
    # Technicians who could see the thing before or can see it after: who gets the live hint
    # besides the managers.
    audience = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["entity_id", "id"], name="journal_entity"),
            models.Index(fields=["xid"], name="journal_xid"),
        ]


class IdempotencyKey(models.Model):
    """The answer to an unsafe request, kept 30 days so that its repeat is harmless."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    key = models.CharField(max_length=200)
    body_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]


class Installation(models.Model):
    """One row: what this installation knows of itself."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.UUIDField(default=uuid7)  # new at install and after a restore
    setup_code_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one"),
        ]


class FeedPosition(models.Model):
    """How far a reader of the journal is: a snapshot, and the last id inside its difference."""

    name = models.CharField(primary_key=True, max_length=40)
    snapshot = models.TextField()
    until = models.TextField(blank=True)  # the snapshot being worked towards, empty when at rest
    last_id = models.BigIntegerField(default=0)
