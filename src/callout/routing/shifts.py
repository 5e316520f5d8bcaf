"""A technician's days as they are cut for the engine: when they are there, from where they come,
what stands and what may move. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.planning.fit.person import Fit, Interval, Person, Stop, day_of
from callout.planning.fit.rules import hours
from callout.routing.asked import Asked
from callout.routing.loading import Work
from callout.routing.seconds import moment_of
from callout.travel.estimate import Place

DAY = timedelta(days=1)
COMMUTE = timedelta(hours=4)  # the longest drive outside the hours


@dataclass(frozen=True, slots=True)
class Shift:
    """One technician on one day. They may be on the way from `leave` on, and work from `begin` to
    `end`, but for `gaps`; `stretch` is the longest of the day's hours without one, `dawn` when they
    begin, also where that is past.

    `fixed` is where and when it is on purpose, `movable` may be elsewhere. What is under way is
    neither: the day begins after it, at `origin`. `others` are of another day. `is_current`: it is
    today's, or last night's that still runs.
    """

    id: str
    person: Person
    day: date
    dawn: datetime
    leave: datetime
    begin: datetime
    end: datetime
    stretch: timedelta
    origin: Place | None = None
    is_current: bool = False
    gaps: Sequence[Interval] = ()
    fixed: Sequence[Stop] = ()
    movable: Sequence[Stop] = ()
    others: Sequence[Stop] = ()


@dataclass(frozen=True, slots=True)
class Stuck:
    """What stays with somebody who is not there any more, and why."""

    person: Person
    stop: Stop
    why: str


@dataclass(slots=True)
class Cut:
    """All days that take part, by their ids; `stray` may go to others though its day is over, or
    its technician out; `stuck` may not; `baseless` have hours, but no home to start from;
    `nights` have visits on a day asked for that are of the night before, which is not."""

    shifts: dict[str, Shift] = field(default_factory=dict)
    stray: list[Stop] = field(default_factory=list)
    stuck: list[Stuck] = field(default_factory=list)
    baseless: list[tuple[Person, date]] = field(default_factory=list)
    nights: list[tuple[Person, date]] = field(default_factory=list)


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
    """The days asked for of everybody who is not pinned as a whole, and with today what is left of
    the night that still runs. `now` is on the minute."""
    cutter = _Cutter(works, asked, now, zone)
    for person in people:
        if not person.archived and person.id not in asked.pinned.technician_ids:
            cutter.person(person)
    return cutter.found


class _Cutter:
    def __init__(
        self, works: Mapping[str, Work], asked: Asked, now: datetime, zone: ZoneInfo
    ) -> None:
        self.works, self.asked, self.now, self.zone = works, asked, now, zone
        self.today = day_of(now, zone)
        self.found = Cut()
        first, last = asked.days[0] - DAY, asked.days[-1] + DAY
        self.known = [first + nth * DAY for nth in range((last - first).days + 1)]

    def person(self, person: Person) -> None:
        hours = {day: spans for day in self.known if (spans := self._spans(person, day))}
        stops: dict[date, list[Stop]] = {}
        for stop in person.stops:
            stops.setdefault(_owner(stop, hours), []).append(stop)
        last_night = self.today - DAY
        runs = last_night in hours and hours[last_night][-1][1] > self.now
        current = last_night if runs else self.today
        days = list(self.asked.days)
        if runs and self.today in days:
            days.insert(0, last_night)
        for day in days:
            mine = stops.get(day, [])
            if person.id in self.asked.out and day in (current, self.today):
                self._out(person, mine, hours.get(day, []))
            elif day not in hours:
                continue
            elif person.base is None:
                self.found.baseless.append((person, day))
            else:
                self._day(person, day, hours[day], mine, is_current=day == current)
        for day, others in stops.items():
            if day not in days and any(one.day in self.asked.days for one in others):
                self.found.nights.append((person, day))

    def _spans(self, person: Person, day: date) -> list[Interval]:
        """The hours of a day: a night is of the day on which it begins; who works around the clock
        is cut at midnight. What begins with the first day known may be the end of a night."""
        first, begin, end = (
            moment_of(one, time(), self.zone) for one in (self.known[0], day, day + DAY)
        )
        return [
            (max(one[0], begin), min(one[1], end)) if one[1] - one[0] > DAY else one
            for one in person.hours
            if (day_of(one[0], self.zone) == day and one[0] != first)
            or (one[1] - one[0] > DAY and one[0] < end and one[1] > begin)
        ]

    def _out(self, person: Person, stops: Sequence[Stop], spans: Sequence[Interval]) -> None:
        gaps = _gaps(spans)
        for stop in stops:
            if why := self._why(person, stop, stops, gaps):
                self.found.stuck.append(Stuck(person, stop, why))
            else:
                self.found.stray.append(stop)

    def _day(
        self,
        person: Person,
        day: date,
        spans: Sequence[Interval],
        stops: Sequence[Stop],
        *,
        is_current: bool,
    ) -> None:
        now, begin, end, origin = self.now, spans[0][0], spans[-1][1], person.base
        dawn, free = begin, now
        if is_current:
            here = [one for one in stops if one.under_way or one.start <= now < one.until]
            stops = [one for one in stops if one not in here]
            last = max(here, key=lambda one: one.until, default=None)
            free = max(now, minute_up(last.until)) if last else now
            if last is not None:
                origin = last.place or origin
            elif person.idle is not None:
                origin = person.idle.place or origin
        begin, gaps = max(begin, free), _gaps(spans)
        why = {one.visit_id: self._why(person, one, stops, gaps) for one in stops}
        fixed = [one for one in stops if why[one.visit_id]]
        movable = [one for one in stops if not why[one.visit_id]]
        leave = min([dawn, *(one.start for one in fixed)]) - COMMUTE
        if begin < end:
            name = shift_id(person.id, day)
            mine = {one.visit_id for one in stops}
            self.found.shifts[name] = Shift(
                id=name,
                person=person,
                day=day,
                is_current=is_current,
                dawn=dawn,
                leave=max(leave, free),
                begin=begin,
                end=end,
                stretch=max(b - a for a, b in spans),
                origin=origin,
                gaps=gaps,
                fixed=fixed,
                movable=movable,
                others=[one for one in person.stops if one.visit_id not in mine],
            )
        elif self.asked.moves != "order":
            self.found.stray += movable

    def _why(
        self,
        person: Person,
        stop: Stop,
        stops: Sequence[Stop],
        gaps: Sequence[Interval],
    ) -> str:
        """Why it stays where and when it is; empty where it may move.

        It stays where it is pinned, begun, or somebody helps or is helped; where its place is not
        known; where nobody would put it but on purpose, after hours, or over another; and where it
        goes on through a pause, being longer than what is worked at a stretch.
        """
        work = self.works.get(str(stop.visit_id))
        if work is None or work.visit is None or work.visit.technician_id != person.id:
            return "helps"
        job = work.job
        stays = {
            "pinned": job.pinned or stop.visit_id in self.asked.pinned.visit_ids,
            "begun": job.begun,
            "helped": work.helped,
            "no_position": job.place is None,
            "overlap": any(one is not stop and _meet(one, (stop.start, stop.end)) for one in stops),
            "pause": any(_meet(stop, gap) for gap in gaps),
            "hours": any(hours(Fit(person, job, stop.start, stop.end, self.now, self.zone))),
        }
        return next((why for why, holds in stays.items() if holds), "")


def _owner(stop: Stop, hours: Mapping[date, Sequence[Interval]]) -> date:
    """The day whose hours hold it: a visit after midnight may be of the night before."""
    for day, spans in hours.items():
        if any(begin <= stop.start < end for begin, end in spans):
            return day
    return stop.day


def _gaps(spans: Sequence[Interval]) -> list[Interval]:
    return [(before[1], after[0]) for before, after in pairwise(spans)]


def _meet(stop: Stop, span: Interval) -> bool:
    return stop.start < span[1] and stop.end > span[0]


def minute_up(moment: datetime) -> datetime:
    """The moment, or the next full minute."""
    full = moment.replace(second=0, microsecond=0)
    return full if full == moment else full + timedelta(minutes=1)
