"""What VROOM and PyVRP propose keeps the rules that they know; the rest is repaired and judged."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callout.routing.engine import pyvrp, vroom
from callout.routing.engine.dayfile import day_read
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.insertion import build
from callout.routing.engine.problem import Block, Lunch, Order, Plan, Problem, Technician
from tests.routing.engine.days import problems
from tests.scale import examples

NOON = Lunch(400, 500, 100)
ANNE = Technician("anne", (0, 1000), start=0, end=0, lunch=NOON)
BERT = replace(ANNE, id="bert", skills=frozenset({"gas"}))
DAY = Path(__file__).parents[3] / "bench" / "days" / "day-20x90-seed1.json"
SOLVERS = ["vroom", "pyvrp"]


def day(*orders: Order, team: tuple[Technician, ...] = (ANNE, BERT)) -> Problem:
    matrix = [[abs(a - b) * 10 for b in range(5)] for a in range(5)]
    return Problem(team, orders, matrix)


def proposed(solver: str, problem: Problem) -> Plan:
    if solver == "vroom":
        return vroom.solve(problem, seconds=None, level=1)
    return pyvrp.solve(problem, seconds=0, iterations=60)


def where(plan: Plan) -> dict[str, str]:
    return {order: who for who, orders in plan.routes.items() for order in orders}


@pytest.mark.parametrize("solver", SOLVERS)
def test_skills_choice_and_windows_are_kept(solver: str) -> None:
    problem = day(
        Order("gas", 1, 100, skills=frozenset({"gas"})),
        Order("chosen", 1, 100, only=frozenset({"anne"})),
        Order("late", 2, 100, windows=((800, 850),)),
        Order("twice", 3, 50, windows=((0, 5), (700, 720))),
        Order("nobody's", 1, 100, skills=frozenset({"water"})),
    )
    plan = proposed(solver, problem)
    assert where(plan)["gas"] == "bert"
    assert where(plan)["chosen"] == "anne"
    verdict = evaluate(problem, plan)
    assert verdict.feasible, verdict.faults
    assert verdict.unserved == ("nobody's",)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_lunch_that_fits_no_shift_leaves_out_that_technician_alone(solver: str) -> None:
    short = replace(BERT, shift=(0, 450))
    plan = proposed(solver, day(Order("one", 1, 100), Order("two", 2, 100), team=(ANNE, short)))
    assert where(plan) == {"one": "anne", "two": "anne"}


@pytest.mark.parametrize("solver", SOLVERS)
def test_one_urgent_order_outweighs_the_others(solver: str) -> None:
    others = [Order(f"o{n}", 1, 100) for n in range(8)]
    urgent = Order("urgent", 4, 900, urgent=True)
    plan = proposed(solver, day(*others, urgent, team=(replace(ANNE, lunch=None),)))
    assert where(plan) == {"urgent": "anne"}


@pytest.mark.parametrize("solver", SOLVERS)
def test_nobody_at_all_and_nothing_to_do_are_plans_too(solver: str) -> None:
    assert where(proposed(solver, day(team=(ANNE,)))) == {}
    assert where(proposed(solver, day(Order("one", 1, 100), team=()))) == {}


def test_vroom_works_around_blocks_and_fixed_orders() -> None:
    morning = replace(ANNE, blocks=(Block(0, 200), Block(900, 1200), Block(-50, 0)))
    problem = replace(
        day(Order("fixed", 4, 50), *(Order(f"o{n}", 1, 60) for n in range(6)), team=(morning,)),
        fixed={"fixed": ("anne", 640)},
    )
    verdict = evaluate(problem, vroom.solve(problem, seconds=None, level=1))
    assert verdict.feasible, verdict.faults
    assert [stop.start for stop in verdict.routes["anne"].stops if stop.order_id == "fixed"] == [
        640
    ]
    assert verdict.served >= 5


def test_pyvrp_leaves_the_rarest_kinds_of_orders_to_the_repair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pyvrp, "KINDS", 1)
    gas = [Order(f"gas{n}", 1, 100, skills=frozenset({"gas"})) for n in range(2)]
    problem = day(*gas, Order("chosen", 2, 100, only=frozenset({"anne"})), Order("any", 3, 100))
    plan = proposed("pyvrp", problem)
    assert where(plan).keys() == {"gas0", "gas1", "any"}
    assert {where(plan)[one.id] for one in gas} == {"bert"}
    assert where(build(problem, plan))["chosen"] == "anne"


def test_pyvrp_stops_when_told() -> None:
    problem = day_read(DAY.read_bytes()).problem
    heard: list[Plan] = []

    def enough(plan: Plan) -> bool:
        heard.append(plan)
        return False

    pyvrp.solve(problem, seconds=600, on_better=enough)
    assert len(heard) == 1


def test_from_nowhere_to_nowhere_no_way_counts() -> None:
    free = replace(ANNE, start=None, end=None)
    problem = day(Order("one", 4, 100), team=(free,))
    for solver in SOLVERS:
        verdict = evaluate(problem, proposed(solver, problem))
        assert (verdict.served, verdict.travel, verdict.feasible) == (1, 0, True)


def test_after_lunch_is_sooner_in_a_day_without_it() -> None:
    assert pyvrp.squeezed((100, 300), NOON) == (100, 300)
    assert pyvrp.squeezed((100, 900), NOON) == (100, 800)
    assert pyvrp.squeezed((600, 900), NOON) == (500, 800)
    assert pyvrp.squeezed((460, 520), NOON) == (460, 460)
    assert pyvrp.squeezed((460, 520), None) == (460, 520)


@settings(max_examples=examples(15, 2_000))
@given(problems(people=3, count=6, fixed=True), st.sampled_from(SOLVERS))
def test_what_is_proposed_for_any_day_can_be_driven_once_it_is_repaired(
    problem: Problem, solver: str
) -> None:
    plan = build(problem, proposed(solver, problem))
    verdict = evaluate(problem, plan)
    assert verdict.feasible, verdict.faults
