"""A company of any size, drawn up in the database itself: to measure, and to try a large one.

The told demo (`demo/story.py`) goes through the services, some milliseconds an order. This one is
written by a few statements for each 5,000 orders, as the rows that the services would have left.
"""

import time
from datetime import datetime

from django.db import connection

from callout.config.demo.scale.company import Size
from callout.config.demo.scale.orders import history_fill, settle
from callout.config.ownership import as_owner

FEWEST, MOST = 300, 10_000_000


def scaled_fill(size: Size, now: datetime, *, password: str = "") -> float:
    """Fill an empty, migrated database with a company around `now`, or leave it as empty as it was
    when something ends this; the seconds it took.

    As the owning role, since the journal's numbers of transactions are spent there. Everybody gets
    `password`; without one nobody can sign in. ValueError for too few orders or too many.
    """
    if not FEWEST <= size.orders <= MOST:
        raise ValueError(f"{FEWEST} to {MOST:,} orders")
    started = time.monotonic()
    with as_owner():
        connection.ensure_connection()
        # A second connection: what is drawn up there is written by the other.
        spare = connection.copy()
        try:
            spare.ensure_connection()
            history_fill(connection.connection, spare.connection, size, now, password)
            settle(connection.connection)
        finally:
            spare.close()
    return time.monotonic() - started
