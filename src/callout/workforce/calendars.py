"""What is read of working calendars and their holidays, always for an actor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import models
from django.db.models import Count, Q

from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden, NotFound
from callout.kernel.hours import Week
from callout.kernel.paging import Page, page
from callout.kernel.prepared import Asked, Given, Prepared, together
from callout.kernel.searching import typed
from callout.workforce import policy
from callout.workforce.models import Holiday, Technician, WorkingCalendar

IDS = Given("ids", models.UUIDField())
# All calendars' of these days: there are few, and whose day it is follows from the technician.
HOLIDAYS = Prepared(
    lambda: (
        Holiday.objects.filter(
            date__gte=Given("first", models.DateField()),
            date__lte=Given("last", models.DateField()),
        )
        .select_related("calendar")
        .only("date", "name", "calendar__is_default")
        .order_by("date")
    )
)
WHOSE = Prepared(lambda: Technician.objects.filter(id__any=IDS).values_list("id", "calendar_id"))
DEFAULT = Prepared(lambda: WorkingCalendar.objects.filter(is_default=True))
TO_COME = Prepared(
    lambda: Holiday.objects.filter(
        calendar__is_default=True, date__gte=Given("first", models.DateField())
    ).values_list("date", flat=True)
)

Names = dict[date, str]


@dataclass(frozen=True, slots=True)
class Opening:
    """The company's open hours as the default calendar has them, and its holidays from a day on."""

    week: Week
    holidays: frozenset[date]


def calendar_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[WorkingCalendar]:
    """Calendars by name; each row carries `technician_count`, those who have it as their own."""
    rows = policy.visible_calendars(actor).filter(archived_at__isnull=not archived)
    in_use = Count("technicians", filter=Q(technicians__archived_at=None))
    rows = rows.filter(name_sort__contains=typed(q)).annotate(technician_count=in_use)
    return page(rows, ["name_sort", "id"], cursor=cursor, limit=limit)


def calendar_detail(*, actor: Actor, calendar_id: UUID) -> WorkingCalendar:
    """One calendar."""
    row = policy.visible_calendars(actor).filter(pk=calendar_id).first()
    if row is None:
        raise NotFound
    return row


def holiday_list(
    *,
    actor: Actor,
    calendar_id: UUID,
    year: int | None = None,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[Holiday]:
    """The holidays of a calendar, in order, perhaps of one year."""
    calendar_detail(actor=actor, calendar_id=calendar_id)
    rows = policy.visible_holidays(actor).filter(calendar=calendar_id)
    if year is not None:
        rows = rows.filter(date__year=year)
    return page(rows, ["date", "id"], cursor=cursor, limit=limit)


def holiday_detail(*, actor: Actor, holiday_id: UUID) -> Holiday:
    """One holiday, with its calendar."""
    row = policy.visible_holidays(actor).select_related("calendar").filter(pk=holiday_id).first()
    if row is None:
        raise NotFound
    return row


def technician_holidays(
    *, actor: Actor, technician_ids: Sequence[UUID], first: date, last: date
) -> dict[UUID, Names]:
    """The holidays of each technician's calendar on the days `first` to `last`, with their names.
    No secret among colleagues: everybody who works here reads everybody's."""
    if not (actor_required(actor).is_manager or actor.technician_id):
        raise Forbidden
    whose, found = together(WHOSE.ask(ids=list(technician_ids)), holidays_ask(first, last))
    return {one: names_of(found, calendar_id) for one, calendar_id in whose}


def opening_hours(*, actor: Actor, first: date) -> Opening | None:
    """What a response target in working hours counts by, from the day `first` on."""
    if not (actor_required(actor).is_manager or actor.technician_id):
        raise Forbidden
    calendars, days = together(DEFAULT.ask(), TO_COME.ask(first=first))
    return Opening(calendars[0].days, frozenset(days)) if calendars else None


def holidays_ask(first: date, last: date) -> Asked:
    """The holidays of all calendars on these days, to be asked together with something else."""
    return HOLIDAYS.ask(first=first, last=last)


def names_of(found: Iterable[Holiday], calendar_id: UUID | None) -> Names:
    """Those of one calendar; None is the default."""
    return {
        row.date: row.name
        for row in found
        if (row.calendar.is_default if calendar_id is None else row.calendar_id == calendar_id)
    }
