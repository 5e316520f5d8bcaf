"""Why an order is not in a plan, and what would have to give so that it is.

What keeps it out is found by giving in step by step: no drive, no windows, an empty day. The
cheapest remedy is found by trying them all, on each technician's tour as it is: who is how late,
how far the windows are missed, which other order is in the way. Everything is tried on the same
tours that the search uses, so that a remedy that is told works.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from callout.routing.engine.field import Field
from callout.routing.engine.hours import EVER, Hours
from callout.routing.engine.insertion import Standing
from callout.routing.engine.problem import Order, Plan, Problem, Technician, Window
from callout.routing.engine.tours import NOWHERE, Tour

ENOUGH = 25  # technicians asked for remedies, the nearest
DAY = 86_400
COST = {"lunch": 3_600, "instead": 1_800, "only": 2 * 3_600, "skills": 4 * 3_600}
COST_OF_MUST = 8 * 3_600


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What gives. `shift`: the technician works longer by `seconds` (`work_longer`). `window`: the
    order's windows open earlier and close later by `seconds`. `lunch`: the technician goes without.
    `skills`: the technician learns these. `only`: the technician may have it. `instead`: `order_id`
    falls out of the technician's day."""

    kind: str
    technician_id: str
    seconds: int = 0
    order_id: str | None = None
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not, and the cheapest remedy: all of it together lets the order in (empty: none known).

    `fits`: nothing keeps it out, with the technician named. `no_technician`: none that may have it
    works. `skills`: none that may have it can do it. `shift_too_short`: the work is longer than any
    day. `never_open`: no window meets anybody's hours. `too_far`: nobody gets there and back.
    `must_elsewhere`: those that must be served leave no room. `no_room`: the others leave none.
    """

    code: str
    technician_id: str | None = None
    remedy: tuple[Relaxation, ...] = ()


def why_not(problem: Problem, plan: Plan, order_id: str) -> Reason:
    return Asker(problem, plan).why_not(order_id)


def reasons(problem: Problem, plan: Plan, *, remedies: int = 300) -> dict[str, Reason]:
    """For every order that is not in the plan. Remedies are what takes time: the first so many
    have one."""
    served = {one for route in plan.routes.values() for one in route}
    asker = Asker(problem, plan)
    out = [one.id for one in problem.orders if one.id not in served]
    return {one: asker.why_not(one, remedy=nth < remedies) for nth, one in enumerate(out)}


@dataclass(frozen=True, slots=True)
class _Way:
    cost: int
    remedy: tuple[Relaxation, ...]


class Asker:
    """A plan asked about several orders: they take turns as the ghost, one order more."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.ghost = problem, len(problem.orders)
        ghost = Order("", 0, 0)
        self.field = Field(replace(problem, orders=[*problem.orders, ghost]))
        standing = Standing(self.field)
        standing.take(plan)
        self.tours = standing.tours
        self.nowhere = len(problem.matrix)

    def why_not(self, order_id: str, *, remedy: bool = True) -> Reason:
        order = self.problem.orders[self.field.order[order_id]]
        self._haunt(order.place, order.duration, order.windows)
        them = self.problem.technicians
        allowed = [n for n in self.field.open if order.only is None or them[n].id in order.only]
        able = [n for n in allowed if order.skills <= them[n].skills]
        for who in able:
            if self.field.fit_in(self.field.hours[who], self.tours[who], self.ghost) < NOWHERE:
                return Reason("fits", them[who].id)
        code = self._code(order, allowed, able)
        if not remedy:
            return Reason(code)
        self._haunt(order.place, order.duration, order.windows)
        return Reason(code, remedy=self._remedy(order, code))

    def _haunt(self, place: int, duration: int, windows: tuple[Window, ...]) -> None:
        field, ghost = self.field, self.ghost
        field.place[ghost], field.duration[ghost] = place, duration
        self._windows(tuple(sorted(windows)) or ((-EVER, EVER),))

    def _windows(self, windows: tuple[Window, ...]) -> None:
        field, ghost = self.field, self.ghost
        field.windows[ghost], field.single[ghost] = windows, len(windows) == 1
        field.opens[ghost], field.closes[ghost] = windows[0]

    def _code(self, order: Order, allowed: list[int], able: list[int]) -> str:
        if not allowed:
            return "no_technician"
        if not able:
            return "skills"
        empty = [(who, self.field.tour(who, ())) for who in able]
        self._haunt(self.nowhere, order.duration, ())
        if not self._any(empty):
            return "shift_too_short"
        self._haunt(self.nowhere, order.duration, order.windows)
        if not self._any(empty):
            return "never_open"
        self._haunt(order.place, order.duration, order.windows)
        if not self._any(empty):
            return "too_far"
        return "no_room" if self._any(self._needed(able)) else "must_elsewhere"

    def _any(self, tours: list[tuple[int, Tour]]) -> bool:
        field = self.field
        return any(
            tour.ok and field.fit_in(field.hours[who], tour, self.ghost) < NOWHERE
            for who, tour in tours
        )

    def _needed(self, able: list[int]) -> list[tuple[int, Tour]]:
        """Their tours with no more than what may not fall out."""
        return [
            (
                who,
                self.field.tour(
                    who, tuple(one for one in self.tours[who].stops if self._stays(one))
                ),
            )
            for who in able
        ]

    def _stays(self, order: int) -> bool:
        return order in self.field.fixed or self.problem.orders[order].must

    # --- remedies ---------------------------------------------------------------------------------

    def _remedy(self, order: Order, code: str) -> tuple[Relaxation, ...]:
        best: _Way | None = None
        for who in self._nearest(order):
            for way in self._ways(who, order, code, best.cost if best else 4 * DAY):
                if best is None or way.cost < best.cost:
                    best = way
        return best.remedy if best else ()

    def _nearest(self, order: Order) -> list[int]:
        """Technicians by how far the order is from their tours; not who is closed for good."""
        row = self.field.to[order.place]
        closed = self.field.day.closed
        them = [
            n
            for n, one in enumerate(self.problem.technicians)
            if one.id not in closed or closed[one.id].code == "lunch_never"
        ]
        away = {n: min(row[place] for place in self.tours[n].places) for n in them}
        return sorted(them, key=lambda n: (away[n], n))[:ENOUGH]

    def _ways(self, who: int, order: Order, code: str, limit: int) -> Iterator[_Way]:
        """What lets the order into this technician's day, if it costs less than the limit."""
        them = self.problem.technicians[who]
        always, cost = self._always(who, order)
        if cost >= limit:
            return
        if any(one.kind == "lunch" for one in always):
            them = replace(them, lunch=None)
        trial = _Trial(self, who, Hours(them, self.nowhere), order.windows)
        limit -= cost
        if trial.fits():
            yield _Way(cost, always)
            return
        for seconds, given in self._single(trial, them.id, limit):
            yield _Way(cost + seconds, (*always, given))
            limit = min(limit, seconds)
        if them.lunch is not None and limit > COST["lunch"] and trial.fits(lunch=False):
            yield _Way(cost + COST["lunch"], (*always, Relaxation("lunch", them.id)))
        for worth, other in trial.instead(order, may_must=code == "must_elsewhere"):
            if worth < limit:
                given = Relaxation("instead", them.id, order_id=other)
                yield _Way(cost + worth, (*always, given))
                limit = worth
        both = self._both(trial, them.id, limit)
        if both is not None:
            yield _Way(cost + sum(one.seconds for one in both), (*always, *both))

    def _always(self, who: int, order: Order) -> tuple[tuple[Relaxation, ...], int]:
        """What this technician lacks before any time is looked at."""
        them, given = self.problem.technicians[who], []
        if order.only is not None and them.id not in order.only:
            given.append(Relaxation("only", them.id))
        if not order.skills <= them.skills:
            given.append(Relaxation("skills", them.id, skills=order.skills - them.skills))
        if them.id in self.field.day.closed:
            given.append(Relaxation("lunch", them.id))
        return tuple(given), sum(COST[one.kind] for one in given)

    def _single(
        self, trial: "_Trial", technician_id: str, limit: int
    ) -> Iterator[tuple[int, Relaxation]]:
        most = min(limit - 1, DAY)
        seconds = least(lambda n: trial.fits(longer=n), most)
        if seconds is not None:
            yield seconds, Relaxation("shift", technician_id, seconds)
            most = min(most, seconds - 1)
        if trial.windows:
            seconds = least(lambda n: trial.fits(wider=n), most)
            if seconds is not None:
                yield seconds, Relaxation("window", technician_id, seconds)

    def _both(
        self, trial: "_Trial", technician_id: str, limit: int
    ) -> tuple[Relaxation, ...] | None:
        """A longer day for other windows, when neither alone is enough."""
        if not trial.windows:
            return None
        most = min(limit - 1, 2 * DAY)
        longer = least(lambda n: trial.fits(wider=2 * DAY, longer=n), most)
        if longer is None:
            return None
        wider = least(lambda n: trial.fits(wider=n, longer=longer), 2 * DAY)
        if wider is None or wider + longer >= limit:
            return None
        return Relaxation("shift", technician_id, longer), Relaxation(
            "window", technician_id, wider
        )


@dataclass(slots=True)
class _Trial:
    """One technician's tour, asked whether the ghost fits if this or that gives."""

    asker: Asker
    who: int
    hours: Hours
    windows: tuple[Window, ...]

    def fits(self, *, longer: int = 0, wider: int = 0, lunch: bool = True) -> bool:
        return self._fits(self._stops(), longer=longer, wider=wider, lunch=lunch)

    def _stops(self) -> tuple[int, ...]:
        return self.asker.tours[self.who].stops

    def _fits(self, stops: tuple[int, ...], *, longer: int, wider: int, lunch: bool) -> bool:
        asker, hours = self.asker, self.hours
        if longer or not lunch:
            them = asker.problem.technicians[self.who]
            keeps = them.lunch if lunch and hours.has_lunch else None
            hours = Hours(replace(work_longer(them, longer), lunch=keeps), asker.nowhere)
        if wider:
            asker._windows(tuple((a - wider, b + wider) for a, b in sorted(self.windows)))
        tour = asker.field.made(self.who, stops, hours)
        found = tour.ok and asker.field.fit_in(hours, tour, asker.ghost) < NOWHERE
        if wider:
            asker._windows(tuple(sorted(self.windows)))
        return found

    def instead(self, order: Order, *, may_must: bool) -> Iterator[tuple[int, str]]:
        """Orders in whose stead it fits, and what that counts as."""
        orders = self.asker.problem.orders
        for one in self._stops():
            other = orders[one]
            if one in self.asker.field.fixed or (other.must and not may_must):
                continue
            if other.urgent and not order.urgent:
                continue
            stops = tuple(stop for stop in self._stops() if stop != one)
            if self._fits(stops, longer=0, wider=0, lunch=True):
                worth = COST_OF_MUST if other.must else COST["instead"]
                yield worth + other.duration // 4, other.id


def work_longer(who: Technician, seconds: int) -> Technician:
    """Their shift ends later, and the way home after their paid hours begins later with it."""
    dawn, dusk = who.shift
    blocks = tuple(
        replace(one, start=one.start + seconds, end=one.end + seconds)
        if one.driving and one.end >= dusk
        else one
        for one in who.blocks
    )
    return replace(who, shift=(dawn, dusk + seconds), blocks=blocks)


def least(works: Callable[[int], bool], most: int) -> int | None:
    """The least number up to `most` that works, if more never works worse."""
    if most < 1 or not works(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high
