"""How each line grows with the orders: a small and a large database asked by turns.

One size measured after the other tells what the machine did meanwhile, too. Here both are served
at once, each by a process of `python -m bench.by_turns DATABASE`, which asks what it is told by a
line on its standard input (the place of the case, the number of the request) and answers with the
milliseconds; so whatever else the machine does falls on both alike.
"""

import json
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import Any

from bench import place

WARM, PAIRS = 10, 100
PATIENCE = 12.0  # seconds for one line, as in measure.py


def grown(small: str, large: str) -> list[dict[str, Any]]:
    """For each case how many times as long it takes in the large database: by the median of the
    pairs, and by the p95 of each."""
    with ExitStack() as stack:
        fewer, more = (stack.enter_context(Asker(name)) for name in (small, large))
        return [line_grown(fewer, more, case) for case in fewer.cases]


def line_grown(fewer: "Asker", more: "Asker", case: dict[str, Any]) -> dict[str, Any]:
    """One line."""
    pairs: list[tuple[float, float]] = []
    end = time.monotonic() + PATIENCE
    for number in range(WARM + PAIRS):
        pairs.append((fewer.asked(case["place"], number), more.asked(case["place"], number)))
        if number >= WARM + 20 and time.monotonic() > end:
            break
    timed = pairs[WARM:]
    before, after = (sorted(one) for one in zip(*timed, strict=True))
    worst = int(len(timed) * 0.95)
    found = case | {
        "median": statistics.median(two / one for one, two in timed),
        "p95": after[worst] / before[worst],
        "pairs": len(timed),
    }
    print(f"  {case['words']}: {found['median']:.2f} times, p95 {found['p95']:.2f}", flush=True)
    return found


class Asker:
    """The process that serves one database and asks it."""

    def __init__(self, database: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.by_turns", database],
            env=place.environment(database),
            cwd=place.REPO,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Asker":
        self.cases: list[dict[str, Any]] = json.loads(self._line())
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.communicate(timeout=60)

    def asked(self, case: int, number: int) -> float:
        """Milliseconds of one request."""
        assert self.process.stdin
        print(case, number, file=self.process.stdin, flush=True)
        return float(self._line())

    def _line(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"who asks by turns ended with {self.process.wait(10)}")
        return line


def main(database: str) -> None:
    """Serve the database, and ask what standard input says, until its end."""
    from bench import serving
    from bench.cases import cases, sampled
    from bench.measure import PASSWORD

    with ExitStack() as stack:
        token = serving.manager_made(PASSWORD)
        served = stack.enter_context(serving.served(place.environment(database)))
        doors = serving.doors_opened(served, 0, token, PASSWORD)
        known = cases(sampled((WARM + PAIRS) * 2))
        lines = [
            {"place": index, "key": case.key, "words": case.words, "growth": case.growth}
            for index, case in enumerate(known)
        ]
        print(json.dumps(lines), flush=True)
        for line in sys.stdin:
            index, number = map(int, line.split())
            case = known[index]
            spent = doors.timed(case.ask(number))
            if case.after:
                doors.timed(case.after(number))
            print(spent, flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    main(sys.argv[1])
