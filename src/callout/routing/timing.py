"""From routes to slots: when each visit shall begin. Pure.

At the time that the customer knows where that can be kept, else on the quarter of an hour, on five
minutes, or as early as may be: each start is tried on the evaluator, so that what is behind it is
in time still.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from callout.routing.engine.course import Route
from callout.routing.engine.evaluate import route_times
from callout.routing.engine.problem import Problem

GRID = (15 * 60, 5 * 60)


def timed(problem: Problem, routes: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, int]]:
    """Of each order of these routes whose it is and when it begins; all that is fixed stays."""
    known = {one.id: one for one in problem.orders}
    found: dict[str, tuple[str, int]] = {}
    for who, route in routes.items():
        technicians = [one for one in problem.technicians if one.id == who]
        own = Problem(
            technicians,
            [known[one] for one in route],
            problem.matrix,
            {one: problem.fixed[one] for one in route if one in problem.fixed},
        )
        found |= {one: (who, start) for one, start in _route_timed(own, who, route).items()}
    return found


def _route_timed(problem: Problem, who: str, route: Sequence[str]) -> dict[str, int]:
    times = route_times(problem, who, route)
    starts: dict[str, int] = {}
    for nth, key in enumerate(route):
        earliest = times.stops[nth].start
        starts[key] = earliest
        if key in problem.fixed or times.faults:
            continue
        for start in _wanted(problem, nth, earliest):
            pinned = _at(problem, nth, start)
            held = route_times(pinned, who, route)
            if not held.faults and _same(held, times, nth, start):
                problem, times, starts[key] = pinned, held, start
                break
    return starts


def _wanted(problem: Problem, nth: int, earliest: int) -> Iterator[int]:
    """The best first. The earliest is tried too: it is then a time that is kept."""
    order = problem.orders[nth]
    starts = [-(-earliest // step) * step for step in GRID]
    if order.held_at is not None and order.held_at >= earliest:
        starts.insert(0, order.held_at)
    starts.append(earliest)
    windows = order.windows or ((earliest, max(starts)),)
    # What is in time stays in time; what is late already may keep the time that is known.
    in_time = order.due is not None and earliest <= order.due
    for start in dict.fromkeys(starts):
        if in_time and order.due is not None and start > order.due:
            continue
        if any(begin <= start <= end for begin, end in windows):
            yield start


def _at(problem: Problem, nth: int, start: int) -> Problem:
    orders = list(problem.orders)
    orders[nth] = replace(orders[nth], windows=((start, start),))
    return replace(problem, orders=orders)


def _same(held: Route, times: Route, nth: int, start: int) -> bool:
    """What is timed already is not moved by it."""
    before = [stop.start for stop in times.stops[:nth]]
    return [stop.start for stop in held.stops[: nth + 1]] == [*before, start]
