"""The side that faces the network: limits, health, files and headers, without any view."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from pytest_django import Settings

from callout.config.asgi import Application
from callout.config.edge import bodies, downloads, health, readers, static
from callout.config.edge.threads import Threads
from callout.config.edge.types import BODY, App, Message, Receive, Scope, Send, answer


class Answer:
    """What an ASGI callable has sent."""

    def __init__(self, messages: list[Message]) -> None:
        heads = [one for one in messages if one["type"] == "http.response.start"]
        assert len(heads) == 1
        self.status: int = heads[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in heads[0]["headers"]}
        parts = [one for one in messages if one["type"] == "http.response.body"]
        self.body = b"".join(one.get("body", b"") for one in parts)


def run(call: Awaitable[None]) -> None:
    """Run it on an event loop of its own."""

    async def whole() -> None:
        await call

    asyncio.run(whole())


def asked(
    app: App, method: str = "GET", path: str = "/", *, body: list[bytes] | None = None,
    query: bytes = b"", headers: dict[str, str] | None = None,
) -> Answer:  # fmt: skip
    """Send one request, its body in these pieces."""
    pieces = list(body or [b""])
    sent: list[Message] = []
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(),
        "query_string": query, "http_version": "1.1", "scheme": "http",
        "client": ("127.0.0.1", 1), "server": ("testserver", 80),
        "headers": [(b"host", b"testserver")]
        + [(name.lower().encode(), value.encode()) for name, value in (headers or {}).items()],
    }  # fmt: skip

    async def receive() -> Message:
        if not pieces:
            return {"type": "http.disconnect"}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        sent.append(message)

    run(app(scope, receive, send))
    return Answer(sent)


@pytest.fixture(scope="module")
def edge() -> Application:
    """The whole server, as uvicorn gets it."""
    return Application()


async def echo(scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers with the length of the body."""
    await answer(send, 200, {}, json.dumps(len(scope[BODY].read())).encode())


@pytest.mark.parametrize("length", [0, 1, 65_535, 65_536, 65_537, 1_000_000])
def test_a_body_arrives_whole(length: int) -> None:
    pieces = [b"x" * min(50_000, length - at) for at in range(0, length, 50_000)]
    done = asked(bodies.spooled(echo), "POST", body=pieces)
    assert json.loads(done.body) == length


@pytest.mark.parametrize(
    ("kind", "limit"),
    [("application/json", 1_000_000), ("multipart/form-data; boundary=x", 30_000_000)],
)
def test_a_body_over_its_limit_is_refused_in_words(kind: str, limit: int) -> None:
    piece = b"x" * 100_000
    headers = {"content-type": kind}
    fits = asked(bodies.spooled(echo), "POST", body=[piece] * (limit // 100_000), headers=headers)
    assert fits.status == 200
    over = asked(
        bodies.spooled(echo), "POST", "/api/v1/x", headers=headers,
        body=[piece] * (limit // 100_000) + [b"x"],
    )  # fmt: skip
    assert over.status == 413
    assert json.loads(over.body)["code"] == "too_large"


def test_a_body_announced_too_long_is_not_even_read() -> None:
    async def receive() -> Message:
        raise AssertionError("it was read")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [
        (b"content-length", b"1000001")]}  # fmt: skip
    run(bodies.spooled(echo)(scope, receive, send))
    assert Answer(sent).status == 413


def test_a_body_that_does_not_come_ends_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IDLE_SECONDS", 0.05)
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(10)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": []}
    run(bodies.spooled(echo)(scope, receive, send))
    assert Answer(sent).status == 408


def test_healthz_says_that_the_process_lives(edge: Application) -> None:
    assert asked(edge, path="/healthz").status == 200


@pytest.mark.django_db(transaction=True)
def test_readyz_says_what_is_missing(
    edge: Application, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = asked(edge, path="/readyz")
    assert (ready.status, json.loads(ready.body)) == (200, {"ready": True, "problems": []})
    settings.MIN_FREE_MB = 10**9
    full = asked(edge, path="/readyz")
    assert full.status == 503
    assert json.loads(full.body)["problems"] == ["The disk is full."]
    settings.MIN_FREE_MB = 0
    monkeypatch.setattr(health, "migrated", lambda: False)
    due = asked(edge, path="/readyz")
    assert "callout migrate" in json.loads(due.body)["problems"][0]
    health.POOL.submit(connections.close_all).result()


def test_with_a_full_disk_reading_goes_on_and_writing_is_refused(
    edge: Application, settings: Settings
) -> None:
    settings.MIN_FREE_MB = 10**9
    headers = {"origin": "http://testserver"}
    refused = asked(edge, "POST", "/api/v1/service-orders", headers=headers)
    assert refused.status == 503
    assert json.loads(refused.body)["code"] == "disk_full"
    assert asked(edge, path="/healthz").status == 200


def test_refusals_come_in_the_readers_form() -> None:
    for path, headers, kind in [
        ("/x", {}, "text/html"), ("/api/v1/x", {}, "application/problem+json"),
        ("/x", {"hx-request": "true"}, "text/html"),
    ]:  # fmt: skip
        done = asked(bodies.spooled(echo), "POST", path, body=[b"x" * 1_000_001], headers=headers)
        assert done.headers["content-type"].startswith(kind)
        assert ("<html" in done.body.decode()) == (kind == "text/html" and not headers)


def test_an_address_with_a_null_byte_is_refused(edge: Application) -> None:
    assert asked(edge, path="/a\x00b").status == 400
    assert asked(edge, path="/", query=b"q=%00").status == 400


def test_every_answer_carries_the_policy(edge: Application) -> None:
    for path in ("/healthz", "/static/nothing.js", "/a\x00b"):
        headers = asked(edge, path=path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=(self)" in headers["permissions-policy"]


@pytest.mark.django_db(transaction=True)
def test_pages_forbid_inline_script_and_foreign_content(edge: Application) -> None:
    policy = asked(edge, path="/nowhere").headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["worker-src"] == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
    assert "unsafe" not in policy


def test_a_header_with_an_underscore_cannot_pose_as_another(edge: Application) -> None:
    seen: list[Scope] = []

    async def django(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await answer(send, 200, {}, b"")

    whole = Application.__new__(Application)
    whole.django, whole.static, whole.live = django, static.Static(), None
    asked(whole, path="/", headers={"X_Forwarded_For": "1.2.3.4", "Accept": "text/html"})
    assert [name for name, _value in seen[0]["headers"]] == [b"host", b"accept"]


def a_static_file(monkeypatch: pytest.MonkeyPatch, path: Path, content: bytes) -> static.Static:
    """A server of one static file, whatever it is asked by."""
    path.write_bytes(content)
    monkeypatch.setattr(finders, "find", lambda _name: str(path))
    return static.Static()


def served(files: static.Static, name: str, method: str = "GET", **headers: str) -> Answer:
    """Ask for one."""

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        await files(scope, send, name)

    return asked(
        app, method, headers={key.replace("_", "-"): value for key, value in headers.items()}
    )


def test_static_files_are_compressed_and_kept_for_ever_when_named_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"let x = 1;" * 500
    files = a_static_file(monkeypatch, tmp_path / "office-Box0jWxl.js", text)
    plain = served(files, "build/assets/office-Box0jWxl.js")
    assert plain.body == text
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "immutable" in plain.headers["cache-control"]
    zipped = served(files, "build/assets/office-Box0jWxl.js", accept_encoding="br, gzip")
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == text
    assert served(files, "favicon.svg").headers["cache-control"] == "no-cache"
    again = served(files, "favicon.svg", if_none_match=plain.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    head = served(files, "favicon.svg", "HEAD")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", "5000")
    assert served(files, "favicon.svg", "POST").status == 405


def test_a_rebuilt_static_file_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = a_static_file(monkeypatch, tmp_path / "x.css", b"a{}")
    assert served(files, "x.css").body == b"a{}"
    (tmp_path / "x.css").write_bytes(b"a{color:red}")
    assert served(files, "x.css").body == b"a{color:red}"


@pytest.mark.parametrize(
    "name", ["../config/settings.py", "/etc/passwd", "build/../../config/settings.py", "", "a\x00b",
             "build", "x" * 5000]
)  # fmt: skip
def test_nothing_else_is_served_as_static(edge: Application, name: str) -> None:
    done = asked(edge, path=f"/static/{name}")
    assert done.status in (400, 404)
    assert b"SECRET" not in done.body


def a_view_that_names(path: Path) -> App:
    """What a view's answer with X-Callout-File looks like on this side."""

    async def view(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = {"x-callout-file": str(path), "content-type": "image/jpeg", "etag": '"1"'}
        await answer(send, 200, headers, b"")

    return view


def test_a_view_can_have_a_file_sent(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    content = bytes(range(256)) * 3000
    (tmp_path / "photo").write_bytes(content)
    app = downloads.with_downloads(a_view_that_names(tmp_path / "photo"))
    done = asked(app)
    assert done.body == content
    assert done.headers["content-length"] == str(len(content))
    assert done.headers["content-type"] == "image/jpeg"
    assert "x-callout-file" not in done.headers
    assert asked(app, "HEAD").body == b""


def test_no_file_outside_the_files_folder_is_ever_sent(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    secret = tmp_path / "secret.key"
    secret.write_text("secret")
    (settings.MEDIA_ROOT / "link").symlink_to(secret)
    for path in (secret, settings.MEDIA_ROOT / "link", settings.MEDIA_ROOT / ".." / "secret.key"):
        with pytest.raises(PermissionError):
            asked(downloads.with_downloads(a_view_that_names(path)))


# --- readers -------------------------------------------------------------------------------------


def taken_of_a_table(take: Callable[[int], float]) -> tuple[int, bool]:
    """How many messages of an endless one a reader takes who waits so long over each, and whether
    the thread that makes it has ended."""
    taken: list[Message] = []
    ended: list[bool] = []

    def table(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        try:
            yield from [b"a piece"] * 200
        finally:
            ended.append(True)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        taken.append(message)
        await asyncio.sleep(take(len(taken)))

    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [],
             "http_version": "1.1"}  # fmt: skip
    run(readers.with_patience(Threads(table, workers=1))(scope, receive, send))
    return len(taken), ended == [True]


def test_a_reader_who_falls_asleep_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "IDLE_SECONDS", 0.05)
    assert taken_of_a_table(lambda count: 3600 if count == 3 else 0) == (3, True)


def test_a_reader_who_drips_holds_a_thread_so_long_and_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "WHOLE_SECONDS", 0.2)
    taken, ended = taken_of_a_table(lambda _count: 0.02)
    assert 1 < taken < 100
    assert ended


def test_who_takes_all_of_it_gets_all_of_it() -> None:
    taken, ended = taken_of_a_table(lambda _count: 0)
    assert taken >= 201
    assert ended
