"""Tours: one technician's stops with the earliest and the latest moments of every gap."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from callout.routing.engine.hours import EVER, Hours
from callout.routing.engine.problem import Window

GAP_BITS = 12
GAPS = (1 << GAP_BITS) - 1
NOWHERE = EVER << GAP_BITS  # where an order fits is one number: its cost, then the gap's number


@dataclass(slots=True, eq=False)
class Tour:
    """One technician's stops, and what is known of them.

    `owed[i]`, `had[i]`: free after stop i at the earliest (0: at the start), lunch still owed or
    had. `owed_by[i]`, `had_by[i]`: the latest arrival after gap i, in both cases, from which all
    the rest is in time (the last: at home). Later never overtakes earlier: nothing else is needed.
    Tours do not change; what fits where is remembered with them.
    """

    stops: tuple[int, ...]
    places: list[int]  # of the start, the stops, the end
    legs: list[int]
    cost: int = 0
    ok: bool = False
    owed: list[int] = field(default_factory=list)
    had: list[int] = field(default_factory=list)
    owed_by: list[int] = field(default_factory=list)
    had_by: list[int] = field(default_factory=list)
    fits: dict[int, int] = field(default_factory=dict)  # by order: see NOWHERE


def walk(tour: Tour, hours: Hours, work: Sequence[tuple[tuple[Window, ...], int]]) -> None:
    """Find the moments; `work` is each stop's windows and duration."""
    _forward(tour, hours, work)
    _backward(tour, hours, work)
    first, leg = hours.shift[0], tour.legs[0]
    if hours.owed:
        eaten = max(first, hours.earliest) + hours.lunch
        tour.ok = hours.drive(first, leg) <= tour.owed_by[0] or (
            first <= hours.latest and hours.drive(eaten, leg) <= tour.had_by[0]
        )
    else:
        tour.ok = hours.drive(first, leg) <= tour.had_by[0]
    tour.ok = tour.ok or not tour.stops


def begun(tour: Tour, hours: Hours, work: Sequence[tuple[tuple[Window, ...], int]]) -> list[int]:
    """When each stop of a tour that can be driven begins, with lunch where the day then ends
    earliest: as `course` tells it."""
    starts = [end - length for end, (_, length) in zip(tour.had[1:], work, strict=True)]
    if not hours.owed:
        return starts
    place = len(work)
    if tour.owed[place] < EVER:
        had, leg = tour.had[place], tour.legs[place]
        if had == EVER or _eaten(hours, tour.owed[place], leg) < hours.drive(had, leg):
            return [end - length for end, (_, length) in zip(tour.owed[1:], work, strict=True)]
    while place:
        place -= 1
        windows, duration = work[place]
        had = tour.had[place]
        if had == EVER:
            break
        if hours.start(hours.drive(had, tour.legs[place]), windows, duration) != starts[place]:
            break
    for n in range(place):
        starts[n] = tour.owed[n + 1] - work[n][1]
    return starts


def _eaten(hours: Hours, free: int, leg: int) -> int:
    """There at the earliest, lunch had on the way."""
    arrive, eaten = hours.drive(free, leg), EVER
    if free <= hours.latest:
        eaten = hours.drive(max(free, hours.earliest) + hours.lunch, leg)
    if arrive <= hours.latest:
        eaten = min(eaten, max(arrive, hours.earliest) + hours.lunch)
    return eaten


def _forward(tour: Tour, hours: Hours, work: Sequence[tuple[tuple[Window, ...], int]]) -> None:
    owed, had = (hours.shift[0], EVER) if hours.owed else (EVER, hours.shift[0])
    tour.owed, tour.had = [owed], [had]
    for (windows, duration), leg in zip(work, tour.legs, strict=False):
        start = EVER
        if had < EVER:
            start = hours.start(hours.drive(had, leg), windows, duration)
        if owed < EVER:
            eaten = _eaten(hours, owed, leg)
            if eaten < EVER:
                start = min(start, hours.start(eaten, windows, duration))
            owed = hours.start(hours.drive(owed, leg), windows, duration)
            owed = owed + duration if owed < EVER else EVER
        had = start + duration if start < EVER else EVER
        tour.owed.append(owed)
        tour.had.append(had)


def _backward(tour: Tour, hours: Hours, work: Sequence[tuple[tuple[Window, ...], int]]) -> None:
    owed_by, had_by = _at_home(hours)
    tour.owed_by, tour.had_by = [owed_by], [had_by]
    for (windows, duration), leg in zip(reversed(work), reversed(tour.legs), strict=False):
        done_had = hours.drive_back(had_by, leg) if had_by > -EVER else -EVER
        done_owed = hours.drive_back(owed_by, leg) if owed_by > -EVER else -EVER
        had_by = hours.start_back(done_had, windows, duration) if done_had > -EVER else -EVER
        if hours.owed:
            eat = min(hours.latest, done_had - hours.lunch)
            if eat >= hours.earliest:
                done_owed = max(done_owed, eat)
            owed_by = -EVER
            if done_owed > -EVER:
                owed_by = hours.start_back(done_owed, windows, duration)
            eat = min(hours.latest, had_by - hours.lunch)
            if eat >= hours.earliest:
                owed_by = max(owed_by, eat)
        tour.owed_by.append(owed_by)
        tour.had_by.append(had_by)
    tour.owed_by.reverse()
    tour.had_by.reverse()


def _at_home(hours: Hours) -> tuple[int, int]:
    had_by = hours.shift[1]
    eat = min(hours.latest, had_by - hours.lunch)
    return eat if hours.owed and eat >= hours.earliest else -EVER, had_by


def walk_plain(tour: Tour, hours: Hours, work: Sequence[tuple[int, int, int]]) -> None:
    """The same without blocks and with one window each (opens, closes, duration): most days."""
    bounded = hours.work_from > -EVER or hours.work_until < EVER
    if bounded:
        dawn, dusk = hours.work_from, hours.work_until
        work = [(max(a, dawn), min(b, dusk - length), length) for a, b, length in work]
    _forward_plain(tour, hours, work)
    _backward_plain(tour, hours, work)
    first, leg = hours.shift[0], tour.legs[0]
    tour.ok = not tour.stops or first + leg <= (tour.owed_by if hours.owed else tour.had_by)[0]
    if hours.owed and first <= hours.latest and not tour.ok:
        tour.ok = max(first, hours.earliest) + hours.lunch + leg <= tour.had_by[0]


def _forward_plain(tour: Tour, hours: Hours, work: Sequence[tuple[int, int, int]]) -> None:
    earliest, latest, lunch = hours.earliest, hours.latest, hours.lunch
    owed, had = (hours.shift[0], EVER) if hours.owed else (EVER, hours.shift[0])
    tour.owed, tour.had = all_owed, all_had = [owed], [had]
    for (opens, closes, duration), leg in zip(work, tour.legs, strict=False):
        start = had + leg
        if owed < EVER:
            arrive = owed + leg
            if owed <= latest:
                eaten = (owed if owed > earliest else earliest) + lunch + leg
                if eaten < start:
                    start = eaten
            if arrive <= latest:
                eaten = (arrive if arrive > earliest else earliest) + lunch
                if eaten < start:
                    start = eaten
            if arrive < opens:
                arrive = opens
            owed = arrive + duration if arrive <= closes else EVER
        if start < opens:
            start = opens
        had = start + duration if start <= closes and start < EVER else EVER
        all_owed.append(owed)
        all_had.append(had)


def _backward_plain(tour: Tour, hours: Hours, work: Sequence[tuple[int, int, int]]) -> None:
    earliest, latest, lunch, owes = hours.earliest, hours.latest, hours.lunch, hours.owed
    owed_by, had_by = _at_home(hours)
    all_owed, all_had = [owed_by], [had_by]
    for (opens, closes, duration), leg in zip(reversed(work), reversed(tour.legs), strict=False):
        done_had, done_owed = had_by - leg, owed_by - leg
        had_by = min(closes, done_had - duration)
        if had_by < opens:
            had_by = -EVER
        if owes:
            eat = min(latest, done_had - lunch)
            if earliest <= eat > done_owed:
                done_owed = eat
            owed_by = min(closes, done_owed - duration)
            if owed_by < opens:
                owed_by = -EVER
            eat = min(latest, had_by - lunch)
            if earliest <= eat > owed_by:
                owed_by = eat
        all_owed.append(owed_by)
        all_had.append(had_by)
    all_owed.reverse()
    all_had.reverse()
    tour.owed_by, tour.had_by = all_owed, all_had
