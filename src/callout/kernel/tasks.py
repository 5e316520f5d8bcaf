"""What the installation does by itself, on a clock. Each task may run twice without harm.

Registered with procrastinate by being called `tasks.py`, like those of the rooms. A task's
arguments are ids and codes: they are kept for days, and logged when it fails.
"""

from datetime import timedelta
from importlib import import_module

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from callout.kernel import clock
from callout.kernel.idempotency import KEPT_DAYS
from callout.kernel.models import IdempotencyKey
from callout.kernel.purging import rows_purge

QUEUE = "kernel"
STALLED_SECONDS = 30.0  # three heartbeats missed
DONE_HOURS = 3 * 24
FAILED_HOURS = 30 * 24
AT_ONCE = 10_000


@app.periodic(cron="* * * * *")
@app.task(name="kernel.stalled_jobs_retry", queue=QUEUE, pass_context=True)
async def stalled_jobs_retry(context: JobContext, /, timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """After kill -9 a job stays *doing* for ever: hand out anew what no living worker has."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        await manager.retry_job(job)
    return len(stalled)


@app.periodic(cron="7 * * * *")
@app.task(name="kernel.finished_jobs_purge", queue=QUEUE, pass_context=True)
async def finished_jobs_purge(context: JobContext, /, timestamp: int) -> None:  # noqa: ARG001 - cron says when
    """Finished jobs and their events; what failed is kept longer, to be looked at."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=DONE_HOURS)
    await manager.delete_old_jobs(
        nb_hours=FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="17 * * * *")
@app.task(name="kernel.idempotency_keys_purge", queue=QUEUE)
def idempotency_keys_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Answers older than 30 days; in portions, so that no lock is held for long."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    old = IdempotencyKey.objects.filter(created_at__lt=before).order_by("created_at")
    return rows_purge(old, AT_ONCE)


@app.periodic(cron="27 * * * *")
@app.task(name="kernel.sessions_purge", queue=QUEUE)
def sessions_purge(timestamp: int) -> None:  # noqa: ARG001 - cron says when
    """Sessions that have expired."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
