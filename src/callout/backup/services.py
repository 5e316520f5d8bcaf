"""Backups made and told of. Writing the file takes minutes and is no transaction; that it was made,
or could not be, is one."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import DatabaseError
from django.utils.translation import gettext as _

from callout.accounts.policy import administer
from callout.backup.form import Manifest
from callout.backup.models import BackupRun
from callout.backup.writing import Ended, backup_write
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import rows_add, service
from callout.kernel.errors import CalloutError, Refused

log = logging.getLogger(__name__)


def backup_make(
    *, actor: Actor, path: Path, cause: str, stopped: Callable[[], bool] = lambda: False
) -> tuple[BackupRun, Manifest]:
    """Make a backup at `path`, and say what became of it. Raises what kept it from being made."""
    administer(actor)
    began = clock.now()
    try:
        manifest, size = backup_write(path, stopped)
    except Ended:
        raise  # by who asked for it, who knows
    except CalloutError as error:
        _failed(actor, cause, path, began, error.message)
        raise
    except psycopg.Error as error:
        words = _("The database could not be read: %(why)s") % {"why": error}
        _failed(actor, cause, path, began, words)
        raise Refused(words, code="unreadable") from error
    run = backup_note(
        actor=actor, cause=cause, path=path, began=began, size=size, manifest=manifest
    )
    return run, manifest


def _failed(actor: Actor, cause: str, path: Path, began: datetime, words: str) -> None:
    try:
        backup_note(actor=actor, cause=cause, path=path, began=began, words=words)
    except DatabaseError as error:
        # A full disk takes no row either. Whoever asked is told the words all the same.
        log.error("That a backup failed could not be noted: %s", error)


@service
def backup_note(
    *,
    actor: Actor,
    cause: str,
    path: Path,
    began: datetime,
    size: int = 0,
    manifest: Manifest | None = None,
    words: str = "",
) -> BackupRun:
    """Keep what became of a backup; without a manifest it failed, and `words` say why."""
    administer(actor)
    run = BackupRun(
        cause=cause,
        state=BackupRun.FAILED,
        started_at=began,
        finished_at=clock.now(),
        path=str(path)[:500],
        words=words[:500],
    )
    if manifest is not None:
        run.size, run.rows, run.files = size, manifest.rows, manifest.files
        run.missing = len(manifest.missing) + len(manifest.spoilt)
        run.state = BackupRun.INCOMPLETE if run.missing else BackupRun.OK
    rows_add(run)
    facts = {"cause": cause, "state": run.state, "size": size, "missing": run.missing}
    journal.record(actor, entity="backup", entity_id=run.pk, kind="made", facts=facts)
    return run
