"""The evaluator says what is true of a plan, and of a plan that cannot be driven what is wrong."""

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from callout.routing.engine.course import Fault, Route, Stop
from callout.routing.engine.evaluate import closed, evaluate, route_times, standing
from callout.routing.engine.problem import Block, Lunch, Order, Plan, Problem, Technician
from tests.routing.engine.days import back_by_hand, problems
from tests.scale import examples

NOON = Lunch(40, 50, 10)


def day(*orders: Order, who: Technician | None = None, **more: object) -> Problem:
    technician = who or Technician("T1", (0, 100), start=0, end=0, lunch=NOON)
    matrix = [[0, 10, 20], [10, 0, 15], [20, 15, 0]]
    return replace(Problem([technician], orders, matrix), **more)  # type: ignore[arg-type]


def anne(**more: object) -> Technician:
    return replace(Technician("T1", (0, 100), start=0, end=0, lunch=NOON), **more)  # type: ignore[arg-type]


@settings(max_examples=examples(60, 5_000), deadline=None)
@given(problems(people=1, count=4, fixed=True), st.data())
def test_a_route_is_feasible_exactly_when_some_second_of_lunch_makes_it_so(
    problem: Problem, data: st.DataObject
) -> None:
    who = problem.technicians[0]
    ids = data.draw(st.permutations([one.id for one in problem.orders]))
    ids = ids[: data.draw(st.integers(1, len(ids)))]
    route = route_times(problem, who.id, ids)
    wrong_times = [one for one in route.faults if one.code not in {"skills", "only", "fixed"}]
    wrong_times += [one for one in route.faults if one.code == "fixed" and one.seconds]
    by_hand = back_by_hand(problem, who, ids)
    assert (not wrong_times) == (by_hand is not None), (route, by_hand)
    if by_hand is not None:
        assert by_hand in (route.back, _lunch_over(route, who))


def _lunch_over(route: Route, who: Technician) -> int | None:
    return None if route.lunch is None or who.lunch is None else route.lunch + who.lunch.duration


def test_lunch_is_had_while_waiting_for_a_window() -> None:
    problem = day(Order("O1", 1, 5, windows=((60, 70),)))
    route = route_times(problem, "T1", ["O1"])
    assert route.stops == (Stop("O1", 10, 60, 65),)
    assert (route.lunch, route.back, route.wait, route.faults) == (40, 75, 40, ())


def test_lunch_comes_before_a_drive_that_would_end_after_the_last_moment_for_it() -> None:
    problem = day(Order("O1", 0, 40), Order("O2", 2, 5))
    route = route_times(problem, "T1", ["O1", "O2"])
    assert (route.lunch, route.stops[1].arrive, route.back) == (40, 70, 95)


def test_lunch_too_late_is_told_by_how_much() -> None:
    problem = day(Order("O1", 0, 58), Order("O2", 0, 30))
    route = route_times(problem, "T1", ["O1", "O2"])
    assert route.faults == (Fault("lunch", "T1", seconds=8),) or route.lunch == 40


def test_a_block_holds_lunch_and_splits_a_drive() -> None:
    problem = day(Order("O1", 2, 5), who=anne(blocks=(Block(15, 30), Block(30, 60))))
    route = route_times(problem, "T1", ["O1"])
    assert route.stops == (Stop("O1", 65, 65, 70),)
    assert (route.lunch, route.travel, route.back, route.faults) == (40, 40, 90, ())


def test_in_some_blocks_one_may_drive() -> None:
    way = anne(shift=(-20, 100), lunch=None, blocks=(Block(-20, 0, driving=True),))
    assert route_times(day(Order("O1", 1, 5), who=way), "T1", ["O1"]).stops == (
        Stop("O1", -10, 0, 5),
    )


def test_who_may_drive_in_a_block_may_stand_still_in_it_for_lunch() -> None:
    noon = anne(start=1, shift=(39, 100), blocks=(Block(42, 54, driving=True),))
    route = route_times(day(Order("O1", 2, 5), who=noon), "T1", ["O1"])
    assert (route.lunch, route.stops[0].arrive, route.faults) == (40, 65, ())
    early = replace(noon, lunch=Lunch(41, 42, 10), shift=(35, 100))
    route = route_times(day(Order("O1", 2, 5), who=early), "T1", ["O1"])
    assert (route.lunch, route.stops[0].arrive, route.faults) == (42, 62, ())


def test_work_is_not_split_by_a_block() -> None:
    problem = day(Order("O1", 1, 20), who=anne(blocks=(Block(25, 35),), lunch=None))
    assert route_times(problem, "T1", ["O1"]).stops == (Stop("O1", 10, 35, 55),)


def test_who_starts_nowhere_is_at_the_first_order_and_may_end_anywhere() -> None:
    problem = day(Order("O1", 2, 20), who=anne(start=None, end=None, lunch=None))
    route = route_times(problem, "T1", ["O1"])
    assert (route.leave, route.back, route.travel) == (0, 20, 0)


def test_what_is_wrong_with_a_route_is_named() -> None:
    problem = day(
        Order("O1", 1, 60, skills=frozenset("A")),
        Order("O2", 1, 60, windows=((20, 30), (35, 40)), only=frozenset({"T9"})),
        who=anne(lunch=None),
    )
    assert set(route_times(problem, "T1", ["O1", "O2"]).faults) == {
        Fault("skills", "T1", "O1"),
        Fault("only", "T1", "O2"),
        Fault("late", "T1", "O2", 30),
        Fault("shift", "T1", seconds=40),
    }


def test_a_plan_is_told_as_a_whole() -> None:
    problem = day(
        Order("O1", 1, 5, held_by="T1"),
        Order("O2", 1, 5, urgent=True),
        Order("O3", 2, 5, urgent=True, held_by="T7"),
        Order("O4", 2, 5),
        change_cost=90,
    )
    verdict = evaluate(problem, Plan({"T1": ("O1", "O3")}))
    assert (verdict.served, verdict.urgent_served, verdict.feasible) == (2, 1, True)
    assert (verdict.unserved, verdict.travel, verdict.changes) == (("O2", "O4"), 45, 1)
    assert standing(problem, verdict) == (1, 2, 135)


def test_what_may_not_fall_out_is_missed() -> None:
    problem = day(
        Order("O1", 1, 5, must=True, held_by="T1"), Order("O2", 1, 5), fixed={"O2": ("T1", 20)}
    )
    verdict = evaluate(problem, Plan({}))
    assert set(verdict.faults) == {Fault("must", "T1", "O1"), Fault("fixed", "T1", "O2")}
    assert not verdict.feasible
    assert evaluate(problem, Plan({"T1": ("O1", "O2")})).feasible


def test_what_nobody_knows_and_what_is_twice_is_a_fault() -> None:
    problem = day(Order("O1", 1, 5))
    verdict = evaluate(problem, Plan({"T1": ("O1", "O1", "O8"), "T5": ("O1",)}))
    assert [one.code for one in verdict.faults] == ["twice", "unknown", "unknown"]
    assert (verdict.served, verdict.feasible) == (1, False)


def test_a_fixed_order_starts_at_its_second_with_its_technician() -> None:
    problem = day(
        Order("O1", 1, 5, windows=((90, 95),), skills=frozenset("Z")), fixed={"O1": ("T1", 30)}
    )
    assert route_times(problem, "T1", ["O1"]).stops == (Stop("O1", 10, 30, 35),)
    other = replace(problem, technicians=[*problem.technicians, anne(id="T2")])
    assert evaluate(other, Plan({"T2": ("O1",)})).faults == (Fault("fixed", "T2", "O1"),)
    late = replace(problem, fixed={"O1": ("T1", 5)})
    assert Fault("fixed", "T1", "O1", 5) in route_times(late, "T1", ["O1"]).faults


def test_a_technician_whose_lunch_fits_no_shift_is_closed() -> None:
    problem = day(Order("O1", 1, 5), who=anne(shift=(0, 45)))
    assert closed(problem) == {"T1": Fault("lunch_never", "T1")}
    assert evaluate(problem, Plan({})).feasible
    assert not evaluate(problem, Plan({"T1": ("O1",)})).feasible


def test_what_is_fixed_and_cannot_be_kept_closes_the_technician_and_spoils_no_plan() -> None:
    problem = day(Order("O1", 1, 5), Order("O2", 1, 5), fixed={"O1": ("T1", 97)})
    assert closed(problem) == {"T1": Fault("fixed_never", "T1")}
    kept = evaluate(problem, Plan({"T1": ("O1",)}))
    assert kept.feasible
    assert [one.code for one in kept.faults] == ["fixed_never", "shift"]
    assert not evaluate(problem, Plan({"T1": ("O2", "O1")})).feasible


@settings(max_examples=examples(30, 2_000), deadline=None)
@given(problems(people=2, count=4, fixed=True))
def test_times_of_a_feasible_route_keep_every_rule(problem: Problem) -> None:
    for who in problem.technicians:
        for ids in itertools.permutations([one.id for one in problem.orders], 2):
            route = route_times(problem, who.id, ids)
            if not route.faults:
                _keeps(problem, who, route.leave, route.back, route.stops)


def _keeps(
    problem: Problem, who: Technician, leave: int, back: int, stops: tuple[Stop, ...]
) -> None:
    orders = {one.id: one for one in problem.orders}
    assert who.shift[0] <= leave <= back <= who.shift[1]
    for stop in stops:
        order = orders[stop.order_id]
        assert stop.arrive <= stop.start == stop.end - order.duration
        if order.id not in problem.fixed and order.windows:
            assert any(opens <= stop.start <= closes for opens, closes in order.windows)
        assert not any(one.start < stop.end and stop.start < one.end for one in who.blocks)


def test_windows_of_an_order_stand_in_order_and_apart() -> None:
    """Found by hypothesis: one within another made a place seem taken that was free."""
    assert Order("O1", 0, 1, ((7, 9), (0, 2), (1, 1), (2, 3))).windows == ((0, 3), (7, 9))
