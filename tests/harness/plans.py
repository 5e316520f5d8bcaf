"""Plans outlive a test: what fifty tests ask, PostgreSQL plans once.

Planning is half of its work here, where tables hold a handful of rows and most questions join ten
of them. The server that the journeys and races start plans as it does everywhere.
"""

from typing import Any

from django.db.backends.signals import connection_created
from psycopg._preparing import PrepareManager

from callout.kernel import wire

KEPT = 400


def keep() -> None:
    """From the next connection on."""
    PrepareManager.clear = nothing_forgotten  # type: ignore[method-assign]
    wire.MOST = KEPT
    wire.is_kept = kept_of_any
    connection_created.connect(keep_of, dispatch_uid="plans kept")


def kept_of_any(statement: str) -> bool:
    """Of whatever asks, writes or locks rows; not of savepoints and settings."""
    return statement.lstrip(" (").startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))


def nothing_forgotten(self: PrepareManager) -> bool:
    """Instead of all that is prepared, at each ROLLBACK, since that may take back a table: a test
    ends with one, and the app's role makes no tables."""
    return False


def keep_of(connection: Any, **_signal: Any) -> None:
    """Plan what is asked twice, whatever it is asked with."""
    connection.connection.prepare_threshold = 1
    connection.connection.prepared_max = KEPT
    with connection.connection.cursor() as cursor:
        cursor.execute("SET plan_cache_mode = force_generic_plan")
