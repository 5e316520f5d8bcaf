"""Reaching a slot: how long the drives take, what is too late for them, what is in its way.

`travel_before` and `travel_after` are two of the rules of rules.py.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from callout.planning.fit.person import LONGEST, Fit, Job, Person, Stop
from callout.planning.fit.reason import Reason, of_stop, whole_minutes
from callout.planning.fit.words import late_words
from callout.travel.estimate import Place, travel_leg


def drive(origin: Place | None, target: Place | None) -> timedelta:
    """The time to drive there, a day at most; none where a position is missing."""
    if origin is None or target is None:
        return timedelta()
    return min(timedelta(minutes=travel_leg(origin, target).minutes), LONGEST)


def away_from_here(person: Person, job: Job) -> timedelta:
    """How long who is on no visit now drives to the job; nothing for who is on one."""
    return drive(person.idle.place, job.place) if person.idle else timedelta()


def travel_before(fit: Fit) -> Iterator[Reason]:
    """Too little time to drive there from a stop before, or that stop will take longer; or from
    where they are now."""
    found = [
        (stop.until + drive(stop.place, fit.job.place) - fit.start, stop)
        for stop in fit.person.near(fit.start, fit.end)
        if stop.end <= fit.start
    ]
    late, stop = max(found, key=lambda one: one[0], default=(timedelta(), None))
    from_here = _late_from_here(fit)
    if from_here > max(late, timedelta()):
        yield _from_here(fit, from_here)
    elif stop is not None and late > timedelta():
        said = {"late": late_words(late), "number": stop.name}
        words = _("%(late)s late from %(number)s") % said
        yield Reason("travel_before", words, figures=_late(late, stop, fit))


def _late_from_here(fit: Fit) -> timedelta:
    """Nothing where no drive is known: that it has begun already is said by `past` alone."""
    away = away_from_here(fit.person, fit.job)
    idle = fit.person.idle
    return idle.moment + away - fit.start if idle and away else timedelta()


def _from_here(fit: Fit, late: timedelta) -> Reason:
    idle = fit.person.idle
    at_home = idle is None or idle.at_home
    words = _("%(late)s late from home") if at_home else _("%(late)s late from the last visit")
    minutes = whole_minutes(away_from_here(fit.person, fit.job))
    figures = {"late_minutes": whole_minutes(late), "travel_minutes": minutes}
    return Reason("travel_before", words % {"late": late_words(late)}, figures=figures)


def travel_after(fit: Fit) -> Iterator[Reason]:
    """Too little time to drive on to a stop after."""
    found = [
        (fit.end + drive(fit.job.place, stop.place) - stop.start, stop)
        for stop in fit.person.near(fit.start, fit.end)
        if stop.start >= fit.end
    ]
    late, stop = max(found, key=lambda one: one[0], default=(timedelta(), None))
    if stop is not None and late > timedelta():
        said = {"late": late_words(late), "number": stop.name}
        words = _("%(late)s late at %(number)s") % said
        yield Reason("travel_after", words, figures=_late(late, stop, fit))


def in_the_way(fit: Fit) -> list[Stop]:
    """The stops that this slot overlaps, or that cannot be left or reached in time with it; and
    those of helpers that it overlaps."""
    own = [
        stop
        for stop in fit.person.near(fit.start, fit.end)
        if stop.until + (away := drive(stop.place, fit.job.place)) > fit.start
        and fit.end + away > stop.start
    ]
    helping = [
        stop
        for who in fit.job.along(fit.person)
        for stop in who.near(fit.start, fit.end)
        if overlaps(stop, fit)
    ]
    return own + [stop for stop in helping if stop not in own]  # both may be on one visit


def overlaps(stop: Stop, fit: Fit) -> bool:
    """Whether the stop is in the slot itself."""
    return stop.start < fit.end and stop.end > fit.start


def _late(late: timedelta, stop: Stop, fit: Fit) -> dict[str, Any]:
    minutes = whole_minutes(drive(stop.place, fit.job.place))
    return of_stop(stop) | {"late_minutes": whole_minutes(late), "travel_minutes": minutes}
