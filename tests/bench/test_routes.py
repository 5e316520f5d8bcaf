"""The benches of routes read what they are given, and say the truth about it."""

import pytest

from bench import vrptw
from bench.route_noon import NOON, at_noon
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.problem import Lunch, Order, Plan, Problem, Technician

FILE = """C101

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0       1236          0
    1      1         1         7        912        967         90
    2      3         4         6         20         70         90
"""


def test_a_file_of_solomon_is_read_in_tenths() -> None:
    one = vrptw.read(FILE)
    problem = one.problem
    assert (one.name, one.capacity, one.demand) == ("C101", 10, {"1": 7, "2": 6})
    assert [who.shift for who in problem.technicians] == [(0, 12360)] * 2
    assert problem.matrix[0] == [0, 14, 50]  # 1.414 cut to 1.4
    second = problem.orders[1]
    assert (second.windows, second.duration) == (((200, 700),), 900)
    assert vrptw.overloaded(one, Plan({"0": ("1", "2")})) == 1
    assert vrptw.overloaded(one, Plan({"0": ("1",), "1": ("2",)})) == 0


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no file of Solomon"):
        vrptw.read("1 2\n3 4 5\n")


def test_at_noon_what_is_begun_is_done_and_the_rest_starts_from_where_they_are() -> None:
    hour = 3600
    matrix = [[abs(a - b) * 600 for b in range(4)] for a in range(4)]
    team = [
        Technician(name, (8 * hour, 17 * hour), 0, 0, lunch=Lunch(11 * hour, 11 * hour, 600))
        for name in ("ill", "well")
    ]
    orders = [
        Order("early", 1, 2 * hour),
        Order("late", 2, hour, windows=((13 * hour, 14 * hour),)),
        Order("of the ill", 3, hour, windows=((15 * hour, 16 * hour),)),
        Order("nobody's", 3, hour, windows=((8 * hour, 16 * hour),)),
    ]
    problem = Problem(team, orders, matrix)
    plan = Plan({"well": ("early", "late"), "ill": ("of the ill",)})
    assert evaluate(problem, plan).feasible
    now = at_noon(problem, plan)
    (well,) = now.technicians
    assert (well.start, well.shift, well.lunch) == (1, (NOON, 17 * hour), None)
    held = {one.id: (one.held_by, one.urgent) for one in now.orders}
    assert held == {
        "late": ("well", False),
        "of the ill": (None, False),
        "nobody's": (None, True),
    }
