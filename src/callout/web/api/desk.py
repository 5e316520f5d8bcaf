"""The office's desk: what came from phones too late to be done, and the decision about it."""

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.fieldwork.selectors.desk import Desk, Held, desk
from callout.fieldwork.selectors.late import Report, late_report_detail
from callout.fieldwork.selectors.said import Line
from callout.fieldwork.services.deciding import late_report_decide
from callout.orders.models import Note
from callout.orders.numbers import order_number
from callout.orders.selectors.beside import note_get
from callout.orders.services import note_put_away
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Linked, Moment, Shape
from callout.web.api.versions import TAKES_VERSION
from callout.web.api.writing import changed, found, version_sent

router = Router(tags=["Desk"])
Decision = Literal["happened", "note"]


class SaidOut(Shape):
    """One entry of the phone."""

    action: str
    words: str
    note: str
    at: Moment = Field(description="When it truly happened.")
    phone_at: Moment | None = Field(description="The phone's clock, where it says another time.")
    time_uncertain: bool


class ReportOut(Shape):
    """What could not be done when it came. `decision` is empty while it is open."""

    id: UUID
    version: int
    kind: Literal["late", "correction", "handover"]
    code: str = Field(description="Why it could not be applied.")
    why: str
    service_order: Linked
    visit_id: UUID
    technician: Linked
    phone: str
    came_at: Moment | None
    entries: list[SaidOut]
    start: Moment | None = Field(description="The first and the last step, if there are any.")
    end: Moment | None
    would: str = Field(description="What `happened` would write down.")
    finishes: bool | None = Field(
        description="Whether the technician completed it; null where the order has ended."
    )
    decision: Literal["", "happened", "note"]
    decided_at: Moment | None
    made_visit_id: UUID | None
    note: str = Field(description="The dispatcher's words to the technician.")


class DeskNoteOut(Shape):
    """What a technician wrote to the office: it lies here until somebody has put it away."""

    id: UUID
    version: int
    service_order: Linked
    author: str
    created_at: Moment
    text: str


class HeldOut(Shape):
    """An entry that is received and could not be carried out yet: it is tried again by itself."""

    action: str
    words: str
    service_order_number: str
    technician: str
    phone: str
    received_at: Moment
    tries: int


class PhotoOut(Shape):
    """A photo that was announced three days ago, and whose bytes have not come."""

    id: UUID
    service_order: Linked
    technician: str
    name: str
    announced_at: Moment
    words: str


class PhoneOut(Shape):
    """A phone whose oldest unsent entry is over a day old, as it last said itself."""

    id: UUID
    user: Linked
    name: str
    last_seen_at: Moment
    unsent_entries: int
    unsent_files: int
    unsent_since: Moment | None


class DeskOut(Shape):
    count: int = Field(description="How much there is to look at.")
    reports: list[ReportOut] = Field(description="Open ones, the oldest first.")
    notes: list[DeskNoteOut] = Field(description="To the office, the oldest first.")
    held: list[HeldOut]
    photos: list[PhotoOut]
    phones: list[PhoneOut]
    decided: list[ReportOut] = Field(description="Of the last 14 days, the newest first.")


class DecideBody(Body):
    """`happened`: it becomes a past visit with its times, notes and files (of a correction: the
    step gets the time). `note`: it is written down as a note (a correction is declined)."""

    decision: Decision
    finishes: bool = Field(False, description="It also completes the order.")
    note: Annotated[str, Field(max_length=2000)] = ""


@router.get("/desk", auth=manager_only, response=DeskOut, summary="Read the desk")
def desk_read(request: ApiRequest) -> HttpResponse:
    """Managers only. What came too late, what is held, and what phones still have."""
    return found(_desk(desk(actor=request.auth)))


@router.post(
    "/desk/reports/{uuid:report_id}/decide",
    auth=manager_only,
    response=ReportOut,
    summary="Decide about a late report",
    openapi_extra=TAKES_VERSION,
)
def report_decide(request: ApiRequest, report_id: UUID, body: DecideBody) -> HttpResponse:
    """Once, through the ordinary service: it may be refused in words (409), and then stays open."""
    version = version_sent(request, required=False)

    def work() -> ReportOut:
        late_report_decide(
            actor=request.auth, report_id=report_id, version=version, **body.model_dump()
        )
        return shown()

    def shown() -> ReportOut:
        return _report(late_report_detail(actor=request.auth, report_id=report_id))

    return changed(request, work, current=shown)


@router.post(
    "/desk/notes/{uuid:note_id}/put-away",
    auth=manager_only,
    response=DeskNoteOut,
    summary="Put a note to the office away",
    openapi_extra=TAKES_VERSION,
)
def note_off_desk(request: ApiRequest, note_id: UUID) -> HttpResponse:
    """Managers only, once; it stays on its order. 409 `put_away` for a second time."""
    version = version_sent(request, required=False)

    def work() -> DeskNoteOut:
        note_put_away(actor=request.auth, note_id=note_id, version=version)
        return shown()

    def shown() -> DeskNoteOut:
        return _note(note_get(actor=request.auth, note_id=note_id))

    return changed(request, work, current=shown)


def _note(one: Note) -> DeskNoteOut:
    return DeskNoteOut(
        id=one.pk,
        version=one.version,
        service_order=Linked(id=one.order_id, name=order_number(one.order.number)),
        author=one.author.name if one.author else "",
        created_at=one.created_at,
        text=one.text,
    )


def _desk(all_of_it: Desk) -> DeskOut:
    return DeskOut(
        count=all_of_it.count,
        reports=[_report(one) for one in all_of_it.reports],
        notes=[_note(one) for one in all_of_it.notes],
        held=[_held(one) for one in all_of_it.held],
        photos=[
            PhotoOut(
                id=one.pk,
                service_order=Linked(id=one.order_id, name=order_number(one.order.number)),
                technician=one.user.name,
                name=one.name,
                announced_at=one.announced_at,
                words=one.words,
            )
            for one in all_of_it.photos
        ],
        phones=[
            PhoneOut(
                id=one.pk,
                user=Linked(id=one.user_id, name=one.user.name),
                name=one.name,
                last_seen_at=one.last_seen_at,
                unsent_entries=one.unsent_commands,
                unsent_files=one.unsent_files,
                unsent_since=one.unsent_since,
            )
            for one in all_of_it.phones
        ],
        decided=[_report(one) for one in all_of_it.decided],
    )


def _report(one: Report) -> ReportOut:
    row = one.row
    return ReportOut(
        id=row.pk,
        version=row.version,
        kind=row.kind,  # type: ignore[arg-type]  # one of its choices
        code=row.code,
        why=one.why,
        service_order=Linked(id=row.order_id, name=one.number),
        visit_id=row.visit_id,
        technician=Linked(id=row.technician_id, name=row.technician.name),
        phone=row.device.name,
        came_at=one.came_at,
        entries=[_said(line) for line in one.lines],
        start=one.start,
        end=one.end,
        would=one.would,
        finishes=one.finishes,
        decision=row.decision,  # type: ignore[arg-type]  # one of its choices
        decided_at=row.decided_at,
        made_visit_id=row.made_id,
        note=row.note,
    )


def _said(line: Line) -> SaidOut:
    return SaidOut(
        action=line.action,
        words=line.text,
        note=line.note,
        at=line.at,
        phone_at=line.phone_at,
        time_uncertain=line.uncertain,
    )


def _held(one: Held) -> HeldOut:
    return HeldOut(
        action=one.line.action,
        words=one.line.text,
        service_order_number=one.number,
        technician=one.technician,
        phone=one.phone,
        received_at=one.received_at,
        tries=one.tries,
    )
