"""The record of the work on the order's page: each visit's checklist, parts, report, signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from callout.fieldwork.models import ChecklistItem, VisitPhoto
from callout.fieldwork.selectors.beside import signature_image
from callout.fieldwork.selectors.record import Asked, Record, Signed
from callout.fieldwork.services.checklists import plain
from callout.fieldwork.services.signing import mark_of
from callout.orders.selectors import OrderDetail
from callout.orders.selectors.visits import VisitSeen
from callout.orders.selectors.when import When
from callout.web.access import ActorRequest, signed_in_page
from callout.web.ui.addresses import address


@require_safe
@signed_in_page
def signature_page(request: ActorRequest, signature_id: UUID) -> HttpResponse:
    """The picture of a signature, for who sees its order."""
    image = signature_image(actor=request.actor, signature_id=signature_id)
    answer = HttpResponse(image, content_type="image/png")
    answer["Content-Disposition"] = "inline"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@dataclass(frozen=True, slots=True)
class Shown:
    """A visit's record, ready to print. `answered` of `asked` are the lines of its checklist."""

    visit: VisitSeen
    is_current: bool
    checklist: list[dict[str, Any]]
    answered: int
    asked: int
    parts: list[dict[str, str]]
    report: str
    unsigned: str
    signatures: list[dict[str, Any]]
    signed_words: str
    photos: list[dict[str, str]]

    @property
    def changed(self) -> bool:
        """Since the last signature, which counts."""
        return bool(self.signatures and self.signatures[-1]["changed"])

    @property
    def changed_between(self) -> bool:
        """Signed anew after what an earlier customer had read was changed."""
        return any(one["changed"] for one in self.signatures[:-1])


def record_shown(detail: OrderDetail, found: Mapping[UUID, Record]) -> list[Shown]:
    """What there is to show, the last visit first; visits without any record are left out."""
    return [
        _shown(detail, visit, found[visit.id])
        for visit in detail.visits
        if visit.id in found and not found[visit.id].is_empty
    ]


def _shown(detail: OrderDetail, visit: VisitSeen, record: Record) -> Shown:
    when, report = detail.when, record.report
    return Shown(
        visit=visit,
        is_current=detail.current is visit,
        checklist=[_line(one) for one in record.checklist],
        answered=sum(one.is_answered for one in record.checklist),
        asked=len(record.checklist),
        parts=[
            {"quantity": f"{plain(row.quantity)} {row.unit}".strip(), "text": row.text}
            for row in record.parts
        ],
        report=report.text if report else "",
        unsigned=report.unsigned_because if report and not record.signature else "",
        signatures=[_signature(one, when) for one in record.signatures],
        signed_words=_signed_words(len(record.signatures)),
        photos=[_photo(row, when) for row in record.photos],
    )


def _line(one: Asked) -> dict[str, Any]:
    return {
        "text": one.text,
        "answered": one.is_answered,
        "done": one.is_done,
        "value": _value(one),
        "required": one.item.required,
    }


def _value(one: Asked) -> str:
    if one.item.kind == ChecklistItem.PHOTO:
        count = len(one.photos)
        words = ngettext("%(count)d photo", "%(count)d photos", count) % {"count": count}
        return words if count else ""
    if one.value is None or one.value is True:
        return ""  # the mark says it
    if one.value is False:
        return _("no")
    return f"{one.value} {one.item.unit}".strip()


def _signed_words(count: int) -> str:
    """Where it was more than once."""
    if count < 2:
        return ""
    if count == 2:
        return _("signed twice")
    return _("signed %(count)d times") % {"count": count}


def _signature(signed: Signed, when: When) -> dict[str, Any]:
    row = signed.row
    return {
        "url": address("office:order_signature", signature_id=row.pk),
        "name": row.name,
        "at": when.full(row.signed_at),
        "mark": mark_of(row.seal_sha256),
        "changed": signed.changed,
    }


def _photo(row: VisitPhoto, when: When) -> dict[str, str]:
    there = row.attachment if row.attachment and row.attachment.archived_at is None else None
    return {
        "name": there.name if there else row.name,
        "url": address("office:order_file", attachment_id=there.pk) if there else "",
        "is_photo": "1" if there and there.kind == "photo" else "",
        "tag": tag_label(row.tag),
        "who": row.user.name,
        "at": when.full(row.taken_at or row.announced_at),
        "words": row.words,
    }


def tag_label(tag: str) -> str:
    """What a photo shows."""
    return {
        "before": pgettext("photo", "Before"),
        "after": pgettext("photo", "After"),
        "absent": _("Nobody there"),
        "checklist": _("Checklist"),
    }.get(tag, "")
