"""What the field leaves to the worker: photos written anew, and what is forgotten in time.

Each may run twice without harm.
"""

from datetime import timedelta

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from callout.fieldwork.models import Position, Upload
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.purging import rows_purge

QUEUE = "fieldwork"
LANES = 2  # pictures in the making at once: one of 60 megapixels takes 240 MB while it is read
POSITION_DAYS = 60
BODY_DAYS = 400
AT_ONCE = 10_000


@app.task(
    name="fieldwork.upload_keep",
    queue=QUEUE,
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),  # a disk may be full for a while
)
def upload_keep(upload_id: int) -> None:
    """Decode the bytes of an upload, write them anew, and hang them on the photos that name it."""
    from callout.fieldwork.services import keeping, uploads

    state = keeping.upload_link(actor=Actor.system("photos"), upload_id=upload_id)
    if state in (Upload.KEPT, Upload.REFUSED):
        uploads.parts_drop(Upload.objects.get(pk=upload_id))


def upload_keep_later(upload_id: int) -> None:
    """Have it done once the running change is committed (the job is a row of the same database)."""
    lane = f"{QUEUE}.photos.{upload_id % LANES}"
    upload_keep.configure(lock=lane).defer(upload_id=upload_id)


@app.periodic(cron="17 * * * *")
@app.task(name="fieldwork.uploads_link", queue=QUEUE)
def uploads_link(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Photos whose bytes are whole and that have no attachment: tried again, hour by hour."""
    from callout.fieldwork.services import keeping

    due = keeping.links_due()
    for upload_id in due:
        upload_keep_later(upload_id)
    return len(due)


@app.periodic(cron="47 * * * *")
@app.task(name="fieldwork.dust_purge", queue=QUEUE)
def dust_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Bytes that nothing has named for 30 days, and parts that are needed no more."""
    from callout.fieldwork.services import keeping

    dropped = keeping.parts_of_ended_drop()
    while count := keeping.dust_drop(actor=Actor.system("uploads")):
        dropped += count
    return dropped


@app.periodic(cron="57 * * * *")
@app.task(name="fieldwork.positions_purge", queue=QUEUE)
def positions_purge(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """Positions of 60 days ago; in portions, so that no lock is held for long."""
    before = clock.now() - timedelta(days=POSITION_DAYS)
    old = Position.objects.filter(at__lt=before).order_by("at")
    return rows_purge(old, AT_ONCE)


@app.periodic(cron="* * * * *")
@app.task(name="fieldwork.commands_retry", queue=QUEUE, queueing_lock="fieldwork.commands_retry")
def commands_retry(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """What phones have sent and what has no final answer yet, in portions."""
    from callout.fieldwork.sync import retrying

    return retrying.retry()


@app.periodic(cron="7 3 * * *")
@app.task(name="fieldwork.bodies_empty", queue=QUEUE)
def bodies_empty(timestamp: int) -> int:  # noqa: ARG001 - cron says when
    """What was said in commands of 400 days ago; their ids stay for ever. And what came then under
    an id that was another's, whole. In portions."""
    from callout.fieldwork.sync import retrying

    before = clock.now() - timedelta(days=BODY_DAYS)
    emptied = 0
    for forget in (retrying.bodies_empty, retrying.conflicts_drop):
        while count := forget(before, AT_ONCE):
            emptied += count
    return emptied
