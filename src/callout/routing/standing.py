"""One technician's day as it stands: whom the engine sees, what is fixed and when, and what of the
rest can be done as it is planned. Pure.

A day that cannot be driven as planned any more (it is late, or was too tight from the beginning) is
held as it best can be: what is fixed, as early as may be; what is promised, no later than it has to
be; the rest in its order as far as the day goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta

from callout.planning.fit.person import Stop
from callout.routing.drives import Drives
from callout.routing.engine.course import Route
from callout.routing.engine.evaluate import route_times
from callout.routing.engine.problem import Block, Lunch, Order, Problem, Technician, Window
from callout.routing.seconds import Seconds, moment_of
from callout.routing.shifts import COMMUTE, Shift
from callout.routing.spans import clear, less
from callout.travel.estimate import Place


@dataclass(frozen=True, slots=True)
class LunchRule:
    """A pause is owed by who works longer than `over` at a stretch; it begins between `earliest`
    and `latest`."""

    earliest: time
    latest: time
    duration: timedelta
    over: timedelta


@dataclass(frozen=True, slots=True)
class Movable:
    """A visit of the day as an order; and the starts that are left to it where it comes too late
    for its promise or its pinned time (`late`), up to when the day as it is gets there. `meant` is
    by when it was to begin; `broken`: that is missed already."""

    order: Order
    late: tuple[Window, ...]
    meant: int | None
    broken: bool


@dataclass(frozen=True, slots=True)
class Held:
    """What is fixed, at its time; or, `late`, as early as may be. What overlaps is one."""

    key: str
    name: str
    place: Place | None
    planned: int
    begin: int
    end: int

    @property
    def late(self) -> bool:
        """Whether it cannot begin when it should."""
        return self.begin > self.planned


@dataclass(frozen=True, slots=True)
class DayHeld:
    """A technician's day alone, and its route as it is. Orders that are no `must` did not fit."""

    technician: Technician
    orders: list[Order]
    fixed: dict[str, tuple[str, int]]
    route: tuple[str, ...]
    late: list[Held]


def day_held(
    shift: Shift,
    movables: Sequence[Movable],
    lunch: LunchRule | None,
    drives: Drives,
    seconds: Seconds,
) -> DayHeld:
    """The day as it can be done. `lunch` None: none is owed whatever the hours.

    Who has no time left for lunch as it is planned owes none, and who drives in an absence, or in
    somebody's visit without a position, may.
    """
    return _Standing(shift, movables, lunch, drives, seconds).held()


class _Standing:
    def __init__(
        self,
        shift: Shift,
        movables: Sequence[Movable],
        lunch: LunchRule | None,
        drives: Drives,
        seconds: Seconds,
    ) -> None:
        self.shift, self.drives, self.seconds = shift, drives, seconds
        self.movables = {one.order.id: one for one in movables}
        self.lunch = _lunch(shift, lunch, seconds) if lunch else None
        self.stands = list(self._stands())
        self.last = max(seconds.at(shift.end + COMMUTE), self._back())
        self.keys = {one.key: one.planned for one in self.stands}
        leave = seconds.at(shift.leave)
        self.keys |= {key: max(one.order.held_at or 0, leave) for key, one in self.movables.items()}
        self.fixed_orders = {
            one.key: Order(one.key, drives.places[one.place], one.end - one.begin)
            for one in self.stands
            if one.place is not None
        }
        self.fixed = {
            one.key: (shift.id, one.begin) for one in self.stands if one.key in self.fixed_orders
        }

    def held(self) -> DayHeld:
        tries = [(self.lunch, False), (None, False), (None, True)]
        tries = tries if self.lunch else tries[1:]
        them = [self._technician(owed, loose) for owed, loose in tries]
        orders = {
            key: replace(one.order, windows=one.late) if one.broken else one.order
            for key, one in self.movables.items()
        }
        planned = self._in_order((*self.fixed, *orders))
        for who in them:
            times = self._times(who, orders, planned)
            if not times.faults:
                return self._as(who, self._capped(orders, times), planned)
        for who in them:
            if not self._times(who, {}, self._in_order(self.fixed)).faults:
                break
        return self._as(who, *self._as_far_as_it_goes(who))

    def _as(self, who: Technician, orders: Mapping[str, Order], route: tuple[str, ...]) -> DayHeld:
        late = [one for one in self.stands if one.late]
        whole = [*self.fixed_orders.values(), *orders.values()]
        return DayHeld(who, whole, self.fixed, route, late)

    # --- what stands ------------------------------------------------------------------------------

    def _stands(self) -> Iterable[Held]:
        """In turn, each as early as who comes from the one before can be there."""
        shift = self.shift
        free, here = self.seconds.at(shift.leave), shift.origin
        away = less(self._away(), self._free(shift.fixed))
        for group in _groups(shift.fixed):
            planned, until = self.seconds.span((group[0].start, max(one.until for one in group)))
            place = next((one.place for one in group if one.place), None)
            begin, length = max(planned, free + self._drive(here, place)), until - planned
            if begin > planned:
                begin = clear(away, begin, length)
            names = ", ".join(one.name for one in group)
            key = f"{group[0].visit_id}:{shift.person.id}"
            yield Held(key, names, place, planned, begin, begin + length)
            free, here = begin + length, place or here

    def _back(self) -> int:
        """When who has only what stands is home."""
        places = [one.place for one in self.stands if one.place]
        here = places[-1] if places else None
        return max((one.end for one in self.stands), default=0) + self._drive(
            here, self.shift.person.base
        )

    def _drive(self, here: Place | None, there: Place | None) -> int:
        if here is None or there is None:
            return 0
        return int(self.drives.seconds[self.drives.places[here]][self.drives.places[there]])

    def _away(self) -> list[Window]:
        person = self.shift.person
        away = [(one.start, one.end) for one in person.absences]
        away += [
            (ride.start, ride.end)
            for ride in person.rides
            # Where something of theirs lies in it, they go by other means already.
            if not any(one.start < ride.end and one.end > ride.start for one in person.stops)
        ]
        return [self.seconds.span(one) for one in away]

    def _free(self, stops: Iterable[Stop]) -> list[Window]:
        return [self.seconds.span((one.start, one.until)) for one in stops]

    def _technician(self, lunch: Lunch | None, loose: bool) -> Technician:
        shift, drives = self.shift, self.drives
        window = self.seconds.at(shift.leave), self.last
        pauses = [
            (window[0], self.seconds.at(shift.begin)),
            *map(self.seconds.span, shift.gaps),
            (self.seconds.at(shift.end), self.last),
        ]
        free = [(one.begin, one.end) for one in self.stands]
        # What was decided against an absence is, at its own time too: it is not in its way.
        free += self._free(shift.fixed)
        taken = self._free(shift.others)
        nowhere = [(one.begin, one.end) for one in self.stands if one.place is None]
        found = [Block(*span, driving=True) for span in less(pauses, free)]
        found += [Block(*span, driving=loose) for span in less([*self._away(), *taken], free)]
        found += [Block(*span, driving=loose) for span in nowhere]
        met = [one for one in found if one.start < window[1] and one.end > window[0]]
        base = shift.person.base
        return Technician(
            id=shift.id,
            shift=window,
            start=drives.places[shift.origin] if shift.origin else None,
            end=drives.places[base] if base else None,
            skills=frozenset(str(one) for one in shift.person.skills),
            lunch=lunch,
            blocks=tuple(sorted(met, key=lambda one: (one.start, one.end))),
        )

    # --- what of the rest can be done -------------------------------------------------------------

    def _as_far_as_it_goes(self, who: Technician) -> tuple[dict[str, Order], tuple[str, ...]]:
        """One after the other where it should be, else later, else sooner; in time if that can be,
        else late; else not at all, and others may have it."""
        orders: dict[str, Order] = {}
        route = self._in_order(self.fixed)
        for key in self._in_order(self.movables):
            one = self.movables[key]
            ways = [one.late] if one.broken else [one.order.windows, one.late]
            for windows in ways:
                tried = orders | {key: replace(one.order, windows=windows)}
                found = self._placed(who, tried, route, key)
                if found is not None:
                    route, times = found
                    late = windows is one.late
                    orders = self._capped(tried, times, [key]) if late else tried
                    break
            else:
                orders[key] = replace(one.order, must=False, urgent=True)
        return orders, route

    def _placed(
        self, who: Technician, orders: Mapping[str, Order], route: tuple[str, ...], key: str
    ) -> tuple[tuple[str, ...], Route] | None:
        natural = sum(self.keys[one] <= self.keys[key] for one in route)
        for place in (*range(natural, len(route) + 1), *reversed(range(natural))):
            longer = (*route[:place], key, *route[place:])
            times = self._times(who, orders, longer)
            if not times.faults:
                return longer, times
        return None

    def _capped(
        self, orders: Mapping[str, Order], times: Route, keys: Iterable[str] | None = None
    ) -> dict[str, Order]:
        """What is late already is made no later than it has to be, wherever it goes; and sooner if
        that can be, as if it were due when it was meant."""
        starts = {one.order_id: one.start for one in times.stops}
        if keys is None:
            keys = [key for key, one in self.movables.items() if one.broken]
        found = dict(orders)
        for key in keys:
            one, meant = orders[key], self.movables[key].meant
            last = max(starts[key], one.held_at or 0)
            spans = tuple((begin, min(end, last)) for begin, end in one.windows if begin <= last)
            due = min((at for at in (one.due, meant) if at is not None), default=None)
            found[key] = replace(one, windows=spans, due=due)
        return found

    def _times(self, who: Technician, orders: Mapping[str, Order], route: tuple[str, ...]) -> Route:
        whole = [*self.fixed_orders.values(), *orders.values()]
        return route_times(Problem([who], whole, self.drives.seconds, self.fixed), who.id, route)

    def _in_order(self, keys: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(keys, key=lambda one: (self.keys[one], one)))


def _lunch(shift: Shift, rule: LunchRule, seconds: Seconds) -> Lunch | None:
    """Owed within the hours; by who is at work and had none in its time, at once."""
    if shift.stretch <= rule.over:
        return None
    earliest = max(moment_of(shift.day, rule.earliest, seconds.zone), shift.begin)
    latest = moment_of(shift.day, rule.latest, seconds.zone)
    if shift.is_current and shift.dawn <= latest:
        latest = max(latest, earliest)
    latest = min(latest, shift.end - rule.duration)
    if earliest > latest:
        return None
    length = int(rule.duration.total_seconds())
    return Lunch(seconds.at(earliest), seconds.at(latest), length)


def _groups(stops: Iterable[Stop]) -> list[list[Stop]]:
    """Those that overlap, as they are expected to end, together; in order."""
    found: list[list[Stop]] = []
    for stop in sorted(stops, key=lambda one: (one.start, one.end)):
        if found and stop.start < max(one.until for one in found[-1]):
            found[-1].append(stop)
        else:
            found.append([stop])
    return found
