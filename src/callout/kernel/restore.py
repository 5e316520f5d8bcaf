"""What a database made from a dump must put right before the feed can be read from it.

The dump's journal names the transactions of the database it was taken from. This one has not run
them yet: when its numbers get there, old entries would come up as news. So they are all given to
a transaction that was over before any other, and each follower is told where it stood.
"""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from callout.kernel import feed
from callout.kernel.ids import uuid7

# No transaction of any database has the numbers 1 and 2.
BEFORE_ALL = 1
NOT_SEEN, SEEN = feed.Snapshot(1, 1), feed.Snapshot(2, 2)

MISSING = """
SELECT coalesce(min(id), (SELECT coalesce(max(id), 0) + 1 FROM kernel_journalentry))
FROM kernel_journalentry
WHERE NOT pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)
  AND (id > %(last)s OR NOT pg_visible_in_snapshot(xid, %(until)s::pg_snapshot))
"""


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
            id="callout.E003",
        )
    ]


def rebase(owner: BaseDatabaseWrapper) -> int:
    """Make the journal this database's own; how many entries. Nothing else may be running.

    As the owner of the table, the only one who can lift the guard; all in one transaction.
    """
    with transaction.atomic(using=owner.alias), owner.cursor() as cursor:
        cursor.execute("LOCK TABLE kernel_journalentry, kernel_feedposition IN EXCLUSIVE MODE")
        cursor.execute("SELECT name, snapshot, until, last_id FROM kernel_feedposition")
        stood = {name: _first_missing(cursor, *where) for name, *where in cursor.fetchall()}
        cursor.execute("ALTER TABLE kernel_journalentry DISABLE TRIGGER journal_guard_rows")
        cursor.execute("UPDATE kernel_journalentry SET xid = %s::text::xid8", [BEFORE_ALL])
        entries = int(cursor.rowcount)
        cursor.execute("ALTER TABLE kernel_journalentry ENABLE ALWAYS TRIGGER journal_guard_rows")
        cursor.execute(feed.END)
        system = cursor.fetchone()[0]
        for name, missing in stood.items():
            cursor.execute(
                "UPDATE kernel_feedposition SET snapshot = %s, until = %s, last_id = %s"
                " WHERE name = %s",
                [f"{system}/{NOT_SEEN}", f"{system}/{SEEN}", missing - 1, name],
            )
        # Phones and caches learn by this that the server is not the one they knew.
        cursor.execute("UPDATE kernel_installation SET epoch = %s", [uuid7()])
    return entries


def _first_missing(cursor: Any, snapshot: str, until: str, last: int) -> int:
    """The id from which on a follower gets everything (some of it again): the first it lacks."""
    since = snapshot.partition("/")[2]
    till = until.partition("/")[2] or since
    cursor.execute(MISSING, {"since": since, "until": till, "last": last})
    return int(cursor.fetchone()[0])
