"""When technicians work: their weeks, without the holidays of their calendar."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from callout.kernel.actor import Actor
from callout.kernel.hours import Week
from callout.kernel.prepared import Asked, Prepared, together
from callout.workforce import policy
from callout.workforce.calendars import IDS, holidays_ask, names_of
from callout.workforce.hours import Interval, worked
from callout.workforce.models import Holiday, WorkingWeek
from callout.workforce.selectors.absences import (
    Away,
    absences_of,
    away_ask,
    span_checked,
)


class Workdays(NamedTuple):
    """When technicians work, are away, and have a holiday of their calendar: by their ids."""

    hours: dict[UUID, list[Interval]]
    absences: dict[UUID, list[Away]]
    holidays: dict[UUID, dict[date, str]]


def technician_hours(
    *, actor: Actor, technician_ids: Sequence[UUID], first: date, last: date
) -> dict[UUID, list[Interval]]:
    """When each technician works on the company's days `first` to `last`: UTC, in order.

    Absences are not taken off; on a holiday of their calendar nobody works. One message. Whom the
    actor may not see (a technician sees own hours only) is not in the answer.
    """
    weeks, holidays = together(
        _weeks(actor, technician_ids, first, last), holidays_ask(first, last)
    )
    return _hours_of(weeks, _holidays_of(weeks, holidays), first, last)


def technician_days(
    *,
    actor: Actor,
    technician_ids: Sequence[UUID],
    days: tuple[date, date],
    span: tuple[datetime, datetime],
) -> Workdays:
    """`technician_hours` of these days, `technician_absences` of this span, and the holidays on
    which who has hours does not work: in one message."""
    asked = days_ask(actor=actor, technician_ids=technician_ids, days=days, span=span)
    return days_told(actor, together(*asked), days)


def days_ask(
    *,
    actor: Actor,
    technician_ids: Sequence[UUID],
    days: tuple[date, date],
    span: tuple[datetime, datetime],
) -> tuple[Asked, ...]:
    """Asks for `technician_days`, in a message with others."""
    return (
        _weeks(actor, technician_ids, *days),
        holidays_ask(*days),
        away_ask(actor, technician_ids, *span),
    )


def days_told(actor: Actor, found: Sequence[list[Any]], days: tuple[date, date]) -> Workdays:
    """What was found for days_ask."""
    weeks, holidays, away = found
    free = _holidays_of(weeks, holidays)
    return Workdays(_hours_of(weeks, free, *days), absences_of(actor, away), free)


def _weeks(actor: Actor, technician_ids: Sequence[UUID], first: date, last: date) -> Asked:
    span_checked(timedelta(days=(last - first).days))
    return WEEKS.ask(ids=[one for one in technician_ids if policy.sees_all_fields(actor, one)])


def _holidays_of(
    rows: Iterable[WorkingWeek], holidays: Sequence[Holiday]
) -> dict[UUID, dict[date, str]]:
    """The holidays of each technician who has a week."""
    calendars = {row.technician_id: row.technician.calendar_id for row in rows}
    free = {one: names_of(holidays, one) for one in set(calendars.values())}
    return {one: free[calendar_id] for one, calendar_id in calendars.items()}


def _hours_of(
    rows: Iterable[WorkingWeek], free: Mapping[UUID, dict[date, str]], first: date, last: date
) -> dict[UUID, list[Interval]]:
    weeks: dict[UUID, list[tuple[date, Week]]] = {}
    for row in rows:
        if row.valid_from <= last:
            weeks.setdefault(row.technician_id, []).append((row.valid_from, row.days))
    return {one: worked(found, first, last, free[one]) for one, found in weeks.items()}


WEEKS = Prepared(
    lambda: (
        WorkingWeek.objects.filter(technician__any=IDS)
        .select_related("technician")
        .only("technician_id", "valid_from", "days", "technician__calendar_id")
        .order_by("valid_from")
    )
)
