"""Request bodies are read here, to the end, before a thread is given to the request.

Measured: without this, eight slow uploads hold all eight threads and the site stands still.
"""

import asyncio
import tempfile
import time
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from callout.config.edge.types import BODY, App, Receive, Scope, Send, headers_of, refuse

IN_MEMORY = 1_000_000
IDLE_SECONDS = 30
WHOLE_SECONDS = 600
ANNOUNCED = (b"content-length", b"transfer-encoding")


class TooLarge(Exception):
    """The body is longer than its kind may be."""


class TooSlow(Exception):
    """The body does not come."""


class Gone(Exception):
    """Whoever sent it has left."""


def spooled(app: App) -> App:
    """`app`, called with bodies that are complete, bounded and quick to read: files, as BODY."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if not has_body(scope):
            await app(scope, receive, send)
            return
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
                await app({**scope, BODY: file}, receive, send)

    return wrapped


def has_body(scope: Scope) -> bool:
    """Whether there may be one to wait for. One that is not announced there is not (HTTP)."""
    announced = any(name in ANNOUNCED for name, _value in scope["headers"])
    return announced or scope["method"] not in ("GET", "HEAD")


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
            async with asyncio.timeout(IDLE_SECONDS):
                message = await receive()
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
