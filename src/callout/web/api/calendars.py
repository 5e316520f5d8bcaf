"""Working calendars and their holidays."""

import hashlib
import json
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router, UploadedFile
from pydantic import Field, StrictInt

from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, TooLarge
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Created, Day, Query, Search, Shape, Text, Week, Window
from callout.web.api.resource import Resource, found_in, routes
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent
from callout.workforce import selectors, services
from callout.workforce.holiday_files import MOST_BYTES
from callout.workforce.models import Holiday, WorkingCalendar

router = Router(tags=["Holidays"])


class CalendarOut(Created):
    """When the company, or a part of it, is open."""

    name: str
    days: Week
    is_default: bool = Field(description="The company's, and each technician's without another.")
    archived_at: datetime | None


class CalendarList(Shape):
    items: list[CalendarOut]
    next: str | None


class CalendarPatch(Body):
    name: Text = ""
    days: Week = Field([], description="Seven days, Monday first, of the company's time.")


class CalendarNew(CalendarPatch):
    name: Text


def calendar_shown(row: WorkingCalendar) -> CalendarOut:
    """A calendar, for whoever works here."""
    names = ("version", "name", "days", "is_default", "archived_at")
    return CalendarOut(id=row.pk, **{name: getattr(row, name) for name in names})


def _calendar(actor: Actor, pk: UUID) -> CalendarOut:
    return calendar_shown(selectors.calendar_detail(actor=actor, calendar_id=pk))


calendars = routes(
    Resource(
        place="/calendars",
        tag="Calendars",
        one="a calendar",
        search=Search,
        listed=CalendarList,
        shape=CalendarOut,
        new=CalendarNew,
        patch=CalendarPatch,
        find=found_in(selectors.calendar_list, calendar_shown),
        read=_calendar,
        create=lambda actor, values: services.calendar_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.calendar_update(
            actor=actor, calendar_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.calendar_archive(
            actor=actor, calendar_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.calendar_restore(
            actor=actor, calendar_id=pk, version=version
        ),
    )
)


@router.post(
    "/calendars/{uuid:calendar_id}/default",
    auth=manager_only,
    response=CalendarOut,
    summary="Make a calendar the default",
    tags=["Calendars"],
    openapi_extra=TAKES_VERSION,
)
def calendar_default(request: ApiRequest, calendar_id: UUID) -> HttpResponse:
    """The one that was it until now is it no more. 409 where it is already."""
    version = version_sent(request, required=False)

    def work() -> CalendarOut:
        services.calendar_make_default(actor=request.auth, calendar_id=calendar_id, version=version)
        return _calendar(request.auth, calendar_id)

    return changed(request, work, current=lambda: _calendar(request.auth, calendar_id))


# --- holidays ------------------------------------------------------------------------------------


class HolidayOut(Created):
    """A day on which nobody with the calendar works."""

    calendar_id: UUID
    date: date
    name: str


class HolidayList(Shape):
    items: list[HolidayOut]
    next: str | None


class HolidayNew(Body):
    date: Day
    name: Text


class HolidayPatch(Body):
    date: Day | None = None
    name: Text = ""


class HolidayWindow(Window):
    year: int | None = Field(None, ge=1900, le=2199)


class FillBody(Body):
    year: StrictInt = Field(examples=[2027])
    country: Text = Field(description="Two letters of ISO 3166-1.", examples=["BE"])
    region: Text = Field("", description="A region with holidays of its own, like BY.")


class FilledOut(Shape):
    """What became of many holidays at once."""

    added: int
    there: int = Field(description="Days that were holidays already; they stay as they are.")


def holiday_shown(row: Holiday) -> HolidayOut:
    """A holiday, for whoever works here."""
    return HolidayOut(
        id=row.pk, version=row.version, calendar_id=row.calendar_id, date=row.date, name=row.name
    )


def _holiday(request: ApiRequest, holiday_id: UUID) -> HolidayOut:
    return holiday_shown(selectors.holiday_detail(actor=request.auth, holiday_id=holiday_id))


@router.get("/calendars/{uuid:calendar_id}/holidays", response=HolidayList, summary="List holidays")
def holiday_find(
    request: ApiRequest, calendar_id: UUID, filters: Query[HolidayWindow]
) -> HttpResponse:
    """In order of the days, perhaps of one `year`."""
    page = selectors.holiday_list(
        actor=request.auth,
        calendar_id=calendar_id,
        year=filters.year,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    return found(HolidayList(items=[holiday_shown(row) for row in page.items], next=page.next))


@router.post(
    "/calendars/{uuid:calendar_id}/holidays",
    auth=manager_only,
    response={201: HolidayOut},
    summary="Add a holiday",
)
def holiday_make(request: ApiRequest, calendar_id: UUID, body: HolidayNew) -> HttpResponse:
    """422 for a day that is one already. Visits planned on it stay."""

    def work() -> HolidayOut:
        row = services.holiday_add(actor=request.auth, calendar_id=calendar_id, **body.given())
        return holiday_shown(row)

    return changed(request, work, status=201, place="/api/v1/holidays")


@router.post(
    "/calendars/{uuid:calendar_id}/holidays/fill",
    auth=manager_only,
    response=FilledOut,
    summary="Fill a year with public holidays",
)
def holidays_fill(request: ApiRequest, calendar_id: UUID, body: FillBody) -> HttpResponse:
    """Those of a country or a region, in the company's language where it is known."""

    def work() -> FilledOut:
        done = services.holidays_fill(actor=request.auth, calendar_id=calendar_id, **body.given())
        return FilledOut(added=done.added, there=done.there)

    return changed(request, work)


@router.post(
    "/calendars/{uuid:calendar_id}/holidays/import",
    auth=manager_only,
    response=FilledOut,
    summary="Import holidays",
)
def holidays_import(
    request: ApiRequest, calendar_id: UUID, file: File[UploadedFile]
) -> HttpResponse:
    """A calendar (.ics: whole-day events that do not repeat) or a table (.csv: date and name) of at
    most 512 kB, as multipart/form-data. What cannot be read is 422, and nothing is changed."""
    if (file.size or 0) > MOST_BYTES:
        raise TooLarge(_("The file has 512 kB at most."))
    if unknown := {*request.POST, *request.FILES} - {"file", "csrfmiddlewaretoken"}:
        raise Invalid({name[:100]: [_("There is no such field.")] for name in sorted(unknown)})
    data, name = file.read(), file.name or ""

    def work() -> FilledOut:
        done = services.holidays_import(
            actor=request.auth, calendar_id=calendar_id, name=name, data=data
        )
        return FilledOut(added=done.added, there=done.there)

    sent = json.dumps([name, hashlib.sha256(data).hexdigest()]).encode()
    return changed(request, work, sent=sent)


@router.get("/holidays/{uuid:holiday_id}", response=HolidayOut, summary="Read a holiday")
def holiday_read(request: ApiRequest, holiday_id: UUID) -> HttpResponse:
    """Of whichever calendar."""
    return found(_holiday(request, holiday_id))


@router.patch(
    "/holidays/{uuid:holiday_id}",
    auth=manager_only,
    response=HolidayOut,
    summary="Edit a holiday",
    openapi_extra=NEEDS_VERSION,
)
def holiday_edit(request: ApiRequest, holiday_id: UUID, body: HolidayPatch) -> HttpResponse:
    """Needs If-Match."""
    version = version_needed(request)

    def work() -> HolidayOut:
        services.holiday_update(
            actor=request.auth, holiday_id=holiday_id, version=version, **body.given()
        )
        return _holiday(request, holiday_id)

    return changed(request, work, current=lambda: _holiday(request, holiday_id))


@router.delete(
    "/holidays/{uuid:holiday_id}",
    auth=manager_only,
    response={204: None},
    summary="Take a holiday away",
    openapi_extra=TAKES_VERSION,
)
def holiday_remove(request: ApiRequest, holiday_id: UUID) -> HttpResponse:
    """A day of work like others."""
    version = version_sent(request, required=False)

    def work() -> None:
        services.holiday_remove(actor=request.auth, holiday_id=holiday_id, version=version)

    return changed(request, work, current=lambda: _holiday(request, holiday_id))
