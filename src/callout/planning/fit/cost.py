"""What a slot costs: the figures that a dispatcher weighs, and the order in which they count."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from callout.planning.fit.person import LONGEST, Fit, Stop, day_of
from callout.planning.fit.reason import Reason
from callout.travel.estimate import Leg, Place, travel_leg

KNOWN = 15.0  # minutes of driving that it is worth to have been there before
A_DAY = 30.0  # minutes of driving that it is worth to come a day sooner
LATE = 0.5  # minutes of driving that a minute after the response target is worth


@dataclass(frozen=True, slots=True)
class Cost:
    """Travel in minutes, None where a position is missing; slack is negative where it is late.

    `leg` is the drive there from the stop before on that day, or from the home base (`from_base`);
    today from the last visit that is done, where none comes before.
    `on` the drive to the stop after, or home; `between` the one that these two replace.
    """

    leg: Leg | None
    from_base: bool
    on: int | None
    between: int | None
    known: bool
    wait: timedelta  # from now
    to_target: timedelta | None
    to_promise: timedelta | None
    to_wish: timedelta | None

    @property
    def extra(self) -> int | None:
        """What the day's driving grows by, in minutes."""
        if self.leg is None or self.on is None:
            return None
        return self.leg.minutes + self.on - (self.between or 0)


@dataclass(frozen=True, slots=True)
class Option:
    """A slot with all that is weighed: what speaks against it, and what it costs."""

    fit: Fit
    reasons: list[Reason]
    cost: Cost


def cost(fit: Fit) -> Cost:
    """The figures of a slot, whatever speaks against it."""
    job, person = fit.job, fit.person
    before, after = _neighbours(fit)
    leaving = person.base if before else _leaving(fit)
    origin, target = _place(before, leaving), _place(after, person.base)
    leg, on = _leg(origin, job.place), _leg(job.place, target)
    between = None if before is None and after is None else _leg(origin, target)
    return Cost(
        leg=leg,
        from_base=before is None and leaving == person.base,
        on=on.minutes if on else None,
        between=between.minutes if between else None,
        known=person.id in job.known,
        wait=fit.start - fit.now,
        to_target=_left(job.target, fit.start),
        to_promise=_left(job.promise_to, fit.start),
        to_wish=_left(job.wish_due, fit.end),
    )


def price(found: Cost) -> float:
    """All figures as one: minutes of driving."""
    late = 0.0 if found.to_target is None else -_in_minutes(found.to_target)
    return (
        (found.extra or 0)
        + waiting(found.wait)
        + max(0.0, late) * LATE
        - (KNOWN if found.known else 0)
    )


def waiting(wait: timedelta) -> float:
    """What it costs to come so much later, in minutes of driving."""
    return _in_minutes(wait) * A_DAY / (24 * 60)


Rank = tuple[int, int, int, float, datetime, str]


def rank(option: Option, nth: int = 0) -> Rank:
    """Where an option stands among others: the least is the best.

    1. What is refused comes last: it cannot be done as it is.
    2. Fewest reasons against: each has to be answered for, to the customer or the technician.
    3. `nth`: with as much against them, another technician's best comes before one's second, so
       that there is a choice of people and not of hours.
    4. The price in minutes of driving: the extra travel, half an hour for each day of waiting (a
       shorter trip tomorrow beats one across the country today), half a minute for each minute
       after the response target, less a quarter of an hour for who has been there before.
    5. What begins sooner, and then the name: the same question has the same answer.
    """
    hard = sum(reason.hard for reason in option.reasons)
    soft = len(option.reasons) - hard
    fit = option.fit
    return hard, soft, nth, price(option.cost), fit.start, fit.person.name


def _leaving(fit: Fit) -> Place | None:
    """From where the day's first drive goes: from home, or today from where they are now."""
    idle, base = fit.person.idle, fit.person.base
    # Asked of every free slot of everybody: most are days ahead, and need no calendar to say so.
    if idle is None or idle.at_home or fit.start - idle.moment > LONGEST:
        return base
    today = day_of(idle.moment, fit.zone) == day_of(fit.start, fit.zone)
    return idle.place if today else base


def _neighbours(fit: Fit) -> tuple[Stop | None, Stop | None]:
    """The stops with a place before and after the slot on its day."""
    stops, day = fit.person.stops, day_of(fit.start, fit.zone)
    here = bisect_left(stops, fit.start, key=lambda stop: stop.start)
    before = _first(stops[here - 1 :: -1] if here else (), day, until=fit.start)
    return before, _first(stops[here:], day)


def _first(stops: Iterable[Stop], day: object, until: datetime | None = None) -> Stop | None:
    for stop in stops:
        if stop.day != day:
            return None
        if stop.place is not None and (until is None or stop.end <= until):
            return stop
    return None


def _place(stop: Stop | None, base: Place | None) -> Place | None:
    return stop.place if stop is not None else base


def _leg(origin: Place | None, target: Place | None) -> Leg | None:
    return None if origin is None or target is None else travel_leg(origin, target)


def _left(until: datetime | None, moment: datetime) -> timedelta | None:
    return None if until is None else until - moment


def _in_minutes(length: timedelta) -> float:
    return length.total_seconds() / 60
