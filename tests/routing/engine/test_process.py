"""A problem is solved in a process of its own, which can be stopped or killed without a trace."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from callout.routing.engine import process
from callout.routing.engine.dayfile import day_read
from callout.routing.engine.evaluate import evaluate
from callout.routing.engine.problem import Plan, Problem
from callout.routing.engine.process import Died, heard, solve_apart, told
from callout.routing.engine.solving import Progress, solve
from tests.routing.engine.days import problems

DAY = Path(__file__).parents[3] / "bench" / "days" / "day-20x90-seed1.json"


def a_day(orders: int = 90) -> Problem:
    problem = day_read(DAY.read_bytes()).problem
    return replace(problem, orders=problem.orders[:orders])


@pytest.mark.wide
@given(problems(people=3, count=5, fixed=True, must=True))
def test_a_problem_is_heard_as_it_was_told(problem: Problem) -> None:
    assert heard(json.loads(json.dumps(told(problem)))) == replace(
        problem,
        technicians=list(problem.technicians),
        orders=list(problem.orders),
        fixed=dict(problem.fixed),
    )


@pytest.mark.process
def test_the_answer_is_the_same_as_in_this_process() -> None:
    told_of: list[Progress] = []
    better: list[Plan] = []
    problem = a_day(30)
    apart = solve_apart(
        problem,
        seconds=0,
        seed=4,
        iterations=40,
        on_progress=told_of.append,
        on_better=better.append,
    )
    assert apart == solve(problem, seconds=0, seed=4, iterations=40)
    assert apart.verdict.feasible
    assert told_of
    assert better[-1] == apart.plan


@pytest.mark.process
def test_who_stops_it_gets_the_best_so_far() -> None:
    better: list[Plan] = []
    problem = a_day()
    solved = solve_apart(
        problem, seconds=3000, on_better=better.append, stopped=lambda: len(better) > 0
    )
    assert solved.verdict.served > 0
    assert solved.verdict == evaluate(problem, solved.plan)


class Watched(process.Child):
    """A child that says who it is."""

    pids: list[int] = []

    def __enter__(self) -> process.Child:
        super().__enter__()
        self.pids.append(self.process.pid)
        return self


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(Watched, "pids", [])
    monkeypatch.setattr(process, "Child", Watched)
    return Watched.pids


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.process
def test_a_killed_one_is_told_and_leaves_nothing(children: list[int]) -> None:
    def kill(_plan: Plan) -> None:
        os.kill(children[0], signal.SIGKILL)

    threads = threading.active_count()
    with pytest.raises(Died, match="ended by signal 9"):
        solve_apart(a_day(), seconds=3000, on_better=kill)
    assert gone(children[0])
    assert threading.active_count() == threads


@pytest.mark.process
def test_whoever_gives_up_on_it_leaves_nothing(children: list[int]) -> None:
    def give_up(_plan: Plan) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve_apart(a_day(), seconds=3000, on_better=give_up)
    assert gone(children[0])


@pytest.mark.process
def test_one_that_fails_says_why(children: list[int]) -> None:
    problem = a_day(5)
    broken = replace(problem, matrix=[[0]])
    with pytest.raises(Died, match=r"ended with status 1 .* IndexError"):
        solve_apart(broken, seconds=1)
    assert gone(children[0])


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has the process be this script."""

    def does(script: str) -> None:
        python = tmp_path / "python"
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))

    return does


@pytest.mark.process
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ('printf \'{"plan": {"T": ["O\'; kill -9 $$', "ended by signal 9"),
        ("printf '\\377\\376 what?\\n'", "ended with status 0"),
        ("echo '[]'; exec sleep 60", "no answer"),
        ('echo \'{"progress": {"far": 1}}\'', "ended with status 0"),
        ('echo \'{"plan": 7, "end": true}\'', "ended with status 0"),
    ],
)
def test_one_that_breaks_off_or_says_nonsense_has_died(
    child: Callable[[str], None], script: str, words: str
) -> None:
    """So that its job is tried once more."""
    child(script)
    with pytest.raises(Died, match=words):
        solve_apart(a_day(5), seconds=30)


@pytest.mark.process
def test_one_that_hangs_is_ended(
    child: Callable[[str], None], children: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    child("exec sleep 3000")
    monkeypatch.setattr(process, "LATE", -2999.0)
    with pytest.raises(Died, match="has not answered within 1 seconds"):
        solve_apart(a_day(), seconds=3000)
    assert gone(children[0])


@pytest.mark.process
def test_it_has_no_secrets_of_ours_and_gives_way_to_others(
    children: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen: list[str] = []
    nice: list[int] = []

    def look(_plan: Plan) -> None:
        seen.append(Path(f"/proc/{children[0]}/environ").read_text())
        nice.append(os.getpriority(os.PRIO_PROCESS, children[0]))

    solve_apart(a_day(), seconds=3000, on_better=look, stopped=lambda: bool(seen))
    assert "secret" not in seen[0]
    assert nice[0] > os.getpriority(os.PRIO_PROCESS, 0)
