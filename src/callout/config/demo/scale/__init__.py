"""A company of any size, drawn up in the database itself: to measure, and to try a large one.

The told demo (`demo/story.py`) goes through the services, some milliseconds an order. This one is
written by a few statements for each 20,000 orders, as the rows that the services would have left.
"""

import time
from datetime import datetime

from django.db import connection

from callout.config.demo.scale.company import Size, company_fill
from callout.config.demo.scale.orders import orders_fill, settle
from callout.config.ownership import as_owner

FEWEST, MOST = 300, 10_000_000


def scaled_fill(size: Size, now: datetime, *, password: str = "") -> float:
    """Fill an empty, migrated database with a company around `now`; the seconds it took.

    As the owning role, since the journal's numbers of transactions are spent there. Everybody gets
    `password`; without one nobody can sign in. ValueError for too few orders or too many.
    """
    if not FEWEST <= size.orders <= MOST:
        raise ValueError(f"{FEWEST} to {MOST:,} orders")
    started = time.monotonic()
    with as_owner():
        company_fill(size, password)
        # A second connection: what one reads goes down the other.
        writer = connection.copy()
        try:
            writer.ensure_connection()
            writer.connection.execute("SET statement_timeout = 0")
            orders_fill(writer.connection, connection.connection, size, now)
            settle(writer.connection)
        finally:
            writer.close()
    return time.monotonic() - started
