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

# A small difference is read at once; of a large one first where it begins, then by the order of
# ids, which must not be left to the planner: nothing here but the primary key can be looked up.
SMALL = f"""
WITH s AS MATERIALIZED (SELECT %(since)s::pg_snapshot AS since, %(until)s::pg_snapshot AS until),
{feed.SPANS}
SELECT e.* FROM spans, LATERAL (
    SELECT {feed.COLUMNS} FROM kernel_journalentry
    WHERE xid > spans.after AND xid < spans.before ORDER BY xid LIMIT %(most)s
) e LIMIT %(most)s
"""  # noqa: S608 - constants
BEGINNING = f"""
WITH s AS MATERIALIZED (SELECT %(since)s::pg_snapshot AS since, %(until)s::pg_snapshot AS until),
{feed.SPANS}
SELECT min(e.first) FROM spans, LATERAL (
    SELECT min(id) AS first FROM kernel_journalentry
    WHERE xid > spans.after AND xid < spans.before
) e
"""  # noqa: S608 - constants
LARGE = f"""
SELECT {feed.COLUMNS} FROM kernel_journalentry
WHERE id > %(last)s
  AND NOT pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)
  AND pg_visible_in_snapshot(xid, %(until)s::pg_snapshot)
ORDER BY id LIMIT %(most)s
"""  # noqa: S608 - constants

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
            count, there_is_more = _batch(one)
            given += count
            if not there_is_more:
                break
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


def _batch(one: Follower) -> tuple[int, bool]:
    """Read one batch, have it worked on, remember that: its length, and whether there may be more.

    What is committed meanwhile is told of, and waits for the next round.
    """
    end = feed.feed_end()
    at_rest = {"snapshot": str(end), "until": "", "last_id": 0}
    position, _made = FeedPosition.objects.get_or_create(name=one.name, defaults=at_rest)
    since, until = Cursor.parse(position.snapshot), Cursor.parse(position.until)
    if since is None or since.system != end.system or not end.snapshot.covers(since.snapshot):
        raise RuntimeError("its position is of another database: run `callout journal_rebase`")
    if until is None:
        return _small(one, position, since, end)
    entries = _read(LARGE, since, until, last=position.last_id, most=one.most)
    if len(entries) == one.most:  # there may be more of this difference
        one.function(entries)
        _moved(position, last_id=entries[-1].id)
    else:
        if entries:
            one.function(entries)
        _moved(position, snapshot=str(until), until="", last_id=0)
    return len(entries), True


def _small(one: Follower, position: FeedPosition, since: Cursor, end: Cursor) -> tuple[int, bool]:
    entries = _read(SMALL, since, end, most=one.most + 1)
    if len(entries) > one.most:
        with connection.cursor() as cursor:
            cursor.execute(BEGINNING, {"since": str(since.snapshot), "until": str(end.snapshot)})
            beginning = int(cursor.fetchone()[0])
        _moved(position, until=str(end), last_id=beginning - 1)
        return 0, True
    if not entries:
        return 0, False
    one.function(entries)
    _moved(position, snapshot=str(end))
    return len(entries), False


def _read(query: str, since: Cursor, until: Cursor, **more: int) -> list[FeedEntry]:
    snapshots = {"since": str(since.snapshot), "until": str(until.snapshot)}
    with connection.cursor() as cursor:
        cursor.execute(query, {**snapshots, **more})
        return sorted(map(feed.entry_of, cursor.fetchall()), key=lambda entry: entry.id)


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
