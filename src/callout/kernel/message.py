"""Several statements in one message to the database: one journey there and back.

Each runs when its turn comes and sees what was committed until then, as if it had been sent alone;
when one fails, none after it runs. The values are written into the text by psycopg, since what is
prepared on the server is always one statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


@contextmanager
def message() -> Iterator[Any]:
    """A cursor that takes statements with semicolons between; `nextset()` goes on to the next."""
    connection.ensure_connection()
    raw = psycopg.ClientCursor(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with wrap(raw) as cursor:  # type: ignore[arg-type]
        yield cursor
