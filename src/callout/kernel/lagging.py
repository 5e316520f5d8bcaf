"""Reads that may lag some seconds, from a streaming replica where there is one."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import Error, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

log = logging.getLogger(__name__)
T = TypeVar("T")

REST = 30.0  # seconds for which a replica that did not answer is not asked again

# Workers write every 10 seconds that they live. Where the last such word is older, either nobody
# works or the replica does not follow: both mean the primary.
KEEPS_UP = (
    "SELECT pg_is_in_recovery() AND coalesce(max(last_heartbeat) > now() - interval '60 s', false)"
    " FROM procrastinate_workers"
)


_asked_again = 0.0  # from when on, by the monotonic clock


def lagging_read(read: Callable[[], T]) -> T:
    """What `read` gives, as within `reads_may_lag`; anew from the primary where the replica goes
    away, or ends the question, meanwhile."""
    with reads_may_lag() as lags:
        try:
            return read()
        except (OperationalError, InterfaceError) as error:
            if not lags:
                raise
            _done_without(error)
    return read()


@contextmanager
def reads_may_lag() -> Iterator[bool]:
    """Within, all that is read comes from the replica, if there is one that keeps up; whether so.

    For what looks back over a long time (exports, weeks in a chart), never for what somebody has
    just changed or decides by. Nothing can be written within. In a transaction under way, or in
    another such block, it changes nothing.
    """
    primary = connections["default"]
    replica = connections["replica"] if "replica" in connections.settings else None
    if (
        replica is None or primary is replica or primary.in_atomic_block
        or time.monotonic() < _asked_again or not _follows(replica)
    ):  # fmt: skip
        yield False
        return
    connections["default"] = replica
    try:
        yield True
    finally:
        connections["default"] = primary


def _follows(replica: BaseDatabaseWrapper) -> bool:
    try:
        with replica.cursor() as cursor:
            cursor.execute(KEEPS_UP)
            return bool(cursor.fetchone()[0])
    except Error as error:
        _done_without(error)
        return False


def _done_without(error: Exception) -> None:
    """To find out that it is not there takes seconds, which not everybody should spend."""
    global _asked_again
    _asked_again = time.monotonic() + REST
    connections["replica"].close()
    log.warning("The replica does not answer; the primary reads instead: %s", error)
