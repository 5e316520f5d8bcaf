"""What a database made from a dump must put right before the feed can be read from it.

The dump's journal names the transactions of the database it was taken from. This one has not run
them yet: when its numbers get there, old entries would come up as news. So they are all given to
a transaction that was over before any other, and each follower is told where it stood.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from callout.kernel import feed
from callout.kernel.ids import uuid7

# No transaction of any database has the numbers 1 and 2.
BEFORE_ALL = 1
NOT_SEEN, SEEN = feed.Snapshot(1, 1), feed.Snapshot(2, 2)

POSITIONS, JOURNAL = "kernel_feedposition", "kernel_journalentry"
LATE = "SELECT id, xid::text::bigint FROM kernel_journalentry WHERE xid >= %s::text::xid8"


@register(Tags.database)
def journal_is_of_this_database(
    *, databases: Sequence[str] | None = None, **_more: Any
) -> list[CheckMessage]:
    """An error until `journal_rebase` has run, where the journal came out of a dump."""
    if "default" not in (databases or []):
        return []
    there = "kernel_journalentry" in connections["default"].introspection.table_names()
    if not there or not feed.rows_from_elsewhere():
        return []
    return [
        Error(
            "The journal comes from another database: live screens and jobs would go wrong.",
            hint="Run `callout journal_rebase` once after restoring.",
            id="callout.E004",
        )
    ]


@dataclass(frozen=True, slots=True)
class _Stood:
    """How far a follower had come in the other database."""

    name: str
    since: feed.Snapshot
    until: feed.Snapshot
    last: int

    def lacks(self, entry: int, xid: int) -> bool:
        """Whether it had not been given this one."""
        return not self.since.sees(xid) and (entry > self.last or not self.until.sees(xid))


def rebase(owner: BaseDatabaseWrapper) -> int:
    """Make the journal this database's own; how many entries. Nothing else may be running.

    As the owner of the table, the only one who can lift the guard; all in one transaction.
    """
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute("LOCK TABLE kernel_journalentry, kernel_feedposition IN EXCLUSIVE MODE")
        stood = _stood(cursor)
        cursor.execute(LATE, [_oldest(stood)])
        late = cursor.fetchall()
        cursor.execute("ALTER TABLE kernel_journalentry DISABLE TRIGGER journal_guard_rows")
        cursor.execute("UPDATE kernel_journalentry SET xid = %s::text::xid8", [BEFORE_ALL])
        entries = int(cursor.rowcount)
        cursor.execute("ALTER TABLE kernel_journalentry ENABLE ALWAYS TRIGGER journal_guard_rows")
        _at_home(cursor, stood, late)
    return entries


class Arriving:
    """The rows of a journal on their way in, as COPY writes them: each is this database's own
    before it is here, so that none is written twice. The followers' positions are here already."""

    def __init__(self, here: BaseDatabaseWrapper, columns: Sequence[str]) -> None:
        self.here = here
        with here.cursor() as cursor:
            self.stood = _stood(cursor)
        self.oldest = _oldest(self.stood)
        self.late: list[tuple[int, int]] = []
        self.rest = b""
        named = {"id": rb"(?P<id>[0-9]+)", "xid": rb"(?P<xid>[0-9]+)"}
        until = 1 + max(columns.index(name) for name in named)
        fields = (named.get(name, rb"[^\t\n]*") for name in columns[:until])
        self.row = re.compile(rb"(?m)^" + rb"\t".join(fields))

    def taken(self, part: bytes) -> bytes:
        """The same rows with their new transaction; of the last, begun one, nothing as yet."""
        whole, end, self.rest = (self.rest + part).rpartition(b"\n")
        return self.row.sub(self._own, whole) + end

    def _own(self, found: re.Match[bytes]) -> bytes:
        xid = int(found["xid"])
        if xid >= self.oldest:
            self.late.append((int(found["id"]), xid))
        return found[0][: found.start("xid") - found.start()] + b"%d" % BEFORE_ALL

    def settle(self, *, silent: Collection[str]) -> None:
        """Have the followers go on where they stood; the `silent` ones after all that is here."""
        with self.here.cursor() as cursor:
            _at_home(cursor, self.stood, self.late, silent)


def _stood(cursor: Any) -> list[_Stood]:
    cursor.execute("SELECT name, snapshot, until, last_id FROM kernel_feedposition")
    found = []
    for name, snapshot, until, last in cursor.fetchall():
        since = feed.Snapshot.parse(snapshot.partition("/")[2])
        till = feed.Snapshot.parse(until.partition("/")[2]) if until else since
        found.append(_Stood(name, since, till, last))
    return found


def _oldest(stood: Iterable[_Stood]) -> int:
    """Whatever was written by a transaction before this one, every follower had been given."""
    return min((one.since.xmin for one in stood), default=feed.EVERYTHING_SEEN.xmin)


def _at_home(
    cursor: Any,
    stood: Iterable[_Stood],
    late: Sequence[tuple[int, int]],
    silent: Collection[str] = (),
) -> None:
    """Each follower gets everything (some of it again) from the first entry on that it lacks."""
    cursor.execute("SELECT coalesce(max(id), 0) FROM kernel_journalentry")
    last = cursor.fetchone()[0]
    cursor.execute(feed.END.sql)
    system = cursor.fetchone()[0]
    for one in stood:
        lacking = (
            [] if one.name in silent else [entry for entry, xid in late if one.lacks(entry, xid)]
        )
        cursor.execute(
            "UPDATE kernel_feedposition SET snapshot = %s, until = %s, last_id = %s"
            " WHERE name = %s",
            [
                f"{system}/{NOT_SEEN}",
                f"{system}/{SEEN}",
                min(lacking, default=last + 1) - 1,
                one.name,
            ],
        )
    # Phones and caches learn by this that the server is not the one they knew.
    cursor.execute("UPDATE kernel_installation SET epoch = %s", [uuid7()])
