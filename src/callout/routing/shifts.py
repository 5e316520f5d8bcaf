"""A technician's days as they are cut for the engine: when they are there, from where they come,
what stands and what may move. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.planning.fit.person import Fit, Interval, Person, Stop, day_of
from callout.planning.fit.rules import hours
from callout.routing.asked import Asked
from callout.routing.loading import Work
from callout.travel.estimate import Place

DAY = timedelta(days=1)
COMMUTE = timedelta(hours=4)  # the longest drive outside the hours


@dataclass(frozen=True, slots=True)
class Shift:
    """One technician on one day. They may be on the way from `leave` on, and work from `begin` to
    `end`, but for `gaps`; `stretch` is the longest of the day's hours without one.

    `fixed` is where and when it is on purpose, `movable` may be elsewhere. What is under way is
    neither: the day begins after it, at `origin`. `others` are of another day.
    """

    id: str
    person: Person
    day: date
    leave: datetime
    begin: datetime
    end: datetime
    stretch: timedelta
    origin: Place | None = None
    gaps: Sequence[Interval] = ()
    fixed: Sequence[Stop] = ()
    movable: Sequence[Stop] = ()
    others: Sequence[Stop] = ()


@dataclass(slots=True)
class Cut:
    """All days that take part, by their ids; `stray` may go to others though its day is over, or
    its technician out; `baseless` have hours, but no home to start from."""

    shifts: dict[str, Shift] = field(default_factory=dict)
    stray: list[Stop] = field(default_factory=list)
    baseless: list[tuple[Person, date]] = field(default_factory=list)


def shift_id(technician_id: UUID, day: date) -> str:
    """What the engine calls a technician's day."""
    return f"{technician_id}:{day.isoformat()}"


def cut(
    people: Iterable[Person],
    works: Mapping[str, Work],
    asked: Asked,
    *,
    now: datetime,
    zone: ZoneInfo,
) -> Cut:
    """The days asked for of everybody who is not pinned as a whole. `now` is on the minute."""
    found = Cut()
    for person in people:
        if person.archived or person.id in asked.pinned.technician_ids:
            continue
        for day in asked.days:
            stops = [one for one in person.stops if one.day == day]
            if person.id in asked.out:
                found.stray += _parted(person, stops, works, asked, now, zone)[1]
            elif spans := _spans(person, day, zone):
                if person.base is None:
                    found.baseless.append((person, day))
                else:
                    _cut_day(found, person, day, spans, stops, works, asked, now, zone)
    return found


def _spans(person: Person, day: date, zone: ZoneInfo) -> list[Interval]:
    """The hours of a day: a night is of the day on which it begins; who works around the clock is
    cut at midnight."""
    begin, end = (
        datetime.combine(one, time(), tzinfo=zone).astimezone(UTC)
        for one in (day, day + timedelta(days=1))
    )
    return [
        (max(one[0], begin), min(one[1], end)) if one[1] - one[0] > DAY else one
        for one in person.hours
        if day_of(one[0], zone) == day
        or (one[1] - one[0] > DAY and one[0] < end and one[1] > begin)
    ]


def _cut_day(
    found: Cut,
    person: Person,
    day: date,
    spans: Sequence[Interval],
    stops: list[Stop],
    works: Mapping[str, Work],
    asked: Asked,
    now: datetime,
    zone: ZoneInfo,
) -> None:
    begin, end, origin = spans[0][0], spans[-1][1], person.base
    dawn, free = begin, None
    if day == day_of(now, zone):
        here = [one for one in stops if one.under_way or one.start <= now < one.until]
        stops = [one for one in stops if one not in here]
        last = max(here, key=lambda one: one.until, default=None)
        free = max(now, minute_up(last.until)) if last else now
        if last is not None:
            origin = last.place or origin
        elif person.idle is not None:
            origin = person.idle.place or origin
        begin = max(begin, free)
    fixed, movable = _parted(person, stops, works, asked, now, zone)
    leave = min([dawn, *(one.start for one in fixed)]) - COMMUTE
    leave = leave if free is None else max(leave, free)
    if begin < end:
        name = shift_id(person.id, day)
        found.shifts[name] = Shift(
            id=name,
            person=person,
            day=day,
            leave=leave,
            begin=begin,
            end=end,
            stretch=max(b - a for a, b in spans),
            origin=origin,
            gaps=[(a[1], b[0]) for a, b in pairwise(spans)],
            fixed=fixed,
            movable=movable,
            others=[one for one in person.stops if one.day != day],
        )
    elif asked.moves != "order":
        found.stray += movable


def _parted(
    person: Person,
    stops: Sequence[Stop],
    works: Mapping[str, Work],
    asked: Asked,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[list[Stop], list[Stop]]:
    """What stays where and when it is, and what may move.

    It stays where it is pinned, begun, or somebody helps or is helped; where its place is not
    known; and where nobody would put it but on purpose: after hours, or over another.
    """
    fixed: list[Stop] = []
    movable: list[Stop] = []
    for stop in stops:
        work = works.get(str(stop.visit_id))
        stays = (
            work is None
            or work.visit is None
            or work.visit.technician_id != person.id
            or work.job.pinned
            or work.job.begun
            or work.helped
            or work.job.place is None
            or stop.visit_id in asked.pinned.visit_ids
            or any(
                one is not stop and one.start < stop.end and one.end > stop.start for one in stops
            )
            or any(hours(Fit(person, work.job, stop.start, stop.end, now, zone)))
        )
        (fixed if stays else movable).append(stop)
    return fixed, movable


def minute_up(moment: datetime) -> datetime:
    """The moment, or the next full minute."""
    full = moment.replace(second=0, microsecond=0)
    return full if full == moment else full + timedelta(minutes=1)
