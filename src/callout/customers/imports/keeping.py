"""The files that were sent: beside those of the orders, under no name that anything serves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from callout.kernel import clock
from callout.kernel.disk import file_write

KEPT_DAYS = 14


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def sent_write(run_id: UUID, data: bytes) -> None:
    """Keep what was sent."""
    file_write(_folder() / run_id.hex, data)


def sent_read(run_id: UUID) -> bytes:
    """What was sent. FileNotFoundError once it is forgotten."""
    return (_folder() / run_id.hex).read_bytes()


def sent_drop(run_id: UUID) -> None:
    """Forget it."""
    (_folder() / run_id.hex).unlink(missing_ok=True)


def sent_purge() -> int:
    """Forget what is older than it is kept, also what no import knows of; how many."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    old = [
        path
        for path in _folder().glob("*")
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
