"""The backup of each night: when it is due, where it goes, and which are old enough to go."""

import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from callout.accounts.company import company
from callout.accounts.zone import at, local
from callout.backup.models import BackupRun
from callout.backup.services import backup_make
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError

NAME = re.compile(r"callout-\d{4}-\d\d-\d\dT\d{4}\.tar")
AGAIN = timedelta(hours=1)  # after one that failed

log = logging.getLogger(__name__)


def nightly_make(stopped: Callable[[], bool] = lambda: False) -> bool:
    """Make tonight's if it is due; whether one was made. What kept it from it stands in its run."""
    now = clock.now()
    if not settings.BACKUP_FOLDER or not due(now):
        return False
    path = Path(settings.BACKUP_FOLDER) / f"callout-{local(now):%Y-%m-%dT%H%M}.tar"
    try:
        with override(company().language):
            backup_make(
                actor=Actor.system("nightly backup"),
                path=path,
                cause=BackupRun.NIGHTLY,
                stopped=stopped,
            )
    except CalloutError as error:
        log.error("The nightly backup was not made: %s", error.message)
        return False
    old_drop(path.parent)
    return True


def due(now: datetime) -> bool:
    """Whether there is none since the hour of it last struck, nor one that failed just now."""
    struck = at(local(now).date(), settings.BACKUP_TIME)
    if struck > now:
        struck = at(local(now).date() - timedelta(days=1), settings.BACKUP_TIME)
    runs = BackupRun.objects.filter(cause=BackupRun.NIGHTLY, started_at__gte=struck)
    states = list(runs.values_list("state", "finished_at"))
    if any(state != BackupRun.FAILED for state, _finished in states):
        return False
    return all(finished + AGAIN <= now for _state, finished in states)


def old_drop(folder: Path) -> list[str]:
    """Remove all but the newest of the nightly ones, and what a killed one has left; their names.
    Nothing else in the folder is touched."""
    ours = sorted(one.name for one in folder.iterdir() if NAME.fullmatch(one.name))
    left = [one.name for one in folder.glob(".callout-*.part") if _is_old(one)]
    gone = [*ours[: -settings.BACKUPS_KEPT], *left]
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def _is_old(path: Path) -> bool:
    """Whether nobody writes to it any more."""
    return path.stat().st_mtime < clock.now().timestamp() - 86_400
