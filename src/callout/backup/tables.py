"""Which tables a backup holds, and how their rows are written and summed."""

import hashlib
import zlib
from collections.abc import Iterator

import psycopg
from psycopg import sql

from callout.backup.form import PIECE, TableSum

# Of these the rows stay here. What a browser is signed in by is the very key that lies in its
# cookie: whoever found a backup could go on in its place. The cache forgets by itself.
ROWS_LEFT_OUT = frozenset({"django_session", "usersessions_usersession", "callout_cache"})
# Everywhere the same text for the same value.
PLAIN = (
    "SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0",
    "SET lock_timeout = 0", "SET client_encoding = 'UTF8'", "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'", "SET intervalstyle = 'postgres'", "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1", "SET synchronize_seqscans = off",
)  # fmt: skip
# Those of whoever owns what was migrated: in a database that is shared, others stay out of it.
COLUMNS = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'django_migrations'::regclass)
GROUP BY c.relname ORDER BY c.relname
"""
SEQUENCES = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'S' AND c.relnamespace = 'public'::regnamespace
    AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'django_migrations'::regclass)
ORDER BY c.relname
"""


def plain(connection: psycopg.Connection) -> None:
    """Have this session write each value as every other one does, and take its time."""
    for statement in PLAIN:
        connection.execute(statement)


def columns(connection: psycopg.Connection) -> dict[str, list[str]]:
    """The tables, each with the columns that hold something."""
    found: dict[str, list[str]] = dict(connection.execute(COLUMNS).fetchall())
    return {table: names for table, names in found.items() if table not in ROWS_LEFT_OUT}


def sequences(connection: psycopg.Connection) -> dict[str, tuple[int, bool]]:
    """Where each of them stands."""
    found: dict[str, tuple[int, bool]] = {}
    for (name,) in connection.execute(SEQUENCES).fetchall():
        ask = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        last, called = connection.execute(ask).fetchall()[0]
        found[name] = (last, called)
    return found


class Rows:
    """The rows of one table on their way out; `sum` once they have gone."""

    def __init__(self, connection: psycopg.Connection, table: str, names: list[str]) -> None:
        self.connection, self.statement = connection, copying(table, names, "TO STDOUT")
        self.digest, self.rows = hashlib.sha256(), 0

    def parts(self) -> Iterator[bytes]:
        """Some at a time, as COPY writes them."""
        part = bytearray()
        with self.connection.cursor() as cursor, cursor.copy(self.statement) as copy:
            for row in copy:
                part += row
                self.rows += 1
                if len(part) >= 2**20:
                    yield self._summed(part)
                    part = bytearray()
        yield self._summed(part)

    def pieces(self) -> Iterator[bytes]:
        """Compressed, each piece a whole gzip of its own."""
        packer, piece = zlib.compressobj(3, wbits=31), bytearray()
        for part in self.parts():
            piece += packer.compress(part)
            if len(piece) >= PIECE:
                yield bytes(piece + packer.flush())
                packer, piece = zlib.compressobj(3, wbits=31), bytearray()
        yield bytes(piece + packer.flush())

    def _summed(self, part: bytearray) -> bytes:
        self.digest.update(part)
        return bytes(part)

    @property
    def sum(self) -> TableSum:
        """Of what has gone out."""
        return TableSum(self.rows, self.digest.hexdigest())


def summed(connection: psycopg.Connection, table: str, names: list[str]) -> TableSum:
    """Rows and sum of a table as it stands."""
    rows = Rows(connection, table, names)
    for _part in rows.parts():
        pass
    return rows.sum


def copying(table: str, names: list[str], where: str) -> sql.Composed:
    """COPY of these columns of a table."""
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), listed, sql.SQL(where))
