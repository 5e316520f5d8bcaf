"""`make bench`, or `python -m bench [--orders N ...]`: fill, serve, measure, write RESULTS.md."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import by_turns, place, report

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
SIZES = [10_000, 100_000, 1_000_000]
MOST = 1_000_000


def main() -> None:
    """Each size in a database of its own, which is dropped afterwards unless kept."""
    asked = options()
    sizes: list[int] = asked.orders or SIZES
    with place.server().held():
        if asked.phones:
            parts_measured(["phones"])
            return
        planning = {} if asked.sizes else parts_measured(PLANNING)
        if asked.planning:
            return
        worn = [size_filled(orders, keep=asked.keep) for orders in sizes]
        try:
            results = [size_measured(name) for name in worn]
            print("Measuring by turns", flush=True)
            grown = by_turns.grown(worn[0], worn[-1]) if len(worn) > 1 else []
        finally:
            for name in worn:
                place.database_drop(name)
    page = report.report(results, grown)
    page += report.planning_section(planning) if planning else report.planning_of(RESULTS)
    asked.out.write_text(page)
    print(page)


def options() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--orders", type=size, action="append", metavar="N", help="a size; may be given repeatedly"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the filled databases, and use kept ones"
    )
    parser.add_argument(
        "--planning", action="store_true", help="measure Planning alone, and write nothing"
    )
    parser.add_argument(
        "--sizes", action="store_true", help="measure all but Planning, whose results stay"
    )
    parser.add_argument(
        "--phones", action="store_true", help="measure phones that sync, and write nothing"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the results are written")
    return parser.parse_args()


def size(text: str) -> int:
    """ValueError unless it is a number of orders that a company can be made of."""
    found = int(text.replace("_", ""))
    if not 300 <= found <= MOST:
        raise argparse.ArgumentTypeError(f"300 to {MOST:,}")
    return found


def size_filled(orders: int, *, keep: bool) -> str:
    """The name of a filled database that measuring may wear."""
    filled, worn = f"bench_{orders}", f"bench_{orders}_worn"
    if not (keep and place.exists(filled)):
        place.database_make(filled)
        print(f"Filling a database with {orders:,} orders", flush=True)
        run("bench.fill", str(orders), database=filled)
    if keep:
        place.database_clone(worn, filled)
    else:
        place.database_rename(filled, worn)
    return worn


def size_measured(database: str) -> dict[str, Any]:
    """The figures of one size."""
    print(f"Measuring {database}", flush=True)
    return result_of("bench.measure", database)


PLANNING = ("growth", "suggest", "auto_plan", "optimise")


def parts_measured(parts: Sequence[str]) -> dict[str, Any]:
    """Parts that look at one thing alone: each in a database of its own, filled by itself."""
    found: dict[str, Any] = {}
    for part in parts:
        name = f"bench_{part}"
        place.database_make(name)
        try:
            print(f"Measuring {part}", flush=True)
            found |= result_of(f"bench.{part}", name)
        finally:
            place.database_drop(name)
    return found


def result_of(module: str, database: str) -> dict[str, Any]:
    """What a step of measuring has written down."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        run(module, database, str(result), database=database)
        found: dict[str, Any] = json.loads(result.read_text())
        return found


def run(module: str, *arguments: str, database: str) -> None:
    """A step in a process of its own: Django there knows one database."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=place.environment(database), cwd=place.REPO)
    if done.returncode:
        sys.exit(f"{module} failed ({done.returncode})")


if __name__ == "__main__":
    main()
