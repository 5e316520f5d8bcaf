"""Django in its threads: what is handed over to them, and what comes back."""

import asyncio
import io
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from callout.config.edge.threads import AT_ONCE, Environ, Threads, Wsgi, environ_of
from callout.config.edge.types import BODY, Message, Scope


def scope(**more: Any) -> Scope:
    """A request."""
    return {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [],
        "http_version": "1.1", **more,
    }  # fmt: skip


def sent_by(app: Wsgi, *scopes: Scope) -> list[Message]:
    """What it sends for these requests, one after the other by the same thread."""
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body is in the scope")

    async def send(message: Message) -> None:
        sent.append(message)

    async def all_of_it() -> None:
        threads = Threads(app, workers=1)
        for one in scopes or (scope(),):
            await threads(one, receive, send)

    asyncio.run(all_of_it())
    return sent


class Closing(HttpResponse):
    """Says by which thread it was closed."""

    closed_by = ""

    def close(self) -> None:
        self.closed_by = threading.current_thread().name
        super().close()


def test_a_whole_answer_is_closed_by_its_thread_and_goes_out_in_one_piece() -> None:
    made = Closing(b"all of it", status=201)

    def app(_environ: Environ, say: Any) -> HttpResponse:
        say("201 Created", [("X-Name", "caf\xe9")])
        return made

    head, body = sent_by(app)
    assert (head["status"], head["headers"]) == (201, [(b"x-name", b"caf\xe9")])
    assert body == {"type": "http.response.body", "body": b"all of it"}
    assert made.closed_by.startswith("WSGI")  # whose database connection it used


def test_a_cookie_goes_out_as_a_header_may() -> None:
    def app(_environ: Environ, say: Any) -> HttpResponse:
        say("200 OK", [("Set-Cookie", " name=value; Path=/")])
        return HttpResponse()

    head, _body = sent_by(app)
    assert head["headers"] == [(b"set-cookie", b"name=value; Path=/")]


def test_the_end_of_a_long_answer_waits_for_its_reader() -> None:
    def app(_environ: Environ, say: Any) -> HttpResponse:
        say("200 OK", [])
        return HttpResponse(b"x" * (AT_ONCE + 1))

    _head, body, end = sent_by(app)
    assert (len(body["body"]), body["more_body"], end["body"]) == (AT_ONCE + 1, True, b"")
    assert not end.get("more_body")


def test_what_is_made_while_it_is_sent_goes_piece_by_piece_and_is_closed_when_it_breaks() -> None:
    closed: list[bool] = []

    def pieces() -> Iterator[bytes]:
        try:
            yield b"one"
            yield b"two"
            raise LookupError
        finally:
            closed.append(True)

    sent: list[Message] = []

    def app(_environ: Environ, say: Any) -> StreamingHttpResponse:
        say("200 OK", [])
        return StreamingHttpResponse(pieces())

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {}

    with pytest.raises(LookupError):
        asyncio.run(_called(Threads(app, workers=1), receive, send))
    assert [one.get("body") for one in sent] == [None, b"one", b"two"]
    assert closed == [True]


async def _called(threads: Threads, receive: Any, send: Any) -> None:
    await threads(scope(), receive, send)


def test_what_one_request_leaves_in_its_context_the_next_does_not_find() -> None:
    left: ContextVar[str] = ContextVar("left", default="")
    found: list[tuple[str, str]] = []

    def app(_environ: Environ, say: Any) -> HttpResponse:
        found.append((threading.current_thread().name, left.get()))
        left.set("something")
        say("200 OK", [])
        return HttpResponse()

    sent_by(app, scope(), scope())
    assert found == [("WSGI_0", ""), ("WSGI_0", "")]


def test_a_request_is_told_in_the_words_of_wsgi() -> None:
    asked = scope(
        method="POST", path="/é", query_string=b"a=%20", scheme="https",
        client=("192.0.2.7", 4711), server=("callout.example", 443),
        headers=[(b"host", b"callout.example"), (b"content-type", b"text/plain"),
                 (b"content-length", b"4"), (b"x-two", b"a"), (b"x-two", b"b"),
                 (b"content_length", b"999"), (b"content_type", b"a/b")],
    )  # fmt: skip
    asked[BODY] = io.BytesIO(b"body")
    environ = environ_of(asked)
    assert environ["wsgi.input"].read() == b"body"
    expected = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/Ã©", "QUERY_STRING": "a=%20",
        "SERVER_PROTOCOL": "HTTP/1.1", "SERVER_NAME": "callout.example", "SERVER_PORT": "443",
        "REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": 4711, "wsgi.url_scheme": "https",
        "HTTP_HOST": "callout.example", "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "4",
        "HTTP_X_TWO": "a,b",
    }  # fmt: skip
    assert {name: environ.get(name) for name in expected} == expected
