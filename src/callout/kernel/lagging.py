"""Reads that may lag some seconds, from a streaming replica where there is one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connections

log = logging.getLogger(__name__)

# Workers write every 10 seconds that they live. Where the last such word is older, either nobody
# works or the replica does not follow: both mean the primary.
KEEPS_UP = (
    "SELECT pg_is_in_recovery() AND coalesce(max(last_heartbeat) > now() - interval '60 s', false)"
    " FROM procrastinate_workers"
)


@contextmanager
def reads_may_lag() -> Iterator[bool]:
    """Within, all that is read comes from the replica, if there is one that keeps up; whether so.

    For what looks back over a long time (exports, weeks in a chart), never for what somebody has
    just changed or decides by. Nothing can be written within. In a transaction under way, or in
    another such block, it changes nothing.
    """
    primary = connections["default"]
    replica = connections["replica"] if "replica" in connections.settings else None
    if replica is None or primary is replica or primary.in_atomic_block or not _follows(replica):
        yield False
        return
    connections["default"] = replica
    try:
        yield True
    finally:
        connections["default"] = primary


def _follows(replica: object) -> bool:
    try:
        with replica.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(KEEPS_UP)
            return bool(cursor.fetchone()[0])
    except Error as error:
        log.warning("The replica does not answer; the primary reads instead: %s", error)
        return False
