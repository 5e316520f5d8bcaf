"""Request bodies are read here, to the end, before a thread is given to the request.

Measured: without this, eight slow uploads hold all eight threads and the site stands still.
"""

import asyncio
import tempfile
import time
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from callout.config.edge.types import App, Message, Receive, Scope, Send, headers_of, refuse

IN_MEMORY = 1_000_000
IDLE_SECONDS = 30
WHOLE_SECONDS = 600
CHUNK = 65_536


class TooLarge(Exception):
    """The body is longer than its kind may be."""


class TooSlow(Exception):
    """The body does not come."""


class Gone(Exception):
    """Whoever sent it has left."""


def spooled(app: App) -> App:
    """`app`, called with bodies that are complete, bounded and quick to read."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
            try:
                await spool(receive, file, limit_for(scope))
            except TooLarge:
                await refuse(scope, send, 413, "too_large", lambda: _("This is too large."))
            except TooSlow:
                await refuse(scope, send, 408, "too_slow", lambda: _("Sending took too long."))
            except OSError:
                await refuse(scope, send, 503, "disk_full", lambda: _("The server's disk is full."))
            except Gone:
                pass
            else:
                await app(scope, replayed(file, receive), send)

    return wrapped


def limit_for(scope: Scope) -> int:
    """Files come as multipart; everything else is text that people or programs wrote."""
    headers = headers_of(scope)
    files = headers.get("content-type", "").startswith("multipart/form-data")
    limit = settings.UPLOAD_LIMIT if files else settings.JSON_LIMIT
    said = headers.get("content-length", "0")
    if said.isascii() and said.isdigit() and int(said) > limit:
        return -1
    return int(limit)


async def spool(receive: Receive, file: IO[bytes], limit: int) -> None:
    """Read the whole body into `file`."""
    if limit < 0:
        raise TooLarge
    length = 0
    end = time.monotonic() + WHOLE_SECONDS
    more = True
    while more:
        try:
            message = await asyncio.wait_for(receive(), IDLE_SECONDS)
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise Gone
        if time.monotonic() > end:
            raise TooSlow
        body = message.get("body", b"")
        length += len(body)
        if length > limit:
            raise TooLarge
        file.write(body)
        more = message.get("more_body", False)
    file.seek(0)


def replayed(file: IO[bytes], receive: Receive) -> Receive:
    """A `receive` that gives what was spooled, then what the network says."""
    done = False

    async def again() -> Message:
        nonlocal done
        if done:
            return await receive()
        body = file.read(CHUNK)
        done = len(body) < CHUNK
        return {"type": "http.request", "body": body, "more_body": not done}

    return again
