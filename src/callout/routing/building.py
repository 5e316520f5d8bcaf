"""From people, visits and orders to the problem that the engine solves. No database, no clock.

By the rules of planning: who works when, what is open, promised and wished, what is pinned. They
judge slots, not drives: so one may be on the way before the hours, through a pause and after them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from callout.planning.fit.person import Interval, Stop
from callout.routing.asked import Asked
from callout.routing.drives import Drives, drives
from callout.routing.engine.evaluate import route_times
from callout.routing.engine.problem import Block, Lunch, Order, Plan, Problem, Technician, Window
from callout.routing.loading import Read, Work
from callout.routing.shifts import COMMUTE, Shift, cut, minute_up, shift_id
from callout.routing.windows import windows_of
from callout.travel.estimate import Place

LAST_MINUTE = timedelta(minutes=1)
# Seconds of driving that it is worth not to miss one response target: so far does nobody drive for
# it; or less, where few changes are what counts.
MISSED = {"served": 10_000, "least_change": 3_600}


@dataclass(frozen=True, slots=True)
class LunchRule:
    """A pause is owed by who works longer than `over` at a stretch; it begins between `earliest`
    and `latest`."""

    earliest: time
    latest: time
    duration: timedelta
    over: timedelta


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What takes no part, and why: somebody's day, or a visit or order (by its `key`)."""

    kind: Literal["technician", "order"]
    key: str
    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Built:
    """The problem, with what its ids stand for. Seconds count from `zero`; `held` is the plan as it
    is now."""

    problem: Problem
    zero: datetime
    drives: Drives
    shifts: dict[str, Shift]
    works: dict[str, Work]
    held: Plan
    left_out: list[LeftOut]


def build(read: Read, asked: Asked, *, change_cost: int, lunch: LunchRule) -> Built:
    """The problem of these days. What cannot take part is said, and the rest is planned."""
    return _Building(read, asked, lunch).built(change_cost)


class _Building:
    def __init__(self, read: Read, asked: Asked, lunch: LunchRule) -> None:
        self.read, self.asked, self.lunch = read, asked, lunch
        self.zone = read.days.zone
        self.days = [self._of_day(day) for day in asked.days]
        self.zero = self.days[0][0]
        self.now = minute_up(read.now)
        self.left_out: list[LeftOut] = []
        self.cut = cut(read.people, read.works, asked, now=self.now, zone=self.zone)
        self.drives = drives(self._places())

    def built(self, change_cost: int) -> Built:
        for person, day in self.cut.baseless:
            words = _("%(name)s has no home base: say on their page where they start")
            self._out(
                "technician", shift_id(person.id, day), "no_base", words % {"name": person.name}
            )
        orders: dict[str, Order] = {}
        fixed: dict[str, tuple[str, int]] = {}
        held: dict[str, tuple[str, ...]] = {}
        technicians = []
        for shift in list(self.cut.shifts.values()):
            own, route = self._day(shift)
            if own is None:
                continue
            technicians.append(own.technicians[0])
            orders |= {one.id: one for one in own.orders}
            fixed |= own.fixed
            held[shift.id] = route
        for stop in self.cut.stray:
            orders |= self._order(self.read.works[str(stop.visit_id)], None, must=False)
        for work in self.read.works.values():
            if work.visit is None:
                orders |= self._order(work, None, must=False)
        works = {one: self.read.works[one] for one in orders if one in self.read.works}
        missed = MISSED[self.asked.objective]
        problem = Problem(
            technicians, list(orders.values()), self.drives.seconds, fixed, change_cost, missed
        )
        shifts = {one.id: self.cut.shifts[one.id] for one in technicians}
        return Built(problem, self.zero, self.drives, shifts, works, Plan(held), self.left_out)

    # --- one day ----------------------------------------------------------------------------------

    def _day(self, shift: Shift) -> tuple[Problem | None, tuple[str, ...]]:
        """A problem of this technician's day alone, and its route as it is now. None where what
        stands there cannot be driven in time even alone.

        Who has no time left for lunch as it is owes none, and who drives in an absence may.
        """
        stays, blocks, fixed = self._fixed(shift)
        orders = dict(stays)
        for stop in shift.movable:
            orders |= self._order(self.read.works[str(stop.visit_id)], shift, must=True)
        starts = {one: start for one, (_who, start) in fixed.items()}
        starts |= {one.id: one.held_at or 0 for one in orders.values() if one.id not in starts}
        route = tuple(sorted(starts, key=lambda one: (starts[one], one)))
        lunch = self._lunch(shift)
        tries = [(lunch, False), (None, False), (None, True)]
        for owed, loose in tries if lunch else tries[1:]:
            who = self._technician(shift, blocks, owed, loose)
            own = Problem([who], list(orders.values()), self.drives.seconds, fixed)
            if not route_times(own, shift.id, route).faults:
                return own, route
            if loose and route_times(own, shift.id, tuple(fixed)).faults:
                words = _("%(name)s: what is fixed on this day cannot be driven in time")
                said = words % {"name": shift.person.name}
                self._out("technician", shift.id, "fixed_never", said)
                return None, ()
        # It cannot be driven as it is: what of it can be is better than nothing.
        freed = [replace(one, must=False) for one in orders.values()]
        return replace(own, orders=freed), tuple(fixed)

    def _technician(
        self, shift: Shift, blocks: Sequence[Block], lunch: Lunch | None, loose: bool
    ) -> Technician:
        free = [self._span((stop.start, stop.until)) for stop in shift.fixed]
        last = shift.end + COMMUTE
        pauses = [(shift.leave, shift.begin), *shift.gaps, (shift.end, last)]
        away = [(one.start, one.end) for one in shift.person.absences]
        away += [
            (ride.start, ride.end)
            for ride in shift.person.rides
            # Where something of theirs lies in it, they go by other means already.
            if not any(one.start < ride.end and one.end > ride.start for one in shift.person.stops)
        ]
        found = [Block(*span, driving=True) for span in _less(map(self._span, pauses), free)]
        found += [Block(*span, driving=loose) for span in _less(map(self._span, away), free)]
        window = self._span((shift.leave, last))
        met = [one for one in (*blocks, *found) if one.start < window[1] and one.end > window[0]]
        base = shift.person.base
        return Technician(
            id=shift.id,
            shift=window,
            start=self.drives.places[shift.origin] if shift.origin else None,
            end=self.drives.places[base] if base else None,
            skills=frozenset(str(one) for one in shift.person.skills),
            lunch=lunch,
            blocks=tuple(sorted(met, key=lambda one: (one.start, one.end))),
        )

    def _lunch(self, shift: Shift) -> Lunch | None:
        rule = self.lunch
        if shift.stretch <= rule.over or shift.person.id in self.asked.lunch_taken:
            return None
        earliest = max(self._moment(shift.day, rule.earliest), shift.begin)
        latest = self._moment(shift.day, rule.latest)
        if earliest > latest or earliest + rule.duration > shift.end:
            return None
        return Lunch(self._at(earliest), self._at(latest), int(rule.duration.total_seconds()))

    def _fixed(
        self, shift: Shift
    ) -> tuple[dict[str, Order], list[Block], dict[str, tuple[str, int]]]:
        """What stands as orders at their seconds; without a place, or of another day, as time that
        is taken. What overlaps is one."""
        stays: dict[str, Order] = {}
        fixed: dict[str, tuple[str, int]] = {}
        blocks = [
            Block(*self._span((one.start, one.until)), driving=True)
            for one in shift.person.stops
            if one.day != shift.day
        ]
        for group in _groups(shift.fixed):
            begin, end = self._span((group[0].start, max(one.until for one in group)))
            place = next((one.place for one in group if one.place), None)
            if place is None:
                blocks.append(Block(begin, end, driving=True))
                continue
            key = f"{group[0].visit_id}:{shift.person.id}"
            stays[key] = Order(key, self.drives.places[place], end - begin)
            fixed[key] = (shift.id, begin)
        return stays, blocks, fixed

    # --- one order --------------------------------------------------------------------------------

    def _order(self, work: Work, shift: Shift | None, *, must: bool) -> dict[str, Order]:
        """As the engine sees it, by its id; nothing, and it is said why, where no hour is left."""
        job, visit = work.job, work.visit
        if job.place is None:
            self._out("order", work.key, "no_position", _("its site has no position on the map"))
            return {}
        held_at = visit.start if visit and shift else None
        windows = windows_of(
            job, self.days, zone=self.zone, now=self.now, held_at=held_at,
            relax_wishes=self.asked.relax_wishes,
        )  # fmt: skip
        if not windows.spans:
            self._out("order", work.key, windows.code, _never(windows.code))
            return {}
        spans = tuple(map(self._span, windows.spans))
        if visit and shift and visit.pk in self.asked.pinned.time_visit_ids:
            spans = ((self._at(visit.start), self._at(visit.start)),)
        skills = frozenset(str(one) for one in job.skills)
        only = self._only(shift, skills)
        order = Order(
            id=work.key,
            place=self.drives.places[job.place],
            duration=int(job.duration.total_seconds()),
            windows=spans,
            skills=skills if only is None or shift is None else frozenset(),
            urgent=work.urgent,
            only=only,
            must=must,
            held_by=shift.id if shift else None,
            held_at=self._at(held_at) if held_at else None,
            due=self._at(work.target) if work.target else None,
        )
        return {order.id: order}

    def _only(self, shift: Shift | None, skills: frozenset[str]) -> frozenset[str] | None:
        """Who may have it, None for all with the skills. Whom somebody chose without one may keep
        it."""
        if shift is None:
            return None
        if self.asked.moves == "order":
            return frozenset({shift.id})
        if skills <= {str(one) for one in shift.person.skills}:
            return None
        able = [
            one.id
            for one in self.cut.shifts.values()
            if skills <= {str(has) for has in one.person.skills}
        ]
        return frozenset({shift.id, *able})

    # --- time and places --------------------------------------------------------------------------

    def _places(self) -> list[Place]:
        found: list[Place | None] = [work.job.place for work in self.read.works.values()]
        for shift in self.cut.shifts.values():
            found += [shift.origin, shift.person.base]
        for person in self.read.people:
            found += [person.base, *(stop.place for stop in person.stops)]
        return [one for one in found if one is not None]

    def _out(self, kind: Literal["technician", "order"], key: str, code: str, words: str) -> None:
        self.left_out.append(LeftOut(kind, key, code, words))

    def _of_day(self, day: date) -> Interval:
        after = self._moment(day + timedelta(days=1), time())
        return self._moment(day, time()), after - LAST_MINUTE

    def _moment(self, day: date, hour: time) -> datetime:
        """In UTC: lengths between moments are then those that pass, whatever the clocks do."""
        return datetime.combine(day, hour, tzinfo=self.zone).astimezone(UTC)

    def _at(self, moment: datetime) -> int:
        return int((moment - self.zero).total_seconds())

    def _span(self, span: Interval) -> Window:
        return self._at(span[0]), self._at(span[1])


def _never(code: str) -> str:
    return {
        "promise": _("what was promised lies outside these days"),
        "never_open": _("the site is not open long enough on these days"),
        "wish": _("the customer wishes another time"),
        "day_over": _("these days are over"),
    }[code]


def _groups(stops: Iterable[Stop]) -> list[list[Stop]]:
    """Those that overlap, as they are expected to end, together; in order."""
    found: list[list[Stop]] = []
    until: datetime | None = None
    for stop in sorted(stops, key=lambda one: (one.start, one.end)):
        if until is not None and stop.start < until:
            found[-1].append(stop)
            until = max(until, stop.until)
        else:
            found.append([stop])
            until = stop.until
    return found


def _less(spans: Iterable[Window], holes: Sequence[Window]) -> list[Window]:
    """The spans without the holes."""
    left = [one for one in spans if one[0] < one[1]]
    for begin, end in holes:
        cut_up = []
        for a, b in left:
            if end <= a or begin >= b:
                cut_up.append((a, b))
            else:
                cut_up += [(c, d) for c, d in ((a, begin), (end, b)) if c < d]
        left = cut_up
    return left
