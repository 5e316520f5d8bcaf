"""Drafts are worked out in the worker (a pile takes seconds), and forgotten after a while."""

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from callout.kernel import clock
from callout.kernel.purging import rows_purge
from callout.planning.models import PlanDraft

QUEUE = "planning"
KEPT_DAYS = 90  # what became of the orders is in their own history, for ever
AT_ONCE = 20  # drafts, of 2,000 moves at most each


@app.periodic(cron="37 * * * *")
@app.task(name="planning.drafts_purge", queue=QUEUE)
def drafts_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Drafts made more than 90 days ago; in portions, so that no lock is held for long."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    old = PlanDraft.objects.filter(created_at__lt=before).order_by("created_at")
    return rows_purge(old, AT_ONCE)


@app.task(name="planning.draft_fill", queue=QUEUE)
def draft_fill(draft_id: str) -> None:
    """Work the draft out. Done anew where a worker was killed: nothing is kept before the end."""
    from callout.planning.drafts import filling

    filling.draft_fill(UUID(draft_id))


def draft_fill_later(draft_id: UUID, kind: str) -> None:
    """Have it done once the running change is committed (the job is a row of the same database).

    Of each kind one at a time: whatever many managers ask for, the worker has hands left for mail,
    and an absence does not wait for piles.
    """
    draft_fill.configure(lock=f"planning.{kind}").defer(draft_id=str(draft_id))
