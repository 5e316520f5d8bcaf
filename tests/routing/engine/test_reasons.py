"""Each reason is told of a day made for it, and what a remedy says lets the order in."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from callout.routing.engine.evaluate import Day
from callout.routing.engine.insertion import build
from callout.routing.engine.problem import Block, Lunch, Order, Plan, Problem, Technician
from callout.routing.engine.reasons import Reason, Relaxation, reasons, why_not, work_longer
from tests.routing.engine.days import problems
from tests.scale import examples

MATRIX = [[0, 10, 45], [10, 0, 40], [45, 40, 0]]
ANNE = Technician("Anne", (0, 100), 0, 0, skills=frozenset("A"))
BERT = Technician("Bert", (0, 100), 0, 0)


def told(order: Order, *others: Order, who: Technician = BERT, plan: Plan | None = None) -> Reason:
    problem = Problem([who], [order, *others], MATRIX)
    return why_not(problem, plan or Plan({}), order.id)


def test_without_a_technician_that_may_have_it_there_is_nobody() -> None:
    order = Order("O", 1, 10)
    assert why_not(Problem([], [order], MATRIX), Plan({}), "O") == Reason("no_technician")
    assert told(replace(order, only=frozenset({"Eve"}))) == Reason(
        "no_technician", remedy=(Relaxation("only", "Bert"),)
    )


def test_who_is_closed_for_lunch_could_go_without() -> None:
    short = replace(BERT, shift=(0, 50), lunch=Lunch(45, 60, 10))
    assert told(Order("O", 1, 10), who=short) == Reason(
        "no_technician", remedy=(Relaxation("lunch", "Bert"),)
    )


def test_a_skill_is_missing_and_somebody_could_learn_it_or_who_has_it_be_allowed() -> None:
    order = Order("O", 1, 10, skills=frozenset("AB"))
    assert told(order, who=ANNE) == Reason(
        "skills", remedy=(Relaxation("skills", "Anne", skills=frozenset("B")),)
    )
    only = Order("O", 1, 10, skills=frozenset("A"), only=frozenset({"Bert"}))
    assert why_not(Problem([BERT, ANNE], [only], MATRIX), Plan({}), "O") == Reason(
        "skills", remedy=(Relaxation("only", "Anne"),)
    )


def test_work_longer_than_any_day_needs_a_longer_day() -> None:
    assert told(Order("O", 1, 101)) == Reason(
        "shift_too_short", remedy=(Relaxation("shift", "Bert", 21),)
    )


def test_windows_outside_everybodys_hours_never_open() -> None:
    assert told(Order("O", 1, 10, windows=((-50, -20), (150, 160)))) == Reason(
        "never_open", remedy=(Relaxation("window", "Bert", 30),)
    )


def test_windows_in_an_absence_never_open() -> None:
    away = replace(BERT, blocks=(Block(20, 60),))
    assert told(Order("O", 1, 10, windows=((25, 45),)), who=away) == Reason(
        "never_open", remedy=(Relaxation("window", "Bert", 15),)
    )


def test_what_is_too_far_would_need_a_longer_day() -> None:
    assert told(Order("O", 2, 15)) == Reason("too_far", remedy=(Relaxation("shift", "Bert", 5),))


def test_others_leave_no_room_and_one_could_be_served_instead() -> None:
    plan = Plan({"Bert": ("P",)})
    assert told(Order("O", 1, 80), Order("P", 1, 70), plan=plan) == Reason(
        "no_room", remedy=(Relaxation("shift", "Bert", 70),)
    )
    long = replace(BERT, shift=(0, 20_000))
    soon, both = Order("O", 1, 50, windows=((0, 20),)), Order("P", 1, 5_000, windows=((0, 40),))
    assert told(soon, both, who=long, plan=plan) == Reason(
        "no_room", remedy=(Relaxation("instead", "Bert", order_id="P"),)
    )


def test_an_urgent_order_is_not_dropped_for_one_that_is_not() -> None:
    busy = replace(BERT, shift=(0, 30_000))
    plan = Plan({"Bert": ("P",)})
    order = Order("O", 1, 14_000)
    other = Order("P", 1, 29_000)
    instead = Relaxation("instead", "Bert", order_id="P")
    assert told(order, other, who=busy, plan=plan).remedy == (instead,)
    urgent = told(order, replace(other, urgent=True), who=busy, plan=plan)
    assert urgent.remedy == (Relaxation("shift", "Bert", 13_020),)


def test_those_that_must_be_served_leave_no_room() -> None:
    must = Order("P", 1, 70, must=True, held_by="Bert")
    found = told(Order("O", 1, 80), must, plan=Plan({"Bert": ("P",)}))
    assert found == Reason("must_elsewhere", remedy=(Relaxation("shift", "Bert", 70),))


def test_lunch_could_give() -> None:
    hungry = replace(BERT, shift=(0, 40_000), lunch=Lunch(10_000, 20_000, 9_000))
    found = told(Order("O", 1, 35_000), who=hungry)
    assert found == Reason("shift_too_short", remedy=(Relaxation("lunch", "Bert"),))


def test_an_order_that_fits_is_told_to_fit() -> None:
    assert told(Order("O", 1, 10)) == Reason("fits", "Bert")


def test_who_works_longer_is_on_the_way_home_later() -> None:
    home = Block(80, 120, driving=True)
    who = work_longer(replace(BERT, shift=(0, 120), blocks=(home,)), 10)
    assert (who.shift, who.blocks) == ((0, 130), (Block(90, 130, driving=True),))


def relaxed(
    problem: Problem, plan: Plan, order_id: str, remedy: tuple[Relaxation, ...], less: int = 0
) -> tuple[Problem, list[str]]:
    """The problem with what the remedy says given, and the route the order is to go into."""
    who = next(one for one in problem.technicians if one.id == remedy[0].technician_id)
    order = next(one for one in problem.orders if one.id == order_id)
    route = list(plan.routes.get(who.id, ()))
    for one in remedy:
        seconds = one.seconds - less
        if one.kind == "shift":
            who = work_longer(who, seconds)
        elif one.kind == "window":
            wide = tuple((a - seconds, b + seconds) for a, b in order.windows)
            order = replace(order, windows=wide)
        elif one.kind == "lunch":
            who = replace(who, lunch=None)
        elif one.kind == "skills":
            who = replace(who, skills=who.skills | one.skills)
        elif one.kind == "only":
            order = replace(order, only=None)
        else:
            route = [each for each in route if each != one.order_id]
    return (
        replace(
            problem,
            technicians=[who if one.id == who.id else one for one in problem.technicians],
            orders=[order if one.id == order_id else one for one in problem.orders],
        ),
        route,
    )


def goes_in(problem: Problem, who: str, route: list[str], order_id: str) -> bool:
    day = Day(problem)
    ways = ([*route[:at], order_id, *route[at:]] for at in range(len(route) + 1))
    return who not in day.closed and any(not day.route(who, way).faults for way in ways)


@settings(max_examples=examples(60, 5_000), deadline=None)
@given(problems(people=3, count=6, must=True))
def test_with_the_remedy_given_the_order_goes_in_and_with_a_second_less_it_does_not(
    problem: Problem,
) -> None:
    plan = build(problem)
    for order_id, reason in reasons(problem, plan).items():
        if not reason.remedy:
            assert reason.code == "fits" or not problem.technicians
            continue
        who = reason.remedy[0].technician_id
        given, route = relaxed(problem, plan, order_id, reason.remedy)
        assert goes_in(given, who, route, order_id), reason
        lone = [one for one in reason.remedy if one.seconds]
        drives = any(block.driving for one in problem.technicians for block in one.blocks)
        if len(lone) == 1 and not drives:  # in blocks for driving the search is on the safe side
            given, route = relaxed(problem, plan, order_id, reason.remedy, less=1)
            assert not goes_in(given, who, route, order_id), reason


@pytest.mark.parametrize("urgent", [False, True])
def test_reasons_are_told_of_every_order_left_out_and_of_no_other(urgent: bool) -> None:
    orders = [Order(f"O{n}", 1, 40, urgent=urgent) for n in range(4)]
    problem = Problem([BERT], orders, MATRIX)
    plan = build(problem)
    assert set(reasons(problem, plan)) == {"O2", "O3"}


def test_of_many_the_first_have_a_remedy_and_all_a_reason() -> None:
    problem = Problem([BERT], [Order(f"O{n}", 1, 101) for n in range(3)], MATRIX)
    found = reasons(problem, Plan({}), remedies=1)
    assert [one.code for one in found.values()] == ["shift_too_short"] * 3
    assert [bool(one.remedy) for one in found.values()] == [True, False, False]
