"""Photos and files of a visit: announced by their command, with or before their bytes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.fieldwork.models import ChecklistItem, Upload, VisitPhoto
from callout.fieldwork.policy import author_of, visit_to_record
from callout.fieldwork.services.telling import record
from callout.fieldwork.tasks import upload_keep_later
from callout.kernel import checks, clock
from callout.kernel.actor import Actor
from callout.kernel.change import rows_add, service
from callout.kernel.checks import Wrong, cleaned
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.orders.files import MOST_BYTES, OTHERS
from callout.orders.models import Visit
from callout.orders.services import attachment_remove

MOST_PHOTOS = 200
# A camera gives a picture a type, and not always an ending.
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"} | {
    media_type: ending for ending, (media_type, _starts) in OTHERS.items()
}


def sha256_checked(value: Any) -> str:
    """A SHA-256 as 64 small hexadecimal digits, and nothing that a path could be made of."""
    if not isinstance(value, str) or len(value) != 64 or not set(value) <= set("0123456789abcdef"):
        raise Wrong(_("This is no SHA-256 of a file."))
    return value


def size_checked(value: Any) -> int:
    """How many bytes: at least one, at most 25 MB."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Wrong(_("This file is empty."))
    if value > MOST_BYTES:
        raise Wrong(_("A file has 25 MB at most."))
    return value


def _moment_or_none(value: Any) -> datetime | None:
    return None if value in (None, "") else checks.moment(value)


PHOTO = {
    "id": checks.id_required,
    "file": sha256_checked,
    "size": size_checked,
    "name": checks.text(160),
    "type": checks.text(80),
    "tag": checks.choice(VisitPhoto.TAGS),
    "item": checks.id_or_none,
    "taken_at": _moment_or_none,
}


@service
def photo_announce(
    *,
    actor: Actor,
    visit_id: UUID,
    photo_id: UUID | str,
    file: str,
    size: int,
    name: str = "",
    type: str = "",  # noqa: A002 - the command's own word
    tag: str = "other",
    item: UUID | str | None = None,
    taken_at: datetime | str | None = None,
    at: datetime | None = None,
) -> bool:
    """Say that a photo belongs to the visit; from now on it counts, whenever its bytes come.

    `file` is their SHA-256: the bytes are taken from what this very user sends. False where it was
    announced already.
    """
    visit = visit_to_record(actor, visit_id, helpers=True)
    given = cleaned(
        PHOTO,
        {"id": photo_id, "file": file, "size": size, "name": name, "type": type, "tag": tag,
         "item": item, "taken_at": taken_at},
    )  # fmt: skip
    _item_checked(visit, given)
    if _announced(actor, visit, given):
        return False
    if visit.photos.filter(removed_at=None).count() >= MOST_PHOTOS:
        raise Refused(_("A visit has 200 photos at most."), code="too_many_photos")
    row = VisitPhoto(
        id=given["id"],
        order=visit.order,
        visit=visit,
        user_id=author_of(actor),
        item_id=given["item"],
        tag=given["tag"],
        name=_named(given["name"], given["type"]),
        sha256=given["file"],
        size=given["size"],
        taken_at=given["taken_at"],
        announced_at=at or clock.now(),
    )
    rows_add(row)
    facts = {"photo": str(row.pk), "sha256_sent": row.sha256, "tag": row.tag}
    record(actor, visit, "photo_announce", facts, {"name": row.name}, at=at)
    _bytes_taken(actor, row)
    return True


def _announced(actor: Actor, visit: Visit, given: dict[str, Any]) -> bool:
    """Whether this very photo is there. Invalid where its id is another one's."""
    there = VisitPhoto.objects.filter(pk=given["id"]).first()
    if there is None:
        return False
    said = visit.pk, actor.user_id, given["file"]
    if (there.visit_id, there.user_id, there.sha256) != said:
        raise Invalid({"id": [_("Choose one of the list.")]})
    return True


def _bytes_taken(actor: Actor, row: VisitPhoto) -> None:
    """The bytes may have come before: kept by a job, or refused already, in words."""
    upload = Upload.objects.filter(user=actor.user_id, sha256=row.sha256).first()
    if upload is None or upload.state == Upload.RECEIVING:
        return
    if upload.state == Upload.REFUSED:
        row.words = upload.words
        row.save(update_fields=["words"])
    else:
        upload_keep_later(upload.pk)


@service
def photo_remove(
    *, actor: Actor, visit_id: UUID, photo_id: UUID | str, at: datetime | None = None
) -> bool:
    """Take a photo off the visit: one's own, or any for a manager. False where it was off."""
    visit = visit_to_record(actor, visit_id, helpers=True)
    pk = cleaned(PHOTO, {"id": photo_id})["id"]
    own = VisitPhoto.objects.select_for_update(no_key=True).filter(pk=pk, visit=visit)
    row = own.first()  # locked: the job may be hanging its bytes on it
    if row is None:
        raise NotFound
    if not actor.is_manager and row.user_id != actor.user_id:
        raise Forbidden
    if row.removed_at is not None:
        return False
    row.removed_at = at or clock.now()
    row.save(update_fields=["removed_at"])
    if row.attachment is not None and row.attachment.archived_at is None:
        attachment_remove(actor=actor, attachment_id=row.attachment.pk)
    record(actor, visit, "photo_remove", {"photo": str(row.pk)}, {"name": row.name}, at=at)
    return True


def _item_checked(visit: Visit, given: dict[str, Any]) -> None:
    """A photo for a line of the checklist is for a line that takes one, of this order's type."""
    if given["item"] is None:
        if given["tag"] == "checklist":
            raise Invalid({"item": [_("Choose one of the list.")]})
        return
    item = ChecklistItem.objects.filter(pk=given["item"]).first()
    if item is None or item.kind != ChecklistItem.PHOTO:
        raise Invalid({"item": [_("Choose one of the list.")]})
    if item.type_id != visit.order.type_id:
        words = _("The order is of another type now, with another checklist.")
        raise Refused(words, code="other_checklist")


def _named(name: str, media_type: str) -> str:
    """A name with an ending: `orders.files` judges a file by it."""
    ending = ENDINGS.get(media_type.partition(";")[0].strip().lower(), "")
    name = name or "photo"
    known = name.rpartition(".")[2].lower() if "." in name else ""
    return f"{name[:150]}.{ending}" if ending and not known else name
