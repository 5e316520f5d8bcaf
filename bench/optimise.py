"""`python -m bench.optimise`: routes optimised, in some five minutes: the day of 20 technicians and
160 orders, in its middle too (`optimise_day.py`), and that of 200 and 1,600, with what the office
costs meanwhile (`optimise_large.py`). Each in a database of its own, dropped afterwards.

`python -m bench.optimise DATABASE RESULT` is the first alone, in a database that is there.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django

PARTS = ("optimise_day", "optimise_large")


def main() -> None:
    """Both, printed as they come."""
    from bench import place
    from bench.__main__ import parts_measured

    with place.server().held():
        parts_measured(PARTS)


class Told(list[dict[str, Any]]):
    """One line for each figure, printed at once."""

    def add(self, words: str, value: float, unit: str) -> None:
        """So much of it."""
        self.append({"words": words, "value": value, "unit": unit})
        print(f"  {words}: {value:.4g} {unit}", flush=True)


def part(database: str, result: Path) -> None:
    """The day of 20 technicians, written down."""
    from bench.optimise_day import measured

    result.write_text(json.dumps({"optimise": measured(database)}, indent=1))


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    else:
        django.setup()
        part(sys.argv[1], Path(sys.argv[2]))
