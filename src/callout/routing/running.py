"""An optimisation worked out, in the worker: read, think in another process, write once.

Nothing is locked while it thinks, and nothing kept: a worker that dies leaves the day as it was.
What changes meanwhile is found when the draft is applied.
"""

import time as clocks
from dataclasses import dataclass
from datetime import time, timedelta
from uuid import UUID

from django.conf import settings

from callout.kernel.actor import Actor
from callout.planning.drafts.filling import OFTEN, draft_progress, draft_work
from callout.planning.drafts.thinking import Worked
from callout.planning.models import PlanDraft
from callout.routing.asked import Asked
from callout.routing.building import Built, build
from callout.routing.engine.evaluate import evaluate, standing
from callout.routing.engine.problem import Plan
from callout.routing.engine.process import Died, solve_apart
from callout.routing.engine.solving import Progress
from callout.routing.loading import day_read
from callout.routing.proposing import beside, proposed
from callout.routing.standing import LunchRule

REST = 0.35  # seconds that the job takes besides reading and thinking, on a day of twenty
LEAST = 0.3  # of the time asked for is thought, however long it took to read


def optimisation_run(draft_id: UUID, *, last: bool) -> None:
    """Called by the job. Died, and nothing changed, if the solver's process was ended: it is to be
    tried again, unless this was the `last` time."""
    draft_work(draft_id, _worked, again=() if last else (Died,))


def _worked(actor: Actor, draft: PlanDraft) -> Worked:
    began = clocks.monotonic()
    asked = Asked.of(draft.parameters)
    read = day_read(actor, asked)
    cost = settings.CHANGE_MINUTES * 60 if asked.objective == "least_change" else 0
    built = build(read, asked, change_cost=cost, lunch=lunch_rule())
    # What is asked for is the time until the result.
    left = asked.seconds - (clocks.monotonic() - began) - REST
    seconds = max(left, LEAST * asked.seconds)
    watch = _Watch(actor, draft.pk, asked.seconds, beside(read, asked, built))
    plan = _solved(built, asked, seconds, watch)
    return proposed(read, asked, built, plan)


def lunch_rule() -> LunchRule:
    """The company's, of the settings."""
    return LunchRule(
        time.fromisoformat(settings.LUNCH_EARLIEST),
        time.fromisoformat(settings.LUNCH_LATEST),
        timedelta(minutes=settings.LUNCH_MINUTES),
        timedelta(hours=settings.LUNCH_FROM_HOURS),
    )


def _solved(built: Built, asked: Asked, seconds: float, watch: "_Watch") -> Plan:
    """The best plan; the one that is, where none is better."""
    if not built.works or not built.shifts:
        return built.held
    found = solve_apart(
        built.problem,
        seconds=seconds,
        seed=asked.seed,
        on_progress=watch.hear,
        stopped=watch.stopped,
    )
    now = evaluate(built.problem, built.held)
    better = standing(built.problem, found.verdict) < standing(built.problem, now)
    return found.plan if better and found.verdict.feasible else built.held


@dataclass(slots=True)
class _Watch:
    """Says how far it is, seldom, each time in a transaction of its own; asks whether to go on.
    `beside`: what is served in any case, and how much of it is urgent."""

    actor: Actor
    draft_id: UUID
    seconds: int
    beside: tuple[int, int]
    latest: Progress | None = None
    told: float = 0.0
    over: bool = False

    def hear(self, progress: Progress) -> None:
        """The best so far."""
        self.latest = progress

    def stopped(self) -> bool:
        """Whether somebody has had enough of it, or drops it."""
        if not self.over and clocks.monotonic() - self.told >= OFTEN and self.latest is not None:
            self.told = clocks.monotonic()
            best = {
                "elapsed": round(self.latest.elapsed, 1),
                "seconds": self.seconds,
                "served": self.latest.served + self.beside[0],
                "urgent_served": self.latest.urgent_served + self.beside[1],
                "driving_minutes": self.latest.travel // 60,
            }
            done = min(int(self.latest.elapsed), self.seconds)
            self.over = not draft_progress(
                actor=self.actor, draft_id=self.draft_id, done=done, best=best
            )
        return self.over
