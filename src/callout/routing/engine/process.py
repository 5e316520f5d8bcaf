"""A problem solved in a process of its own, which can be stopped or killed without a trace.

The child has no database, no sockets and nothing of the parent's; it hears the problem as one line
of JSON on its standard input and then at most the word to stop. It says one line for each better
plan, for how far it is, and the end. When the parent dies, its input ends, and so does it.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import IO, Any, cast

import numpy as np

from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.parts import compact
from callout.routing.engine.problem import Block, Lunch, Order, Plan, Problem, Technician
from callout.routing.engine.solving import Progress, Solved, quiet, solve

GRACE = 1.0  # seconds a child has for its last word; VROOM listens to nobody while it thinks
LATE = 60.0  # seconds beyond its time in which it must have ended, on a busy machine too
NICE = 5  # at 10, a machine with more to do than it has cores leaves it next to nothing
ENDED = ""


class Died(RuntimeError):
    """The process that solved has ended without an answer."""


def solve_apart(
    problem: Problem,
    *,
    seconds: float,
    seed: int | None = None,
    iterations: int | None = None,
    on_progress: Callable[[Progress], None] = quiet,
    on_better: Callable[[Plan], None] = quiet,
    stopped: Callable[[], bool] = lambda: False,
) -> Solved:
    """As `solving.solve`, in another process, which is gone when this returns or raises.

    `stopped` is asked several times a second: with True, the best plan so far is the answer, within
    about a second; so it is when the process does not come to its end. Died if the process ends
    without an answer, whatever ended it.
    """
    with Child(problem, seconds, seed, iterations) as child:
        plan = child.heard(on_progress, on_better, stopped)
    return Solved(plan, evaluate(problem, plan))


class Child:
    """The process, from start to certain end."""

    def __init__(
        self, problem: Problem, seconds: float, seed: int | None, iterations: int | None
    ) -> None:
        self.limit = None if iterations is not None else seconds + LATE
        self.asked = {"problem": told(problem), "seconds": seconds, "seed": seed}
        self.asked["iterations"] = iterations
        self.lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.best: Plan | None = None

    def __enter__(self) -> "Child":
        self.began = time.monotonic()
        # -P: the present folder is no place to import from. No environment: no secrets in there.
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "callout.routing.engine.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",  # what cannot be read is no answer; the reader goes on
            env={"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"},
        )
        pipes = self.process.stdin, self.process.stdout, self.process.stderr
        self.to, self.output, self.log = cast("tuple[IO[str], IO[str], IO[str]]", pipes)
        self.complaint: list[str] = []
        self.threads = [
            threading.Thread(target=target, daemon=True)
            for target in (self._write, self._read, self._mind)
        ]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for thread in self.threads:
            thread.join()
        for pipe in (self.to, self.output, self.log):
            _close(pipe)

    # A pipe holds 64 kB, a problem has megabytes: each of the three moves on its own.

    def _write(self) -> None:
        self._say(json.dumps(self.asked))
        self.asked = {}

    def _say(self, line: str) -> None:
        try:
            self.to.write(line + "\n")
            self.to.flush()
        except (BrokenPipeError, ValueError):
            return  # it has ended; its output says so, too

    def _read(self) -> None:
        for line in self.output:
            self.lines.put(line)
        self.lines.put(ENDED)

    def _mind(self) -> None:
        for line in self.log:
            self.complaint = [*self.complaint[-20:], line]

    def heard(
        self,
        on_progress: Callable[[Progress], None],
        on_better: Callable[[Plan], None],
        stopped: Callable[[], bool],
    ) -> Plan:
        """The last plan that it says."""
        told_to_stop: float | None = None
        while True:
            now = time.monotonic()
            if told_to_stop is None and stopped():
                told_to_stop = now
                self._say("stop")
            if told_to_stop is not None and now - told_to_stop > GRACE and self.best is not None:
                return self.best
            if self.limit is not None and now - self.began > self.limit:
                if self.best is not None:
                    return self.best
                raise Died(f"The solver has not answered within {self.limit:.0f} seconds.")
            try:
                line = self.lines.get(timeout=0.1)
            except queue.Empty:
                continue
            if line == ENDED:
                raise Died(self._last_words())
            said = self._understood(line)
            if isinstance(said, Progress):
                on_progress(said)
                continue
            self.best, is_last = said
            if is_last:
                return self.best
            on_better(self.best)

    def _understood(self, line: str) -> Progress | tuple[Plan, bool]:
        """How far it is, or a plan and whether it is the last. Died for a line that breaks off,
        since it was killed as it wrote, or says something else."""
        try:
            said = json.loads(line)
            if "plan" in said:
                return plan_of(said["plan"]), bool(said["end"])
            return Progress(**said["progress"])
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Died(self._last_words()) from error

    def _last_words(self) -> str:
        self.threads[2].join(GRACE)
        try:
            code = self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return "The solver said something that is no answer."
        how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
        why = self.complaint[-1].strip() if self.complaint else ""
        return f"The solver {how} before it had an answer. {why}".strip()


def _close(pipe: IO[str]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # the child is gone, and with it who would have read the rest


# --- as JSON ----------------------------------------------------------------------


def told(problem: Problem) -> dict[str, Any]:
    """A problem as JSON knows it."""
    return {
        "technicians": [_plain(one) for one in problem.technicians],
        "orders": [_plain(one) for one in problem.orders],
        "matrix": np.asarray(problem.matrix).tolist(),
        "fixed": dict(problem.fixed),
        "change_cost": problem.change_cost,
        "late_cost": problem.late_cost,
    }


def _plain(one: Technician | Order) -> dict[str, Any]:
    return {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in asdict(one).items()
    }


def heard(said: Mapping[str, Any]) -> Problem:
    """The same problem again."""
    return Problem(
        technicians=[_technician(one) for one in said["technicians"]],
        orders=[_order(one) for one in said["orders"]],
        matrix=said["matrix"],
        fixed={one: (who, start) for one, (who, start) in said["fixed"].items()},
        change_cost=said["change_cost"],
        late_cost=said["late_cost"],
    )


def _technician(said: Mapping[str, Any]) -> Technician:
    return Technician(
        **{
            **said,
            "shift": tuple(said["shift"]),
            "skills": frozenset(said["skills"]),
            "lunch": Lunch(**said["lunch"]) if said["lunch"] else None,
            "blocks": tuple(Block(**block) for block in said["blocks"]),
        }
    )


def _order(said: Mapping[str, Any]) -> Order:
    return Order(
        **{
            **said,
            "windows": tuple((start, end) for start, end in said["windows"]),
            "skills": frozenset(said["skills"]),
            "only": None if said["only"] is None else frozenset(said["only"]),
        }
    )


def plan_of(said: Mapping[str, list[str]]) -> Plan:
    """A plan as it was said."""
    return Plan(routes={who: tuple(orders) for who, orders in said.items()})


# --- the child ----------------------------------------------------------------------


def main() -> None:
    """Hear a problem, say what is found. Others wait for nobody here: it is nice to them."""
    os.nice(NICE)
    # Solvers print: what is for the parent goes past them, and what they print to its log.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    line = sys.stdin.readline()
    if not line:
        return
    asked = json.loads(line)
    problem = heard(asked.pop("problem"))
    problem = replace(problem, matrix=compact(problem.matrix))
    del line
    enough = threading.Event()
    threading.Thread(target=listen, args=(enough,), daemon=True).start()

    def say(**what: object) -> None:
        out.write(json.dumps(what) + "\n")
        out.flush()

    solved = solve(
        problem,
        seconds=asked["seconds"],
        seed=asked["seed"],
        iterations=asked["iterations"],
        on_progress=lambda progress: say(progress=asdict(progress)),
        on_better=lambda better: say(plan=better.plan.routes, end=False),
        stopped=enough.is_set,
    )
    say(plan=solved.plan.routes, end=True)


def listen(enough: threading.Event) -> None:
    """Until the word to stop; without a parent nobody wants an answer."""
    if sys.stdin.readline():
        enough.set()
    else:
        os._exit(1)


if __name__ == "__main__":
    main()
