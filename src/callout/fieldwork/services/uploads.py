"""Bytes on their way up, in parts of 256 KiB: repeatable, in any order, kept by user and hash.

A hash is no permission: whoever names a file sends its bytes, even where somebody else's are here.
Parts lie under `uploads/<user>/<sha256>/` of the files' folder until the file is whole and its hash
is right; then a job makes attachments of it (tasks.py). A part is not journalled: the file is.
"""

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from callout.fieldwork.models import Upload, VisitPhoto
from callout.fieldwork.services.photos import sha256_checked, size_checked
from callout.fieldwork.tasks import upload_keep_later
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.checks import cleaned
from callout.kernel.disk import file_write
from callout.kernel.errors import Forbidden, Invalid, Refused

PART = 256 * 1024
MOST_WAITING = 500_000_000  # bytes of a user's that are no attachments yet
MOST_FILES = 1000
FILE = {"sha256": sha256_checked, "size": size_checked}


@dataclass(frozen=True, slots=True)
class Held:
    """How far a file is: which parts are here, and what became of it. `words`: why not."""

    size: int
    held: list[int]
    state: str
    words: str


def upload_state(*, actor: Actor, sha256: str) -> Held:
    """How far the actor's own file is. One that is not known has size 0 and no parts."""
    user = _user(actor)
    sha256 = cleaned(FILE, {"sha256": sha256})["sha256"]
    row = Upload.objects.filter(user=user, sha256=sha256).first()
    return _held(row) if row else Held(0, [], Upload.RECEIVING, "")


@service
def upload_part(*, actor: Actor, sha256: str, part: int, size: int, data: bytes) -> Held:
    """Keep one part of a file of `size` bytes. The same part again changes nothing.

    Invalid for a part that is not of this file: its length follows from the size and its place.
    """
    user = _user(actor)
    given = cleaned(FILE, {"sha256": sha256, "size": size})
    row = _upload(user, given["sha256"], given["size"])
    if row.state != Upload.RECEIVING:
        return _held(row)
    if row.size != given["size"]:
        raise Refused(_("This file was begun with another size."), code="other_size")
    if len(data) != _length(row.size, part):
        raise Invalid({"part": [_("This part has not the length that it should have.")]})
    folder = _folder(row)
    file_write(folder / str(part), data)
    row.updated_at = clock.now()
    if len(_parts(row)) == _count(row.size):
        _whole(row)
    row.save(update_fields=["state", "words", "updated_at"])
    return _held(row)


def bytes_of(row: Upload) -> bytes:
    """All of a whole file."""
    return b"".join(_chunks(row))


def parts_drop(row: Upload) -> None:
    """Its bytes are needed no more."""
    shutil.rmtree(_folder(row), ignore_errors=True)


@service
def uploads_reopen(*, actor: Actor) -> int:
    """After a restore: of whole files whose parts are not all here phones send the rest again, if
    they have them still; how many. By the installation itself."""
    if actor.user_id is not None:
        raise Forbidden
    reopened = 0
    for row in Upload.objects.filter(state=Upload.WHOLE).select_for_update(no_key=True):
        if len(_parts(row)) < _count(row.size):
            row.state = Upload.RECEIVING
            row.save(update_fields=["state"])
            reopened += 1
    return reopened


def _user(actor: Actor) -> UUID:
    if not actor.is_technician or actor.user_id is None:
        raise Forbidden
    return actor.user_id


def _upload(user: UUID, sha256: str, size: int) -> Upload:
    """The row of this file, locked; a new one within what a user may have waiting."""
    rows = Upload.objects.select_for_update(no_key=True)
    row = rows.filter(user=user, sha256=sha256).first()
    if row is not None:
        return row
    waiting = Upload.objects.filter(user=user, state__in=[Upload.RECEIVING, Upload.WHOLE])
    if (waiting.aggregate(sum=Sum("size"))["sum"] or 0) + size > MOST_WAITING:
        raise Refused(
            _("Too many bytes wait for their photo. Send the rest first."), code="too_much"
        )
    if waiting.count() >= MOST_FILES:
        raise Refused(
            _("Too many bytes wait for their photo. Send the rest first."), code="too_much"
        )
    now = clock.now()
    Upload.objects.bulk_create(
        [Upload(user_id=user, sha256=sha256, size=size, created_at=now, updated_at=now)],
        ignore_conflicts=True,  # its twin may have come first
    )
    return rows.get(user=user, sha256=sha256)


def _whole(row: Upload) -> None:
    """All parts are here: is it the file that was named?"""
    digest = hashlib.sha256()
    for chunk in _chunks(row):
        digest.update(chunk)
    if digest.hexdigest() != row.sha256:
        row.state = Upload.REFUSED
        row.words = _("The bytes that came are not those that were named.")
        parts_drop(row)
        named = VisitPhoto.objects.filter(user=row.user_id, sha256=row.sha256, attachment=None)
        named.update(words=row.words)
        return
    row.state = Upload.WHOLE
    upload_keep_later(row.pk)


def _count(size: int) -> int:
    return -(-size // PART)


def _length(size: int, part: int) -> int:
    """How long this part is; -1 for one that the file has not."""
    if not 0 <= part < _count(size):
        return -1
    return min(PART, size - part * PART)


def _folder(row: Upload) -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads" / str(row.user_id) / row.sha256


def _parts(row: Upload) -> list[int]:
    """The parts that are on disk whole: what is being written has another name."""
    folder = _folder(row)
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(name) for name in names if name.isdigit() and int(name) < _count(row.size))


def _chunks(row: Upload) -> Iterator[bytes]:
    folder = _folder(row)
    for part in range(_count(row.size)):
        yield (folder / str(part)).read_bytes()


def _held(row: Upload) -> Held:
    if row.state in (Upload.WHOLE, Upload.KEPT):
        return Held(row.size, list(range(_count(row.size))), row.state, "")
    return Held(row.size, _parts(row), row.state, row.words)
