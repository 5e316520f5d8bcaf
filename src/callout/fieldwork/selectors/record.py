"""The record of visits, for phones, pages and programs: in a number of queries that nothing grows.

Whoever asks has picked the visits with an actor.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from callout.fieldwork.changed import Changed, Today, changes
from callout.fieldwork.models import (
    ChecklistAnswer,
    ChecklistItem,
    PartLine,
    Signature,
    VisitPhoto,
    WorkReport,
)
from callout.fieldwork.services.checklists import plain
from callout.fieldwork.services.signing import mark_of, seal_read
from callout.orders.models import TimeEntry, Visit


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the checklist on one visit: what was asked, what was found, with which photos."""

    item: ChecklistItem
    text: str
    answer: ChecklistAnswer | None
    photos: list[VisitPhoto]

    @property
    def value(self) -> bool | str | None:
        return self.answer.value if self.answer else None

    @property
    def is_answered(self) -> bool:
        """A tick that says no is none."""
        if self.item.kind == ChecklistItem.PHOTO:
            return bool(self.photos)
        return self.value not in (None, "", False)


@dataclass(slots=True)
class Record:
    """All that was recorded on one visit. `signature` is the latest, `changed` what came after."""

    visit: Visit
    checklist: list[Asked] = field(default_factory=list)
    parts: list[PartLine] = field(default_factory=list)
    report: WorkReport | None = None
    photos: list[VisitPhoto] = field(default_factory=list)
    signature: Signature | None = None
    changed: list[Changed] = field(default_factory=list)

    @property
    def missing(self) -> list[ChecklistItem]:
        """Lines that are required and have no answer yet."""
        return [one.item for one in self.checklist if one.item.required and not one.is_answered]

    @property
    def is_empty(self) -> bool:
        """Nothing was recorded, and nothing is asked."""
        return not (self.checklist or self.parts or self.report or self.photos or self.signature)


def records(visits: Sequence[Visit]) -> dict[UUID, Record]:
    """The record of each visit: eight queries, for one visit or for forty."""
    ids = [visit.pk for visit in visits]
    found = {visit.pk: Record(visit) for visit in visits}
    types = _types(visits)
    answers: dict[UUID, dict[UUID, ChecklistAnswer]] = defaultdict(dict)
    for answer in ChecklistAnswer.objects.filter(visit__in=ids):
        answers[answer.visit_id][answer.item_id] = answer
    for photo in _photos(ids):
        found[photo.visit_id].photos.append(photo)
    for part in PartLine.objects.filter(visit__in=ids, removed_at=None).order_by("at", "pk"):
        if part.visit_id is not None:
            found[part.visit_id].parts.append(part)
    for report in WorkReport.objects.filter(visit__in=ids):
        found[report.visit_id].report = report
    items = _items(types.values(), answers.values())
    for visit in visits:
        asked = items.get(types[visit.pk], [])
        found[visit.pk].checklist = _checklist(found[visit.pk], asked, answers[visit.pk])
    _signatures(found)
    return found


def records_of(visits: Sequence[Visit]) -> dict[UUID, dict[str, Any]]:
    """What the document of each visit says of its record: checklist, parts, report, signature.

    And `photos`: id, attachment (its id, or ""), user, name, sha256, tag, item, words.
    """
    return {pk: _document(one) for pk, one in records(visits).items()}


def required_missing(visit: Visit) -> list[str]:
    """The texts of the required lines that the visit has no answer to."""
    return [item.text for item in records([visit])[visit.pk].missing]


def signature_changed(signature: Signature) -> list[Changed]:
    """What is otherwise today than the customer read when they signed, field by field."""
    visit = Visit.objects.get(pk=signature.visit_id)
    record = records([visit])[visit.pk]
    times = TimeEntry.objects.filter(visit=visit).order_by("start", "pk")
    return changes(seal_read(signature.seal), signature.signed_at, today_of(record, list(times)))


def today_of(record: Record, times: Sequence[TimeEntry]) -> Today:
    """What the seal's facts are compared with. Times are those of who answers for the visit."""
    own = [row for row in times if row.technician_id == record.visit.technician_id]
    return Today(
        work=[(row.start, row.end, row.kind) for row in own],
        parts={str(row.pk): (row.text, plain(row.quantity), row.unit) for row in record.parts},
        checklist={str(one.item.pk): (one.text, one.value) for one in record.checklist},
        report=record.report.text if record.report else "",
        result=record.visit.outcome or "",
        photos=[row.sha256 for row in record.photos],
    )


def _types(visits: Sequence[Visit]) -> dict[UUID, UUID]:
    """The type of each visit's order."""
    rows = Visit.objects.filter(pk__in=[visit.pk for visit in visits])
    return dict(rows.values_list("pk", "order__type_id"))


def _photos(ids: Sequence[UUID]) -> Iterable[VisitPhoto]:
    rows = VisitPhoto.objects.filter(visit__in=ids, removed_at=None)
    return rows.select_related("attachment", "user").order_by("announced_at", "pk")


def _items(
    types: Iterable[UUID], answers: Iterable[dict[UUID, ChecklistAnswer]]
) -> dict[UUID, list[ChecklistItem]]:
    """By type, all its lines; those of other types that were answered come with every type."""
    answered = {pk for one in answers for pk in one}
    rows = ChecklistItem.objects.filter(Q(type__in=set(types)) | Q(pk__in=answered))
    found: dict[UUID, list[ChecklistItem]] = defaultdict(list)
    for row in rows.order_by("position", "pk"):
        for type_id in {row.type_id, *(types if row.pk in answered else ())}:
            found[type_id].append(row)
    return found


def _checklist(
    record: Record, items: Sequence[ChecklistItem], answers: dict[UUID, ChecklistAnswer]
) -> list[Asked]:
    photos: dict[UUID, list[VisitPhoto]] = defaultdict(list)
    for photo in record.photos:
        if photo.item_id is not None:
            photos[photo.item_id].append(photo)
    lines = []
    for item in items:
        answer = answers.get(item.pk)
        if answer or photos[item.pk] or _was_asked(item, record.visit):
            text = answer.asked if answer else item.text
            lines.append(Asked(item, text, answer, photos[item.pk]))
    return lines


def _was_asked(item: ChecklistItem, visit: Visit) -> bool:
    """Whether the line stood in the template: of an open visit now, else when it ended."""
    then = None if visit.is_open else visit.closed_at
    if then is None:
        return item.archived_at is None and visit.is_open
    return item.created_at <= then and (item.archived_at is None or item.archived_at > then)


def _signatures(found: dict[UUID, Record]) -> None:
    latest = (
        Signature.objects.filter(visit=OuterRef("visit"))
        .order_by("-signed_at", "-pk")
        .values("pk")[:1]
    )
    rows = Signature.objects.filter(visit__in=list(found), pk=Subquery(latest)).defer("image")
    signed = {row.visit_id: row for row in rows}
    times: dict[UUID, list[TimeEntry]] = defaultdict(list)
    for entry in TimeEntry.objects.filter(visit__in=list(signed)).order_by("start", "pk"):
        if entry.visit_id is not None:
            times[entry.visit_id].append(entry)
    for visit_id, row in signed.items():
        record = found[visit_id]
        record.signature = row
        today = today_of(record, times[visit_id])
        record.changed = changes(seal_read(row.seal), row.signed_at, today)


def _document(record: Record) -> dict[str, Any]:
    report, signature = record.report, record.signature
    return {
        "checklist": [_line(one) for one in record.checklist],
        "parts": [
            {"id": str(row.pk), "text": row.text, "quantity": plain(row.quantity),
             "unit": row.unit}
            for row in record.parts
        ],
        "report": {
            "text": report.text if report else "",
            "unsigned_because": report.unsigned_because if report else "",
        },
        "signature": {
            "name": signature.name,
            "at": signature.signed_at.isoformat(),
            "mark": mark_of(signature.seal_sha256),
            "changed": [
                {"field": one.field, "label": one.label, "was": one.was, "now": one.now}
                for one in record.changed
            ],
        }
        if signature
        else None,
        "photos": [
            {
                "id": str(row.pk),
                "attachment": str(row.attachment_id or ""),
                "user": str(row.user_id),
                "name": row.name,
                "sha256": row.sha256,
                "tag": row.tag,
                "item": str(row.item_id or ""),
                "words": row.words,
            }
            for row in record.photos
        ],
    }  # fmt: skip


def _line(one: Asked) -> dict[str, Any]:
    item = one.item
    return {
        "id": str(item.pk),
        "text": one.text,
        "kind": item.kind,
        "required": item.required,
        "low": None if item.low is None else plain(item.low),
        "high": None if item.high is None else plain(item.high),
        "unit": item.unit,
        "choices": item.choices,
        "answer": one.value,
    }
