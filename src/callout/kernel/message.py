"""Several statements in one message to the database: one journey there and back.

Each runs when its turn comes and sees what was committed until then, as if it had been sent alone;
when one fails, none after it runs. Each keeps its own plan (kernel/prepared.py, wire.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from callout.kernel.wire import Part, Result, Wire


class _Message(str):
    """The text of all, for those who listen in, and the parts."""

    __slots__ = ("commit", "parts")
    parts: Sequence[Part]
    commit: bool


class _Cursor:
    """What Django's own cursor wraps: it executes a message, and stands on one result of it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._results: list[Result] = []
        self._here = 0

    def execute(self, query: _Message, _values: Any = None) -> None:
        self._results = self._wire.ask(query.parts, commit=query.commit)

    def nextset(self) -> None:
        self._here += 1

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._results[self._here].rows()

    @property
    def rowcount(self) -> int:
        return self._results[self._here].count

    def close(self) -> None:
        """Nothing is held: all has been read."""


@contextmanager
def message(parts: Sequence[Part], *, commit: bool = False) -> Iterator[_Cursor]:
    """A cursor on the result of the first statement; `nextset()` goes on to the next. `commit`: it
    ends the transaction, if none of them fails."""
    link = connections[DEFAULT_DB_ALIAS]
    link.close_if_health_check_failed()
    link.ensure_connection()
    text = _Message("; ".join([statement for statement, _values in parts]))
    text.parts, text.commit = parts, commit
    wrap = link.make_debug_cursor if link.queries_logged else link.make_cursor
    wire: Wire = link.wire  # type: ignore[attr-defined]  # see prepared.cursors_set
    ours = _Cursor(wire)
    with wrap(ours) as cursor:  # type: ignore[arg-type]
        cursor.execute(text, [value for _statement, values in parts for value in values])
        # All is read: Django's own cursor would look after each row that is taken from it.
        with link.wrap_database_errors:
            yield ours
