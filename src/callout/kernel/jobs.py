"""The worker: procrastinate's jobs and the followers of the journal, until told to stop.

PostgreSQL is the queue. Django's own connector only puts jobs in; taking them out needs one that
can listen, which is put in its place for as long as the worker runs.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

from callout.kernel import ending, follow

GRACE = 8.0  # seconds for running jobs; what does not finish is done again by another worker
AGAIN = 2.0  # seconds until the next attempt when the database has gone
THREADS_MORE = 4  # for what the worker does besides jobs

# Queues whose jobs wait for others' servers, and how many of them run at a time, apart from the
# rest: however slow those servers are, all other jobs find their hands free.
APART: dict[str, int] = {}

log = logging.getLogger(__name__)


def queue_apart(queue: str, concurrency: int) -> None:
    """Have the jobs of `queue` done beside all others, so many at a time."""
    APART[queue] = concurrency


class Manager(JobManager):
    """Hands jobs out; of those that have a `queueing_lock` one alone can wait.

    So a job that is to be tried again cannot, where another was put in while it ran: that one does
    all of it. Without this the first would stay *doing* and keep its lock from the other, and where
    its worker was killed, every other job that is to be handed out anew from being so.
    """

    async def retry_job(self, job: Job, *args: Any, **when: Any) -> None:
        """Have it wait again, or end it where another waits for the same."""
        try:
            await super().retry_job(job, *args, **when)
        except exceptions.UniqueViolation:
            await self.finish_job(job, Status.ABORTED, delete_job=False)


def manager_take(ready: App) -> None:
    """Called by procrastinate once there is an app (settings)."""
    ready.job_manager = Manager(ready.connector)


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
    # Its own default is a few more than there are processors: jobs that wait would fill it.
    hands = concurrency + (sum(APART.values()) if queues is None else 0) + THREADS_MORE
    loop.set_default_executor(ThreadPoolExecutor(hands, thread_name_prefix="jobs"))
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
            workers = [
                asyncio.create_task(
                    working.run_worker_async(
                        queues=some,
                        concurrency=at_a_time,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=GRACE,
                    )
                )
                for some, at_a_time in _shares(queues, concurrency)
            ]
            try:
                await asyncio.gather(*workers)
            except asyncio.CancelledError:
                # Each has been told by that, once: told twice it would give up its running jobs.
                await asyncio.gather(*workers, return_exceptions=True)
                raise
            except BaseException:  # one has lost the database: the other is told to stop
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
                raise


def _shares(queues: Sequence[str] | None, concurrency: int) -> list[tuple[list[str], int]]:
    """Which queues are worked on together, and how many of their jobs at a time."""
    if queues is not None:
        return [(list(queues), concurrency)]
    all_of_them = {task.queue for task in app.tasks.values()}
    rest = sorted(all_of_them - APART.keys())
    return [(rest, concurrency), *(([queue], most) for queue, most in APART.items())]
