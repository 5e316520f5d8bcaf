"""A PostgreSQL of the bench's own, as `callout serve` would run it, and its databases.

Unlike the tests' server it keeps what is committed: fsync and all else as config/embedded.py says.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql

from callout.config import folders
from callout.config.embedded import APP, OWNER, SUPERUSER, Embedded

REPO = Path(__file__).resolve().parent.parent
KEYS = {
    "CALLOUT_SECRET_KEY": "a key for measuring only, which keeps no secret of anybody",
    "CALLOUT_FIELD_KEY": "another key for measuring only, which keeps nobody's secret",
}


def folder() -> Path:
    """Where the server's data lies; the user it runs as must be able to get there."""
    if os.geteuid() == 0 and folders.closed_parent(REPO):
        return Path("/var/tmp/callout-bench")
    return REPO / ".cache" / "bench"


def server() -> Embedded:
    """The server, with the real settings."""
    return Embedded(folder())


def dsn(role: str, database: str) -> str:
    """A DATABASE_URL for this role."""
    return f"postgresql://{role}@/{database}?host={quote(str(folders.socket_folder(folder())))}"


def environment(database: str) -> dict[str, str]:
    """What `callout serve`, and this package's own Django, are given."""
    unset = {"CALLOUT_DEMO": "", "CALLOUT_URL": "", "DJANGO_SETTINGS_MODULE": ""}
    ours = {
        "DJANGO_SETTINGS_MODULE": "callout.config.settings",
        "DATABASE_URL": dsn(APP, database),
        "DATABASE_OWNER_URL": dsn(OWNER, database),
        "CALLOUT_DATA": str(folder()),
        **KEYS,
    }
    return {name: value for name, value in os.environ.items() if name not in unset} | ours


def superuser(database: str = "postgres") -> "psycopg.Connection[Any]":
    """A connection with all rights."""
    return psycopg.connect(dsn(SUPERUSER, database), autocommit=True)


def owner(database: str) -> "psycopg.Connection[Any]":
    """A connection as the role that owns the tables."""
    return psycopg.connect(dsn(OWNER, database))


def database_make(name: str) -> None:
    """A fresh database of this name, migrated by the real command."""
    with superuser() as connection:
        drop(connection, name)
        make = sql.SQL("CREATE DATABASE {} OWNER {}")
        connection.execute(make.format(sql.Identifier(name), sql.Identifier(OWNER)))
    command = [sys.executable, "-m", "callout", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment(name), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"callout migrate failed:\n{done.stdout}{done.stderr}")


def database_clone(name: str, template: str) -> None:
    """A copy of `template` under this name, so that measuring does not wear the original."""
    with superuser() as connection:
        drop(connection, name)
        make = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
        names = (sql.Identifier(one) for one in (name, OWNER, template))
        connection.execute(make.format(*names))


def database_drop(name: str) -> None:
    """Drop it, and whoever is still connected to it."""
    with superuser() as connection:
        drop(connection, name)


def drop(connection: "psycopg.Connection[Any]", name: str) -> None:
    """The same on an open connection."""
    connection.execute(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )


def size_of(name: str) -> int:
    """Bytes of a database."""
    with superuser() as connection:
        row = connection.execute("SELECT pg_database_size(%s)", [name]).fetchone()
    return int(row[0]) if row else 0


def database_rename(name: str, to: str) -> None:
    """Give it another name."""
    with superuser() as connection:
        drop(connection, to)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(name), sql.Identifier(to)))


def exists(name: str) -> bool:
    """Whether there is such a database."""
    with superuser() as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return connection.execute(query, [name]).fetchone() is not None
