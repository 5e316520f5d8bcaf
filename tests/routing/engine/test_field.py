"""What the search knows of tours in a few comparisons is what the evaluator finds."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from callout.routing.engine.evaluate import Day
from callout.routing.engine.field import Field
from callout.routing.engine.problem import Plan, Problem
from callout.routing.engine.tours import GAP_BITS, GAPS, NOWHERE
from tests.routing.engine.days import due, problems
from tests.scale import examples

MANY = settings(max_examples=examples(40, 5_000), deadline=None)


def without_lunch_in_blocks_for_driving(problem: Problem) -> Problem:
    """There the search is on the safe side: see `Field`."""
    return replace(
        problem,
        technicians=[
            replace(one, lunch=None) if any(block.driving for block in one.blocks) else one
            for one in problem.technicians
        ],
    )


def can_be_driven(problem: Problem, who: str, ids: list[str]) -> bool:
    wrong = Day(problem).route(who, ids).faults
    return not [one for one in wrong if one.code in {"late", "lunch", "shift"} or one.seconds]


@MANY
@given(problems(people=1, fixed=True), st.data())
def test_a_tour_can_be_driven_when_its_route_can(problem: Problem, data: st.DataObject) -> None:
    ids = data.draw(st.permutations([one.id for one in problem.orders]))
    field = Field(problem)
    ok = field.tour(0, tuple(field.order[one] for one in ids)).ok
    assert not ok or can_be_driven(problem, "T0", ids)
    told = without_lunch_in_blocks_for_driving(problem)
    field = Field(told)
    ok = field.tour(0, tuple(field.order[one] for one in ids)).ok
    assert ok == can_be_driven(told, "T0", ids)


@MANY
@given(problems(people=1, count=5).map(without_lunch_in_blocks_for_driving), st.data())
def test_an_order_fits_where_the_evaluator_says_it_is_cheapest(
    problem: Problem, data: st.DataObject
) -> None:
    ids = data.draw(st.permutations([one.id for one in problem.orders]))
    more, there = ids[0], ids[1 : 1 + data.draw(st.integers(0, 4))]
    if not can_be_driven(problem, "T0", there):
        return
    field, day = Field(problem), Day(problem)
    ways = [[*there[:at], more, *there[at:]] for at in range(len(there) + 1)]
    costs = [day.route("T0", way).travel for way in ways if can_be_driven(problem, "T0", way)]
    found = field.fit(0, field.tour(0, tuple(field.order[one] for one in there)), field.order[more])
    if found == NOWHERE:
        assert not costs
        return
    at = found & GAPS
    added = min(costs) - day.route("T0", there).travel + field.change(0, field.order[more])
    assert found >> GAP_BITS == added
    assert can_be_driven(problem, "T0", [*there[:at], more, *there[at:]])


@MANY
@given(due(problems(people=1, fixed=True)).map(without_lunch_in_blocks_for_driving), st.data())
def test_a_tour_counts_what_is_late_as_its_route_does(
    problem: Problem, data: st.DataObject
) -> None:
    ids = data.draw(st.permutations([one.id for one in problem.orders]))
    field = Field(problem)
    tour = field.tour(0, tuple(field.order[one] for one in ids))
    if tour.ok:
        told = Day(problem).verdict(Plan({"T0": tuple(ids)}))
        changed = problem.change_cost * told.changes
        assert tour.cost == told.travel + told.lateness + changed
