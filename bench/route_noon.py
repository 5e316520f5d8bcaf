"""A day under way, for `bench.routes`: at noon one technician falls ill and an order is urgent.

The day was planned in the morning and goes on from where everybody is. Told is how long it takes to
plan the rest again (with the process that the application gives it), and how many orders change
their technician (of those whose technician is there): by Callout, which counts each change as a
quarter of an hour of driving, and by a plan of the same rest made afresh, with another seed, by who
does not know who has what.
"""

from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.problem import Order, Plan, Problem, Technician
from callout.routing.engine.process import solve_apart
from callout.routing.engine.solving import solve

NOON, CHANGE = 12 * 3600, 15 * 60
AGAIN = 0.5  # seconds of thought for a day under way
HEAD = (
    "| day at noon | seed | s | served | urgent | changed | served afresh | changed afresh |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
)


def under_way(
    name: str, problem: Problem, seed: int, seconds: float
) -> tuple[str, tuple[int, int]]:
    """One row: the rest of the day planned again, and afresh; and how many changed."""
    morning = solve(problem, seconds=seconds, seed=seed)
    now = at_noon(problem, morning.plan)
    began = monotonic()
    again = solve_apart(now, seconds=AGAIN, seed=seed).verdict
    took = monotonic() - began
    assert again.feasible, again.faults
    unaware = [replace(one, held_by=None, held_at=None) for one in now.orders]
    plan = solve(
        replace(now, change_cost=0, orders=unaware), seconds=seconds, seed=1000 + seed
    ).plan
    fresh = evaluate(now, plan)
    urgent = again.urgent_served + again.urgent_unserved
    cells = [
        name, seed, f"{took:.2f}", again.served, f"{again.urgent_served} of {urgent}",
        again.changes, fresh.served, fresh.changes,
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |", (again.changes, fresh.changes)


def at_noon(problem: Problem, plan: Plan) -> Problem:
    """What is left of the day: who has begun something ends it, the first technician is ill."""
    verdict = evaluate(problem, plan)
    place = {one.id: one.place for one in problem.orders}
    held: dict[str, tuple[str, int]] = {}
    done: set[str] = set()
    team: list[Technician] = []
    for number, who in enumerate(problem.technicians):
        route = verdict.routes[who.id]
        begun = [stop for stop in route.stops if stop.start < NOON]
        done.update(stop.order_id for stop in begun)
        held |= {stop.order_id: (who.id, stop.start) for stop in route.stops[len(begun) :]}
        if number:
            free = max([NOON, who.shift[0], *(stop.end for stop in begun)])
            lunched = route.lunch is not None and route.lunch < NOON
            free = max(free, route.lunch + 1800) if lunched and route.lunch else free
            at = place[begun[-1].order_id] if begun else who.start
            lunch = None if lunched else who.lunch
            team.append(replace(who, shift=(free, who.shift[1]), start=at, lunch=lunch))
    return replace(
        problem,
        technicians=team,
        orders=list(left(problem, done, held)),
        change_cost=CHANGE,
    )


def left(problem: Problem, done: set[str], held: dict[str, tuple[str, int]]) -> Iterator[Order]:
    """The orders that are not begun; one of those that nobody has becomes urgent. Those of the ill
    are nobody's from now on: they change in any plan, and are not counted."""
    ill, calm = problem.technicians[0].id, True
    for one in problem.orders:
        if one.id in done:
            continue
        who, start = held.get(one.id, (None, None))
        urgent = calm and who is None and one.windows[0][1] > NOON + 3600 and not one.skills
        calm = calm and not urgent
        if who == ill:
            who = start = None
        yield replace(one, held_by=who, held_at=start, urgent=one.urgent or urgent)
