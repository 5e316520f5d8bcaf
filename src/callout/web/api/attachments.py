"""Files of an order: sent as multipart, kept re-encoded, served as bytes to who sees the order."""

import hashlib
import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from ninja import File, Form, Router, UploadedFile
from pydantic import Field

from callout.kernel.errors import Invalid, TooLarge
from callout.orders import services
from callout.orders.files import MOST_BYTES
from callout.orders.models import Attachment
from callout.orders.selectors.beside import attachment_get, attachment_list
from callout.orders.selectors.whole import order_seen
from callout.web.api.access import ApiRequest
from callout.web.api.kinds import Created, Linked, Query, Shape, Window
from callout.web.api.links import linked
from callout.web.api.writing import changed, found
from callout.web.files import file_answer

router = Router(tags=["Attachments"])


class AttachmentOut(Created):
    """A file of an order. Its bytes are at `content`."""

    order_id: UUID
    visit_id: UUID | None
    kind: Literal["photo", "file"]
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    for_technician: bool
    author: Linked | None
    created_at: datetime
    content: str = Field(description="Where the bytes are.")


class AttachmentList(Shape):
    items: list[AttachmentOut]
    next: str | None


class UploadFields(Shape):
    """What goes with the file, as form fields."""

    visit_id: UUID | None = None
    for_technician: bool = Field(True, description="false keeps it in the office")


def attachment_shown(row: Attachment) -> AttachmentOut:
    """A file that the reader sees."""
    names = (
        *("version", "order_id", "visit_id", "kind", "name", "media_type", "size", "width"),
        *("height", "for_technician", "created_at"),
    )
    plain: dict[str, Any] = {name: getattr(row, name) for name in names}
    content = f"/api/v1/attachments/{row.pk}/content"
    return AttachmentOut(id=row.pk, author=linked(row.author), content=content, **plain)


@router.get(
    "/service-orders/{uuid:order_id}/attachments",
    response=AttachmentList,
    summary="List the files of an order",
)
def attachment_find(request: ApiRequest, order_id: UUID, filters: Query[Window]) -> HttpResponse:
    """Oldest first. A technician sees those that are for them."""
    page = attachment_list(
        actor=request.auth, order_id=order_id, cursor=filters.cursor, limit=filters.limit
    )
    items = [attachment_shown(row) for row in page.items]
    return found(AttachmentList(items=items, next=page.next))


@router.post(
    "/service-orders/{uuid:order_id}/attachments",
    response={201: AttachmentOut},
    summary="Add a file",
)
def attachment_add(
    request: ApiRequest,
    order_id: UUID,
    file: File[UploadedFile],
    fields: Form[UploadFields],
) -> HttpResponse:
    """A photo, PDF, office document, text or CSV of at most 25 MB, as multipart/form-data. Photos
    are decoded and written anew, without their metadata."""
    order_seen(actor=request.auth, order_id=order_id)
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(_("A file has 25 MB at most."))
    _fields_checked(request)
    data = file.read()

    def work() -> AttachmentOut:
        row = services.attachment_add(
            actor=request.auth,
            order_id=order_id,
            name=file.name or "",
            data=data,
            visit_id=fields.visit_id,
            for_technician=fields.for_technician,
        )
        return attachment_shown(row)

    # The boundary between the parts differs from try to try: what is in them counts.
    digest = hashlib.sha256(data).hexdigest()
    sent = json.dumps([file.name, digest, fields.model_dump(mode="json")]).encode()
    return changed(request, work, status=201, place="/api/v1/attachments", sent=sent)


def _fields_checked(request: HttpRequest) -> None:
    names = [*request.POST, *request.FILES]
    unknown = set(names) - {"file", "visit_id", "for_technician", "csrfmiddlewaretoken"}
    if unknown:
        raise Invalid({name[:100]: [_("There is no such field.")] for name in sorted(unknown)})
    if any(len(values) > 1 for _name, values in request.FILES.lists()):
        raise Invalid({"file": [_("Send one file at a time.")]})


@router.get(
    "/attachments/{uuid:attachment_id}", response=AttachmentOut, summary="Read about a file"
)
def attachment_read(request: ApiRequest, attachment_id: UUID) -> HttpResponse:
    """Of an order that the reader sees."""
    return found(attachment_shown(attachment_get(actor=request.auth, attachment_id=attachment_id)))


@router.get(
    "/attachments/{uuid:attachment_id}/content",
    summary="Download a file",
    openapi_extra={
        "responses": {
            200: {
                "description": "The bytes, to be saved and never run.",
                "content": {"application/octet-stream": {"schema": {"type": "string"}}},
            }
        }
    },
)
def attachment_content(request: ApiRequest, attachment_id: UUID) -> HttpResponseBase:
    """Who may see it is asked at each request; the id is no permission."""
    return file_answer(attachment_get(actor=request.auth, attachment_id=attachment_id))


@router.delete("/attachments/{uuid:attachment_id}", response={204: None}, summary="Put a file away")
def attachment_remove(request: ApiRequest, attachment_id: UUID) -> HttpResponse:
    """A technician's own, or any for a manager. The bytes stay, as the journal names them."""

    def work() -> None:
        attachment_get(actor=request.auth, attachment_id=attachment_id)
        services.attachment_remove(actor=request.auth, attachment_id=attachment_id)

    return changed(request, work)
