"""Django, as WSGI, in a fixed pool of threads.

An answer that is whole goes back to the event loop at once and out from there: one hand-over to the
thread, one back, and no thread waits for a reader. Only what is made while it is sent (a table of
thousands of rows) goes piece by piece. Measured: three hand-overs for each answer, as an ASGI
server has them that knows nothing of Django, cost more than all of Django's middleware.
"""

import asyncio
import contextvars
import io
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from callout.config.edge.types import BODY, Message, Receive, Scope, Send

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Any]
# Beyond it a connection keeps its reader's pieces back: the end is sent once there is room again,
# so that whoever takes nothing is noticed (readers.py).
AT_ONCE = 65_536


@dataclass(slots=True)
class _Head:
    """What the application said before its body."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def say(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        """WSGI's start_response."""
        self.status = int(status[:3])
        # Django's cookies begin with a blank, which no header may.
        self.headers = [
            (name.lower().encode("latin1"), value.strip().encode("latin1"))
            for name, value in headers
        ]

    def message(self) -> Message:
        """The same in ASGI."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


class Threads:
    """`app` as ASGI. The body of a request is in its scope already, whole (bodies.py)."""

    def __init__(self, app: Wsgi, workers: int) -> None:
        self.app = app
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="WSGI")

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """One request."""
        loop = asyncio.get_running_loop()

        def sent_from_thread(message: Message) -> None:
            # Waits until the reader has taken it: nothing is made that nobody takes.
            asyncio.run_coroutine_threadsafe(_send(send, message), loop).result()

        # Whatever a request leaves in context variables must not meet the thread's next one.
        run = contextvars.copy_context().run
        head, body = _Head(), None
        body = await loop.run_in_executor(
            self.pool, run, self._answer, environ_of(scope), head, sent_from_thread
        )
        if body is None:
            return
        await send(head.message())
        if len(body) > AT_ONCE:
            await send({"type": "http.response.body", "body": body, "more_body": True})
            body = b""
        await send({"type": "http.response.body", "body": body})

    def _answer(
        self, environ: Environ, head: _Head, send: Callable[[Message], None]
    ) -> bytes | None:
        """In the thread: the body; None where it is sent already, in pieces."""
        made: Any = self.app(environ, head.say)
        try:
            if not getattr(made, "streaming", True):  # Django's own, whole
                return b"".join(made)
            send(head.message())
            for piece in made:
                send({"type": "http.response.body", "body": piece, "more_body": True})
            send({"type": "http.response.body", "body": b""})
            return None
        finally:
            getattr(made, "close", _nothing)()


async def _send(send: Send, message: Message) -> None:
    await send(message)


def _nothing() -> None:
    """What need not be closed."""


def environ_of(scope: Scope) -> Environ:
    """A request in WSGI's words. Header names are in lower case, as the server gives them."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": scope.get(BODY) or io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    client = scope.get("client")
    if client:
        environ["REMOTE_ADDR"], environ["REMOTE_PORT"] = client
    for raw, value in scope["headers"]:
        name = raw.decode("latin1").upper().replace("-", "_")
        if raw not in (b"content-length", b"content-type"):  # and not as somebody else spells them
            name = f"HTTP_{name}"
        text = value.decode("latin1")
        environ[name] = f"{environ[name]},{text}" if name in environ else text
    return environ
