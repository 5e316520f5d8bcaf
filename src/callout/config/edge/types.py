"""ASGI in types, and the one way to answer from this side."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from callout.config import errors

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = dict[str, str]
BODY = "callout.body"  # in a scope: the request's body, a file (bodies.py)


def headers_of(scope: Scope) -> Headers:
    """Header names in lower case; of repeated ones the last."""
    return {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}


async def answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """One whole response."""
    await start(send, status, {"content-length": str(len(body))} | headers)
    await send({"type": "http.response.body", "body": body})


async def start(send: Send, status: int, headers: Headers) -> None:
    """The head of a response."""
    raw = [(name.encode("latin1"), value.encode("latin1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def refuse(
    scope: Scope, send: Send, status: int, code: str, words: Callable[[], str]
) -> None:
    """An error in the reader's language and form. The connection ends: its body was not read."""
    headers = headers_of(scope)
    with errors.in_words_of(headers):
        kind, body = errors.answer(status, code, words(), path=scope["path"], headers=headers)
    extra = {"retry-after": "30"} if status == 503 else {}
    head = {"content-type": kind, "connection": "close", "cache-control": "no-store"}
    policy = {"content-security-policy": "default-src 'none'; frame-ancestors 'none'"}
    await answer(send, status, head | policy | extra, body)
