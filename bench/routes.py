"""`python -m bench.routes`: the days of bench/days by Callout and by three others, side by side.

    python -m bench.routes [--day NAME ...] [--seeds N] [--only METHOD ...] [--cpu]

Each method has the same day, machine and time, one thread, and a process of its own; one after the
other. Every plan is judged by the evaluator of `routing`. OR-Tools is installed for this alone,
into .cache/bench.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from bench import machine
from callout.routing.engine.dayfile import day_read
from callout.routing.engine.evaluate import evaluate, standing
from callout.routing.engine.problem import Order, Plan, Problem, Technician
from callout.routing.engine.process import solve_apart
from callout.routing.engine.solving import solve

REPO = Path(__file__).resolve().parents[1]
DAYS = REPO / "bench" / "days"
OTHERS = REPO / ".cache" / "bench" / "ortools"
METHODS = {
    "callout": "Callout",
    "vroom": "VROOM alone",
    "pyvrp": "PyVRP and lunch repair",
    "ortools": "OR-Tools alone",
}
SMALL, LARGE = 10.0, 60.0  # seconds
NOON, CHANGE = 12 * 3600, 15 * 60
AGAIN = 0.5  # seconds of thought for a day under way


def main() -> None:
    """Print one table for all days, then what happens during a day."""
    asked = options()
    for name, value in machine.facts():
        if name in {"cores", "processor", "Python", "load when it began"}:
            print(f"{name}: {value}")
    days = asked.day or sorted(one.stem for one in DAYS.glob("*.json"))
    print("\n| day | method | served | urgent | travel h | infeasible | first plan s | s | MB |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for day in days:
        for method in asked.only or METHODS:
            print(line(day, method, asked), flush=True)
    print("\n| day under way at noon | s | changed | by a fresh plan | urgent |")
    print("|---|--:|--:|--:|--:|")
    for day in days:
        if "x160" in day:
            print(under_way(day), flush=True)


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench.routes", description=__doc__)
    parser.add_argument("--day", action="append", help="a file of bench/days, without .json")
    parser.add_argument("--only", action="append", choices=METHODS)
    parser.add_argument("--seeds", type=int, default=1, help="runs; the middle one is told")
    parser.add_argument(
        "--cpu", action="store_true", help="count the processor's seconds: for a busy machine"
    )
    return parser.parse_args()


def line(day: str, method: str, asked: argparse.Namespace) -> str:
    """One row: the middle of several runs, by standing."""
    problem = day_read((DAYS / f"{day}.json").read_bytes()).problem
    seconds = SMALL if len(problem.technicians) <= 20 else LARGE
    runs = []
    for seed in range(1, (asked.seeds if method in {"callout", "pyvrp"} else 1) + 1):
        said = one_run(day, method, seconds, seed, "cpu" if asked.cpu else "clock")
        plan = Plan({who: tuple(orders) for who, orders in said["routes"].items()})
        verdict = evaluate(problem, plan)
        runs.append((standing(problem, verdict), verdict, said))
    _, verdict, said = sorted(runs, key=lambda run: run[0])[(len(runs) - 1) // 2]
    wrong = len({fault.technician_id for fault in verdict.faults})
    urgent = verdict.urgent_served + verdict.urgent_unserved
    first = f"{said['first']:.1f}" if said["first"] is not None else ""
    cells: list[object] = [
        day.removeprefix("day-"), METHODS[method], verdict.served,
        f"{verdict.urgent_served} of {urgent}", f"{verdict.travel / 3600:.2f}", wrong, first,
        f"{median(run[2]['took'] for run in runs):.0f}",
        f"{max(run[2]['memory'] for run in runs):.0f}",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def one_run(day: str, method: str, seconds: float, seed: int, kind: str) -> dict[str, Any]:
    """What a method says of a day, in a process of its own."""
    environment = dict(os.environ)
    if method == "ortools":
        environment["PYTHONPATH"] = os.pathsep.join([str(installed()), str(REPO)])
    command = [sys.executable, "-m", "bench.route_methods", method, str(DAYS / f"{day}.json")]
    done = subprocess.run(
        [*command, str(seconds), str(seed), kind],
        env=environment, cwd=REPO, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def installed() -> Path:
    """Where OR-Tools is; it gets there the first time."""
    if not (OTHERS / "ortools").exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes",
             "--target", OTHERS, "-r", REPO / "requirements" / "bench.txt"],
            check=True, stdout=sys.stderr,
        )  # fmt: skip
    return OTHERS


# --- during the day ---------------------------------------------------------------------------


def under_way(day: str) -> str:
    """At noon one technician falls ill and three orders become urgent: how much changes."""
    problem = day_read((DAYS / f"{day}.json").read_bytes()).problem
    morning = solve(problem, seconds=SMALL, seed=1)
    now = at_noon(problem, morning.plan)
    began = monotonic()
    again = solve_apart(now, seconds=AGAIN, seed=1)
    took = monotonic() - began
    fresh = solve(
        replace(now, change_cost=0, orders=[replace(one, held_at=None) for one in now.orders]),
        seconds=SMALL,
        seed=1,
    )
    changes = evaluate(now, fresh.plan).changes
    verdict = again.verdict
    assert verdict.feasible, verdict.faults
    urgent = verdict.urgent_served + verdict.urgent_unserved
    return (
        f"| {day.removeprefix('day-')} | {took:.2f} | {verdict.changes} | {changes} | "
        f"{verdict.urgent_served} of {urgent} |"
    )


def at_noon(problem: Problem, plan: Plan) -> Problem:
    """What is left of the day: who has begun something ends it, the first technician is ill."""
    verdict = evaluate(problem, plan)
    place = {one.id: one.place for one in problem.orders}
    held: dict[str, tuple[str, int]] = {}
    done: set[str] = set()
    team: list[Technician] = []
    for number, who in enumerate(problem.technicians):
        route = verdict.routes[who.id]
        begun = [stop for stop in route.stops if stop.start < NOON]
        done.update(stop.order_id for stop in begun)
        held |= {stop.order_id: (who.id, stop.start) for stop in route.stops[len(begun) :]}
        if number:
            free = max([NOON, who.shift[0], *(stop.end for stop in begun)])
            lunched = route.lunch is not None and route.lunch < NOON
            free = max(free, route.lunch + 1800) if lunched and route.lunch else free
            at = place[begun[-1].order_id] if begun else who.start
            lunch = None if lunched else who.lunch
            team.append(replace(who, shift=(free, who.shift[1]), start=at, lunch=lunch))
    return replace(
        problem,
        technicians=team,
        orders=list(left(problem, done, held)),
        change_cost=CHANGE,
    )


def left(problem: Problem, done: set[str], held: dict[str, tuple[str, int]]) -> Iterator[Order]:
    """The orders that are not begun; three of those that nobody has become urgent."""
    more = 3
    for one in problem.orders:
        if one.id in done:
            continue
        who, start = held.get(one.id, (None, None))
        late = one.windows[0][1] > NOON + 3600 and not one.skills
        urgent = who is None and late and more > 0
        more -= urgent
        yield replace(one, held_by=who, held_at=start, urgent=one.urgent or urgent)


if __name__ == "__main__":
    main()
