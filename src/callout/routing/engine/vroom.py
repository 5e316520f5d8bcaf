"""VROOM: quick, knows skills, windows, lunches and pauses. What it answers is to be checked.

It holds the interpreter's lock while it thinks and minds its time limit loosely, so whoever must go
on meanwhile or be able to stop it asks it in a process of its own.
"""

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import vroom

from callout.routing.engine.course import busy_of, lunch_in_block
from callout.routing.engine.evaluate import closed
from callout.routing.engine.problem import Lunch, Order, Plan, Problem, Technician, Window

NORMAL, URGENT, MUST = 1, 80, 100  # VROOM adds them up and knows none above 100


def solve(problem: Problem, *, seconds: float | None, level: int) -> Plan:
    """A good plan by VROOM, which may break a rule of ours: the evaluator says which.

    `level`, 0 to 5, is how much is tried; without `seconds` it ends by itself, and the same problem
    has the same answer.
    """
    shut = closed(problem)
    technicians = [one for one in problem.technicians if one.id not in shut]
    if not technicians or not problem.orders:
        return Plan(routes={})
    skills = Skills(problem)
    asked = vroom.Input()
    # The last place is nowhere, from where it is no way: VROOM refuses who begins and ends at none.
    drives = np.pad(np.asarray(problem.matrix, dtype=np.uint32), ((0, 1), (0, 1)))
    asked.set_durations_matrix("car", drives)
    vehicles = (
        _vehicle(number, one, skills.of_technician(one), nowhere=len(drives) - 1)
        for number, one in enumerate(technicians)
    )
    seen = [vehicle for vehicle in vehicles if vehicle is not None]
    if not seen:
        return Plan(routes={})
    asked.add_vehicle(seen)
    for number, order in enumerate(problem.orders):
        asked.add_job(_job(problem, number, order, skills.of_order(order)))
    answer = asked.solve(
        exploration_level=level,
        nb_threads=1,
        timeout=None if seconds is None else timedelta(seconds=max(seconds, 0.05)),
    )
    steps = np.asarray(answer._routes_numpy())
    routes: dict[str, list[str]] = {}
    for vehicle, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == b"job":
            routes.setdefault(technicians[vehicle].id, []).append(problem.orders[job].id)
    return Plan(routes={one: tuple(orders) for one, orders in routes.items()})


class Skills:
    """VROOM's numbers for skills, and for belonging to one of the technicians that may."""

    def __init__(self, problem: Problem) -> None:
        self.fixed = problem.fixed
        self.numbers: dict[str | frozenset[str], int] = {}
        for order in problem.orders:
            for skill in self._asked(order):
                self.numbers.setdefault(skill, len(self.numbers))

    def _asked(self, order: Order) -> Iterator[str | frozenset[str]]:
        yield from sorted(order.skills)
        if order.id in self.fixed:
            yield frozenset({self.fixed[order.id][0]})
        elif order.only is not None:
            yield order.only

    def of_order(self, order: Order) -> set[int]:
        """What an order needs."""
        return {self.numbers[skill] for skill in self._asked(order)}

    def of_technician(self, technician: Technician) -> set[int]:
        """What a technician brings."""
        return {
            number
            for skill, number in self.numbers.items()
            if (skill in technician.skills if isinstance(skill, str) else technician.id in skill)
        }


def _vehicle(number: int, who: Technician, skills: set[int], nowhere: int) -> vroom.Vehicle | None:
    """None for who has no moment for lunch that VROOM would see: it would fail for all."""
    (first, last), blocks = _hours(who)
    pauses: list[tuple[tuple[Window, ...], int]] = [
        (((begin, begin),), end - begin) for begin, end in blocks
    ]
    if who.lunch is not None and lunch_in_block(who) is None:
        pauses.append((_lunches(who.lunch, (first, last), blocks), who.lunch.duration))
    if first >= last or not all(windows for windows, _ in pauses):
        return None
    return vroom.Vehicle(
        number,
        start=nowhere if who.start is None else who.start,
        end=nowhere if who.end is None else who.end,
        skills=skills,
        time_window=vroom.TimeWindow(first, last),
        breaks=[
            vroom.Break(place, [vroom.TimeWindow(*window) for window in windows], length)
            for place, (windows, length) in enumerate(sorted(pauses))
        ],
    )


def _hours(who: Technician) -> tuple[Window, list[Window]]:
    """The shift without the blocks at its ends, and the blocks within."""
    first, last = who.shift
    inside = []
    for begin, end in busy_of(who):
        if end <= first or begin >= last:
            continue
        if begin <= first:
            first = end
        elif end >= last:
            last = begin
        else:
            inside.append((begin, end))
    return (first, last), inside


def _lunches(lunch: Lunch, shift: Window, blocks: Sequence[Window]) -> tuple[Window, ...]:
    """When lunch may begin, between the blocks."""
    edges = [shift[0], *itertools.chain.from_iterable(blocks), shift[1]]
    free = zip(edges[::2], edges[1::2], strict=True)
    begins = (
        (max(opens, lunch.earliest), min(closes - lunch.duration, lunch.latest))
        for opens, closes in free
    )
    return tuple((opens, closes) for opens, closes in begins if opens <= closes)


def _job(problem: Problem, number: int, order: Order, skills: set[int]) -> vroom.Job:
    windows = order.windows
    if order.id in problem.fixed:
        at = problem.fixed[order.id][1]
        windows = ((at, at),)
    return vroom.Job(
        number,
        location=order.place,
        default_service=order.duration,
        skills=skills,
        priority=_priority(problem, order),
        time_windows=[vroom.TimeWindow(*window) for window in windows],
    )


def _priority(problem: Problem, order: Order) -> int:
    if order.must or order.id in problem.fixed:
        return MUST
    return URGENT if order.urgent else NORMAL
