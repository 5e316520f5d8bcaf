"""Several statements in one message to the database: one journey there and back.

Each runs when its turn comes and sees what was committed until then, as if it had been sent alone;
when one fails, none after it runs. They go through psycopg's pipeline, so each keeps its own plan
(kernel/prepared.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

Part = tuple[str, Sequence[Any]]  # a statement and its values


class _Message(str):
    """The text of all, for those who listen in, and the parts."""

    __slots__ = ("parts",)
    parts: Sequence[Part]


class _Cursor:
    """What Django's own cursor wraps: it executes a message, and stands on one result of it."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._results: list[Any] = []
        self._here = 0

    def execute(self, query: _Message, _values: Any = None) -> None:
        with self._raw.pipeline():
            for statement, values in query.parts:
                cursor = self._raw.cursor()
                self._results.append(cursor)
                cursor.execute(statement, values)

    def nextset(self) -> None:
        self._here += 1

    def fetchall(self) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._results[self._here].fetchall()
        return found

    @property
    def rowcount(self) -> int:
        return int(self._results[self._here].rowcount)

    def close(self) -> None:
        for cursor in self._results:
            cursor.close()


@contextmanager
def message(parts: Sequence[Part]) -> Iterator[Any]:
    """A cursor on the result of the first statement; `nextset()` goes on to the next."""
    connection.ensure_connection()
    text = _Message("; ".join(statement for statement, _values in parts))
    text.parts = parts
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(_Cursor(connection.connection)) as cursor:  # type: ignore[arg-type]
        cursor.execute(text, [value for _statement, values in parts for value in values])
        yield cursor
