"""The record of visits, for phones, pages and programs: in a number of queries that nothing grows.

Whoever asks has picked the visits with an actor.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, UUIDField

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
from callout.kernel.prepared import Given, Prepared, together
from callout.orders.models import ServiceOrder, TimeEntry, Visit


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
        if self.item.kind == ChecklistItem.PHOTO:
            return bool(self.photos)
        return self.value not in (None, "")

    @property
    def is_done(self) -> bool:
        """A tick that says no is an answer, but not done."""
        return self.is_answered and self.value is not False


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, and what is otherwise today than its customer read."""

    row: Signature
    changed: list[Changed]


@dataclass(slots=True)
class Record:
    """All that was recorded on one visit. `signatures` in their order: the last one counts, the
    ones before stay what somebody has read and signed."""

    visit: Visit
    checklist: list[Asked] = field(default_factory=list)
    parts: list[PartLine] = field(default_factory=list)
    report: WorkReport | None = None
    photos: list[VisitPhoto] = field(default_factory=list)
    signatures: list[Signed] = field(default_factory=list)

    @property
    def signature(self) -> Signature | None:
        return self.signatures[-1].row if self.signatures else None

    @property
    def changed(self) -> list[Changed]:
        """After the last signature."""
        return self.signatures[-1].changed if self.signatures else []

    @property
    def missing(self) -> list[ChecklistItem]:
        """Lines that are required and not done."""
        return [one.item for one in self.checklist if one.item.required and not one.is_done]

    @property
    def is_empty(self) -> bool:
        """Nothing was recorded, and nothing is asked."""
        return not (self.checklist or self.parts or self.report or self.photos or self.signatures)


def records(ids: Collection[UUID], *, last_signed: bool = False) -> dict[UUID, Record]:
    """The record of each visit, by ids: one message to the database, for one or for forty.
    `last_signed`: of its signatures the one that counts."""
    if not ids:
        return {}
    signed = LAST_SIGNED if last_signed else SIGNED
    asked = [one.ask(visits=list(ids)) for one in (*ASKED, signed)]
    return _made(together(*asked))


def _made(rows: Sequence[list[Any]]) -> dict[UUID, Record]:
    visits, items, answers, photos, parts, reports, times, signatures = rows
    found = {visit.pk: Record(visit) for visit in visits}
    answered: dict[UUID, dict[UUID, ChecklistAnswer]] = defaultdict(dict)
    for answer in answers:
        answered[answer.visit_id][answer.item_id] = answer
    for photo in photos:
        found[photo.visit_id].photos.append(photo)
    for part in parts:
        found[part.visit_id].parts.append(part)
    for report in reports:
        found[report.visit_id].report = report
    for visit in visits:
        own = answered[visit.pk]
        lines = [one for one in items if one.type_id == visit.order_type or one.pk in own]
        found[visit.pk].checklist = _checklist(found[visit.pk], lines, own)
    for row in signatures:
        record = found[row.visit_id]
        today = today_of(record, [one for one in times if one.visit_id == row.visit_id])
        changed = changes(seal_read(row.seal), row.signed_at, today)
        record.signatures.append(Signed(row, changed))
    return found


VISITS = Given("visits", UUIDField())


def any_record() -> Q:
    """Narrows visits to those of which anything is recorded, or whose order's type asks anything.
    Of the others `Record.is_empty` is true without asking for it."""
    visit = OuterRef("pk")
    found = Q(Exists(ChecklistItem.objects.filter(type=OuterRef("order__type_id"))))
    for kind in (ChecklistAnswer, PartLine, WorkReport, VisitPhoto, Signature):
        found |= Q(Exists(kind._default_manager.filter(visit=visit)))
    return found


def _items() -> QuerySet[ChecklistItem]:
    """All lines of the visits' types; those of another type that were answered come too."""
    types = Visit.objects.filter(pk__any=VISITS).values("order__type")
    answered = ChecklistAnswer.objects.filter(visit__any=VISITS).values("item")
    rows = ChecklistItem.objects.filter(Q(type__in=types) | Q(pk__in=answered))
    return rows.order_by("position", "pk")


def _signatures() -> QuerySet[Signature]:
    """Without their pictures."""
    return Signature.objects.filter(visit__any=VISITS).defer("image")


ASKED: tuple[Prepared[Any], ...] = (
    Prepared(lambda: Visit.objects.filter(pk__any=VISITS).annotate(order_type=F("order__type_id"))),
    Prepared(_items),
    Prepared(lambda: ChecklistAnswer.objects.filter(visit__any=VISITS)),
    Prepared(
        lambda: (
            VisitPhoto.objects.filter(visit__any=VISITS, removed_at=None)
            .select_related("attachment", "user")
            .order_by("announced_at", "pk")
        )
    ),
    Prepared(
        lambda: PartLine.objects.filter(visit__any=VISITS, removed_at=None).order_by("at", "pk")
    ),
    Prepared(lambda: WorkReport.objects.filter(visit__any=VISITS)),
    Prepared(
        lambda: TimeEntry.objects.filter(
            visit__in=Signature.objects.filter(visit__any=VISITS).values("visit")
        ).order_by("start", "pk")
    ),
)
# All of a visit in the order of signing; or the last one alone: a visit may have been signed often,
# and phones ask for forty visits at each sync.
SIGNED = Prepared(lambda: _signatures().order_by("visit", "signed_at", "pk"))
LAST_SIGNED = Prepared(
    lambda: _signatures().order_by("visit", "-signed_at", "-pk").distinct("visit")
)


def records_of(visits: Sequence[Visit]) -> dict[UUID, dict[str, Any]]:
    """What the document of each visit says of its record: checklist, parts, report, signature.

    And `photos`: id, attachment (its id, or ""), user, name, sha256, tag, item, words.
    """
    found = records([visit.pk for visit in visits], last_signed=True)
    return {visit.pk: _document(found[visit.pk]) for visit in visits}


def required_missing(visit: Visit) -> list[str]:
    """The texts of the required lines that are not done on the visit, as `Record.missing` has
    them, in one query: it is asked at each Complete."""
    line = OuterRef("pk")
    answers = ChecklistAnswer.objects.filter(visit=visit, item=line).exclude(value=False)
    photos = VisitPhoto.objects.filter(visit=visit, item=line, removed_at=None)
    takes_photo = Q(kind=ChecklistItem.PHOTO)
    type_id = ServiceOrder.objects.filter(pk=visit.order_id).values("type")
    rows = ChecklistItem.objects.filter(type__in=type_id, required=True, archived_at=None)
    rows = rows.exclude(takes_photo & Exists(photos)).exclude(~takes_photo & Exists(answers))
    return list(rows.order_by("position", "pk").values_list("text", flat=True))


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
