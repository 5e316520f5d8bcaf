"""The connection of a thread: asked whether it still works only where it does not show.

Django asks the database before each request (CONN_HEALTH_CHECKS): one journey of the few that a
request takes. A server that ends a connection leaves word of it in the socket, be it restarted or
killed; so a connection that was used a moment ago and whose socket is silent is there.
"""

import select
import time

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus, TransactionStatus

# A machine that has lost its power, or a network that is cut, leaves no word. Who comes within so
# many seconds of the last request may meet that; later ones are asked for, as ever.
TRUSTED = 5.0


class DatabaseWrapper(base.DatabaseWrapper):
    """What `connection` stands for."""

    health_check_enabled: bool
    health_check_done: bool
    _last_trusted = float("-inf")

    def close_if_health_check_failed(self) -> None:
        """Django's, which asks; here only after a pause, or where something has come unasked."""
        if self.connection is None or not self.health_check_enabled or self.health_check_done:
            return
        now = time.monotonic()
        if now - self._last_trusted < TRUSTED and _silent(self.connection):
            self.health_check_done = True
        else:
            super().close_if_health_check_failed()
        self._last_trusted = now

    def _commit(self) -> None:
        """Django's; but nothing is said where a message has ended the transaction itself."""
        if self.connection is None or not _idle(self.connection):
            super()._commit()  # type: ignore[misc]  # Django's stubs do not know it


def _idle(link: object) -> bool:
    status = link.pgconn.transaction_status  # type: ignore[attr-defined]
    return bool(status == TransactionStatus.IDLE)


def _silent(link: object) -> bool:
    """Whether nothing has come that nobody asked for: a notice, or the connection's end."""
    pgconn = link.pgconn  # type: ignore[attr-defined]
    if pgconn.status != ConnStatus.OK:
        return False
    poll = select.poll()
    poll.register(pgconn.socket, select.POLLIN)
    return not poll.poll(0)
