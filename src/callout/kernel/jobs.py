"""The worker: procrastinate's jobs and the followers of the journal, until told to stop.

PostgreSQL is the queue. Django's own connector only puts jobs in; taking them out needs one that
can listen, which is put in its place for as long as the worker runs.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import psycopg
from procrastinate import exceptions
from procrastinate.contrib.django import app

from callout.kernel import ending, follow

GRACE = 8.0  # seconds for running jobs; what does not finish is done again by another worker
AGAIN = 2.0  # seconds until the next attempt when the database has gone

log = logging.getLogger(__name__)


def worker_run(*, queues: Sequence[str] | None = None, concurrency: int = 4) -> None:
    """Work until SIGTERM or SIGINT. Without `queues`: on all of them, and on the followers.

    Then running jobs are finished, unless the database is away: see `ending`.
    """
    with _followers() if queues is None else _nothing():
        asyncio.run(_work(queues, concurrency))


@contextmanager
def _followers() -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(
        target=follow.follow_for_ever, args=(stop,), name="followers", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(GRACE)


@contextmanager
def _nothing() -> Iterator[None]:
    yield


async def _work(queues: Sequence[str] | None, concurrency: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, stop)
    while not stop.is_set():
        task = asyncio.create_task(_work_once(queues, concurrency))
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({task, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        task.cancel()  # it lets running jobs finish, within the grace
        try:
            await task
        except asyncio.CancelledError:
            continue
        except (exceptions.ConnectorException, psycopg.Error, OSError) as error:
            log.warning("the worker has lost the database: %s", error)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), AGAIN)


def _stop(stop: asyncio.Event) -> None:
    if not stop.is_set():
        stop.set()
        ending.end_if_database_is_away()


async def _work_once(queues: Sequence[str] | None, concurrency: int) -> None:
    """Ends when the database goes: procrastinate stops at the first lost connection."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await working.run_worker_async(
                queues=queues,  # type: ignore[arg-type]  # None is all; the stubs forget it
                concurrency=concurrency,
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE,
            )
