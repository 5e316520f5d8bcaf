"""The journal read as a feed: everything committed since a cursor, nothing missed, nothing twice.

Ids are given out before commit, so reading "id > last" skips whatever commits late. Instead two
snapshots of the database are compared: an entry is new if its transaction is visible in the later
one and was not in the earlier one. A cursor is the earlier snapshot as text, with the identifier of
the database it was taken in. Measured against four other ways of reading; see docs/architecture.md.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

MOST = 1_000  # entries of one page; beyond it a screen does better to load everything again
LONGEST = 4_000  # characters of a cursor; some 200 transactions running at once
DEEPEST = 100_000  # entries since the oldest transaction that may be looked at for them

COLUMNS = "id, xid, at, actor_id, door, entity, entity_id, kind, facts, audience"

# `depth` bounds the work, whatever the cursor says and however long an import has been running.
# An entry must be visible in the present snapshot too: a row written by the reader's own
# transaction, or restored from another database, is not.
READ = f"""
WITH s AS MATERIALIZED (
    SELECT pg_current_snapshot() AS now,
           (SELECT system_identifier FROM pg_control_system()) AS system,
           pg_current_xact_id_if_assigned() IS NOT NULL AS writing,
           (SELECT count(*) FROM (
               SELECT 1 FROM kernel_journalentry
               WHERE xid >= pg_snapshot_xmin(%(since)s::pg_snapshot) LIMIT %(deepest)s
           ) counted) AS depth
)
SELECT s.system, s.now::text, s.writing, s.depth >= %(deepest)s, j.*
FROM s LEFT JOIN LATERAL (
    SELECT {COLUMNS} FROM kernel_journalentry
    WHERE xid >= pg_snapshot_xmin(%(since)s::pg_snapshot)
      AND NOT pg_visible_in_snapshot(xid, %(since)s::pg_snapshot)
      AND pg_visible_in_snapshot(xid, s.now)
      AND s.depth < %(deepest)s
    ORDER BY xid LIMIT %(most)s
) j ON true
"""  # noqa: S608 - a constant
END = """
SELECT (SELECT system_identifier FROM pg_control_system()), pg_current_snapshot()::text,
       pg_current_xact_id_if_assigned()::text
"""

SNAPSHOT_FORM = re.compile(r"([0-9]{1,19}):([0-9]{1,19}):((?:[0-9]{1,19}(?:,[0-9]{1,19})*)?)")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """PostgreSQL's pg_snapshot: which transactions were over when it was taken."""

    xmin: int
    xmax: int
    running: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Snapshot":
        """ValueError unless `text` is one that PostgreSQL itself could have written.

        Its xmin is the first running transaction, else xmax. Holding forged ones to that keeps
        them from asking for a walk through the whole journal.
        """
        found = SNAPSHOT_FORM.fullmatch(text)
        if found is None:
            raise ValueError("not a snapshot")
        xmin, xmax = int(found[1]), int(found[2])
        running = tuple(int(part) for part in found[3].split(",") if part)
        ordered = list(running) == sorted(set(running)) and running[-1:] < (xmax,)
        if not 0 < xmin <= xmax < 2**63 or not ordered or xmin != (*running, xmax)[0]:
            raise ValueError("not a snapshot")
        return cls(xmin, xmax, running)

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.running))}"

    def sees(self, xid: int) -> bool:
        """Whether transaction `xid` was over."""
        return xid < self.xmin or (xid < self.xmax and xid not in self.running)

    def covers(self, other: "Snapshot") -> bool:
        """Whether this is `other` or a later one of the same database."""
        return self.xmax >= other.xmax and not any(other.sees(xid) for xid in self.running)


EVERYTHING_SEEN = Snapshot(2**63 - 1, 2**63 - 1)


class Cursor(NamedTuple):
    """A place in the feed of one database. As text it is the id of a live event."""

    system: int
    snapshot: Snapshot

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """None for whatever is not a cursor of ours; nothing in it is trusted."""
        system, mark, snapshot = text.partition("/")
        if len(text) > LONGEST or not mark or not re.fullmatch(r"[0-9]{1,20}", system):
            return None
        try:
            return cls(int(system), Snapshot.parse(snapshot))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.system}/{self.snapshot}"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What a reader of the journal gets of an entry: ids and codes, no personal values."""

    id: int
    xid: int
    at: datetime
    actor_id: UUID | None
    door: str
    entity: str
    entity_id: UUID
    kind: str
    facts: dict[str, Any]
    audience: frozenset[str]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What came after a cursor. With `resync` the reader must load what it shows again."""

    entries: Sequence[FeedEntry]
    next: Cursor
    resync: bool = False


def feed_read(cursor: Cursor | str, *, most: int = MOST, deepest: int = DEEPEST) -> FeedPage:
    """The entries committed since `cursor`, by id. `resync` if they cannot be told, or are many.

    Reads in the transaction that runs, so that must be none, or one that has written nothing.
    """
    since = Cursor.parse(cursor) if isinstance(cursor, str) else cursor
    with connection.cursor() as sql:
        sql.execute(READ, parameters(since, most=most, deepest=deepest))
        return page_of(sql.fetchall(), since, most=most)


def feed_end() -> Cursor:
    """The present end of the feed: what is committed from now on comes after it.

    What the running transaction has written counts as not yet committed, which it is not.
    """
    with connection.cursor() as sql:
        sql.execute(END)
        system, text, own = sql.fetchone()
    _xmin, xmax, listed = text.split(":")
    running = {int(xid) for xid in (*listed.split(","), own) if xid and int(xid) < int(xmax)}
    first = min(running, default=int(xmax))
    return Cursor(int(system), Snapshot(first, int(xmax), tuple(sorted(running))))


def parameters(since: Cursor | None, *, most: int = MOST, deepest: int = DEEPEST) -> dict[str, Any]:
    """What READ is executed with; without a cursor it only looks where the feed ends."""
    snapshot = since.snapshot if since else EVERYTHING_SEEN
    return {"since": str(snapshot), "most": most + 1, "deepest": deepest}


def page_of(rows: Sequence[Sequence[Any]], since: Cursor | None, *, most: int = MOST) -> FeedPage:
    """The page that READ's rows are. RuntimeError in a transaction that has written."""
    system, now, writing, deep = rows[0][:4]
    if writing:
        raise RuntimeError("the feed cannot be read in a transaction that has written")
    end = Cursor(int(system), Snapshot.parse(now))
    found = sorted((entry_of(row[4:]) for row in rows if row[4] is not None), key=lambda e: e.id)
    known = since is not None and since.system == end.system and end.snapshot.covers(since.snapshot)
    if not known or deep or len(found) > most:
        return FeedPage((), end, resync=True)
    return FeedPage(found, end)


def entry_of(row: Sequence[Any]) -> FeedEntry:
    """An entry from the values of COLUMNS, as psycopg or as Django reads them."""
    number, xid, at, actor, door, entity, entity_id, kind, facts, audience = row
    return FeedEntry(
        id=number,
        xid=int(xid),
        at=at,
        actor_id=actor,
        door=door,
        entity=entity,
        entity_id=entity_id,
        kind=kind,
        facts=_json(facts),
        audience=frozenset(_json(audience)),
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def rows_from_elsewhere() -> bool:
    """Whether the journal holds entries of transactions that this database has not run yet.

    So it is after a restore. They would come up as news once the numbers reach them.
    """
    with connection.cursor() as sql:
        sql.execute(
            "WITH s AS MATERIALIZED (SELECT pg_current_snapshot() AS now)"
            " SELECT EXISTS (SELECT 1 FROM s, kernel_journalentry j"
            " WHERE j.xid >= pg_snapshot_xmax(s.now))"
        )
        return bool(sql.fetchone()[0])
