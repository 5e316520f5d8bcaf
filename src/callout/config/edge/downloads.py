"""Files that a view has allowed go out from the event loop.

A view that may show a file answers with the header `X-Callout-File` naming it (after its owner
check), and nothing else; the body is sent from here, so that a slow download holds no thread.
"""

import asyncio
from pathlib import Path

from django.conf import settings

from callout.config.edge.types import App, Message, Receive, Scope, Send

HEADER = b"x-callout-file"
CHUNK = 262_144


def with_downloads(app: App) -> App:
    """`app`, whose answers may name a file instead of carrying it."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        path: Path | None = None

        async def watched(message: Message) -> None:
            nonlocal path
            if message["type"] == "http.response.start":
                named = [value for name, value in message["headers"] if name == HEADER]
                if named:
                    path = Path(named[0].decode())
                    message = head_for(path, message)
            elif path is not None:
                return  # the view's own, empty body
            await send(message)

        await app(scope, receive, watched)
        if path is not None:
            await send_file(path, send, empty=scope["method"] == "HEAD")

    return wrapped


def head_for(path: Path, message: Message) -> Message:
    """The view's headers with the file's true length. Only what lies in the files' folder goes."""
    if not path.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise PermissionError(path)
    replaced = (HEADER, b"content-length")
    headers = [(name, value) for name, value in message["headers"] if name not in replaced]
    headers.append((b"content-length", str(path.stat().st_size).encode()))
    return {**message, "headers": headers}


async def send_file(path: Path, send: Send, *, empty: bool) -> None:
    """The body, in pieces, read away from the event loop."""
    with path.open("rb") as file:
        more = not empty
        while more:
            body = await asyncio.to_thread(file.read, CHUNK)
            more = len(body) == CHUNK
            if more:
                await send({"type": "http.response.body", "body": body, "more_body": True})
            else:
                await send({"type": "http.response.body", "body": body})
    if empty:
        await send({"type": "http.response.body", "body": b""})
