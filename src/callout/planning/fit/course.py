"""How a technician's day runs: what happened, and what is to be expected of the rest of it.

Pure: no database, no clock. The slot stays the plan; this is what becomes of it. All moments are
aware UTC; the loader cuts days by the company's time zone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from callout.orders.lifecycle import Status
from callout.travel.estimate import Leg, Place

BEGUN = frozenset({str(Status.ON_SITE), str(Status.WORKING), str(Status.BREAK)})
NOT_LATE = timedelta()
LONG_AGO = datetime.min.replace(tzinfo=UTC)  # a now that plays no part
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Stint(Protocol):
    """One visit in a technician's day: what the board reads of it. `is_open` is false once it has
    an outcome."""

    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...
    @property
    def expected_end(self) -> datetime | None: ...
    @property
    def status(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def departed_at(self) -> datetime | None: ...
    @property
    def arrived_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


@dataclass(slots=True)
class Course:
    """When the visit began, or will; when it ended, or will. `late`: before it begins, how long
    after its slot's start that will be; once begun, how long it has run over. `leg` is the drive to
    it, None where a position is missing."""

    start: datetime
    end: datetime
    late: timedelta
    leg: Leg | None


def courses_of(
    stints: Sequence[Stint],
    places: Sequence[Place | None],
    *,
    base: Place | None,
    now: datetime,
    travel: Callable[[Place, Place], Leg],
) -> list[Course]:
    """The course of each visit of one technician's day, in the order of `stints` (by start), which
    are at `places`.

    A visit begins when its slot does, or as soon as the one before has ended and the drive is
    done; never before now while it has not begun. It lasts as long as its slot, or until its
    expected end where that is later. What is late makes the next one late.
    """
    found: list[Course] = []
    free_from: datetime | None = None  # when the visits before have ended
    here = base
    for stint, there in zip(stints, places, strict=True):
        leg = travel(here, there) if here and there else None
        course = _course(stint, leg, free_from, now)
        found.append(course)
        # Visits may overlap on purpose: whoever is done last is free last.
        free_from = max(free_from, course.end) if free_from else course.end
        here = there or here
    return found


def steady_until(stints: Iterable[Stint], courses: Iterable[Course]) -> datetime:
    """The last `now` for which the courses told for LONG_AGO are those of that now too: until it,
    nothing that was expected has failed to come."""
    found = END_OF_TIME
    for stint, course in zip(stints, courses, strict=True):
        if not stint.is_open:
            continue
        if stint.status in BEGUN:
            found = min(found, course.end)
        elif stint.status == Status.EN_ROUTE and stint.departed_at is not None:
            found = min(found, course.start)
        else:
            found = min(found, course.start - _drive(course.leg))
    return found


def _course(stint: Stint, leg: Leg | None, free_from: datetime | None, now: datetime) -> Course:
    drive = _drive(leg)
    if not stint.is_open:
        start = stint.arrived_at or stint.departed_at or stint.start
        end = max(start, stint.closed_at or stint.end)
        return Course(start, end, NOT_LATE, leg)
    if stint.status in BEGUN:
        start = stint.arrived_at or stint.start
        end = _end(stint, start)
        return Course(start, max(end, now), max(now - end, NOT_LATE), leg)
    if stint.status == Status.EN_ROUTE and stint.departed_at is not None:
        start = max(stint.departed_at + drive, now)
    else:
        # Who has not left yet has the drive still before them.
        start = max(stint.start, max(free_from or now, now) + drive)
    return Course(start, _end(stint, start), max(start - stint.start, NOT_LATE), leg)


def _drive(leg: Leg | None) -> timedelta:
    return timedelta(minutes=leg.minutes if leg else 0)


def _end(stint: Stint, start: datetime) -> datetime:
    """As long as planned from when it began, or as long as was said since."""
    planned = start + (stint.end - stint.start)
    return max(planned, stint.expected_end) if stint.expected_end else planned
