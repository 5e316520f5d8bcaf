"""A problem taken apart where nothing connects it: days, or areas that no technician shares."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from callout.routing.engine.problem import Order, Problem, Technician


def may(technician: Technician, order: Order) -> bool:
    """Whether skills and choice allow it."""
    chosen = order.only is None or technician.id in order.only
    return chosen and order.skills <= technician.skills


def compact(matrix: Any) -> Sequence[Sequence[int]]:
    """The same drives in a tenth of the memory."""
    return cast("Sequence[Sequence[int]]", np.asarray(matrix, dtype=np.int32))


def parts(problem: Problem) -> Sequence[Problem]:
    """The problem in parts, largest first, each with the places it needs; what nobody may do is in
    none. The matrix of a part is its own, and small."""
    above = list(range(len(problem.technicians)))  # a technician -> another one of the same part

    def root(one: int) -> int:
        while above[one] != one:
            above[one] = above[above[one]]
            one = above[one]
        return one

    first: dict[str, int] = {}
    for order in problem.orders:
        for number in _who(problem, order):
            above[root(number)] = root(first.setdefault(order.id, number))
    team: dict[int, list[Technician]] = {}
    for number, technician in enumerate(problem.technicians):
        team.setdefault(root(number), []).append(technician)
    work: dict[int, list[Order]] = {}
    for order in problem.orders:
        if order.id in first:
            work.setdefault(root(first[order.id]), []).append(order)
    found = [_part(problem, team[one], orders) for one, orders in work.items()]
    return sorted(found, key=lambda part: -len(part.orders))


def _who(problem: Problem, order: Order) -> Sequence[int]:
    if order.id in problem.fixed:
        name = problem.fixed[order.id][0]
        return [n for n, one in enumerate(problem.technicians) if one.id == name]
    return [n for n, one in enumerate(problem.technicians) if may(one, order)]


def _part(problem: Problem, team: Sequence[Technician], orders: Sequence[Order]) -> Problem:
    used = {order.place for order in orders}
    used.update(place for one in team for place in (one.start, one.end) if place is not None)
    places = sorted(used)
    row = {place: number for number, place in enumerate(places)}
    mine = {order.id for order in orders}

    def moved(place: int | None) -> int | None:
        return None if place is None else row[place]

    return replace(
        problem,
        technicians=[replace(one, start=moved(one.start), end=moved(one.end)) for one in team],
        orders=[replace(order, place=row[order.place]) for order in orders],
        matrix=compact(np.asarray(problem.matrix, dtype=np.int32)[np.ix_(places, places)]),
        fixed={one: where for one, where in problem.fixed.items() if one in mine},
    )
