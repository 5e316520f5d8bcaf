"""A week of everybody at a glance: hours, absences, holidays, and how full each day is.

As many queries for five hundred technicians as for one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from callout.accounts.zone import day_bounds
from callout.kernel.actor import Actor
from callout.kernel.packed import Sent, moment
from callout.kernel.prepared import Prepared, together
from callout.orders.services.booking import LONGEST
from callout.planning.board import MOST_ROWS
from callout.planning.board_rows import in_range
from callout.planning.fit.person import joined
from callout.workforce.hours import Interval
from callout.workforce.policy import sees_all_fields, visible_technicians
from callout.workforce.selectors import Away, days_ask, days_told

DAYS = 7
KEPT = 512  # weeks: of a large company once, of a small one a few


class Person(NamedTuple):
    """A technician, as a row is headed; "" for no team."""

    pk: UUID
    name: str
    initials: str
    team: str


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of somebody: when they work, are away, and the holiday that keeps them from it.

    `free` are the minutes that they are there for, `booked` those that visits take of the day; None
    where the reader may not know them (of a colleague nobody but a manager does). `bounds` are its
    begin and its end.
    """

    day: date
    bounds: Interval
    hours: list[Interval]
    absences: list[Away]
    holiday: str
    free: int | None
    booked: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """Somebody's seven days. As long as nothing about them changes, it is this very object again,
    so that others may keep by it what they say of it."""

    days: tuple[WeekDay, ...]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A technician's week."""

    technician: Person
    week: Week

    @property
    def days(self) -> tuple[WeekDay, ...]:
        """Monday to Sunday."""
        return self.week.days


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
    days = tuple([(one, day_bounds(one)) for one in day_range(first, DAYS)])
    start, end = days[0][1][0], days[-1][1][1]
    people = _people(actor, team_id)
    if not people:
        return []
    ids = [one.pk for one in people]
    known = {one.bytes: one for one in ids if sees_all_fields(actor, one)}
    *told, taken = together(
        *days_ask(actor=actor, technician_ids=ids, days=(first, last), span=(start, end)),
        BOOKED.ask(ids=list(known.values()), start=start, end=end, floor=start - LONGEST),
    )
    times = days_told(actor, told, (first, last))
    booked: dict[bytes, list[Interval]] = defaultdict(list)
    for technician_id, begin, until in taken:
        booked[technician_id].append((moment(begin), moment(until)))
    found = [
        WeekRow(
            who,
            _week(
                days,
                tuple(times.hours.get(who.pk, ())),
                tuple(times.absences.get(who.pk, ())),
                tuple(times.holidays.get(who.pk, {}).items()),
                tuple(booked[key]) if (key := who.pk.bytes) in known else None,
            ),
        )
        for who in people
    ]
    if absent:
        found = [row for row in found if row.days[day.weekday()].absences]
    return found


def _people(actor: Actor, team_id: UUID | None) -> list[Person]:
    rows = visible_technicians(actor).filter(archived_at=None)
    if team_id is not None:
        rows = rows.filter(team=team_id)
    named = rows.order_by("name_sort", "id").values_list("pk", "name", "initials", "team__name")
    return [
        Person(pk, name, initials, team or "") for pk, name, initials, team in named[:MOST_ROWS]
    ]


def day_range(first: date, count: int) -> list[date]:
    """So many days from the first on."""
    return [first + timedelta(days=number) for number in range(count)]


BOOKED: Prepared[tuple[bytes, bytes, bytes]] = Prepared(
    lambda: (
        in_range()
        .order_by("technician_id", "start", "end")
        .values_list(
            Sent("technician_id", kind="uuid"),
            *(Sent(name, kind="timestamptz") for name in ("start", "end")),
        )
    ),
    binary=True,
)


@lru_cache(maxsize=KEPT)
def _week(
    days: tuple[tuple[date, Interval], ...],
    hours: tuple[Interval, ...],
    away: tuple[Away, ...],
    holidays: tuple[tuple[date, str], ...],
    booked: tuple[Interval, ...] | None,
) -> Week:
    names = dict(holidays)
    found = []
    for day, bounds in days:
        works = _within(hours, bounds)
        absences = [one for one in away if one.start < bounds[1] and one.end > bounds[0]]
        gone = _within([(one.start, one.end) for one in absences], bounds)
        lost = [part for span in works for part in _within(gone, span)]
        found.append(
            WeekDay(
                day=day,
                bounds=bounds,
                hours=works,
                absences=absences,
                holiday=names.get(day, ""),
                free=None if booked is None else _minutes(works) - _minutes(lost),
                booked=None if booked is None else _minutes(_within(booked, bounds)),
            )
        )
    return Week(tuple(found))


def _within(spans: Iterable[Interval], bounds: Interval) -> list[Interval]:
    """What lies between two moments, in order; what overlaps is joined."""
    begin, end = bounds
    cut = [(max(one, begin), min(other, end)) for one, other in spans]
    return list(joined([(one, other) for one, other in cut if one < other]))


def _minutes(spans: Iterable[Interval]) -> int:
    return sum(int((end - start).total_seconds() // 60) for start, end in spans)
