"""A week of everybody at a glance: hours, absences, holidays, and how full each day is.

As many queries for five hundred technicians as for one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import DateTimeField, Q, UUIDField

from callout.accounts.zone import day_bounds
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared
from callout.orders.models import Assignment
from callout.orders.services.booking import LONGEST
from callout.planning.board import MOST_ROWS
from callout.planning.board_day import SHOWN
from callout.planning.fit.person import joined
from callout.workforce.hours import Interval
from callout.workforce.models import Technician
from callout.workforce.policy import sees_all_fields, visible_technicians
from callout.workforce.selectors import Away, Workdays, technician_days

DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of somebody: when they work, are away, and the holiday that keeps them from it.

    `free` are the minutes that they are there for, `booked` those that visits take of the day; None
    where the reader may not know them (of a colleague nobody but a manager does).
    """

    day: date
    hours: list[Interval]
    absences: list[Away]
    holiday: str
    free: int | None
    booked: int | None


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A technician's seven days."""

    technician: Technician
    days: list[WeekDay]


def team_week(
    *,
    actor: Actor,
    day: date,
    team_id: UUID | None = None,
    absent: bool = False,
) -> list[WeekRow]:
    """The week of `day`, Monday to Sunday, of all technicians in use by name, or of one team's; or
    of those who are away on some part of `day`.

    Managers see all; a technician sees own hours and work, and of colleagues that they are absent.
    """
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=DAYS - 1)
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    rows = visible_technicians(actor).filter(archived_at=None).select_related("team")
    if team_id is not None:
        rows = rows.filter(team=team_id)
    people = list(rows.order_by("name_sort", "id")[:MOST_ROWS])
    if not people:
        return []
    ids = [one.pk for one in people]
    times = technician_days(actor=actor, technician_ids=ids, days=(first, last), span=(start, end))
    known = [one for one in ids if sees_all_fields(actor, one)]
    booked: dict[UUID, list[Interval]] = defaultdict(list)
    for who, begin, until in BOOKED.all(ids=known, start=start, end=end, floor=start - LONGEST):
        booked[who].append((begin, until))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    found = [
        WeekRow(one, _days(one.pk, days, times, booked[one.pk] if one.pk in known else None))
        for one in people
    ]
    if absent:
        found = [row for row in found if row.days[day.weekday()].absences]
    return found


BOOKED: Prepared[tuple[UUID, datetime, datetime]] = Prepared(
    lambda: Assignment.objects.filter(
        Q(is_open=True) | Q(visit__outcome__in=[str(one) for one in SHOWN]),
        technician_id__any=Given("ids", UUIDField()),
        start__gt=Given("floor", DateTimeField()),
        start__lt=Given("end", DateTimeField()),
        end__gt=Given("start", DateTimeField()),
    ).values_list("technician_id", "start", "end")
)


def _days(
    who: UUID, days: Iterable[date], times: Workdays, booked: list[Interval] | None
) -> list[WeekDay]:
    hours, away = times.hours.get(who, []), times.absences.get(who, [])
    holidays: Mapping[date, str] = times.holidays.get(who, {})
    found = []
    for day in days:
        bounds = day_bounds(day)
        works = _within(hours, bounds)
        absences = [one for one in away if one.start < bounds[1] and one.end > bounds[0]]
        gone = _within([(one.start, one.end) for one in absences], bounds)
        lost = [part for span in works for part in _within(gone, span)]
        found.append(
            WeekDay(
                day=day,
                hours=works,
                absences=absences,
                holiday=holidays.get(day, ""),
                free=None if booked is None else _minutes(works) - _minutes(lost),
                booked=None if booked is None else _minutes(_within(booked, bounds)),
            )
        )
    return found


def _within(spans: Iterable[Interval], bounds: Interval) -> list[Interval]:
    """What lies between two moments, in order; what overlaps is joined."""
    begin, end = bounds
    cut = [(max(one, begin), min(other, end)) for one, other in spans]
    return list(joined([(one, other) for one, other in cut if one < other]))


def _minutes(spans: Iterable[Interval]) -> int:
    return sum(int((end - start).total_seconds() // 60) for start, end in spans)
