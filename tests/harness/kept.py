"""A world that many tests begin with is built by the services once in a process.

From then on it is laid down as the rows that the building wrote, in one message: a tenth of the
work. Each time with ids of its own and the present moment, so that no test meets what another one
knew; and with objects of its own. What is kept says nothing of what was there before it, so a
world only adds rows. Ids that the database counts are left to it: no world may hold one.
"""

import io
import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import connection, transaction

from callout.accounts.zone import local
from callout.kernel import clock
from callout.kernel.ids import uuid7

T = TypeVar("T")
P = ParamSpec("P")
Rows = dict[str, list[str]]  # by table, each row as JSON
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
HOUR = len("2026-11-27T03")
# A trigger writes them again where their cause is laid down.
CAUSED = {"procrastinate_events"}
FRESH = timedelta(minutes=10)


def kept(build: Callable[[], T]) -> Callable[[], T]:
    """`build` once, then its rows. Where a test really commits it is built each time."""
    worlds: dict[date, World[T]] = {}

    @wraps(build)
    def made() -> T:
        if not connection.in_atomic_block:
            return build()
        # What a world reckons from today holds for today.
        day = local(clock.now()).date()
        if day not in worlds:
            worlds[day] = built(build)
        return worlds[day].lay()

    return made


# What the database gives to each row by itself: numbers, and the transaction.
OWN = "nextval|current_xact"
NEVER_AGAIN = "current_xact"  # a number of then is nobody else's now


def repeated(build: Callable[[], T]) -> Callable[[], T]:
    """`build`, then for some minutes its rows as they were, with the same ids and the moments of
    then: for a world that reckons with the hour or signs what it holds, and is one at a time."""
    had: list[tuple[datetime, str, bytes]] = []

    @wraps(build)
    def made() -> T:
        if not had or abs(clock.now() - had[0][0]) > FRESH:
            with transaction.atomic():
                world, text, _there = written_by(build, NEVER_AGAIN)
                transaction.set_rollback(True)
            had[:] = [(clock.now(), text, pickle.dumps(world))]
        _then, statements, objects = had[0]
        connection.connection.execute(statements)
        return pickle.loads(objects)  # type: ignore[no-any-return]

    return made


@dataclass(frozen=True)
class World(Generic[T]):
    """The rows as statements, the objects as a pickle; in both, places for ids and the moment."""

    statements: str
    objects: bytes
    ids: list[UUID]
    moment: datetime

    def lay(self) -> T:
        now, new = clock.now(), dict(zip(self.ids, fresh(self.ids), strict=True))
        texts = {str(old): str(one) for old, one in new.items()}
        statements = ID.sub(lambda found: texts.get(found[0], found[0]), self.statements)
        connection.connection.execute(statements.replace(written(self.moment), written(now)))
        return Taken(self.objects, {"now": now, **new, **texts}).load()  # type: ignore[no-any-return]


def fresh(ids: list[UUID]) -> list[UUID]:
    """As many, which sort as these do."""
    by_time = sorted(uuid7() for one in ids if one.version == 7)
    return [by_time.pop(0) if one.version == 7 else uuid4() for one in ids]


class Put(pickle.Pickler):
    """Leaves the places open."""

    def __init__(self, file: io.BytesIO, places: dict[Any, Any]) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.places = places

    def persistent_id(self, value: Any) -> Any:
        return self.places.get(value) if type(value) in (UUID, str, datetime) else None


class Taken(pickle.Unpickler):
    """Fills them."""

    def __init__(self, objects: bytes, places: dict[Any, Any]) -> None:
        super().__init__(io.BytesIO(objects))
        self.places = places

    def persistent_load(self, place: Any) -> Any:
        return self.places[place]


def built(build: Callable[[], T]) -> World[T]:
    """Built at one moment, looked at, and taken back."""
    now = clock.now()
    # PostgreSQL leaves out zeros at the end, which Python writes.
    moment = now.replace(microsecond=now.microsecond // 10 * 10 + 7)
    with transaction.atomic(), clock.freeze(moment):
        made, text, there = written_by(build, OWN)
        transaction.set_rollback(True)
    ids = sorted({UUID(one) for one in ID.findall(text) if one not in there})
    if written(moment)[:HOUR] in text.replace(written(moment), ""):
        raise RuntimeError("A world that is kept knows the whole moment, or the day alone")
    file = io.BytesIO()
    places: dict[Any, Any] = {moment: "now"}
    Put(file, places | {one: one for one in ids} | {str(one): str(one) for one in ids}).dump(made)
    return World(text, file.getvalue(), ids, moment)


def written_by(build: Callable[[], T], own: str) -> tuple[T, str, set[str]]:
    """What it makes, the statements that write its rows, and the ids that were there before."""
    before = rows()
    made = build()
    after = rows()
    gone = [row for table, some in before.items() for row in set(some) - set(after[table])]
    if gone:
        raise RuntimeError(f"A world that is kept only adds rows; this one changed {gone}")
    there = {found for some in before.values() for row in some for found in ID.findall(row)}
    added = {table: added_to(before.get(table, []), some) for table, some in after.items()}
    return made, "".join(inserts(added, own)), there


def added_to(before: list[str], after: list[str]) -> list[str]:
    known = set(before)
    return [row for row in after if row not in known]


def written(moment: datetime) -> str:
    return moment.isoformat()


def rows() -> Rows:
    """All there is, by its first column: a free place in a table is taken out of turn, and what the
    database counts is to be counted in the same order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [table for (table,) in cursor.fetchall()]
        found = {}
        for table in tables:
            in_turn = f'SELECT * FROM "{table}" ORDER BY 1'
            cursor.execute(f"SELECT row_to_json(one)::text FROM ({in_turn}) one")
            found[table] = [row for (row,) in cursor.fetchall()]
        return found


def inserts(added: Rows, own: str) -> list[str]:
    """The statements that write them, without the columns whose default is the database's `own`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ')"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND is_generated = 'NEVER' AND is_identity = 'NO'"
            " AND coalesce(column_default, '') !~ %s"
            " GROUP BY table_name",
            [own],
        )
        columns = dict(cursor.fetchall())
    return [
        # The line's end before it: a cursor of ours prepares what begins with INSERT.
        f'\nINSERT INTO "{table}" ({columns[table]}) SELECT {columns[table]}'
        f' FROM json_populate_recordset(NULL::"{table}", {quoted(some)});'
        for table, some in added.items()
        if some and table not in CAUSED
    ]


def quoted(some: list[str]) -> str:
    text = f"[{','.join(some)}]".replace("'", "''")
    return f"'{text}'"
