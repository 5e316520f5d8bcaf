"""Followers: functions of the rooms that are given every journal entry, in the worker.

    @follower("orders.search")
    def refresh(entries: Sequence[FeedEntry]) -> None: ...

stands in the room's `followers.py`. Entries come in batches, each entry at least once: after a
crash the last batch comes again, and a follower must bear that. One worker at a time runs it.
A follower that raises gets the same batch again, later and later; it holds up nobody else.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from callout.kernel import feed, links
from callout.kernel.feed import Cursor, FeedEntry
from callout.kernel.models import FeedPosition
from callout.kernel.wake import CHANNEL

POLL = 1.0  # seconds: how late a follower may be when its wake-up was lost
GAP = 0.2  # what follows from a change is not urgent; many changes become one batch
LONGEST_WAIT = 60.0
BATCHES = 100  # at one go; then it is the next follower's turn
LOCKS = 4_011_985  # the class of our advisory locks

BATCH = f"""
SELECT {feed.COLUMNS} FROM kernel_journalentry
WHERE xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)
  AND NOT pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)
  AND pg_visible_in_snapshot(xid, %(until)s::pg_snapshot)
  AND id > %(last)s
ORDER BY id LIMIT %(most)s
"""  # noqa: S608 - a constant

log = logging.getLogger(__name__)
Function = Callable[[Sequence[FeedEntry]], None]


@dataclass(slots=True)
class Follower:
    """One registered function, and when it may be tried again after it failed."""

    name: str
    function: Function
    most: int
    wait: float = 0.0
    due: float = 0.0


_followers: dict[str, Follower] = {}


def follower(name: str, *, most: int = 500) -> Callable[[Function], Function]:
    """Register a function for all entries from its first start on, at most `most` at a time."""

    def register(function: Function) -> Function:
        if _followers.setdefault(name, Follower(name, function, most)).function is not function:
            raise RuntimeError(f"two followers are called {name}")
        return function

    return register


def followers_found() -> list[Follower]:
    """All followers of all rooms."""
    autodiscover_modules("followers")
    return list(_followers.values())


def advance(one: Follower) -> int:
    """Give it what is new; how many entries that was. 0 while another worker runs it.

    Reads outside transactions: a snapshot taken by one that writes would hide its own entries.
    """
    if connection.in_atomic_block:
        raise RuntimeError("a follower cannot be run inside a transaction")
    given = 0
    with _alone(one.name) as alone:
        for _batch_number in range(BATCHES if alone else 0):
            count = _batch(one)
            if count is None:
                break
            given += count
    return given


@contextmanager
def _alone(name: str) -> Iterator[bool]:
    """A lock that goes with the connection, so that a killed worker leaves none behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCKS, name])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCKS, name])


def _batch(one: Follower) -> int | None:
    """Read one batch, have it worked on, remember that. None when there is nothing to do."""
    end = feed.feed_end()
    at_rest = {"snapshot": str(end), "until": "", "last_id": 0}
    position, _made = FeedPosition.objects.get_or_create(name=one.name, defaults=at_rest)
    since, until = Cursor.parse(position.snapshot), Cursor.parse(position.until) or end
    if since is None or since.system != end.system or not end.snapshot.covers(since.snapshot):
        raise RuntimeError("its position is of another database: run `callout journal_rebase`")
    entries = _read(since, until, position.last_id, one.most)
    if entries:
        one.function(entries)
    elif not position.until:
        return None
    if len(entries) == one.most:  # there may be more of this difference
        _moved(position, snapshot=str(since), until=str(until), last_id=entries[-1].id)
    else:
        _moved(position, snapshot=str(until), until="", last_id=0)
    return len(entries)


def _read(since: Cursor, until: Cursor, last: int, most: int) -> list[FeedEntry]:
    snapshots = {"since": str(since.snapshot), "until": str(until.snapshot)}
    with connection.cursor() as cursor:
        cursor.execute(BATCH, {**snapshots, "last": last, "most": most})
        return [feed.entry_of(row) for row in cursor.fetchall()]


def _moved(position: FeedPosition, **to: str | int) -> None:
    """The lock may have gone with a connection: then another worker stands elsewhere by now."""
    stood = FeedPosition.objects.filter(
        name=position.name,
        snapshot=position.snapshot,
        until=position.until,
        last_id=position.last_id,
    )
    if not stood.update(**to):
        raise RuntimeError("another worker has moved on meanwhile")


def follow_for_ever(stop: threading.Event) -> None:
    """Run all followers whenever the journal has grown, until `stop`."""
    all_of_them = followers_found()
    while not stop.is_set():
        try:
            with psycopg.connect(**links.parameters(), autocommit=True) as ears:
                ears.execute(f"LISTEN {CHANNEL}")
                while not stop.is_set():
                    close_old_connections()
                    for one in all_of_them:
                        _advance_or_wait(one)
                    stop.wait(GAP)
                    for _notice in ears.notifies(timeout=POLL, stop_after=1):
                        pass
        except (psycopg.Error, DatabaseError, OSError) as error:
            log.warning("the followers cannot read the journal: %s", error)
            stop.wait(2)


def _advance_or_wait(one: Follower) -> None:
    if time.monotonic() < one.due:
        return
    try:
        advance(one)
        one.wait = 0.0
    except DatabaseError:
        if not connection.is_usable():
            raise
        _failed(one)
    except Exception:  # noqa: BLE001 - logged; one room's mistake must not stop the others
        _failed(one)


def _failed(one: Follower) -> None:
    one.wait = min(max(1.0, one.wait * 2), LONGEST_WAIT)
    one.due = time.monotonic() + one.wait
    log.exception("the follower %s failed; again in %.0f s", one.name, one.wait)
