"""GET /api/v1/live; for a technician's phone, by its own cookie, GET /technician/live.

    data: {"kind": "service_order", "id": "...", "entry": "depart"}     one hint
    event: ready      the stream is open: what happens from here on is told
    event: resync     more happened than can be told: load everything shown again
    event: still      nothing new for this reader: who does not hear it either has lost the stream

The id of an event is the cursor after it. `Last-Event-ID`, or at first `?after=`, goes on from
there. A quiet screen's cursor is moved on as well, so that it does not fall too far behind.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host
from django.utils import translation
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Forbidden, NotSignedIn
from callout.kernel.hub import Hub
from callout.kernel.stream import Delivery, Stream
from callout.web.live.rights import AccountRules, Credentials, credentials_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PHONE = "/technician/live"
KEEP_ALIVE = 15.0  # seconds; proxies drop what is silent for 30 to 60
STUCK = 30.0  # seconds that a reader may take nothing at all
RETRY = 2_000  # milliseconds until a browser comes back
HEAD = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

_hub: Hub | None = None


def hub() -> Hub:
    """This process's hub."""
    global _hub
    if _hub is None:
        _hub = Hub(AccountRules())
    return _hub


def close_streams() -> None:
    """The server is asked to stop: without this it would wait for every open screen."""
    if _hub is not None:
        _hub.close_all()


class MethodError(CalloutError):
    status = 405
    code = "method_not_allowed"


async def live_app(scope: Scope, receive: Receive, send: Send) -> None:
    """One stream from its opening to its end, or the problem that keeps it from opening."""
    headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}
    last = headers.get("last-event-id") or _asked(scope, "after")
    try:
        with translation.override(_language(headers)):
            credentials = credentials_of(headers, phone=scope["path"] == PHONE)
            stream = await _opened(scope["method"], headers, credentials, last)
    except CalloutError as error:
        await _refuse(send, error)
        return
    try:
        await _serve(stream, receive, send)
    finally:
        await hub().close(stream)


def _asked(scope: Scope, name: str) -> str | None:
    """Of the query only a cursor is read: it opens nothing, so it may stand in a log."""
    found = parse_qs(scope["query_string"].decode("latin1")).get(name)
    return found[0] if found else None


def _language(headers: dict[str, str]) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = headers.get("accept-language", "")[:200]
    return translation.get_language_from_request(request)


async def _opened(
    method: str, headers: dict[str, str], credentials: Credentials, last: str | None
) -> Stream:
    if method != "GET":
        raise MethodError(_("A stream is read with GET."))
    if not credentials.token and not _ours(headers):
        raise Forbidden(_("This request came from another site."), code="other_origin")
    actor = await hub().ask(credentials.actor)
    if actor is None:
        raise NotSignedIn
    stream = Stream(actor, verify=_verifier(credentials, actor), session=credentials.mark)
    await hub().open(stream, last)
    return stream


def _verifier(credentials: Credentials, first: Actor) -> Callable[[], Actor | None]:
    def verify() -> Actor | None:
        actor = credentials.actor()
        # Somebody else may have signed in within the same session.
        return actor if actor is not None and actor.user_id == first.user_id else None

    return verify


def _ours(headers: dict[str, str]) -> bool:
    """A cookie opens a stream for our own pages only: another site, or another port of the same
    host, could use up the user's six."""
    host = headers.get("host", "")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    if not validate_host(name.lower(), settings.ALLOWED_HOSTS):
        return False
    if headers.get("origin", settings.OWN_ORIGINS[0]) not in settings.OWN_ORIGINS:
        return False
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


async def _refuse(send: Send, error: CalloutError) -> None:
    problem = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    body = json.dumps(problem).encode()
    head = [
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    extra = {
        401: (b"www-authenticate", b"Bearer"),
        405: (b"allow", b"GET"),
        429: (b"retry-after", b"30"),
        503: (b"retry-after", b"5"),
    }
    head += [extra[error.status]] if error.status in extra else []
    await send({"type": "http.response.start", "status": error.status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def _serve(stream: Stream, receive: Receive, send: Send) -> None:
    """Until the reader leaves, the hub closes it, or the reader takes nothing any more.

    The writer is a task of its own, because it may stand in `send` for as long as a reader that
    does not read pleases, and a stream has to end within a second.
    """
    tasks = {
        asyncio.create_task(_write(stream, send)),
        asyncio.create_task(_gone(receive)),
        asyncio.create_task(stream.closed.wait()),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    _raise_mistakes(results)
    with suppress(TimeoutError, OSError):  # nobody is listening: the server closes the connection
        async with asyncio.timeout(0.2):
            await send({"type": "http.response.body", "body": b""})


def _raise_mistakes(results: list[Any]) -> None:
    """What a task died of, unless it is the reader's leaving or standing still."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, TimeoutError | OSError):
            raise result


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(stream: Stream, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEAD})
    first = {"resumed": stream.resumed}
    opening = f"retry: {RETRY}\nevent: ready\ndata: {json.dumps(first)}\n"
    await _body(send, opening.encode() + _id(stream))
    while not stream.closed.is_set():
        # Not wait_for: before Python 3.12 it forgets a cancellation that comes with the event.
        with suppress(TimeoutError):
            async with asyncio.timeout(KEEP_ALIVE):
                await stream.stirred.wait()
        given = stream.take()
        if given:
            await _body(send, framed(given))
        elif not stream.stirred.is_set() and not stream.doubts:
            await _body(send, b"event: still\ndata: {}\n" + _id(stream))


def _id(stream: Stream) -> bytes:
    place = stream.place()
    return f"id: {place}\n\n".encode() if place else b"\n"


async def _body(send: Send, body: bytes) -> None:
    async with asyncio.timeout(STUCK):
        await send({"type": "http.response.body", "body": body, "more_body": True})


def framed(given: Delivery) -> bytes:
    """The delivery as events. Only the last has an id: who is cut off before it gets all again."""
    end = f"id: {given.cursor}\n\n".encode()
    if given.resync:
        return b"event: resync\ndata: {}\n" + end
    return b"\n\n".join(b"data: " + hint for hint in given.hints) + b"\n" + end
