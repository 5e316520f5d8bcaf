"""Free slots of one technician: pure rules over plain data, no database, no clock.

All moments are aware UTC; the loader (selectors.py) cuts days by the company's time zone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callout.travel.estimate import Leg, Place

STEP = timedelta(minutes=15)  # slots snap to quarters of an hour
APART = timedelta(hours=1)  # the least between two proposals in the same gap


@dataclass(frozen=True, slots=True)
class Window:
    """Hours in which work may lie. A start must also lie in `earliest`..`latest` (the wish)."""

    day: date
    start: datetime
    end: datetime
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """Time that is taken: a visit at a place, or an absence (nowhere: no travel to or from it)."""

    day: date
    start: datetime
    end: datetime
    place: Place | None


@dataclass(frozen=True, slots=True)
class Question:
    """Where, how long, and what the technician has already."""

    windows: Sequence[Window]  # in order of time
    stops: Sequence[Stop]  # in order of time
    duration: timedelta
    not_before: datetime
    place: Place | None
    base: Place | None
    travel: Callable[[Place, Place], Leg]


@dataclass(frozen=True, slots=True)
class Slot:
    """A free slot; `leg` is the drive from the stop before or the base, if places are known."""

    start: datetime
    end: datetime
    leg: Leg | None
    from_base: bool


def slots_free(question: Question) -> Iterator[Slot]:
    """Free slots in order of time: the first of every gap, and later ones of long gaps.

    A visit fits when it lies in one window, after the stop before plus the drive from it, and ends
    early enough to drive to the stop after. The drive from home comes before the day begins.
    """
    for window in question.windows:
        stops = [s for s in question.stops if s.day == window.day or _touches(s, window)]
        before: Stop | None = None
        for after in [*stops, None]:
            together = [stop for stop in stops if after and stop.start == after.start]
            yield from _in_gap(question, window, before, together)
            # Visits may overlap on purpose or run over: the one that ends last counts.
            if after is not None and (before is None or after.end > before.end):
                before = after


def _touches(stop: Stop, window: Window) -> bool:
    return stop.start < window.end and stop.end > window.start


def _in_gap(
    question: Question, window: Window, before: Stop | None, after: list[Stop]
) -> Iterator[Slot]:
    """Slots between a stop and those (more than one: an overlap on purpose) that begin next."""
    leg = _leg(question, before.place if before else question.base, question.place)
    free_from = max(window.start, window.earliest, question.not_before)
    if before is not None:
        free_from = max(free_from, before.end + _minutes(leg))
    free_to = window.end
    for stop in after:
        free_to = min(free_to, stop.start - _minutes(_leg(question, question.place, stop.place)))
    start = _quarter(free_from)
    while start + question.duration <= free_to and start <= window.latest:
        yield Slot(start, start + question.duration, leg, from_base=before is None)
        start = _quarter(start + max(question.duration, APART))


def _leg(question: Question, origin: Place | None, target: Place | None) -> Leg | None:
    if origin is None or target is None:
        return None
    return question.travel(origin, target)


def _minutes(leg: Leg | None) -> timedelta:
    return timedelta(minutes=leg.minutes if leg else 0)


def _quarter(moment: datetime) -> datetime:
    """`moment`, or the next quarter of an hour after it."""
    past = timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (STEP - past if past else timedelta())
