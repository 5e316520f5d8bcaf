"""`python -m bench.routes`: the days of bench/days by Callout and by three others, side by side.

    python -m bench.routes [--day NAME ...] [--seeds N] [--only METHOD ...] [--cpu] [--write]

Each method has the same day, machine and time, one thread, and a process of its own; one after the
other. Every plan is judged by the evaluator of `routing`. OR-Tools is installed for this alone,
into .cache/bench. `--write` leaves the tables in bench/ROUTES.md.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine, route_noon
from callout.routing.engine.dayfile import day_read
from callout.routing.engine.evaluate import Verdict, evaluate, standing
from callout.routing.engine.problem import Plan, Problem

REPO = Path(__file__).resolve().parents[1]
DAYS = REPO / "bench" / "days"
OTHERS = REPO / ".cache" / "bench" / "ortools"
RESULT = REPO / "bench" / "ROUTES.md"
METHODS = {
    "callout": "Callout",
    "vroom": "VROOM alone",
    "pyvrp": "PyVRP and lunch repair",
    "ortools": "OR-Tools alone",
}
SEEDED = {"callout", "pyvrp"}  # the others do the same each time
SMALL, LARGE = 10.0, 60.0  # seconds


@dataclass(frozen=True)
class Run:
    """One plan of a day, judged; `rank` is smaller when it is better."""

    verdict: Verdict
    rank: tuple[int, ...]
    took: float
    first: float | None
    memory: float

    @property
    def wrong(self) -> int:
        """Routes that cannot be driven."""
        return len({fault.technician_id for fault in self.verdict.faults})


def main() -> None:
    """Print the tables, and write them down if asked to."""
    asked = options()
    told = []
    for text in report(asked):
        print(text, flush=True)
        told.append(text)
    if asked.write:
        RESULT.write_text("\n".join(told) + "\n")


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench.routes", description=__doc__)
    parser.add_argument("--day", action="append", help="a file of bench/days, without .json")
    parser.add_argument("--only", action="append", choices=METHODS)
    parser.add_argument("--seeds", type=int, default=1, help="runs of each day, with seeds 1 to N")
    parser.add_argument(
        "--cpu", action="store_true", help="count the processor's seconds: for a busy machine"
    )
    parser.add_argument("--write", action="store_true", help="into bench/ROUTES.md, too")
    return parser.parse_args()


def report(asked: argparse.Namespace) -> Iterator[str]:
    """The page, line by line, as it comes to be."""
    clock = "the processor's seconds" if asked.cpu else "seconds by the clock"
    facts = {"cores", "processor", "Python", "load when it began"}
    yield "# Routes, measured\n"
    yield (
        f"Written by `python -m bench.routes` on {datetime.now(UTC):%d %B %Y}: seeds 1 to "
        f"{asked.seeds}, {clock} ({SMALL:g} up to 20 technicians, {LARGE:g} above). How it is "
        "measured: [README.md](README.md).\n"
    )
    yield "; ".join(f"{name} {value}" for name, value in machine.facts() if name in facts) + ".\n"
    yield (
        "| day | method | served | worst, best | urgent | travel h | worst, best | infeasible |"
        + (" first plan s | s | MB |")
    )
    yield "|---|---|--:|---|--:|--:|---|--:|--:|--:|--:|"
    days = {
        one: problem_of(one) for one in asked.day or sorted(p.stem for p in DAYS.glob("*.json"))
    }
    found: dict[str, dict[str, list[Run]]] = {}
    for day, problem in days.items():
        found[day] = {}
        for method in asked.only or METHODS:
            seeds = range(1, (asked.seeds if method in SEEDED else 1) + 1)
            runs = [run(day, problem, method, seed, cpu=asked.cpu) for seed in seeds]
            found[day][method] = runs
            yield row(day, method, runs)
    if "callout" in (asked.only or METHODS):
        yield "\n| day | seed | against VROOM | PyVRP, same seed | OR-Tools | the best of all |"
        yield "|---|--:|---|---|---|---|"
        for day, by_method in found.items():
            yield from compared(day, by_method)
    yield "\n" + route_noon.HEAD[0]
    yield route_noon.HEAD[1]
    changed: list[tuple[int, int]] = []
    for day, problem in days.items():
        if "x160-" in day:
            for seed in range(1, asked.seeds + 1):
                text, changes = route_noon.under_way(short(day), problem, seed, SMALL)
                changed.append(changes)
                yield text
    if changed:
        again, fresh = map(sum, zip(*changed, strict=True))
        yield f"| all | | | | | {again} | | {fresh} |"


def problem_of(day: str) -> Problem:
    """The day as it stands in its file."""
    return day_read((DAYS / f"{day}.json").read_bytes()).problem


def short(day: str) -> str:
    """20x160 seed 1: 'seed' is that of the day, not of the method."""
    return day.removeprefix("day-").replace("-seed", " day ")


def run(day: str, problem: Problem, method: str, seed: int, *, cpu: bool) -> Run:
    """One plan by one method, judged."""
    seconds = SMALL if len(problem.technicians) <= 20 else LARGE
    said = one_run(day, method, seconds, seed, "cpu" if cpu else "clock")
    verdict = evaluate(problem, Plan({who: tuple(ids) for who, ids in said["routes"].items()}))
    wrong = len({fault.technician_id for fault in verdict.faults})
    rank = (wrong, *standing(problem, verdict))
    return Run(verdict, rank, said["took"], said["first"], said["memory"])


def row(day: str, method: str, runs: list[Run]) -> str:
    """The middle of several runs, and the worst and the best of them."""
    runs = sorted(runs, key=lambda one: one.rank)
    best, middle, worst = runs[0], runs[(len(runs) - 1) // 2], runs[-1]
    both = (worst.verdict, best.verdict)
    urgent = middle.verdict.urgent_served + middle.verdict.urgent_unserved
    cells: list[object] = [
        short(day), METHODS[method], middle.verdict.served,
        ", ".join(str(one.served) for one in both) if len(runs) > 1 else "",
        f"{worst.verdict.urgent_served} of {urgent}", hours(middle.verdict),
        ", ".join(hours(one) for one in both) if len(runs) > 1 else "",
        max(one.wrong for one in runs),
        f"{max(one.first for one in runs if one.first is not None):.1f}" if best.first else "",
        f"{max(one.took for one in runs):.0f}", f"{max(one.memory for one in runs):.0f}",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def hours(verdict: Verdict) -> str:
    """The driving of a plan."""
    return f"{verdict.travel / 3600:.2f}"


def compared(day: str, by_method: dict[str, list[Run]]) -> Iterator[str]:
    """One row for each of Callout's runs, against each other method and against its best run."""
    for number, mine in enumerate(by_method["callout"]):
        cells = []
        for method in ("vroom", "pyvrp", "ortools"):
            runs = by_method.get(method)
            theirs = runs[min(number, len(runs) - 1)] if runs else None
            cells.append(outcome(mine, theirs))
        others = [one for name, runs in by_method.items() if name != "callout" for one in runs]
        cells.append(outcome(mine, min(others, key=lambda one: one.rank) if others else None))
        yield f"| {short(day)} | {number + 1} | {' | '.join(cells)} |"


def outcome(mine: Run, theirs: Run | None) -> str:
    """Who has the better plan, and by what."""
    if theirs is None:
        return ""
    if mine.rank == theirs.rank:
        return "the same"
    who = "won" if mine.rank < theirs.rank else "LOST"
    ours, them = mine.verdict, theirs.verdict
    if mine.wrong != theirs.wrong:
        return f"{who}, {theirs.wrong - mine.wrong:+d} infeasible"
    if ours.urgent_unserved != them.urgent_unserved:
        return f"{who}, {them.urgent_unserved - ours.urgent_unserved:+d} urgent"
    if ours.served != them.served:
        return f"{who}, {ours.served - them.served:+d} served"
    return f"{who}, {(ours.travel - them.travel) / 3600:+.2f} h"


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


if __name__ == "__main__":
    main()
