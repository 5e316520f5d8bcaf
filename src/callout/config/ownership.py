"""Acting as the database's owning role for a while, and what the app's role is then given."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from psycopg import sql

# The app appends to the journal and reads it. Nothing else: the database itself says so.
APPEND_ONLY = ("kernel_journalentry",)
READ_ONLY = ("django_migrations",)
MIGRATING = 4_011_984  # an advisory lock: one migrates, others wait
ASK_AGAIN = 0.2  # seconds
SAID_AFTER = 5  # seconds of waiting, of which nobody knows otherwise


@contextmanager
def as_owner() -> Iterator[str]:
    """Within, `default` is the owning role, so that every migration runs as it, whatever it uses.

    Gives the name of the app's role.
    """
    app = connections.settings["default"]
    connections["default"].close()
    connections.settings["default"] = connections.settings.get("owner", app)
    del connections["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            alone(cursor)
        yield app["USER"]
    finally:
        connections["default"].close()
        connections.settings["default"] = app
        del connections["default"]


def alone(cursor: Any) -> None:
    """Wait until nobody else migrates. By asking again: whoever waits within a statement has a
    snapshot, which an index built meanwhile waits for, and each would wait for the other. Who
    waits for long is told so, once."""
    begun, is_said = time.monotonic(), False
    while True:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [MIGRATING])
        if cursor.fetchone()[0]:
            return
        if not is_said and time.monotonic() - begun >= SAID_AFTER:
            is_said = True
            words = "Somebody else is migrating this database. Waiting until they have done."
            print(words, file=sys.stderr, flush=True)  # noqa: T201
        time.sleep(ASK_AGAIN)


def grant_to_app(role: str) -> None:
    """What the app's role may do; said again after each migration, for the new tables. Some may
    not be there yet: a single app can be migrated."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        if cursor.fetchone()[0] == role:
            return
        app = sql.Identifier(role)
        for what in (
            "USAGE ON SCHEMA public",
            "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public",
            "USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public",
        ):
            cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(what), app))
        cursor.execute("SELECT to_regprocedure('journal_redact(uuid)')")
        if cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT EXECUTE ON FUNCTION journal_redact TO {}").format(app))
        for rights, tables in (("UPDATE", APPEND_ONLY), ("INSERT, UPDATE", READ_ONLY)):
            for table in filter(_is_there, tables):
                revoke = sql.SQL("REVOKE {}, DELETE ON {} FROM {}")
                cursor.execute(revoke.format(sql.SQL(rights), sql.Identifier(table), app))


def _is_there(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        return bool(cursor.fetchone()[0])
