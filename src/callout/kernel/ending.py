"""A process that is asked to end, ends, also while its database is away.

What waits for a database cannot be asked to give up: threads in the middle of a query, a pool that
opens. It has nothing to save either. What it had begun is undone by the database, and a job is done
again by another worker, as after any kill.
"""

import logging
import os
import threading
import time

import psycopg

from callout.kernel import links

SECONDS = 2  # for an answer; no connection is given less
LOOK = 0.5  # between two looks

log = logging.getLogger(__name__)


def end_if_database_is_away() -> None:
    """From now on, until the process has ended by itself. To be called when that was asked for."""
    threading.Thread(target=_watch, name="ending", daemon=True).start()


def _watch() -> None:
    while True:
        try:
            psycopg.connect(**links.parameters() | {"connect_timeout": SECONDS}).close()
        except psycopg.Error as error:
            log.warning("ends without its database: %s", error)
            logging.shutdown()
            os._exit(0)
        time.sleep(LOOK)
