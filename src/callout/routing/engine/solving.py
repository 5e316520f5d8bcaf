"""A problem solved in a time: first a plan at once, then better ones, the best of them at the end.

VROOM and PyVRP propose; what they propose is repaired and filled up by insertion and judged by the
evaluator; then the search on the evaluator's truth takes what is best for the rest of the time.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from callout.routing.engine.evaluate import Verdict, evaluate, standing
from callout.routing.engine.insertion import build
from callout.routing.engine.parts import parts
from callout.routing.engine.problem import Plan, Problem
from callout.routing.engine.search import polish

FOR_SOLVERS = 0.8  # seconds from which on PyVRP is worth its start
FOR_BOTH = 3.0  # and VROOM, too
FOR_VROOM = 400  # orders up to which VROOM is quick
LEVEL_1 = 250  # orders up to which its second level is
# PyVRP's share of the time, of which the search makes more from then on: where many orders stay
# out, to choose among them is most of it; where few do, to have lunch at the right moment is.
MANY_OUT, FEW_OUT = 0.7, 0.4
MANY = 0.05  # of the orders
OFTEN = 0.3  # seconds between two better plans that are passed on, and
COSTLY = 15  # so many times as long as that took
AT_ONCE = 12  # orders that the search alone has solved before a solver has begun
BETWEEN = 0.2  # seconds between two words about how far it is


@dataclass(frozen=True, slots=True)
class Progress:
    """How good the best plan is after so many seconds."""

    elapsed: float
    served: int
    urgent_served: int
    travel: int


@dataclass(frozen=True, slots=True)
class Solved:
    """The best plan found, and the truth about it."""

    plan: Plan
    verdict: Verdict


def quiet(_: object) -> None:
    """For who wants to hear nothing."""


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int | None = None,
    iterations: int | None = None,
    on_progress: Callable[[Progress], None] = quiet,
    on_better: Callable[[Solved], None] = quiet,
    stopped: Callable[[], bool] = lambda: False,
) -> Solved:
    """The best plan that is found in so many seconds.

    With `iterations` the time does not count, and the same seed gives the same plan. `stopped` is
    asked all the time: with True the best so far is the answer.
    """
    run = Run(problem, seconds, seed or 0, iterations, on_progress, on_better, stopped)
    run.all()
    return run.best


class Run:
    """One problem on its way: its best plan, and how much time there is left."""

    def __init__(
        self,
        problem: Problem,
        seconds: float,
        seed: int,
        iterations: int | None,
        on_progress: Callable[[Progress], None],
        on_better: Callable[[Solved], None],
        stopped: Callable[[], bool],
    ) -> None:
        self.began = time.monotonic()
        self.problem = problem
        self.seconds, self.seed, self.iterations = seconds, seed, iterations
        self.on_progress, self.on_better, self.stopped = on_progress, on_better, stopped
        self.said = 0.0
        self.best = self._solved(Plan(routes={}))

    # --- what is found -------------------------------------------------------------------------

    def _solved(self, plan: Plan) -> Solved:
        return Solved(plan, evaluate(self.problem, plan))

    def _rank(self, solved: Solved) -> tuple[int, ...]:
        verdict = solved.verdict
        wrong = 0 if verdict.feasible else len(verdict.faults)
        return wrong, *standing(self.problem, verdict)

    def offer(self, plan: Plan) -> None:
        """Kept if it is the best so far."""
        solved = self._solved(plan)
        if self._rank(solved) < self._rank(self.best):
            self.best = solved
            self.on_better(solved)
            self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        self.said = time.monotonic()
        verdict = self.best.verdict
        self.on_progress(
            Progress(self.said - self.began, verdict.served, verdict.urgent_served, verdict.travel)
        )

    # --- how long --------------------------------------------------------------------------------

    def over(self, until: float) -> Callable[[], bool]:
        """Asked between two steps: whether it is later than that, or somebody has had enough."""

        def asked() -> bool:
            now = time.monotonic()
            if now - self.said > BETWEEN:
                self.tell()
            return self.stopped() or (self.iterations is None and now >= until)

        return asked

    def steps(self, until: float) -> tuple[Callable[[], bool], Callable[[], float]]:
        """Whether the search is over, and how much of it is: by the clock, or by its steps."""
        began, over, done = time.monotonic(), self.over(until), 0
        length = max(until - began, 0.01)

        def asked() -> bool:
            nonlocal done
            done += 1
            return over() or (self.iterations is not None and done > self.iterations)

        def share() -> float:
            if self.iterations is not None:
                return done / self.iterations
            return (time.monotonic() - began) / length

        return asked, share

    # --- how --------------------------------------------------------------------------------------

    def all(self) -> None:
        """First the whole at once, then each part for its share of the time."""
        ends = self.began + self.seconds
        first = build(self.problem, held(self.problem), self.stopped)
        self.offer(first)
        pieces = parts(self.problem)
        work = sum(len(one.orders) for one in pieces)
        for piece in pieces:
            if self.stopped():
                break
            now = time.monotonic()
            until = now + max(0.0, ends - now) * len(piece.orders) / max(1, work)
            work -= len(piece.orders)
            self.piece(piece, until)

    def piece(self, piece: Problem, until: float) -> None:
        """One part, the rest of the best plan as it is."""
        mine = {one.id for one in piece.technicians}
        theirs = {who: what for who, what in self.best.plan.routes.items() if who not in mine}

        def offered(plan: Plan) -> None:
            self.offer(Plan(routes={**theirs, **plan.routes}))

        def best() -> Plan:
            return Plan({who: what for who, what in self.best.plan.routes.items() if who in mine})

        if len(piece.orders) > AT_ONCE and not piece.change_cost:
            self._solvers(piece, until, offered)
        until_then, share = self.steps(until)
        offered(
            polish(
                piece,
                best(),
                seed=self.seed,
                until=until_then,
                on_better=self.seldom(offered),
                share=share,
            )
        )

    def _solvers(self, piece: Problem, until: float, offered: Callable[[Plan], None]) -> None:
        """What others propose, where there is time to ask them; each begins from nothing, since
        PyVRP stays near a plan that it is given, detours and all."""
        left = until - time.monotonic()
        if self.iterations is None and left < FOR_SOLVERS:
            return
        # Only now: the two and what they stand on take half a second to load.
        both = self.iterations is not None or left >= FOR_BOTH
        if both and len(piece.orders) <= FOR_VROOM:
            from callout.routing.engine import vroom

            level = 1 if len(piece.orders) <= LEVEL_1 else 0
            seconds = None if self.iterations is not None else left / 3
            offered(build(piece, vroom.solve(piece, seconds=seconds, level=level), self.stopped))
        from callout.routing.engine import pyvrp

        def better(plan: Plan) -> bool:
            seldom(plan)
            return not over()

        seldom = self.seldom(lambda plan: offered(build(piece, plan, self.stopped)))
        over = self.over(until)
        found = pyvrp.solve(
            piece,
            seconds=max(0.0, until - time.monotonic()) * self._share(piece),
            seed=self.seed,
            iterations=self.iterations,
            on_better=better,
        )
        offered(build(piece, found, self.stopped))

    def _share(self, piece: Problem) -> float:
        mine = {one.id for one in piece.orders}
        out = sum(one in mine for one in self.best.verdict.unserved)
        return MANY_OUT if out > MANY * len(mine) else FEW_OUT

    def seldom(self, offered: Callable[[Plan], None]) -> Callable[[Plan], None]:
        """Offered now and then only, where better plans come by the hundred."""
        due = time.monotonic() + OFTEN

        def perhaps(plan: Plan) -> None:
            nonlocal due
            began = time.monotonic()
            if began >= due:
                offered(plan)
                now = time.monotonic()
                due = now + max(OFTEN, COSTLY * (now - began))

        return perhaps


def held(problem: Problem) -> Plan:
    """As it is now: each order with who has it, as they come to it."""
    orders = [one for one in problem.orders if one.held_by is not None]
    orders.sort(key=lambda one: (one.held_at is None, one.held_at or 0))
    routes: dict[str, tuple[str, ...]] = {}
    for one in orders:
        routes[str(one.held_by)] = (*routes.get(str(one.held_by), ()), one.id)
    return Plan(routes=routes)
