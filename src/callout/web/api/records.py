"""The record of the work: what was checked, used, written, photographed, signed on each visit."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.fieldwork.models import VisitPhoto
from callout.fieldwork.selectors.beside import order_records
from callout.fieldwork.selectors.record import Asked, Record, Signed
from callout.fieldwork.services.checklists import plain
from callout.fieldwork.services.signing import mark_of
from callout.web.api.access import ApiRequest
from callout.web.api.kinds import Shape
from callout.web.api.writing import found

router = Router(tags=["Service orders"])


class AnswerOut(Shape):
    """A line of the checklist: what was asked, and what was found."""

    item_id: UUID
    text: str
    kind: Literal["tick", "number", "text", "choice", "photo"]
    required: bool
    unit: str
    answer: bool | str | None = Field(description="Numbers as text; null: not answered.")
    answered: bool = Field(
        description="A photo that is announced is an answer; a required tick that says no holds."
    )


class PartOut(Shape):
    id: UUID
    text: str
    quantity: str
    unit: str


class ChangeOut(Shape):
    """What is otherwise now than the customer read when they signed."""

    field: str
    label: str
    was: str
    now: str


class SignatureOut(Shape):
    """Who signed when. The seal is kept to the byte; this is its SHA-256."""

    id: UUID
    name: str
    signed_at: datetime
    seal_sha256: str
    mark: str = Field(description="Ten characters of it, as printed on the report.")
    changed: list[ChangeOut]


class PhotoOut(Shape):
    """A photo or file of the visit; `attachment_id` once its bytes have come."""

    id: UUID
    name: str
    tag: Literal["before", "after", "absent", "other", "checklist"]
    item_id: UUID | None
    taken_at: datetime | None
    attachment_id: UUID | None
    refused: str = Field(description="Why its bytes could not be kept.")


class RecordOut(Shape):
    """All that was recorded on one visit."""

    visit_id: UUID
    sequence: int
    checklist: list[AnswerOut]
    parts: list[PartOut]
    report: str
    unsigned_because: str
    signature: SignatureOut | None = Field(description="The last one, which counts.")
    signatures: list[SignatureOut] = Field(description="All of them, in the order of signing.")
    photos: list[PhotoOut]


class RecordList(Shape):
    items: list[RecordOut]


def record_shown(record: Record) -> RecordOut:
    """The record of a visit that the reader sees."""
    report = record.report
    return RecordOut(
        visit_id=record.visit.pk,
        sequence=record.visit.sequence,
        checklist=[_answer(one) for one in record.checklist],
        parts=[
            PartOut(id=row.pk, text=row.text, quantity=plain(row.quantity), unit=row.unit)
            for row in record.parts
        ],
        report=report.text if report else "",
        unsigned_because=report.unsigned_because if report else "",
        signature=_signature(record.signatures[-1]) if record.signatures else None,
        signatures=[_signature(one) for one in record.signatures],
        photos=[_photo(row) for row in record.photos],
    )


def _answer(one: Asked) -> AnswerOut:
    shown: dict[str, Any] = {
        "item_id": one.item.pk,
        "text": one.text,
        "kind": one.item.kind,
        "required": one.item.required,
        "unit": one.item.unit,
        "answer": one.value,
        "answered": one.is_answered,
    }
    return AnswerOut.model_validate(shown)


def _signature(signed: Signed) -> SignatureOut:
    row = signed.row
    return SignatureOut(
        id=row.pk,
        name=row.name,
        signed_at=row.signed_at,
        seal_sha256=row.seal_sha256,
        mark=mark_of(row.seal_sha256),
        changed=[ChangeOut(**one._asdict()) for one in signed.changed],
    )


def _photo(row: VisitPhoto) -> PhotoOut:
    attachment = row.attachment
    put_away = attachment is None or attachment.archived_at is not None
    shown: dict[str, Any] = {
        "id": row.pk,
        "name": row.name,
        "tag": row.tag,
        "item_id": row.item_id,
        "taken_at": row.taken_at,
        "attachment_id": None if put_away else row.attachment_id,
        "refused": row.words,
    }
    return PhotoOut.model_validate(shown)


@router.get(
    "/service-orders/{uuid:order_id}/record",
    response=RecordList,
    summary="Read the record of the work",
)
def record_read(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """Visit by visit, the first one first. A technician reads those that they may see."""
    rows = order_records(actor=request.auth, order_id=order_id)
    return found(RecordList(items=[record_shown(row) for row in rows]))
