"""Drafts are worked out in the worker: a pile takes seconds."""

from uuid import UUID

from procrastinate.contrib.django import app


@app.task(name="planning.draft_fill", queue="planning")
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
