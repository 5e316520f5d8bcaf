"""A technician's days and a job as the rules see them: plain data, no database, no clock.

All moments are aware; days are the company's, cut in `zone` by whoever loads them (team.py).
"""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.travel.estimate import Place

Interval = tuple[datetime, datetime]
LONGEST = timedelta(hours=24)  # a visit, how much later than planned it ends, a drive


@dataclass(frozen=True, slots=True)
class Stop:
    """An open visit: its slot, and `until` when it is expected to end truly (never before `end`).

    `day` is the company's day on which it begins.
    """

    start: datetime
    end: datetime
    until: datetime
    day: date
    place: Place | None = None
    name: str = ""  # SO-000123
    order_id: UUID | None = None
    visit_id: UUID | None = None
    pinned: bool = False
    under_way: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """When somebody is not there, and what it is called for this reader."""

    start: datetime
    end: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ride:
    """When somebody else drives the vehicle, and on which visit."""

    start: datetime
    end: datetime
    vehicle: str  # its registration
    name: str = ""  # SO-000123
    order_id: UUID | None = None
    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """Somebody who is on no visit at this moment, and from where they would drive: the last visit
    of today, or home where there was none."""

    moment: datetime
    place: Place | None
    at_home: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A technician, with hours, absences and stops of the days that were loaded, each in order.

    `hours` are worked without a pause: intervals that touch are one (a night is not cut at
    midnight). `holidays` are the days off of their calendar by name, `rides` those of others in
    the vehicle that they would take. `idle` is None for who is under way, or should be.
    """

    id: UUID
    name: str
    skills: frozenset[UUID] = frozenset()
    base: Place | None = None
    hours: tuple[Interval, ...] = ()
    absences: tuple[Absence, ...] = ()
    stops: tuple[Stop, ...] = ()
    holidays: Mapping[date, str] = field(default_factory=dict)
    rides: tuple[Ride, ...] = ()
    idle: Idle | None = None
    archived: bool = False
    initials: str = ""
    town: str = ""

    def near(self, start: datetime, end: datetime) -> tuple[Stop, ...]:
        """The stops that can touch the slot: begun at most a day, a delay and a drive before it."""
        first = bisect_left(self.stops, start - 3 * LONGEST, key=_start)
        last = bisect_left(self.stops, end + LONGEST, key=_start)
        return self.stops[first:last]

    def without(self, visit_ids: Collection[UUID | None]) -> "Person":
        """The person with these visits off their days: a visit is not in its own way."""
        kept = tuple(stop for stop in self.stops if stop.visit_id not in visit_ids)
        return replace(self, stops=kept)

    def within(self, begin: datetime, end: datetime) -> "Person":
        """The person with what they work between the two alone."""
        hours = tuple(
            (max(start, begin), min(finish, end))
            for start, finish in self.hours
            if start < end and finish > begin
        )
        return replace(self, hours=hours)


def _start(stop: Stop) -> datetime:
    return stop.start


@dataclass(frozen=True, slots=True)
class Job:
    """What a slot is for. `skills` are those needed, with their names; `known` who was there.

    `helpers` go along whoever answers for it, who may be one of them.
    `open` is when the site is, of the loaded days, as a person's hours are; None if nobody said.
    `pinned` and `begun` are said of the visit that moves.
    """

    duration: timedelta
    place: Place | None = None
    skills: Mapping[UUID, str] = field(default_factory=dict)
    open: tuple[Interval, ...] | None = None
    wish_not_before: datetime | None = None
    wish_due: datetime | None = None
    wish_from: time | None = None
    wish_to: time | None = None
    target: datetime | None = None
    promise_from: datetime | None = None
    promise_to: datetime | None = None
    known: frozenset[UUID] = frozenset()
    helpers: tuple[Person, ...] = ()
    pinned: bool = False
    begun: bool = False

    def along(self, person: Person) -> list[Person]:
        """The helpers beside `person`."""
        return [one for one in self.helpers if one.id != person.id]


@dataclass(frozen=True, slots=True)
class Fit:
    """A slot under judgement: whose, for what, when, seen from `now` by the clock of `zone`."""

    person: Person
    job: Job
    start: datetime
    end: datetime
    now: datetime
    zone: ZoneInfo
    allow_overlap: bool = False


def joined(intervals: list[Interval]) -> tuple[Interval, ...]:
    """Intervals in order, with those that touch or overlap made one."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def windows(hours: tuple[Interval, ...], duration: timedelta, zone: ZoneInfo) -> Iterator[Interval]:
    """Where a job of this length may lie: the hours, or from the first to the last of a day.

    A job longer than the morning and the afternoon spans the lunch between them.
    """
    for spans in _by_day(hours, zone):
        if all(end - start < duration for start, end in spans):
            yield spans[0][0], spans[-1][1]
        else:
            yield from spans


def _by_day(hours: tuple[Interval, ...], zone: ZoneInfo) -> Iterator[list[Interval]]:
    """The intervals that begin on the same day together."""
    spans: list[Interval] = []
    for interval in hours:
        if spans and day_of(interval[0], zone) != day_of(spans[0][0], zone):
            yield spans
            spans = []
        spans.append(interval)
    if spans:
        yield spans


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The date by the company's clock."""
    return moment.astimezone(zone).date()
