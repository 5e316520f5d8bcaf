"""When technicians work: their weeks, without the holidays of their calendar."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import TextField
from django.db.models.functions import Cast

from callout.accounts.zone import company_zone
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

WeekRead = tuple[UUID, date, str, UUID | None]  # technician, valid from, days, calendar


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
    rows: Iterable[WeekRead], holidays: Sequence[Holiday]
) -> dict[UUID, dict[date, str]]:
    """The holidays of each technician who has a week."""
    calendars = {who: calendar_id for who, _since, _days, calendar_id in rows}
    free = {one: names_of(holidays, one) for one in set(calendars.values())}
    return {one: free[calendar_id] for one, calendar_id in calendars.items()}


def _hours_of(
    rows: Iterable[WeekRead], free: Mapping[UUID, dict[date, str]], first: date, last: date
) -> dict[UUID, list[Interval]]:
    zone = company_zone()
    weeks: dict[UUID, list[tuple[date, str]]] = {}
    for who, since, days, _calendar_id in rows:
        if since <= last:
            weeks.setdefault(who, []).append((since, days))
    return {
        one: list(_worked(tuple(found), first, last, frozenset(free[one]), zone))
        for one, found in weeks.items()
    }


@lru_cache(maxsize=512)  # a team works by a few weeks
def _worked(
    weeks: tuple[tuple[date, str], ...],
    first: date,
    last: date,
    free: frozenset[date],
    _zone: ZoneInfo,
) -> tuple[Interval, ...]:
    """`worked` of weeks as the database writes them, by the company's clock, which is `_zone`."""
    read: list[tuple[date, Week]] = [(since, json.loads(days)) for since, days in weeks]
    return tuple(worked(read, first, last, free))


WEEKS: Prepared[WeekRead] = Prepared(
    lambda: (
        WorkingWeek.objects.filter(technician__any=IDS)
        .order_by("valid_from")
        .values_list(
            "technician_id", "valid_from", Cast("days", TextField()), "technician__calendar_id"
        )
    )
)
