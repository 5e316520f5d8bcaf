"""The nightly backup, and exports asked for: each takes a hand of the worker for minutes."""

from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

QUEUE = "backup"
# An export that failed says so and is not tried again. These are for a worker that is asked to end,
# and after the last of them it would be under way for ever.
RETRIES = 1_000


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="backup.nightly", queue=QUEUE, lock="backup.nightly", queueing_lock="backup.nightly",
    pass_context=True,
)  # fmt: skip
def nightly(context: JobContext, /, timestamp: int) -> bool:  # noqa: ARG001 - cron says when
    """Looks often, so that it is made also where the machine was off at its hour; and again, from
    the beginning, where a worker was killed at it: it is noted at its end alone."""
    from callout.backup.nightly import nightly_make

    return nightly_make(context.should_abort)


@app.periodic(cron="27 * * * *")
@app.task(name="backup.exports_drop", queue=QUEUE)
def exports_drop(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Exports that were there for a week, and what killed ones have left."""
    from callout.backup.export.services import exports_drop as drop

    return drop()


@app.task(
    name="backup.export_make", queue=QUEUE, lock="backup.export", pass_context=True,
    retry=RetryStrategy(max_attempts=RETRIES),
)  # fmt: skip
def export_make(context: JobContext, /, export_id: str) -> None:
    """Make it. From the beginning where a worker was killed, or asked to end."""
    from callout.backup.export.making import export_work
    from callout.backup.writing import Ended

    try:
        export_work(UUID(export_id), context.should_abort)
    except Ended as ended:
        raise JobAborted from ended


def export_make_later(export_id: UUID) -> None:
    """Have it made once the running change is committed (the job is a row of the same database)."""
    export_make.defer(export_id=str(export_id))
