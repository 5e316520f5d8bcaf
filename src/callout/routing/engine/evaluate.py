"""The exact truth about a plan: when everybody is where, and what is wrong with it.

Every plan, of a solver or by hand, passes here before anyone sees it. A fixed order starts at its
second, whatever its windows, skills and `only` say: somebody decided.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from callout.routing.engine.course import (
    Course,
    Fault,
    Route,
    Visit,
    hurt,
    lunch_fits,
    standing_still,
)
from callout.routing.engine.problem import Order, Plan, Problem, Technician


@dataclass(frozen=True, slots=True)
class Verdict:
    """The truth about a plan. `changes`: served orders with another technician than held them;
    `late`: those that begin after they are due, and `lateness` what that counts as.

    `faults` are all there are. A plan is `feasible` with those that are the day's own: a technician
    who is `closed` and has only the orders that are fixed there.
    """

    routes: Mapping[str, Route]
    faults: tuple[Fault, ...]
    feasible: bool
    served: int
    urgent_served: int
    unserved: tuple[str, ...]
    urgent_unserved: int
    travel: int
    changes: int
    late: int
    lateness: int


def route_times(problem: Problem, technician_id: str, order_ids: Sequence[str]) -> Route:
    return Day(problem).route(technician_id, order_ids)


def evaluate(problem: Problem, plan: Plan) -> Verdict:
    return Day(problem).verdict(plan)


def standing(problem: Problem, verdict: Verdict) -> tuple[int, int, int]:
    """What is compared between feasible plans: smaller is better."""
    cost = verdict.travel + problem.change_cost * verdict.changes + verdict.lateness
    return verdict.urgent_unserved, len(verdict.unserved), cost


def closed(problem: Problem) -> dict[str, Fault]:
    """Technicians that can have no order beyond the fixed ones, and why.

    Their lunch does not fit the shift (`lunch_never`; to let them work without one is the caller's
    to decide), or what is fixed cannot be kept even alone (`fixed_never`).
    """
    return dict(Day(problem).closed)


@dataclass(slots=True)
class Day:
    """A problem with its ids looked up once; for those who ask more than one thing of it."""

    problem: Problem
    technicians: dict[str, Technician] = field(init=False)
    orders: dict[str, Order] = field(init=False)
    closed: dict[str, Fault] = field(init=False)
    fixed: dict[str, tuple[str, ...]] = field(init=False)  # by technician, as they are visited

    def __post_init__(self) -> None:
        self.technicians = {one.id: one for one in self.problem.technicians}
        self.orders = {one.id: one for one in self.problem.orders}
        by_start = sorted(self.problem.fixed.items(), key=lambda item: (item[1][1], item[0]))
        self.fixed = {
            one: tuple(order for order, (who, _) in by_start if who == one)
            for one in {who for who, _ in self.problem.fixed.values()}
        }
        self.closed = {}
        for one in self.problem.technicians:
            if not lunch_fits(one):
                self.closed[one.id] = Fault("lunch_never", one.id)
            elif self.route(one.id, self.fixed.get(one.id, ())).faults:
                self.closed[one.id] = Fault("fixed_never", one.id)

    def route(self, technician_id: str, order_ids: Sequence[str]) -> Route:
        who = self.technicians[technician_id]
        visits, drives = [self._visit(one) for one in order_ids], self._drives(who, order_ids)
        faults = [fault for one in order_ids for fault in self._wrong_here(who, self.orders[one])]
        ways = [Course(one, visits, drives).route(faults) for one in (who, *standing_still(who))]
        return min(ways, key=hurt)

    def _visit(self, order_id: str) -> "Visit":
        order, fixed = self.orders[order_id], self.problem.fixed.get(order_id)
        windows = ((fixed[1], fixed[1]),) if fixed else tuple(sorted(order.windows))
        return Visit(order_id, order.duration, windows, fixed is not None)

    def _drives(self, who: Technician, order_ids: Sequence[str]) -> list[int]:
        """Seconds to each order and back."""
        places = [who.start, *(self.orders[one].place for one in order_ids), who.end]
        matrix = self.problem.matrix
        return [
            0 if here is None or there is None else int(matrix[here][there])
            for here, there in itertools.pairwise(places)
        ]

    def _wrong_here(self, who: Technician, order: Order) -> Iterable[Fault]:
        if order.id in self.problem.fixed:
            if self.problem.fixed[order.id][0] != who.id:
                yield Fault("fixed", who.id, order.id)
            return
        if not order.skills <= who.skills:
            yield Fault("skills", who.id, order.id)
        if order.only is not None and who.id not in order.only:
            yield Fault("only", who.id, order.id)

    def verdict(self, plan: Plan) -> Verdict:
        faults: list[Fault] = []
        routes: dict[str, Route] = {}
        holder: dict[str, str] = {}
        for who, order_ids in plan.routes.items():
            if who not in self.technicians:
                faults.append(Fault("unknown", technician_id=who))
                continue
            mine: list[str] = []
            for one in order_ids:
                if one not in self.orders:
                    faults.append(Fault("unknown", who, one))
                elif one in holder:
                    faults.append(Fault("twice", who, one))
                else:
                    holder[one] = who
                    mine.append(one)
            routes[who] = self.route(who, mine)
        for who in self.technicians:
            if who not in routes:
                routes[who] = self.route(who, ())
        faults.extend(self._fallen_out(holder))
        feasible = not faults
        for who, route in routes.items():
            own, given = self._of_route(who, route)
            faults.extend(own or given)
            feasible = feasible and not own
        return self._summed(routes, holder, tuple(faults), feasible)

    def _fallen_out(self, holder: Mapping[str, str]) -> Iterable[Fault]:
        for one in self.problem.fixed:
            if one not in holder:
                yield Fault("fixed", self.problem.fixed[one][0], one)
        for order in self.problem.orders:
            if order.must and order.id not in holder and order.id not in self.problem.fixed:
                yield Fault("must", order.held_by, order.id)

    def _of_route(self, who: str, route: Route) -> tuple[list[Fault], list[Fault]]:
        """Faults that are the plan's, and those that were there before it."""
        if who not in self.closed:
            return list(route.faults), []
        if tuple(stop.order_id for stop in route.stops) == self.fixed.get(who, ()):
            return [], [self.closed[who], *route.faults]
        return [self.closed[who], *route.faults], []

    def _summed(
        self,
        routes: Mapping[str, Route],
        holder: Mapping[str, str],
        faults: tuple[Fault, ...],
        feasible: bool,
    ) -> Verdict:
        out = [one for one in self.problem.orders if one.id not in holder]
        changes = sum(
            1
            for one, who in holder.items()
            if self.orders[one].held_by is not None and self.orders[one].held_by != who
        )
        starts = [
            (due, stop.start)
            for route in routes.values()
            for stop in route.stops
            if (due := self.orders[stop.order_id].due) is not None and stop.start > due
        ]
        return Verdict(
            routes=routes,
            faults=faults,
            feasible=feasible,
            served=len(holder),
            urgent_served=sum(1 for one in holder if self.orders[one].urgent),
            unserved=tuple(one.id for one in out),
            urgent_unserved=sum(1 for one in out if one.urgent),
            travel=sum(route.travel for route in routes.values()),
            changes=changes,
            late=len(starts),
            lateness=sum(itertools.starmap(self.problem.lateness, starts)),
        )
