"""Copies that were made: what became of each backup, and the exports that can be fetched."""

from django.db import models

from callout.kernel.models import Entity


class BackupRun(Entity):
    """A backup that was made, or was to be made and could not. Written at its end, so that none
    stays under way for ever, here or where it is brought back."""

    OK, INCOMPLETE, FAILED = "ok", "incomplete", "failed"
    NIGHTLY, COMMAND = "nightly", "command"

    cause = models.CharField(max_length=8, choices=[(k, k) for k in (NIGHTLY, COMMAND)])
    state = models.CharField(max_length=10, choices=[(k, k) for k in (OK, INCOMPLETE, FAILED)])
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    path = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)  # bytes of the file
    rows = models.BigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(
        default=0
    )  # attachments that were not there, or not whole
    words = models.CharField(max_length=500, blank=True)  # why it could not be

    class Meta:
        indexes = [models.Index(fields=["-started_at"], name="backup_by_age")]


class FullExport(Entity):
    """Everything as tables that people can read, made by a job for one admin, who alone can fetch
    it for some days. The file lies in the files' folder, by the id of this row."""

    MAKING, READY, STOPPED, FAILED, GONE = "making", "ready", "stopped", "failed", "gone"
    STATES = (MAKING, READY, STOPPED, FAILED, GONE)

    made_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=[(k, k) for k in STATES], default=MAKING)
    progress_done = models.BigIntegerField(default=0)  # rows and files
    progress_total = models.BigIntegerField(default=0)  # as estimated when it began
    finished_at = models.DateTimeField(null=True)
    size = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    words = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["made_by", "-created_at"], name="export_by_age")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["making", "ready", "stopped", "failed", "gone"]),
                name="export_state_known",
            ),
            models.UniqueConstraint(
                fields=["made_by"],
                condition=models.Q(state="making"),
                name="export_one_in_the_making",
            ),
        ]
