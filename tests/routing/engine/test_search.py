"""The search finds the best plan of a small day, and keeps what must be kept."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from hypothesis import given, settings

from callout.routing.engine.evaluate import Day, standing
from callout.routing.engine.insertion import build
from callout.routing.engine.problem import Lunch, Order, Plan, Problem, Technician
from callout.routing.engine.search import polish
from tests.routing.engine.days import due, problems
from tests.routing.engine.test_field import without_lunch_in_blocks_for_driving
from tests.scale import examples

Rank = tuple[int, int, int, int]


def steps(count: int) -> Callable[[], bool]:
    left = itertools.count(count, -1)
    return lambda: next(left) <= 0


def town(*, seed: int, orders: int = 30, technicians: int = 4) -> Problem:
    """A day like the field days, small: places on a grid by a fixed rule."""
    count = orders + technicians
    spots = [((n * 7919 + seed * 31) % 60, (n * 104729 + seed * 17) % 60) for n in range(count)]
    matrix = [[90 * (abs(a - c) + abs(b - d)) for c, d in spots] for a, b in spots]
    lunch = Lunch(41_400, 48_600, 1_800)
    them = [
        Technician(f"T{n}", (28_800, 57_600), n, n, frozenset("AB"[n % 2]), lunch)
        for n in range(technicians)
    ]
    todo = [
        Order(
            f"O{n}",
            technicians + n,
            1_800 * (1 + n % 4),
            windows=((28_800 + 3_600 * (n % 5), 43_200 + 3_600 * (n % 5)),) if n % 3 else (),
            skills=frozenset("AB"[n % 2]) if n % 4 == 0 else frozenset(),
            urgent=n % 9 == 0,
        )
        for n in range(orders)
    ]
    return Problem(them, todo, matrix)


def rank(problem: Problem, plan: Plan) -> Rank | None:
    """Where a feasible plan stands; what may not fall out comes first."""
    verdict = Day(problem).verdict(plan)
    missed = sum(1 for one in verdict.faults if one.code == "must")
    loose = replace(problem, orders=[replace(one, must=False) for one in problem.orders])
    if not Day(loose).verdict(plan).feasible:
        return None
    return missed, *standing(problem, verdict)


def every_plan(problem: Problem) -> Iterator[Plan]:
    names = [one.id for one in problem.technicians]
    ids = [one.id for one in problem.orders]
    for choice in itertools.product((None, *names), repeat=len(ids)):
        mine = [[one for one, who in zip(ids, choice, strict=True) if who == n] for n in names]
        for ways in itertools.product(*(itertools.permutations(them) for them in mine)):
            yield Plan(dict(zip(names, ways, strict=True)))


# Always the same days: a search promises nothing, but on these it finds the best.
@settings(max_examples=examples(12, 500), deadline=None, derandomize=True)
@given(problems(people=2, count=3).map(without_lunch_in_blocks_for_driving))
def test_of_a_small_day_the_best_plan_of_all_is_found(problem: Problem) -> None:
    best = min(found for plan in every_plan(problem) if (found := rank(problem, plan)) is not None)
    plan = polish(problem, Plan({}), seed=1, until=steps(200))
    assert rank(problem, plan) == best


@settings(max_examples=examples(12, 500), deadline=None, derandomize=True)
@given(due(problems(people=2, count=3)).map(without_lunch_in_blocks_for_driving))
def test_so_it_is_where_orders_are_due(problem: Problem) -> None:
    best = min(found for plan in every_plan(problem) if (found := rank(problem, plan)) is not None)
    plan = polish(problem, Plan({}), seed=1, until=steps(200))
    assert rank(problem, plan) == best


def test_what_is_due_comes_first_and_late_rather_than_never() -> None:
    matrix = [[0, 10, 60], [10, 0, 50], [60, 50, 0]]
    them = [Technician("T", (0, 1_000), 0, 0)]
    near, far = Order("near", 1, 100), Order("far", 2, 100, due=60)
    problem = Problem(them, [near, far], matrix, late_cost=50)
    assert polish(problem, Plan({}), seed=1, until=steps(40)).routes["T"] == ("far", "near")
    lost = replace(problem, orders=[replace(near, due=-1), replace(far, due=-9 * 3600)])
    assert set(polish(lost, Plan({}), seed=1, until=steps(40)).routes["T"]) == {"near", "far"}
    assert not Day(problem).verdict(Plan({"T": ("far", "near")})).late
    late = Day(problem).verdict(Plan({"T": ("near", "far")}))
    assert (late.late, late.lateness) == (1, 50 + (160 - 60) // 2)


@settings(max_examples=examples(25, 2_000), deadline=None)
@given(problems(people=3, count=6, fixed=True, must=True))
def test_every_plan_is_feasible_and_each_better_than_the_one_before(problem: Problem) -> None:
    told: list[Plan] = []
    first = build(problem)
    last = polish(problem, first, seed=3, until=steps(60), on_better=told.append)
    ranks = [rank(problem, plan) for plan in (first, *told)]
    known = [one for one in ranks if one is not None]
    assert len(known) == len(ranks)
    assert known == sorted(known, reverse=True)
    assert len(set(known)) == len(known)
    assert rank(problem, last) == known[-1]


def test_the_same_seed_and_steps_give_the_same_plan() -> None:
    problem = town(seed=1)
    plans = [polish(problem, Plan({}), seed=seed, until=steps(150)) for seed in (5, 5, 6)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2]


def test_the_search_serves_more_than_insertion_alone() -> None:
    for seed in (1, 2):
        problem = town(seed=seed)
        first = rank(problem, build(problem))
        better = rank(problem, polish(problem, Plan({}), seed=1, until=steps(200)))
        assert first is not None
        assert better is not None
        assert better < first


def test_a_search_stopped_at_once_gives_back_what_it_got() -> None:
    problem = town(seed=2)
    plan = build(problem)
    assert polish(problem, plan, seed=1, until=lambda: True) == plan


def test_what_cannot_be_driven_is_taken_as_far_as_it_can() -> None:
    problem = town(seed=3)
    wild = Plan({"T0": tuple(one.id for one in problem.orders), "T9": ("O1",), "T1": ("O99",)})
    plan = polish(problem, wild, seed=1, until=lambda: True)
    assert rank(problem, plan) is not None
    assert plan.routes["T0"]


def test_an_order_stays_with_who_holds_it_while_a_change_costs_more_than_it_saves() -> None:
    matrix = [[0, 10, 2], [10, 0, 9], [2, 9, 0]]
    them = [Technician("far", (0, 100), 0, 0), Technician("near", (0, 100), 1, 1)]
    for cost, holder in ((10_000, "near"), (10, "far")):
        problem = Problem(them, [Order("O1", 2, 5, held_by="near")], matrix, change_cost=cost)
        plan = polish(problem, Plan({"near": ("O1",)}), seed=1, until=steps(40))
        assert plan.routes[holder] == ("O1",)


def test_what_is_fixed_and_what_must_be_served_stays_when_an_urgent_order_wants_the_room() -> None:
    them = [Technician("T1", (0, 40), 0, 0)]
    todo = [
        Order("fixed", 0, 15),
        Order("must", 0, 15, must=True, held_by="T1"),
        *(Order(f"urgent{n}", 0, 15, urgent=True) for n in range(3)),
    ]
    problem = Problem(them, todo, [[0]], fixed={"fixed": ("T1", 20)})
    plan = polish(problem, Plan({}), seed=1, until=steps(100))
    assert plan.routes["T1"] == ("must", "fixed")


def test_without_technicians_or_orders_there_is_an_empty_plan() -> None:
    problem = town(seed=1)
    assert build(replace(problem, technicians=[])) == Plan({})
    assert polish(replace(problem, orders=[]), Plan({}), seed=1, until=steps(5)) == Plan(
        {one.id: () for one in problem.technicians}
    )


def test_a_technician_whose_lunch_fits_no_shift_gets_nothing() -> None:
    problem = town(seed=1)
    short = replace(problem.technicians[0], shift=(28_800, 43_000))
    problem = replace(problem, technicians=[short, *problem.technicians[1:]])
    assert build(problem).routes["T0"] == ()
    eaten = replace(problem, technicians=[replace(short, lunch=None), *problem.technicians[1:]])
    assert build(eaten).routes["T0"]


def test_many_orders_are_inserted_one_after_the_other_and_the_plan_can_be_driven() -> None:
    problem = town(seed=4, orders=410, technicians=6)
    plan = build(problem)
    found = rank(problem, plan)
    assert found is not None
    assert sum(len(route) for route in plan.routes.values()) > 20


def test_what_is_inserted_before_the_search_is_told_as_better() -> None:
    problem = town(seed=1)
    told: list[Plan] = []
    plan = polish(problem, Plan({}), seed=1, until=steps(40), on_better=told.append)
    assert rank(problem, told[0]) == rank(problem, build(problem))
    assert told[-1] == plan
