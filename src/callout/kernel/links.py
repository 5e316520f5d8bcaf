"""Bare connections for whoever waits for news: outside Django, one per process and purpose."""

from typing import Any

import psycopg
from django.db import connection

# A silent network must be noticed: nothing is sent on these for hours.
ALIVE = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
_DJANGOS_OWN = {"cursor_factory", "prepare_threshold", "context", "server_side_binding"}


def parameters() -> dict[str, Any]:
    """How Django reaches its database, as bare psycopg takes it."""
    known = connection.get_connection_params()
    return ALIVE | {name: value for name, value in known.items() if name not in _DJANGOS_OWN}


async def connect() -> psycopg.AsyncConnection:
    """A connection of the running event loop, in autocommit."""
    return await psycopg.AsyncConnection.connect(**parameters(), autocommit=True)
