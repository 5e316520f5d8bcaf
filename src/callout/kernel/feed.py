"""The journal read as a feed: everything committed since a cursor, nothing missed, nothing twice.

Ids are given out before commit, so reading "id > last" skips whatever commits late. Instead two
snapshots of the database are compared: an entry is new if its transaction is visible in the later
one and was not in the earlier one. A cursor is the earlier snapshot as text, with the identifier of
the database it was taken in. Why, and what was measured: docs/decisions/feed-by-snapshots.md.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from callout.kernel.prepared import Statement

MOST = 1_000  # entries of one page; beyond it a screen does better to load everything again
LONGEST = 4_000  # characters of a cursor; some 200 transactions running at once

COLUMNS = "id, xid, at, actor_id, door, entity, entity_id, kind, facts, audience"

# The transactions that one snapshot sees and an earlier one does not, as spans of their numbers
# (both ends excluded): each that was running then and is not now, and what has begun since, without
# what is still running. Looked up span by span, the cost is that of the new entries alone: neither
# an import that has been running for an hour nor a forged cursor makes a reading walk through more.
SPANS = """
spans AS MATERIALIZED (
    SELECT (x::text::bigint - 1)::text::xid8 AS after, (x::text::bigint + 1)::text::xid8 AS before
    FROM s, pg_snapshot_xip(s.since) x WHERE pg_visible_in_snapshot(x, s.until)
    UNION ALL
    SELECT lag(x, 1, (pg_snapshot_xmax(since)::text::bigint - 1)::text::xid8) OVER (ORDER BY x), x
    FROM (
        SELECT s.since, x FROM s, pg_snapshot_xip(s.until) x WHERE x >= pg_snapshot_xmax(s.since)
        UNION ALL
        SELECT s.since, pg_snapshot_xmax(s.until) FROM s
    ) running
)
"""
READ = f"""
WITH s AS MATERIALIZED (
    SELECT %(since)s::pg_snapshot AS since,
           pg_current_snapshot() AS until,
           (SELECT system_identifier FROM pg_control_system()) AS system,
           pg_current_xact_id_if_assigned() IS NOT NULL AS writing
), {SPANS}
SELECT s.system, s.until::text, s.writing, j.*
FROM s LEFT JOIN LATERAL (
    SELECT e.* FROM spans, LATERAL (
        SELECT {COLUMNS} FROM kernel_journalentry
        WHERE xid > spans.after AND xid < spans.before ORDER BY xid LIMIT %(most)s
    ) e LIMIT %(most)s
) j ON true
"""  # noqa: S608 - constants
END = Statement("""
SELECT (SELECT system_identifier FROM pg_control_system()), pg_current_snapshot()::text,
       pg_current_xact_id_if_assigned()::text
""", kept=True)  # fmt: skip

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


def feed_read(cursor: Cursor | str, *, most: int = MOST) -> FeedPage:
    """The entries committed since `cursor`, by id. `resync` if they cannot be told, or are many.

    Reads in the transaction that runs, so that must be none, or one that has written nothing.
    """
    since = Cursor.parse(cursor) if isinstance(cursor, str) else cursor
    with connection.cursor() as sql:
        sql.execute(READ, parameters(since, most=most))
        return page_of(sql.fetchall(), since, most=most)


def feed_end() -> Cursor:
    """The present end of the feed: what is committed from now on comes after it.

    What the running transaction has written counts as not yet committed, which it is not.
    """
    return end_of(END.ask({}))


def end_of(rows: Sequence[tuple[Any, ...]]) -> Cursor:
    """The cursor that END's row is."""
    ((system, text, own),) = rows
    _xmin, xmax, listed = text.split(":")
    running = {int(xid) for xid in (*listed.split(","), own) if xid and int(xid) < int(xmax)}
    first = min(running, default=int(xmax))
    return Cursor(int(system), Snapshot(first, int(xmax), tuple(sorted(running))))


def parameters(since: Cursor | None, *, most: int = MOST) -> dict[str, str | int]:
    """What READ is executed with; without a cursor it only looks where the feed ends."""
    return {"since": str(since.snapshot if since else EVERYTHING_SEEN), "most": most + 1}


def page_of(rows: Sequence[Sequence[Any]], since: Cursor | None, *, most: int = MOST) -> FeedPage:
    """The page that READ's rows are. RuntimeError in a transaction that has written."""
    system, until, writing = rows[0][:3]
    if writing:
        raise RuntimeError("the feed cannot be read in a transaction that has written")
    end = Cursor(int(system), Snapshot.parse(until))
    found = sorted((entry_of(row[3:]) for row in rows if row[3] is not None), key=lambda e: e.id)
    known = since is not None and since.system == end.system and end.snapshot.covers(since.snapshot)
    if not known or len(found) > most:
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
            "SELECT xid >= pg_snapshot_xmax(pg_current_snapshot())"
            " FROM kernel_journalentry ORDER BY xid DESC LIMIT 1"
        )
        return bool((sql.fetchone() or [False])[0])
