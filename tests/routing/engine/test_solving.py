"""A problem is solved by who is good at it, and the best plan is the one that is kept."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from callout.routing.engine import solving
from callout.routing.engine.dayfile import day_read
from callout.routing.engine.evaluate import evaluate, standing
from callout.routing.engine.parts import parts
from callout.routing.engine.problem import Order, Plan, Problem, Technician
from callout.routing.engine.solving import Progress, Solved, solve
from tests.routing.engine.days import problems
from tests.scale import examples

DAY = Path(__file__).parents[3] / "bench" / "days" / "day-20x90-seed1.json"


def a_day(orders: int = 90) -> Problem:
    problem = day_read(DAY.read_bytes()).problem
    return replace(problem, orders=problem.orders[:orders])


@settings(max_examples=examples(15, 1_000))
@given(problems(people=3, count=6, fixed=True))
def test_every_day_is_solved_by_a_plan_that_can_be_driven(problem: Problem) -> None:
    solved = solve(problem, seconds=0, iterations=20)
    assert solved.verdict == evaluate(problem, solved.plan)
    assert solved.verdict.feasible, solved.verdict.faults


@pytest.mark.wide
@pytest.mark.parametrize("for_vroom", [400, 10])
def test_the_same_seed_and_steps_give_the_same_plan(
    for_vroom: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solving, "FOR_VROOM", for_vroom)
    problem = a_day(60)
    one, two = (solve(problem, seconds=0, seed=3, iterations=30).plan for _ in range(2))
    assert one == two


def test_each_better_plan_is_better_and_the_last_is_the_best() -> None:
    heard: list[Solved] = []
    told: list[Progress] = []
    problem = a_day(60)
    solved = solve(
        problem, seconds=0, iterations=200, on_better=heard.append, on_progress=told.append
    )
    ranks = [standing(problem, one.verdict) for one in heard]
    assert all(later < sooner for sooner, later in itertools.pairwise(ranks))
    assert heard[-1] == solved
    assert (told[-1].served, told[-1].travel) == (solved.verdict.served, solved.verdict.travel)
    assert told[0].elapsed <= told[-1].elapsed


@pytest.mark.wide
def test_who_has_had_enough_gets_the_best_so_far() -> None:
    heard: list[Solved] = []
    solved = solve(a_day(), seconds=600, on_better=heard.append, stopped=lambda: len(heard) >= 2)
    assert solved == heard[-1]
    assert len(heard) == 2


def test_what_has_its_technician_stays_there_when_a_change_costs() -> None:
    problem = a_day(40)
    plan = solve(problem, seconds=0, iterations=50).plan
    holder = {order: who for who, orders in plan.routes.items() for order in orders}
    ranked = {order: at for orders in plan.routes.values() for at, order in enumerate(orders)}
    orders = [
        replace(one, held_by=holder.get(one.id), held_at=ranked.get(one.id))
        for one in problem.orders
    ]
    again = solve(
        replace(problem, orders=orders, change_cost=100_000), seconds=0, iterations=50, seed=9
    )
    assert again.verdict.changes == 0
    assert again.verdict.served >= len(holder)


def test_what_nothing_connects_is_solved_apart() -> None:
    matrix = [[0, 5, 9, 7], [5, 0, 4, 3], [9, 4, 0, 2], [7, 3, 2, 0]]
    team = [Technician(name, (0, 100), start=0, end=0) for name in ("a", "b", "c")]
    orders = [
        Order("one", 1, 5, only=frozenset("a")),
        Order("two", 2, 5, only=frozenset("ab")),
        Order("three", 3, 5, only=frozenset("c")),
        Order("nobody's", 3, 5, only=frozenset("z")),
    ]
    problem = Problem(team, orders, matrix, fixed={"three": ("c", 50)})
    first, second = parts(problem)
    assert [one.id for one in first.technicians] == ["a", "b"]
    assert [one.id for one in first.orders] == ["one", "two"]
    assert (first.fixed, second.fixed) == ({}, {"three": ("c", 50)})
    assert [one.id for one in second.orders] == ["three"]
    assert np.asarray(second.matrix).tolist() == [[0, 7], [7, 0]]  # the places of c and of three
    solved = solve(problem, seconds=0, iterations=10)
    assert solved.verdict.unserved == ("nobody's",)
    assert evaluate(first, Plan({"a": ("one", "two")})).travel == 18
