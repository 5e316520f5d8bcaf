"""What an admin sees of backups and of own exports."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.accounts.models import User
from callout.accounts.policy import administer
from callout.backup.models import BackupRun, FullExport
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound

LATE = timedelta(days=2)
MOST = 10  # own exports shown


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with backups. `warning` is "" where all is well, and where none are asked
    for."""

    folder: str
    hour: time
    kept: int
    last: BackupRun | None
    last_good: BackupRun | None
    warning: str


def backup_standing(*, actor: Actor) -> Standing:
    """The last backup, however it was made, and what is wrong. For admins."""
    administer(actor)
    last = BackupRun.objects.order_by("-started_at").first()
    good = last
    if last is not None and last.state == BackupRun.FAILED:
        runs = BackupRun.objects.exclude(state=BackupRun.FAILED)
        good = runs.order_by("-started_at").first()
    folder = settings.BACKUP_FOLDER
    warning = _warning(last, good) if folder else ""
    return Standing(folder, settings.BACKUP_TIME, settings.BACKUPS_KEPT, last, good, warning)


def backup_warning(*, actor: Actor) -> str:
    """What is wrong with the backups, in words; "" where nothing is, where nobody asked for any,
    and for who can do nothing about it."""
    if not settings.BACKUP_FOLDER or not actor.is_admin or actor.token_id:
        return ""
    return backup_standing(actor=actor).warning


def _warning(last: BackupRun | None, good: BackupRun | None) -> str:
    since = good.started_at if good else _began()
    if since is not None and since < clock.now() - LATE:
        days = (clock.now() - since).days
        return ngettext(
            "There has been no good backup for %(days)d day.",
            "There has been no good backup for %(days)d days.",
            days,
        ) % {"days": days}
    if last is not None and last.state == BackupRun.FAILED:
        return _("The last backup failed.")
    if last is not None and last.missing:
        return ngettext(
            "The last backup lacks %(count)d attachment that is not in the files' folder.",
            "The last backup lacks %(count)d attachments that are not in the files' folder.",
            last.missing,
        ) % {"count": last.missing}
    return ""


def _began() -> datetime | None:
    """Since when there is anything to lose."""
    return User.objects.order_by("created_at").values_list("created_at", flat=True).first()


def exports_list(*, actor: Actor) -> list[FullExport]:
    """One's own exports, the newest first. For admins."""
    administer(actor)
    rows = FullExport.objects.filter(made_by=actor.user_id)
    return list(rows.order_by("-created_at")[:MOST])


def export_get(*, actor: Actor, export_id: UUID) -> FullExport:
    """An own one; to everybody else, other admins too, it is not there."""
    administer(actor)
    row = FullExport.objects.filter(made_by=actor.user_id, pk=export_id).first()
    if row is None:
        raise NotFound
    return row
