"""Optimisations are worked out in a worker, any of them: each holds a core for as long as asked."""

from collections import Counter
from uuid import UUID

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

QUEUE = "routing"
RETRIES = 2


@app.task(
    name="routing.optimisation_run", queue=QUEUE, pass_context=True,
    retry=RetryStrategy(max_attempts=RETRIES),
)  # fmt: skip
def optimisation_run(context: JobContext, /, draft_id: str) -> None:
    """Work it out. Done anew where a worker was killed, or the solver's process: nothing is kept
    before the end, so that it makes one draft."""
    from callout.routing.running import optimisation_run as run

    last = context.job.attempts >= RETRIES
    run(UUID(draft_id), last=last)


def optimisation_later(draft_id: UUID, kind: str) -> None:
    """Have it done once the running change is committed (the job is a row of the same database).

    So many at a time as OPTIMISATIONS says, over all workers: they have hands left for mail. It
    waits in the lane with the fewest before it.
    """
    lanes = [f"planning.{kind}.{number}" for number in range(settings.OPTIMISATIONS)]
    before = ProcrastinateJob.objects.filter(lock__in=lanes, status__in=["todo", "doing"])
    waiting = Counter(before.values_list("lock", flat=True))
    lane = min(lanes, key=lambda one: waiting[one])
    optimisation_run.configure(lock=lane).defer(draft_id=str(draft_id))
