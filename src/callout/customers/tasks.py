"""Imports are looked at and done in the worker, and forgotten after a while."""

from datetime import timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from callout.customers.import_models import Import
from callout.kernel import clock
from callout.kernel.purging import rows_purge

QUEUE = "customers"
AT_ONCE = 5  # imports, of 20,000 rows at most each


@app.periodic(cron="47 * * * *")
@app.task(name="customers.imports_purge", queue=QUEUE)
def imports_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Files, rows and reports of imports: they hold what persons may ask to have erased. What was
    made of them stays, with its history."""
    from callout.customers.imports import keeping

    before = clock.now() - timedelta(days=keeping.KEPT_DAYS)
    keeping.sent_purge()
    return rows_purge(Import.objects.filter(created_at__lt=before).order_by("created_at"), AT_ONCE)


@app.task(name="customers.import_check", queue=QUEUE)
def import_check(import_id: str) -> None:
    """Say of each row what it would do. Done anew where a worker was killed."""
    from callout.customers.imports import checking

    checking.import_check(UUID(import_id))


@app.task(name="customers.import_run", queue=QUEUE)
def import_run(import_id: str) -> None:
    """Do what was confirmed. Goes on where a worker was killed."""
    from callout.customers.imports import running

    running.import_run(UUID(import_id))


def import_check_later(import_id: UUID) -> None:
    """Have it done once the running change is committed. One at a time: the worker has hands left
    for mail."""
    import_check.configure(lock="customers.import_check").defer(import_id=str(import_id))


def import_run_later(import_id: UUID) -> None:
    """The same for one that is confirmed; two at once could make the same customer twice."""
    import_run.configure(lock="customers.import_run").defer(import_id=str(import_id))
