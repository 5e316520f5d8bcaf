"""PyVRP: finds the shortest routes, and knows no lunch. Its answers are proposals, to be repaired.

Lunch is taken out of the day: who owes one has that much less of it, and what is due after lunch
is due that much sooner. The evaluator then says where lunch really falls, and what it breaks.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyvrp
import pyvrp.search

from callout.routing.engine.evaluate import closed
from callout.routing.engine.parts import may
from callout.routing.engine.problem import Lunch, Order, Plan, Problem, Technician, Window

Drives = np.ndarray[Any, np.dtype[np.int32]]
Kind = tuple[frozenset[str], frozenset[str] | None]  # skills and choice: who may have an order
EVER = 0, 2**40
NOWHERE = -1  # where who starts nowhere starts: it is no way from there
KINDS = 16  # that PyVRP is told of; orders of rarer ones are left to the repair
WEIGHT = 1_000  # of an order of such a kind, for who can carry none; lateness counts in seconds
SERVED = 8  # an order is worth so many times the longest drive, an urgent one
LENIENT = 50.0  # what a second too late counts for at first
URGENT = 10  # so many orders: more than that, and PyVRP would rather come late to it


class Lenient(pyvrp.PenaltyParams):
    """Lateness costs little at first, and more while it does not end. As it comes, PyVRP begins
    with so high a penalty that within a minute nothing late is ever tried on the way."""

    def midpoint_penalties(self, data: pyvrp.ProblemData) -> tuple[list[float], float, float]:
        """What it begins with, for a unit too much to carry, of time and of distance."""
        return [LENIENT] * data.num_load_dimensions, LENIENT, LENIENT


def tuned(listening: pyvrp.IteratedLocalSearchCallbacks) -> pyvrp.SolveParams:
    """For seconds rather than minutes: small steps, three times as many of them."""
    return pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(history_length=100, callbacks=listening),
        penalty=Lenient(target_feasible=0.3),
        neighbourhood=pyvrp.search.NeighbourhoodParams(num_neighbours=25),
        perturbation=pyvrp.search.PerturbationParams(max_perturbations=10),
    )


def as_it_comes(listening: pyvrp.IteratedLocalSearchCallbacks) -> pyvrp.SolveParams:
    """For comparisons."""
    return pyvrp.SolveParams(ils=pyvrp.IteratedLocalSearchParams(callbacks=listening))


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 0,
    iterations: int | None = None,
    on_better: Callable[[Plan], bool] = lambda plan: True,  # noqa: ARG005
    params: Callable[[pyvrp.IteratedLocalSearchCallbacks], pyvrp.SolveParams] = tuned,
) -> Plan:
    """The best plan by PyVRP in that time, or after so many iterations.

    Lunch is taken to be at the middle of its window. `on_better` hears of each better plan,
    and ends the search with False.
    """
    asked = Asked(problem)
    if not asked.technicians or not asked.clients:
        return Plan(routes={})
    listening = Listening(asked, on_better)
    ends = time.monotonic() + seconds

    def stop(best_cost: int) -> bool:  # noqa: ARG001
        if iterations is not None:
            listening.iterations += 1
            return listening.stopped or listening.iterations > iterations
        return listening.stopped or time.monotonic() > ends

    found = pyvrp.solve(asked.data, stop, seed=seed, collect_stats=False, params=params(listening))
    return asked.plan(found.best)


class Listening(pyvrp.IteratedLocalSearchCallbacks):
    """Passes on what is found on the way."""

    def __init__(self, asked: "Asked", on_better: Callable[[Plan], bool]) -> None:
        self.asked = asked
        self.on_better = on_better
        self.stopped = False
        self.iterations = 0

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible() and not self.on_better(self.asked.plan(best)):
            self.stopped = True


class Asked:
    """A problem in PyVRP's words. Each window is a client; of those of an order one is served."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        shut = closed(problem)
        self.technicians = [one for one in problem.technicians if one.id not in shut]
        loose = [one for one in problem.orders if one.id not in problem.fixed]
        self.kinds = self._kinds(loose)
        self.orders = [one for one in loose if kind(one) in self.kinds]
        self.loads = max(self.kinds.values(), default=-1) + 1
        self.lunch = common_lunch(self.technicians)
        self.rows: dict[int, int] = {}  # in PyVRP's matrix, by place
        self.clients: list[pyvrp.Client] = []
        self.groups: list[pyvrp.ClientGroup] = []
        self.of_client: list[Order] = []
        self.worth = SERVED * int(np.max(problem.matrix, initial=1)) + 1
        for order in self.orders:
            self._order(order)
        if self.clients and self.technicians:
            self.data = self._data()

    def _kinds(self, orders: Sequence[Order]) -> dict[Kind, int]:
        """The number of each kind's load; -1 of one that everybody may have.

        Who may not have orders of a kind can carry none: a matrix for each group of technicians
        who may have the same says it, too, and takes a gigabyte for days that are large.
        """
        found: dict[Kind, list[Order]] = {}
        for order in orders:
            found.setdefault(kind(order), []).append(order)
        team = self.technicians
        free = [one for one in found if all(may(who, found[one][0]) for who in team)]
        rest = sorted((one for one in found if one not in free), key=lambda one: -len(found[one]))
        return dict.fromkeys(free, -1) | {one: n for n, one in enumerate(rest[:KINDS])}

    def _row(self, place: int | None) -> int:
        return self.rows.setdefault(NOWHERE if place is None else place, len(self.rows))

    def _order(self, order: Order) -> None:
        windows = [squeezed(window, self.lunch) for window in order.windows]
        group = len(self.groups) if len(windows) > 1 else None
        prize = self.worth * (URGENT if order.urgent or order.must else 1)
        load = self.kinds[kind(order)]
        members = []
        for early, late in windows or [EVER]:
            members.append(len(self.clients))
            self.clients.append(
                pyvrp.Client(
                    location=self._row(order.place),
                    delivery=[WEIGHT * (n == load) for n in range(self.loads)],
                    service_duration=order.duration,
                    tw_early=early,
                    tw_late=late,
                    prize=prize,
                    required=False,
                    group=group,
                )
            )
            self.of_client.append(order)
        if group is not None:
            self.groups.append(pyvrp.ClientGroup(members, required=False))

    def _data(self) -> pyvrp.ProblemData:
        depots: dict[int, int] = {}
        first = {self.kinds[kind(order)]: order for order in reversed(self.orders)}
        room = WEIGHT * len(self.orders)
        vehicles = []
        for technician in self.technicians:
            start, end = (
                depots.setdefault(self._row(place), len(depots))
                for place in (technician.start, technician.end)
            )
            early, late = technician.shift
            vehicles.append(
                pyvrp.VehicleType(
                    start_depot=start,
                    end_depot=end,
                    tw_early=early,
                    tw_late=max(early, late - self._pauses(technician)),
                    capacity=[room * may(technician, first[n]) for n in range(self.loads)],
                )
            )
        drives = self._drives()
        return pyvrp.ProblemData(
            locations=[pyvrp.Location(0, 0) for _ in self.rows],
            clients=self.clients,
            depots=[pyvrp.Depot(row) for row in depots],
            vehicle_types=vehicles,
            distance_matrices=[drives],
            duration_matrices=[drives],
            groups=self.groups,
        )

    def _pauses(self, technician: Technician) -> int:
        lunch = technician.lunch.duration if technician.lunch else 0
        first, last = technician.shift
        cut = ((max(block.start, first), min(block.end, last)) for block in technician.blocks)
        return lunch + sum(max(0, end - start) for start, end in cut)

    def _drives(self) -> Drives:
        matrix = np.asarray(self.problem.matrix, dtype=np.int32)  # half of what PyVRP keeps
        places = np.fromiter(self.rows, dtype=np.int64)
        drives = matrix[np.ix_(places, places)]
        drives[places == NOWHERE, :] = drives[:, places == NOWHERE] = 0
        np.fill_diagonal(drives, 0)
        return drives

    def plan(self, solution: pyvrp.Solution) -> Plan:
        """The same in ids."""
        routes = {}
        for route in solution.routes():
            orders = [self.of_client[one.idx].id for one in route if one.is_client()]
            routes[self.technicians[route.vehicle_type()].id] = tuple(orders)
        return Plan(routes=routes)


def kind(order: Order) -> Kind:
    """Who may have it."""
    return order.skills, order.only


def common_lunch(technicians: Sequence[Technician]) -> Lunch | None:
    """The lunch that most owe; None if most owe none."""
    lunches = [one.lunch for one in technicians]
    return max(lunches, key=lunches.count, default=None)


def squeezed(window: Window, lunch: Lunch | None) -> Window:
    """A window in a day from which lunch is taken out at one moment, the same for all."""
    if lunch is None:
        return window
    start, end = window
    moment = lunch.earliest + (lunch.latest - lunch.earliest) // 2
    if start >= moment + lunch.duration:
        start -= lunch.duration
    if end >= moment:
        end -= lunch.duration
    return start, max(start, end)
