"""Whoever does not take an answer is not waited for.

A table goes out by the thread that makes it, which waits until what it has made is taken: a laptop
that fell asleep over its download would hold it, and its turn, for hours. Files go out from the
event loop and are none of this.
"""

import asyncio
import time

from callout.config.edge.types import App, Message, Receive, Scope, Send

IDLE_SECONDS = 30  # for one piece
WHOLE_SECONDS = 600  # for all of them, as for a body that comes


def with_patience(app: App) -> App:
    """`app`, whose answer goes on into nothing once its reader takes none of it; the server then
    ends the connection, since the answer was not whole."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        end, gone = time.monotonic() + WHOLE_SECONDS, False

        async def patient(message: Message) -> None:
            nonlocal gone
            if gone:
                return
            try:
                async with asyncio.timeout(min(IDLE_SECONDS, end - time.monotonic())):
                    await send(message)
            except TimeoutError:
                gone = True

        await app(scope, receive, patient)

    return wrapped
