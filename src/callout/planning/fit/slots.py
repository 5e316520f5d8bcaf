"""Free slots of one person for a job: pure, by the same judgement as the rules.

A stop at a place forbids every start from which the job would not end early enough to drive there,
or that comes before the drive from there; a helper's what would overlap it. What is left, within
working hours and the wish, is free.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from callout.planning.fit.person import Interval, Job, Person, windows
from callout.planning.fit.reach import away_from_here, drive

STEP = timedelta(minutes=15)  # slots snap to quarters of an hour
APART = timedelta(hours=1)  # the least between two proposals in the same gap
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Search:
    """Made once for a person and a job; `not_before` is not before now."""

    person: Person
    job: Job
    zone: ZoneInfo
    not_before: datetime
    forbidden: tuple[Interval, ...]  # open intervals of starts, in order

    @classmethod
    def of(cls, person: Person, job: Job, *, not_before: datetime, zone: ZoneInfo) -> "Search":
        """What the person's stops and absences forbid, worked out once."""
        earliest = max(not_before, job.wish_not_before or not_before)
        return cls(person, job, zone, earliest, tuple(sorted(_forbidden(person, job))))

    def starts(self, apart: timedelta = APART) -> Iterator[datetime]:
        """Free starts in order: the first of every gap, and in long ones later ones, `apart`.

        While the site is open; where that leaves none, whether it is open or not.
        """
        found = False
        for start in self._starts(apart, self.job.open):
            found = True
            yield start
        if not found and self.job.open is not None:
            yield from self._starts(apart, None)

    def _starts(self, apart: timedelta, opening: tuple[Interval, ...] | None) -> Iterator[datetime]:
        if self.person.archived or any(one.archived for one in self.job.along(self.person)):
            return
        step = max(self.job.duration, apart) if apart > STEP else STEP
        blocked, position = LONG_AGO, 0
        for begin, finish in windows(self.person.hours, self.job.duration, self.zone):
            start, last = quarter(max(begin, self.not_before)), finish - self.job.duration
            while start <= last:
                while position < len(self.forbidden) and self.forbidden[position][0] < start:
                    blocked = max(blocked, self.forbidden[position][1])
                    position += 1
                if blocked > start:
                    start = quarter(blocked)
                elif (later := self._opened(start, opening)) is None:
                    return
                elif later > start or (later := self._wished(start)) > start:
                    start = quarter(later)
                else:
                    yield start
                    start = quarter(start + step)

    def _opened(self, start: datetime, opening: tuple[Interval, ...] | None) -> datetime | None:
        """`start` where the site is open all the while, else when it opens next; None: never."""
        if opening is None:
            return start
        for begin, finish in opening:
            if max(begin, start) + self.job.duration <= finish:
                return max(begin, start)
        return None

    def _wished(self, start: datetime) -> datetime:
        """`start` where its hour is wished, else when the hours wished begin next."""
        job = self.job
        if job.wish_from is None and job.wish_to is None:
            return start
        there = start.astimezone(self.zone)
        day = there.date()
        if job.wish_to is not None and there.time() > job.wish_to:
            day += timedelta(days=1)
        elif job.wish_from is None or there.time() >= job.wish_from:
            return start
        begin = datetime.combine(day, job.wish_from or time(), tzinfo=self.zone)
        return max(begin.astimezone(UTC), start + STEP)


def _forbidden(person: Person, job: Job) -> Iterator[Interval]:
    for stop in person.stops:
        away = drive(stop.place, job.place)
        yield stop.start - away - job.duration, stop.until + away
    if person.idle is not None and (away := away_from_here(person, job)):
        yield LONG_AGO, person.idle.moment + away
    for absence in person.absences:
        yield absence.start - job.duration, absence.end
    for helper in job.along(person):
        for stop in helper.stops:
            yield stop.start - job.duration, stop.end
        for absence in helper.absences:
            yield absence.start - job.duration, absence.end


def quarter(moment: datetime, minutes: int = 0) -> datetime:
    """`moment` and so many minutes, or the next quarter of an hour after that."""
    moment += timedelta(minutes=minutes)
    past = timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (STEP - past if past else timedelta())
