"""`python -m bench.vrptw FOLDER`: plain routing problems with time windows, the gap to the best.

Reads the files of Solomon (and of Gehring and Homberger). Distances and times are cut to one
decimal, the total distance counts, all customers are served. A measure of the engine alone: there
is no lunch here, and no load in a day of ours: where loads do not fit, the gap stands in brackets,
since it is no comparison, with the number of routes that carry too much beside it.
"""

import argparse
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from callout.routing.engine.problem import Order, Plan, Problem, Technician
from callout.routing.engine.solving import solve

BEST = {"C101": 827.3, "R101": 1637.7, "RC101": 1619.8, "R1_2_1": 4667.2}
TIMES = (1.0, 10.0, 60.0)


@dataclass(frozen=True)
class Benchmark:
    """A file's problem; times and distances in tenths."""

    name: str
    capacity: int
    demand: dict[str, int]
    problem: Problem


def read(text: str) -> Benchmark:
    """ValueError if it is no such file."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    numbers = [[int(float(word)) for word in line] for line in lines if _all_numbers(line)]
    if len(numbers) < 3 or len(numbers[0]) != 2 or any(len(row) != 7 for row in numbers[1:]):
        raise ValueError("This is no file of Solomon's: vehicles and capacity, then 7 columns.")
    (vehicles, capacity), depot, *customers = numbers
    at = [(x, y) for _, x, y, *_ in (depot, *customers)]
    matrix = [[int(10 * math.dist(here, there)) for there in at] for here in at]
    team = [
        Technician(str(number), (10 * depot[4], 10 * depot[5]), start=0, end=0)
        for number in range(vehicles)
    ]
    orders = [
        Order(str(row[0]), place, 10 * row[6], windows=((10 * row[4], 10 * row[5]),))
        for place, row in enumerate(customers, start=1)
    ]
    demand = {str(row[0]): row[3] for row in customers}
    return Benchmark(lines[0][0], capacity, demand, Problem(team, orders, matrix))


def _all_numbers(words: list[str]) -> bool:
    return all(re.fullmatch(r"-?\d+(\.\d+)?", word) for word in words)


def overloaded(one: Benchmark, plan: Plan) -> int:
    """Routes that carry more than a vehicle holds."""
    loads = [sum(one.demand[order] for order in route) for route in plan.routes.values()]
    return sum(load > one.capacity for load in loads)


def main() -> None:
    """One row for each file and time."""
    parser = argparse.ArgumentParser(prog="python -m bench.vrptw", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, action="append", help="instead of 1, 10 and 60")
    asked = parser.parse_args()
    files = sorted(asked.folder.glob("*.txt"))
    if not files:
        sys.exit(f"There are no .txt files in {asked.folder}.")
    print("| problem | s | served | distance | best known | gap | overloaded routes |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for file in files:
        one = read(file.read_text())
        for seconds in asked.seconds or TIMES:
            print(row(one, seconds), flush=True)


def row(one: Benchmark, seconds: float) -> str:
    """What it comes to in that time."""
    solved = solve(one.problem, seconds=seconds, seed=1)
    verdict = solved.verdict
    assert verdict.feasible, verdict.faults
    distance, best = verdict.travel / 10, BEST.get(one.name.upper())
    whole = best is not None and not verdict.unserved
    gap = f"{100 * (distance / best - 1):.2f} %" if best is not None and whole else ""
    heavy = overloaded(one, solved.plan)
    gap = f"({gap})" if gap and heavy else gap
    served = f"{verdict.served} of {len(one.problem.orders)}"
    cells = [one.name, f"{seconds:g}", served, f"{distance:.1f}", best or "", gap]
    return f"| {' | '.join(map(str, cells))} | {heavy} |"


if __name__ == "__main__":
    main()
