"""From people, visits and orders to the problem that the engine solves. No database, no clock.

By the rules of planning: who works when, what is open, promised and wished, what is pinned. They
judge slots, not drives: so one may be on the way before the hours, through a pause and after them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from callout.planning.fit.person import Interval, Person
from callout.planning.fit.words import day_words
from callout.routing.asked import Asked
from callout.routing.drives import Drives, drives
from callout.routing.engine.problem import Order, Plan, Problem, Window
from callout.routing.loading import Read, Work
from callout.routing.seconds import Seconds, moment_of
from callout.routing.shifts import Shift, cut, minute_up, shift_id
from callout.routing.standing import DayHeld, LunchRule, Movable, day_held
from callout.routing.windows import promise_missed, windows_of
from callout.travel.estimate import Place

LAST_MINUTE = timedelta(minutes=1)
# Seconds of driving that it is worth not to miss one response target: so far does nobody drive for
# it; or less, where few changes are what counts.
MISSED = {"served": 10_000, "least_change": 3_600}


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
        self.seconds = Seconds(self.zone, self.days[0][0])
        self.now = minute_up(read.now)
        self.left_out: list[LeftOut] = []
        self.cut = cut(read.people, read.works, asked, now=self.now, zone=self.zone)
        self.drives = drives(self._places())
        if read.book is not None:
            # From here on planning's rules know the drives that the engine knows.
            read.book.take(
                self.drives.places, self.drives.seconds, self.drives.metres,
                is_estimate=self.drives.is_estimate,
            )  # fmt: skip

    def built(self, change_cost: int) -> Built:
        self._told()
        days = {one.id: self._day(one) for one in self.cut.shifts.values()}
        orders = [one for day in days.values() for one in day.orders]
        for stop in self.cut.stray:
            orders += self._stray(self.read.works[str(stop.visit_id)])
        for work in self.read.works.values():
            if work.visit is None:
                orders += self._free(work)
        problem = Problem(
            [one.technician for one in days.values()],
            orders,
            self.drives.seconds,
            {key: at for one in days.values() for key, at in one.fixed.items()},
            change_cost,
            MISSED[self.asked.objective],
        )
        works = {one.id: self.read.works[one.id] for one in orders if one.id in self.read.works}
        held = Plan({name: one.route for name, one in days.items()})
        zero = self.seconds.zero
        return Built(problem, zero, self.drives, self.cut.shifts, works, held, self.left_out)

    def _told(self) -> None:
        """Whose days take no part, and what stays of who is not there."""
        for person, day in self.cut.baseless:
            words = _("%(name)s has no home base: say on their page where they start")
            self._out_of_day(person, day, "no_base", words)
        for person, day in self.cut.nights:
            words = _(
                "%(name)s: what is after midnight is of the night before. Choose that day too."
            )
            self._out_of_day(person, day, "night_before", words)
        for one in self.cut.stuck:
            said = {"name": one.person.name, "number": one.stop.name}
            if one.why == "helps":
                words = _("%(name)s is not there, and goes along on %(number)s") % said
                self._out("technician", shift_id(one.person.id, one.stop.day), "stays", words)
            else:
                words = _("stays with %(name)s, who is not there: %(why)s")
                said["why"] = _stays(one.why)
                self._out("order", str(one.stop.visit_id), "stays", words % said)

    def _day(self, shift: Shift) -> DayHeld:
        found = (self._movable(self.read.works[str(one.visit_id)], shift) for one in shift.movable)
        movables = [one for one in found if one is not None]
        had = shift.is_current and shift.person.id in self.asked.lunch_taken
        owed = None if had else self.lunch
        held = day_held(shift, movables, owed, self.drives, self.seconds)
        for one in held.late:
            said = {"name": shift.person.name, "number": one.name}
            said["time"] = f"{self.seconds.moment(one.begin):%H:%M}"
            words = _("%(name)s: %(number)s stays, but cannot begin before %(time)s")
            self._out("technician", shift.id, "fixed_late", words % said)
        return held

    # --- one order --------------------------------------------------------------------------------

    def _movable(self, work: Work, shift: Shift) -> Movable | None:
        """A visit of somebody's day; None, and it is said why, where no hour is left."""
        visit = work.visit
        if visit is None or (found := self._where_and_when(work, visit.start)) is None:
            return None
        place, strict, late = found
        begin, last = self.seconds.at(visit.start), late[-1][1]
        promise_to = work.job.promise_to
        meant = self.seconds.at(promise_to) if promise_to else None
        broken = promise_missed(work.job, held_at=visit.start, now=self.now)
        if visit.pk in self.asked.pinned.time_visit_ids:
            strict, late, meant, broken = ((begin, begin),), ((begin, last),), begin, False
        skills = frozenset(str(one) for one in work.job.skills)
        only = self._only(shift, skills)
        order = Order(
            id=work.key,
            place=place,
            duration=int(work.job.duration.total_seconds()),
            windows=strict,
            skills=skills if only is None else frozenset(),
            urgent=work.urgent,
            only=only,
            must=True,
            held_by=shift.id,
            held_at=begin,
            due=self._due(work),
        )
        return Movable(order, late, meant, broken)

    def _stray(self, work: Work) -> list[Order]:
        """A visit whose technician is not there: it comes before the pile, and keeps its time if
        that is asked."""
        visit = work.visit
        if visit is None:
            return []
        orders = [replace(one, urgent=True) for one in self._free(work, visit.start)]
        if visit.pk not in self.asked.pinned.time_visit_ids or not orders:
            return orders
        if visit.start < self.now:
            self._out("order", work.key, "time_over", _("its time is to stay, and is over"))
            return []
        at = self.seconds.at(visit.start)
        return [replace(one, windows=((at, at),)) for one in orders]

    def _free(self, work: Work, held_at: datetime | None = None) -> list[Order]:
        """What is on nobody's day: as it were, on the pile. A visit whose promise is missed goes as
        soon as may be."""
        found = self._where_and_when(work, held_at)
        if found is None:
            return []
        place, windows, late = found
        due = self._due(work)
        if held_at and promise_missed(work.job, held_at=held_at, now=self.now):
            windows, meant = late, self.seconds.at(work.job.promise_to or held_at)
            due = meant if due is None else min(due, meant)
        return [
            Order(
                id=work.key,
                place=place,
                duration=int(work.job.duration.total_seconds()),
                windows=windows,
                skills=frozenset(str(one) for one in work.job.skills),
                urgent=work.urgent,
                due=due,
            )
        ]

    def _where_and_when(
        self, work: Work, held_at: datetime | None
    ) -> tuple[int, tuple[Window, ...], tuple[Window, ...]] | None:
        """Its place, the starts that are allowed, and those where its promise cannot be kept."""
        if work.job.place is None:
            self._out("order", work.key, "no_position", _("its site has no position on the map"))
            return None
        strict, late = (
            windows_of(
                work.job, self.days, zone=self.zone, now=self.now, held_at=held_at,
                relax_wishes=self.asked.relax_wishes, late=late,
            )
            for late in (False, True)
        )  # fmt: skip
        if not strict.spans:
            self._out("order", work.key, strict.code, _never(strict.code))
            return None
        spans = [tuple(map(self.seconds.span, one.spans)) for one in (strict, late)]
        return self.drives.places[work.job.place], spans[0], spans[1]

    def _due(self, work: Work) -> int | None:
        return self.seconds.at(work.target) if work.target else None

    def _only(self, shift: Shift, skills: frozenset[str]) -> frozenset[str] | None:
        """Who may have it, None for all with the skills. Whom somebody chose without one may keep
        it."""
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
        """Where somebody drives on these days, and no place else: what was read of the days around
        would make a table of several times the size."""
        found: list[Place | None] = [work.job.place for work in self.read.works.values()]
        for shift in self.cut.shifts.values():
            found += [shift.origin, *(stop.place for stop in shift.fixed)]
        for person in self.read.people:
            days = (stop.place for stop in person.stops if stop.day in self.asked.days)
            found += [person.base, *days]
        return [one for one in found if one is not None]

    def _out(self, kind: Literal["technician", "order"], key: str, code: str, words: str) -> None:
        self.left_out.append(LeftOut(kind, key, code, words))

    def _out_of_day(self, person: Person, day: date, code: str, words: str) -> None:
        said = words % {"name": person.name}
        if len(self.days) > 1:
            said = f"{day_words(day)}: {said}"
        self._out("technician", shift_id(person.id, day), code, said)

    def _of_day(self, day: date) -> Interval:
        after = moment_of(day + timedelta(days=1), time(), self.zone)
        return moment_of(day, time(), self.zone), after - LAST_MINUTE


def _stays(why: str) -> str:
    return {
        "pinned": _("it is pinned"),
        "begun": _("it has begun"),
        "helped": _("somebody goes along"),
        "no_position": _("its site has no position on the map"),
        "overlap": _("it overlaps another visit on purpose"),
        "pause": _("it is longer than anybody works without a pause"),
        "hours": _("it lies outside the hours on purpose"),
    }[why]


def _never(code: str) -> str:
    return {
        "promise": _("what was promised lies outside these days"),
        "never_open": _("the site is not open long enough on these days"),
        "wish": _("the customer wishes another time"),
        "day_over": _("these days are over"),
    }[code]
