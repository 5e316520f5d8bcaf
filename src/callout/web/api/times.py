"""Hours of technicians: travel, work, break and other, tapped or entered by hand."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders import services
from callout.orders.models import TimeEntry
from callout.orders.selectors.times import time_entry_get, time_entry_page
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Created, Linked, Moment, Query, Shape, Text, Window
from callout.web.api.links import link
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent

router = Router(tags=["Time entries"])
TimeKind = Literal["travel", "work", "break", "other"]


class TimeEntryOut(Created):
    """Hours of one technician. `derived` ones follow what was tapped and are not edited."""

    technician: Linked
    service_order: Linked | None
    visit_id: UUID | None
    kind: TimeKind
    start: datetime
    end: datetime | None = Field(description="null: still running")
    derived: bool
    note: str


class TimeEntryList(Shape):
    items: list[TimeEntryOut]
    next: str | None


class TimeEntryPatch(Body):
    kind: TimeKind = "work"
    start: Moment | None = None
    end: Moment | None = None
    note: Text = ""


class TimeEntryNew(Body):
    technician_id: UUID | None = Field(None, description="The sender's own by default.")
    visit_id: UUID | None = Field(None, description="A visit that the technician is on.")
    kind: TimeKind
    start: Moment
    end: Moment
    note: Text = ""


class TimeEntryWindow(Window):
    technician_id: UUID | None = Field(None, description="Of this technician only.")
    service_order_id: UUID | None = Field(None, description="Of this order's visits only.")
    start: Moment | None = Field(None, alias="from", description="Those that begin from then on.")
    end: Moment | None = Field(None, alias="to", description="Those that begin before.")


def shown(row: TimeEntry) -> TimeEntryOut:
    """An entry that the reader sees."""
    order = row.visit.order if row.visit else None
    return TimeEntryOut.model_validate(
        {
            "id": row.pk,
            "version": row.version,
            "technician": link(row.technician),
            "service_order": link(order) if order else None,
            "visit_id": row.visit_id,
            "kind": row.kind,
            "start": row.start,
            "end": row.end,
            "derived": row.derived,
            "note": row.note,
        }
    )


def _entry(request: ApiRequest, time_entry_id: UUID) -> TimeEntryOut:
    return shown(time_entry_get(actor=request.auth, time_entry_id=time_entry_id))


@router.get("/time-entries", response=TimeEntryList, summary="Find time entries")
def time_entry_find(request: ApiRequest, filters: Query[TimeEntryWindow]) -> HttpResponse:
    """The latest first. A technician reads own ones only."""
    page = time_entry_page(
        actor=request.auth,
        technician_id=filters.technician_id,
        order_id=filters.service_order_id,
        start=filters.start,
        end=filters.end,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    return found(TimeEntryList(items=[shown(row) for row in page.items], next=page.next))


@router.post("/time-entries", response={201: TimeEntryOut}, summary="Enter hours by hand")
def time_entry_make(request: ApiRequest, body: TimeEntryNew) -> HttpResponse:
    """Of a visit or of none. A technician enters own ones, a manager anybody's."""

    def work() -> TimeEntryOut:
        row = services.time_entry_add(actor=request.auth, **body.given())
        return _entry(request, row.pk)

    return changed(request, work, status=201, place="/api/v1/time-entries")


@router.get(
    "/time-entries/{uuid:time_entry_id}", response=TimeEntryOut, summary="Read a time entry"
)
def time_entry_read(request: ApiRequest, time_entry_id: UUID) -> HttpResponse:
    """A technician reads own ones only."""
    return found(_entry(request, time_entry_id))


@router.patch(
    "/time-entries/{uuid:time_entry_id}",
    auth=manager_only,
    response=TimeEntryOut,
    summary="Correct hours entered by hand",
    openapi_extra=NEEDS_VERSION,
)
def time_entry_edit(request: ApiRequest, time_entry_id: UUID, body: TimeEntryPatch) -> HttpResponse:
    """Managers only. Needs If-Match. Those that follow what was tapped are 409 `derived`."""
    version = version_needed(request)

    def work() -> TimeEntryOut:
        services.time_entry_update(
            actor=request.auth, time_entry_id=time_entry_id, version=version, **body.given()
        )
        return _entry(request, time_entry_id)

    return changed(request, work, current=lambda: _entry(request, time_entry_id))


@router.delete(
    "/time-entries/{uuid:time_entry_id}",
    auth=manager_only,
    response={204: None},
    summary="Take hours back that were entered by hand",
    openapi_extra=TAKES_VERSION,
)
def time_entry_remove(request: ApiRequest, time_entry_id: UUID) -> HttpResponse:
    """Managers only. The journal keeps them."""
    version = version_sent(request, required=False)

    def work() -> None:
        services.time_entry_remove(actor=request.auth, time_entry_id=time_entry_id, version=version)

    return changed(request, work, current=lambda: _entry(request, time_entry_id))
