"""One day by one method: `python -m bench.route_methods METHOD FILE SECONDS SEED clock|cpu`.

Prints the routes as JSON, how long it took, and how much memory.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from callout.routing.engine.dayfile import day_read
from callout.routing.engine.insertion import build
from callout.routing.engine.problem import Plan, Problem
from callout.routing.engine.solving import solve

FEW = 400


def callout(problem: Problem, seconds: float, seed: int, first: Callable[[Plan], None]) -> Plan:
    """As in the process that the application gives it, but as important as the others are here."""
    solved = solve(problem, seconds=seconds, seed=seed, on_better=lambda one: first(one.plan))
    return solved.plan


def vroom(problem: Problem, seconds: float, *_: object) -> Plan:
    """At its highest level, or its lowest where that alone takes the time; it ends by itself, since
    its time limit ruins its plans."""
    from callout.routing.engine import vroom as adapter

    assert seconds > 0
    return adapter.solve(problem, seconds=None, level=5 if len(problem.orders) <= FEW else 0)


def pyvrp(problem: Problem, seconds: float, seed: int, _first: Callable[[Plan], None]) -> Plan:
    """All the time, with its own settings; what a real lunch breaks is repaired by insertion."""
    from callout.routing.engine import pyvrp as adapter

    found = adapter.solve(problem, seconds=seconds, seed=seed, params=adapter.as_it_comes)
    return build(problem, found)


def ortools(problem: Problem, seconds: float, *_: object) -> Plan:
    """Cheapest insertion and guided local search, with lunch as its break."""
    from ortools.constraint_solver import pywrapcp
    from ortools.constraint_solver import routing_enums_pb2 as kinds

    orders, team = problem.orders, problem.technicians
    homes = [len(orders) + number for number in range(len(team))]
    places = [one.place for one in orders] + [one.start or 0 for one in team]
    work = [one.duration for one in orders] + [0] * len(team)
    drives = [[int(problem.matrix[a][b]) for b in places] for a in places]
    manager = pywrapcp.RoutingIndexManager(len(places), len(team), homes, homes)
    model = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    cost = model.RegisterTransitCallback(lambda a, b: drives[node(a)][node(b)])
    model.SetArcCostEvaluatorOfAllVehicles(cost)
    times = model.RegisterTransitCallback(lambda a, b: work[node(a)] + drives[node(a)][node(b)])
    day = max(one.shift[1] for one in team)
    model.AddDimension(times, day, day, False, "time")
    clock = model.GetDimensionOrDie("time")
    longest = max(map(max, drives))
    for number, order in enumerate(orders):
        at = manager.NodeToIndex(number)
        model.AddDisjunction([at], longest * (100 if order.urgent else 10))
        if order.windows:
            clock.CumulVar(at).SetRange(*order.windows[0])
        may = [n for n, one in enumerate(team) if order.skills <= one.skills]
        model.VehicleVar(at).SetValues([-1, *may])
    visit = [work[node(index)] for index in range(model.Size())]
    for number, who in enumerate(team):
        clock.CumulVar(model.Start(number)).SetRange(*who.shift)
        clock.CumulVar(model.End(number)).SetRange(*who.shift)
        if who.lunch:
            lunch = model.solver().FixedDurationIntervalVar(
                who.lunch.earliest, who.lunch.latest, who.lunch.duration, False, "lunch"
            )
            clock.SetBreakIntervalsOfVehicle([lunch], number, visit)
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = kinds.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = kinds.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(int(seconds * 1000))
    found = model.SolveWithParameters(how)
    return Plan(routes=dict(_followed(model, node, found, problem)) if found else {})


def _followed(model: Any, node: Any, found: Any, problem: Problem) -> Any:
    for number, who in enumerate(problem.technicians):
        route, index = [], found.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            route.append(problem.orders[node(index)].id)
            index = found.Value(model.NextVar(index))
        yield who.id, tuple(route)


def slowness() -> float:
    """How many seconds pass for one of the processor's, for who can only read the clock."""
    began, used = time.monotonic(), time.process_time()
    while time.process_time() - used < 1:
        pass
    return time.monotonic() - began


def main() -> None:
    """One method, one day."""
    method, file, seconds, seed, kind = sys.argv[1:]
    if kind == "cpu":
        seconds = str(float(seconds) * (slowness() if method == "ortools" else 1))
        time.monotonic = time.process_time
    problem = day_read(Path(file).read_bytes()).problem
    began, first = time.monotonic(), []
    methods: dict[str, Callable[..., Plan]] = {
        "callout": callout, "vroom": vroom, "pyvrp": pyvrp, "ortools": ortools,
    }  # fmt: skip
    how = methods[method]
    plan = how(problem, float(seconds), int(seed), lambda _: first.append(time.monotonic() - began))
    took = time.monotonic() - began
    said = {
        "routes": plan.routes,
        "first": first[0] if first else None,
        "took": took,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
