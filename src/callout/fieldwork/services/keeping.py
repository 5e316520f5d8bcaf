"""A file that is whole becomes the attachment of every photo that names it. Run by a job."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.translation import override

from callout.fieldwork.models import Upload, VisitPhoto
from callout.fieldwork.services.telling import record
from callout.fieldwork.services.uploads import bytes_of, parts_drop
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import service
from callout.kernel.errors import CalloutError
from callout.kernel.taken_back import attempted
from callout.orders.files import Kept, file_path, file_read
from callout.orders.models import Attachment
from callout.orders.services.files import attachment_keep

DUST_DAYS = 30
AT_ONCE = 200
LINK_AFTER = timedelta(hours=1)


@service
def upload_link(*, actor: Actor, upload_id: int) -> str:
    """Make attachments of an upload for the photos that name it and have none; its state then.

    Harmless when done twice. What cannot be kept says why on its photos, in their sender's words.
    """
    upload = Upload.objects.select_for_update(no_key=True).filter(pk=upload_id).first()
    if upload is None:
        return ""
    if upload.state in (Upload.WHOLE, Upload.KEPT):
        photos = VisitPhoto.objects.filter(
            user=upload.user_id, sha256=upload.sha256, attachment=None, removed_at=None, words=""
        ).select_related("visit__order", "user")
        for photo in photos.order_by("announced_at", "pk"):
            with override(photo.user.language):
                _link(actor, upload, photo)
        upload.updated_at = clock.now()
        upload.save(update_fields=["state", "words", "updated_at"])
    return upload.state


def _link(actor: Actor, upload: Upload, photo: VisitPhoto) -> None:
    try:
        kept = _kept(upload, photo)
    except CalloutError as error:
        _refuse(actor, photo, error)
        if upload.state == Upload.WHOLE:
            upload.state, upload.words = Upload.REFUSED, photo.words
        return
    # It may be taken off while its bytes are decoded: then nothing is hung on it.
    standing = VisitPhoto.objects.select_for_update(no_key=True).filter(removed_at=None)
    if standing.filter(pk=photo.pk).first() is None:
        return
    try:
        photo.attachment = attempted(
            lambda: attachment_keep(
                actor=actor, visit=photo.visit, kept=kept, author_id=photo.user_id
            )
        )
    except CalloutError as error:  # the order is full; the bytes are good
        _refuse(actor, photo, error)
        return
    photo.save(update_fields=["attachment"])
    upload.state, upload.words = Upload.KEPT, ""


def _refuse(actor: Actor, photo: VisitPhoto, error: CalloutError) -> None:
    photo.words = error.message[:200]
    photo.save(update_fields=["words"])
    record(actor, photo.visit, "photo_refused", {"photo": str(photo.pk)}, {"note": photo.words})


def _kept(upload: Upload, photo: VisitPhoto) -> Kept:
    """Read from the parts; once those are gone, as this user's own photo of the same bytes was."""
    if upload.state != Upload.KEPT:
        return file_read(photo.name, bytes_of(upload))
    before = Attachment.objects.filter(author=upload.user_id, sha256_sent=upload.sha256)
    row = before.order_by("created_at").first()
    if row is None:
        raise RuntimeError(f"upload {upload.pk} is kept, and no attachment has its bytes")
    data = file_path(row.sha256).read_bytes()
    return Kept(row.kind, row.name, row.media_type, data, upload.sha256, row.width, row.height)


def links_due() -> list[int]:
    """Whole uploads that a photo has waited for since an hour: it was announced in the moment in
    which they came, or their job has failed too often."""
    waiting = VisitPhoto.objects.filter(
        user=OuterRef("user"),
        sha256=OuterRef("sha256"),
        attachment=None,
        removed_at=None,
        words="",
        announced_at__lt=clock.now() - LINK_AFTER,
    )
    rows = Upload.objects.filter(Exists(waiting), state__in=[Upload.WHOLE, Upload.KEPT])
    return list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


@service
def dust_drop(*, actor: Actor) -> int:  # noqa: ARG001 - every change has one
    """Forget uploads of 30 days ago that no photo names; how many. In portions."""
    before = clock.now() - timedelta(days=DUST_DAYS)
    named = VisitPhoto.objects.filter(
        user=OuterRef("user"), sha256=OuterRef("sha256"), removed_at=None, words=""
    )
    old = (
        Upload.objects.select_for_update(skip_locked=True)
        .filter(~Exists(named), updated_at__lt=before)
        .exclude(state=Upload.KEPT)
        .order_by("updated_at")[:AT_ONCE]
    )
    rows = list(old)
    for row in rows:
        parts_drop(row)
        row.delete()
    return len(rows)


def parts_of_ended_drop() -> int:
    """Remove the parts of files that are attachments by now, or refused; how many folders.

    They go after the commit; a crash in between leaves them to this.
    """
    dropped = 0
    for folder in (Path(settings.MEDIA_ROOT) / "uploads").glob("*/*"):
        try:
            user = UUID(folder.parent.name)
        except ValueError:
            continue
        row = Upload.objects.filter(user=user, sha256=folder.name).first()
        if row is not None and row.state in (Upload.KEPT, Upload.REFUSED):
            parts_drop(row)
            dropped += 1
    return dropped
