"""Exports asked for, stopped, fetched, and forgotten. making.py makes one."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from callout.accounts.policy import administer
from callout.backup.models import FullExport
from callout.backup.tasks import export_make_later
from callout.kernel import clock, journal
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, row_save, rows_add, service
from callout.kernel.errors import Forbidden, NotFound, Refused

KEPT = timedelta(days=7)
FOLDER = "exports"
OLD_PART = 86_400  # seconds after which nobody writes to a part any more


@dataclass(slots=True)
class Made:
    """What is in an export."""

    rows: int = 0
    files: int = 0
    missing: int = 0
    size: int = 0


constraint_means(
    "export_one_in_the_making",
    lambda: Refused(
        _("An export that you asked for is still being made. Wait for it, or stop it."),
        code="one_in_the_making",
    ),
)


def export_path(export_id: UUID) -> Path:
    """Where the zip of an export lies: the edge sends it from there, every machine finds it."""
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{export_id}.zip"


@service
def export_start(*, actor: Actor) -> FullExport:
    """Have everything exported, for the actor alone. An admin's, who signed in."""
    administer(actor)
    if actor.user_id is None:
        raise Forbidden
    row = FullExport(made_by_id=actor.user_id)
    export_make_later(row.pk)
    rows_add(row)
    _record(actor, row, "create")
    return row


@service
def export_stop(*, actor: Actor, export_id: UUID) -> FullExport:
    """Do not make it any further; nothing of it is kept."""
    row = _own(actor, export_id)
    if row.state != FullExport.MAKING:
        raise Refused(_("It is finished already."), code="not_making")
    row.state, row.finished_at = FullExport.STOPPED, clock.now()
    row_save(row, ["state", "finished_at"])
    _record(actor, row, "stopped")
    return row


@service
def export_fetch(*, actor: Actor, export_id: UUID) -> FullExport:
    """Let the actor have an own export that is ready; that it went out is in the journal."""
    row = _own(actor, export_id)
    # The job that removes it comes once an hour, and perhaps later.
    over = row.finished_at is None or row.finished_at <= clock.now() - KEPT
    if row.state != FullExport.READY or over:
        raise NotFound(_("This export is not there any more. Make a new one."))
    _record(actor, row, "fetched")
    return row


@service
def export_remove(*, actor: Actor, export_id: UUID) -> FullExport:
    """Its file is needed no more."""
    row = _own(actor, export_id)
    if row.state != FullExport.READY:
        raise Refused(_("There is nothing left of it to remove."), code="nothing_left")
    _gone(actor, row)
    return row


@service
def export_progress(*, actor: Actor, export_id: UUID, done: int, total: int) -> bool:
    """Keep how far it is; whether it is to go on. No entry: it changes nothing for anybody."""
    administer(actor)
    rows = FullExport.objects.filter(pk=export_id, state=FullExport.MAKING)
    return bool(rows.update(progress_done=done, progress_total=total))


@service
def export_made(*, actor: Actor, export_id: UUID, made: Made) -> None:
    """It is ready, unless it was stopped at the last moment."""
    administer(actor)
    row = row_lock(FullExport.objects.all(), export_id)
    if row.state != FullExport.MAKING:
        return
    row.state, row.finished_at = FullExport.READY, clock.now()
    row.rows, row.files, row.missing, row.size = made.rows, made.files, made.missing, made.size
    row_save(row, ["state", "finished_at", "rows", "files", "missing", "size"])
    _record(actor, row, "ready")


@service
def export_failed(*, actor: Actor, export_id: UUID, words: str) -> None:
    """It could not be made; in words why."""
    administer(actor)
    row = row_lock(FullExport.objects.all(), export_id)
    if row.state != FullExport.MAKING:
        return
    row.state, row.finished_at, row.words = FullExport.FAILED, clock.now(), words[:500]
    row_save(row, ["state", "finished_at", "words"])
    _record(actor, row, "failed")


def exports_drop() -> int:
    """Those of a week ago, and what killed ones have left in the folder; how many. By a job."""
    actor = Actor.system("full export")
    old = FullExport.objects.filter(
        state=FullExport.READY, finished_at__lt=clock.now() - KEPT
    ).values_list("pk", flat=True)
    dropped = sum(export_drop(actor=actor, export_id=one) for one in list(old))
    ready = FullExport.objects.filter(state=FullExport.READY).values_list("pk", flat=True)
    names = {f"{one}.zip" for one in ready}
    for path in export_path(UUID(int=0)).parent.glob("*"):
        new = path.stat().st_mtime > clock.now().timestamp() - OLD_PART
        if not new and path.name not in names:
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped


@service
def export_drop(*, actor: Actor, export_id: UUID) -> int:
    """Its days are over."""
    administer(actor)
    row = row_lock(FullExport.objects.all(), export_id)
    if row.state != FullExport.READY:
        return 0
    _gone(actor, row)
    return 1


def _gone(actor: Actor, row: FullExport) -> None:
    export_path(row.pk).unlink(missing_ok=True)
    row.state = FullExport.GONE
    row_save(row, ["state"])
    _record(actor, row, "gone")


def _own(actor: Actor, export_id: UUID) -> FullExport:
    """Another admin's is not there: whoever can see everything has asked for it themselves."""
    administer(actor)
    return row_lock(FullExport.objects.filter(made_by=actor.user_id), export_id)


def _record(actor: Actor, row: FullExport, kind: str) -> None:
    journal.record(
        actor,
        entity="full_export",
        entity_id=row.pk,
        kind=kind,
        facts={"state": row.state, "rows": row.rows, "files": row.files},
    )
