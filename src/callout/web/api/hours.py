"""When technicians work and when not: working weeks and absences."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.kernel.errors import VersionMissing
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Created, Day, Moment, Query, Shape, Text, Week, Window
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent
from callout.workforce import selectors, services
from callout.workforce.models import WorkingWeek
from callout.workforce.selectors import Away

router = Router()

# --- working weeks -------------------------------------------------------------------------------


class WeekOut(Created):
    """The week that a technician works from a day on, until the next one begins."""

    valid_from: date
    days: Week


class WeekList(Shape):
    items: list[WeekOut]
    next: str | None


class WeekNew(Body):
    valid_from: Day
    days: Week


def week_shown(row: WorkingWeek) -> WeekOut:
    """A week that the reader sees."""
    return WeekOut(id=row.pk, version=row.version, valid_from=row.valid_from, days=row.days)


def _weeks(request: ApiRequest, technician_id: UUID) -> list[WorkingWeek]:
    return selectors.technician_detail(actor=request.auth, technician_id=technician_id).weeks


@router.get(
    "/technicians/{uuid:technician_id}/weeks",
    response=WeekList,
    summary="List working weeks",
    tags=["Technicians"],
)
def week_find(request: ApiRequest, technician_id: UUID) -> HttpResponse:
    """The latest first, all in one answer. A technician reads own weeks only."""
    weeks = _weeks(request, technician_id)
    return found(WeekList(items=[week_shown(week) for week in weeks], next=None))


@router.put(
    "/technicians/{uuid:technician_id}/weeks",
    auth=manager_only,
    response=WeekOut,
    summary="Set the working week from a day on",
    tags=["Technicians"],
    openapi_extra=TAKES_VERSION,
)
def week_set(request: ApiRequest, technician_id: UUID, body: WeekNew) -> HttpResponse:
    """One that begins on that very day is replaced: then If-Match with its version is needed."""
    version = version_sent(request, required=False)
    there = [week for week in _weeks(request, technician_id) if week.valid_from == body.valid_from]
    if there and version is None:
        raise VersionMissing

    def work() -> WeekOut:
        row = services.working_week_set(
            actor=request.auth,
            technician_id=technician_id,
            valid_from=body.valid_from,
            days=body.days,
            version=version,
        )
        return week_shown(row)

    def current() -> WeekOut:
        weeks = _weeks(request, technician_id)
        return week_shown(next(week for week in weeks if week.valid_from == body.valid_from))

    return changed(request, work, current=current)


@router.delete(
    "/weeks/{uuid:week_id}",
    auth=manager_only,
    response={204: None},
    summary="Take a working week away",
    tags=["Technicians"],
)
def week_remove(request: ApiRequest, week_id: UUID) -> HttpResponse:
    """As if it had never begun: the one before it goes on. The last one stays (409)."""

    def work() -> None:
        services.working_week_remove(actor=request.auth, week_id=week_id)

    return changed(request, work)


# --- absences ------------------------------------------------------------------------------------

AbsenceCode = Literal["holiday", "sickness", "training", "meeting", "other"]


class AbsenceOut(Created):
    """When a technician is not there."""

    technician_id: UUID
    kind: AbsenceCode
    start: datetime
    end: datetime
    note: str


class AbsenceList(Shape):
    items: list[AbsenceOut]
    next: str | None


class AbsencePatch(Body):
    kind: AbsenceCode = "holiday"
    start: Moment | None = None
    end: Moment | None = None
    note: Text = ""


class AbsenceNew(Body):
    technician_id: UUID
    kind: AbsenceCode
    start: Moment
    end: Moment
    note: Text = ""


class AbsenceWindow(Window):
    technician_id: UUID | None = Field(None, description="Of this technician only.")


def absence_shown(away: Away) -> AbsenceOut:
    """An absence that the reader sees."""
    names = ("id", "version", "technician_id", "kind", "start", "end", "note")
    return AbsenceOut.model_validate({name: getattr(away, name) for name in names})


def _absence(request: ApiRequest, absence_id: UUID) -> AbsenceOut:
    return absence_shown(selectors.absence_detail(actor=request.auth, absence_id=absence_id))


@router.get("/absences", response=AbsenceList, summary="Find absences", tags=["Absences"])
def absence_find(request: ApiRequest, filters: Query[AbsenceWindow]) -> HttpResponse:
    """The latest first. A technician reads own ones only."""
    page = selectors.absence_list(
        actor=request.auth,
        technician_id=filters.technician_id,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    return found(AbsenceList(items=[absence_shown(away) for away in page.items], next=page.next))


@router.post(
    "/absences",
    auth=manager_only,
    response={201: AbsenceOut},
    summary="Enter an absence",
    tags=["Absences"],
)
def absence_make(request: ApiRequest, body: AbsenceNew) -> HttpResponse:
    """Visits planned in it stay where they are. 409 over another absence."""

    def work() -> AbsenceOut:
        row = services.absence_create(actor=request.auth, **body.given())
        return _absence(request, row.pk)

    return changed(request, work, status=201, place="/api/v1/absences")


@router.get(
    "/absences/{uuid:absence_id}",
    response=AbsenceOut,
    summary="Read an absence",
    tags=["Absences"],
)
def absence_read(request: ApiRequest, absence_id: UUID) -> HttpResponse:
    """A technician reads own ones only."""
    return found(_absence(request, absence_id))


@router.patch(
    "/absences/{uuid:absence_id}",
    auth=manager_only,
    response=AbsenceOut,
    summary="Edit an absence",
    tags=["Absences"],
    openapi_extra=NEEDS_VERSION,
)
def absence_edit(request: ApiRequest, absence_id: UUID, body: AbsencePatch) -> HttpResponse:
    """Needs If-Match."""
    version = version_needed(request)

    def work() -> AbsenceOut:
        services.absence_update(
            actor=request.auth, absence_id=absence_id, version=version, **body.given()
        )
        return _absence(request, absence_id)

    return changed(request, work, current=lambda: _absence(request, absence_id))


@router.delete(
    "/absences/{uuid:absence_id}",
    auth=manager_only,
    response={204: None},
    summary="Take an absence back",
    tags=["Absences"],
    openapi_extra=TAKES_VERSION,
)
def absence_remove(request: ApiRequest, absence_id: UUID) -> HttpResponse:
    """The technician is there after all."""
    version = version_sent(request, required=False)

    def work() -> None:
        services.absence_remove(actor=request.auth, absence_id=absence_id, version=version)

    return changed(request, work, current=lambda: _absence(request, absence_id))
