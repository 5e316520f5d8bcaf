"""A request's head must come within seconds: who sends half a line and waits is sent away.

uvicorn limits how long a connection may be idle between requests, and bodies.py how long a body may
take; without this a stranger could hold as many connections as the machine has files.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 20.0


class PunctualHeads(H11Protocol):
    """uvicorn's HTTP/1.1, with a clock on whatever is not yet a request."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """The clock starts with the connection."""
        super().connection_made(transport)
        self._clock()

    def data_received(self, data: bytes) -> None:
        """It stops when the head is whole, and starts again with the first bytes of the next."""
        super().data_received(data)
        self._clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop()
        super().connection_lost(exc)

    def _clock(self) -> None:
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._stop()
        elif self._late is None:
            self._late = self.loop.call_later(SECONDS, self.transport.close)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
