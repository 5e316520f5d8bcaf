"""Tables that were sent to be imported, and what becomes of each of their rows."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from callout.kernel.models import Entity


class ImportKind(models.TextChoices):
    CUSTOMERS = "customers"
    SITES = "sites"
    ASSETS = "assets"


class ImportState(models.TextChoices):
    """`sent`: its columns are to be chosen; `checked`: what would happen is shown, nothing is done;
    `stopped` and `failed`: rows that are not done yet can still be."""

    SENT = "sent"
    CHECKING = "checking"
    CHECKED = "checked"
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"
    DONE = "done"


class Import(Entity):
    """A table that was sent. `columns` says which of its columns (by number) is which field;
    `options` what of it is to be done. The file lies beside those of the orders: `imports.keeping`.
    """

    kind = models.CharField(max_length=9, choices=ImportKind)
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.SENT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=140)
    encoding = models.CharField(max_length=12)
    separator = models.CharField(max_length=1)
    has_head = models.BooleanField(default=True)
    head = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField(default=0)
    progress_done = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index("created_at", "id", name="import_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ImportKind.values), name="import_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_state_known"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class Verdict(models.TextChoices):
    """What a row would do. `likely`: perhaps one that is known; `same`: nothing."""

    NEW = "new"
    CHANGES = "changes"
    LIKELY = "likely"
    SAME = "same"
    ERROR = "error"


class Outcome(models.TextChoices):
    CREATED = "created"
    CHANGED = "changed"
    SKIPPED = "skipped"
    FAILED = "failed"


class ImportRow(models.Model):
    """One row: what it says, what it would do and why, and what became of it ("": nothing yet).

    `target_id` is what it is the same as, or what it became; `same_line` the earlier row of the
    file that is the same.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    verdict = models.CharField(max_length=7, choices=Verdict)
    target_id = models.UUIDField(null=True)
    target_name = models.CharField(max_length=200, blank=True)
    same_line = models.PositiveIntegerField(null=True)
    why = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=list)  # [field, what it is, what it would be]
    errors = models.JSONField(default=dict)
    outcome = models.CharField(max_length=7, choices=Outcome, blank=True)
    told = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "line"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="import_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *Outcome.values]), name="import_outcome_known"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "verdict", "line"], name="import_row_by_verdict"),
            models.Index(fields=["run", "outcome", "line"], name="import_row_by_outcome"),
        ]
