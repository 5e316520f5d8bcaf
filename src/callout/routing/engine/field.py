"""A problem as whole numbers in lists, and where in a tour one more order fits.

An order fits a gap of a tour exactly when its arrival there and onward meets what the tour knows of
that gap: a handful of comparisons, whatever the length of the tour.

What is found here is what `evaluate` finds, with one exception on the safe side: in a block in
which they may drive and which can hold lunch, everybody stands still.
"""

import itertools
from typing import cast

import numpy as np
import numpy.typing as npt

from callout.routing.engine.evaluate import Day
from callout.routing.engine.hours import EVER, Hours
from callout.routing.engine.parts import may
from callout.routing.engine.problem import Order, Problem, Window
from callout.routing.engine.tours import GAP_BITS, NOWHERE, Tour, begun, walk, walk_plain

MEMORY = 20_000  # tours remembered
FEW_NUMBERS = 100_000  # seconds of driving up to which equal ones are one object


def shared(table: npt.NDArray[np.int64]) -> list[list[int]]:
    """As lists, in which the same number is the same object: a fifth of the memory, and most of
    what the search reads stays near the processor."""
    low, high = int(table.min()), int(table.max())
    if low < 0 or high > FEW_NUMBERS:
        return cast("list[list[int]]", table.tolist())
    each = np.arange(high + 1).astype(object)
    return cast("list[list[int]]", each[table].tolist())


class Field:
    """The problem by numbers: technicians and orders by their place in its lists."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.day = problem, Day(problem)
        drives = np.asarray(problem.matrix, dtype=np.int64)
        size = drives.shape[0] if drives.ndim == 2 else 0
        padded = np.zeros((size + 1, size + 1), dtype=np.int64)
        if size:
            padded[:size, :size] = drives
        self.table = padded
        mirrored = bool(np.array_equal(padded, padded.T))
        self.to = shared(padded)
        self.from_ = self.to if mirrored else shared(padded.T)
        self.hours = [Hours(one, size) for one in problem.technicians]
        self.technician = {one.id: n for n, one in enumerate(problem.technicians)}
        self.order = {one.id: n for n, one in enumerate(problem.orders)}
        self.place = [one.place for one in problem.orders]
        self.duration = [one.duration for one in problem.orders]
        self.due = [one.due for one in problem.orders]
        self.some_due = any(one is not None for one in self.due)
        self.windows = [self._windows(one) for one in problem.orders]
        self.opens = [one[0][0] for one in self.windows]
        self.closes = [one[0][1] for one in self.windows]
        self.single = [len(one) == 1 for one in self.windows]
        self.open = [
            n for n, one in enumerate(problem.technicians) if one.id not in self.day.closed
        ]
        self.may = [self._may(one) for one in problem.orders]
        self.fixed = frozenset(self.order[one] for one in problem.fixed)
        self.holder = [
            self.technician.get(one.held_by, -1) if one.held_by is not None else None
            for one in problem.orders
        ]
        self.open_set, self.may_set = set(self.open), [set(one) for one in self.may]
        self.rank = [
            0 if one.must or one.id in problem.fixed else 1 if one.urgent else 2
            for one in problem.orders
        ]
        self._memory: dict[tuple[int, tuple[int, ...]], Tour] = {}
        self._near: dict[int, list[int]] = {}

    def _windows(self, order: Order) -> tuple[Window, ...]:
        if order.id in self.problem.fixed:
            start = self.problem.fixed[order.id][1]
            return ((start, start),)
        return tuple(sorted(order.windows)) or ((-EVER, EVER),)

    def _may(self, order: Order) -> list[int]:
        """Technicians that could have it."""
        if order.id in self.problem.fixed:
            return []
        return [n for n in self.open if may(self.problem.technicians[n], order)]

    def neighbours(self, count: int) -> list[list[int]]:
        """For each order the others that are nearest to it, nearest first."""
        places = np.asarray(self.place, dtype=np.int64)
        told = []
        for n, place in enumerate(self.place):
            away = np.minimum(self.table[place, places], self.table[places, place])
            away[n] = -1
            some = np.argsort(away, kind="stable")[1 : count + 1]
            told.append(some.tolist())
        return told

    def nearest(self, order: int, count: int) -> list[int]:
        """Technicians that could have it, nearest home first (all of them when they are few)."""
        near = self._near.get(order)
        if near is None:
            near = self.may[order]
            if len(near) > count:
                row, hours = self.to[self.place[order]], self.hours
                near = sorted(near, key=lambda n: min(row[hours[n].place], row[hours[n].home]))
            self._near[order] = near = near[:count]
        return near

    def change(self, who: int, order: int) -> int:
        holder = self.holder[order]
        return 0 if holder is None or holder == who else self.problem.change_cost

    def tour(self, who: int, stops: tuple[int, ...]) -> Tour:
        key = (who, stops)
        tour = self._memory.get(key)
        if tour is None:
            if len(self._memory) >= MEMORY:
                self._memory.clear()
            tour = self._memory[key] = self.made(who, stops, self.hours[who])
        return tour

    def made(self, who: int, stops: tuple[int, ...], hours: Hours) -> Tour:
        """The tour in hours that need not be the technician's."""
        places = [hours.place, *(self.place[one] for one in stops), hours.home]
        tour = Tour(stops, places, [self.to[a][b] for a, b in itertools.pairwise(places)])
        if not stops:
            tour.legs[0] = 0  # who has nothing to do drives nowhere
        changes = sum(self.change(who, one) for one in stops) if self.problem.change_cost else 0
        tour.cost = sum(tour.legs) + changes
        if hours.plain and all(map(self.single.__getitem__, stops)):
            work = [(self.opens[one], self.closes[one], self.duration[one]) for one in stops]
            walk_plain(tour, hours, work)
        else:
            walk(tour, hours, [(self.windows[one], self.duration[one]) for one in stops])
        if self.some_due and tour.ok and hours is self.hours[who]:
            tour.cost += self._lateness(tour, hours)
        return tour

    def _lateness(self, tour: Tour, hours: Hours) -> int:
        starts = begun(tour, hours, [(self.windows[n], self.duration[n]) for n in tour.stops])
        lateness, due = self.problem.lateness, self.due
        return sum(lateness(due[n], start) for n, start in zip(tour.stops, starts, strict=True))

    def fit(self, who: int, tour: Tour, order: int) -> int:
        """The cheapest feasible gap of the tour for one more order that the technician may have."""
        try:
            return tour.fits[order]
        except KeyError:
            found = self._fit_due(who, tour, order)
            if found != NOWHERE and self.problem.change_cost:
                found += self.change(who, order) << GAP_BITS
            tour.fits[order] = found
            return found

    def _fit_due(self, who: int, tour: Tour, order: int) -> int:
        """In time where that is possible; what comes after it may be late for it, which the tour
        says."""
        due, hours = self.due[order], self.hours[who]
        if due is None or due >= self.windows[order][-1][1]:
            return self.fit_in(hours, tour, order)
        found = NOWHERE
        kept = self.windows[order], self.closes[order]
        in_time = tuple((a, min(b, due)) for a, b in kept[0] if a <= due)
        if in_time:
            self.windows[order], self.closes[order] = in_time, in_time[0][1]
            found = self.fit_in(hours, tour, order)
            self.windows[order], self.closes[order] = kept
        if found == NOWHERE:
            found = self.fit_in(hours, tour, order)
            if found != NOWHERE:
                found += self.problem.late_cost << GAP_BITS
        return found

    def fit_in(self, hours: Hours, tour: Tour, order: int) -> int:
        """The same in hours that need not be the technician's, of orders that may change."""
        if hours.plain and self.single[order]:
            return self._fit_plain(hours, tour, order)
        return self._fit_blocked(hours, tour, order)

    def _fit_plain(self, hours: Hours, tour: Tour, order: int) -> int:  # noqa: C901 - the hot loop
        place, duration = self.place[order], self.duration[order]
        onward, hither = self.to[place], self.from_[place]
        opens, closes = self.opens[order], self.closes[order]
        if opens < hours.work_from:
            opens = hours.work_from
        if closes > hours.work_until - duration:
            closes = hours.work_until - duration
        earliest, latest, lunch = hours.earliest, hours.latest, hours.lunch
        places, legs, owed, had = tour.places, tour.legs, tour.owed, tour.had
        owed_by, had_by = tour.owed_by, tour.had_by
        best, at, here = EVER, -1, places[0]
        for i in range(len(legs)):
            there = places[i + 1]
            come, go = hither[here], onward[there]
            here = there
            cost = come + go - legs[i]
            if cost >= best:
                continue
            limit = had_by[i] - go - duration  # start by then, lunch had
            if limit >= opens:
                start = had[i] + come
                if (start if start > opens else opens) <= (limit if limit < closes else closes):
                    best, at = cost, i
                    continue
            free = owed[i]
            if free == EVER:
                if had[i] > closes:
                    break
                continue
            arrive = free + come
            start = arrive if arrive > opens else opens
            if start <= closes:
                done = start + duration
                if done + go <= owed_by[i] or (
                    done <= latest
                    and (done if done > earliest else earliest) + lunch + go <= had_by[i]
                ):
                    best, at = cost, i
                    continue
                if limit >= opens and free <= latest:
                    start = (free if free > earliest else earliest) + lunch + come
                    if arrive <= latest:
                        then = (arrive if arrive > earliest else earliest) + lunch
                        if then < start:
                            start = then
                    if start <= limit and start <= closes:
                        best, at = cost, i
            elif free > closes:
                break
        return NOWHERE if at < 0 else (best << GAP_BITS) + at

    def _fit_blocked(self, hours: Hours, tour: Tour, order: int) -> int:
        place, best = self.place[order], NOWHERE
        for i, leg in enumerate(tour.legs):
            come = self.to[tour.places[i]][place]
            go = self.to[place][tour.places[i + 1]]
            found = ((come + go - leg) << GAP_BITS) + i
            if found < best and self._fits(hours, tour, order, i, come, go):
                best = found
        return best

    def _fits(self, hours: Hours, tour: Tour, order: int, i: int, come: int, go: int) -> bool:
        windows, duration = self.windows[order], self.duration[order]
        had, owed = tour.had[i], tour.owed[i]
        starts = []
        if had < EVER:
            starts.append(hours.start(hours.drive(had, come), windows, duration))
        if owed < EVER:
            arrive = hours.drive(owed, come)
            if owed <= hours.latest:
                eaten = max(owed, hours.earliest) + hours.lunch
                starts.append(hours.start(hours.drive(eaten, come), windows, duration))
            if arrive <= hours.latest:
                eaten = max(arrive, hours.earliest) + hours.lunch
                starts.append(hours.start(eaten, windows, duration))
            start = hours.start(arrive, windows, duration)
            if start < EVER:
                done = start + duration
                if hours.drive(done, go) <= tour.owed_by[i]:
                    return True
                if done <= hours.latest:
                    eaten = max(done, hours.earliest) + hours.lunch
                    if hours.drive(eaten, go) <= tour.had_by[i]:
                        return True
        start = min(starts, default=EVER)
        return start < EVER and hours.drive(start + duration, go) <= tour.had_by[i]
