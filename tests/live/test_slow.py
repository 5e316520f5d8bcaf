"""Readers that are slow, or do not read at all, cost little and end when they must."""

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest

from callout.kernel import stream as streams
from callout.kernel.actor import Actor
from callout.kernel.feed import Cursor, FeedPage
from callout.kernel.stream import Stream
from callout.web.live import endpoint

MIA = Actor(user_id=uuid4(), name="Mia", door="api", is_manager=True)


def cursor(xmax: int) -> Cursor:
    found = Cursor.parse(f"7/{xmax}:{xmax}:")
    assert found is not None
    return found


def begun(at: int = 10) -> Stream:
    stream = Stream(MIA, verify=lambda: MIA)
    stream.begin(FeedPage((), cursor(at)), [])
    return stream


def test_hints_that_wait_are_sent_once_each_and_in_order() -> None:
    stream = begun()
    stream.add([(10, b"a"), (11, b"b"), (12, b"a")], cursor(13))
    stream.add([(13, b"c")], cursor(14))
    given = stream.take()
    assert given is not None
    assert (given.hints, str(given.cursor), given.resync) == ([b"a", b"b", b"c"], "7/14:14:", False)
    assert stream.take() is None


def test_what_the_hub_queued_before_the_replay_is_not_sent_twice() -> None:
    stream = Stream(MIA, verify=lambda: MIA)
    stream.add([(8, b"old"), (12, b"new")], cursor(13))
    stream.begin(FeedPage((), cursor(10)), [(8, b"old")])
    stream.add([(9, b"replayed"), (14, b"newer")], cursor(15))
    given = stream.take()
    assert given is not None
    assert given.hints == [b"old", b"new", b"newer"]


def test_a_reader_too_far_behind_is_told_to_load_everything_again() -> None:
    stream = begun()
    for number in range(streams.PENDING * 3):
        stream.add([(10 + number, b"%d" % number)], cursor(11 + number))
        assert len(stream.pending) <= streams.PENDING
    given = stream.take()
    assert given is not None
    assert given.resync
    assert len(given.hints) < streams.PENDING


def test_in_doubt_nothing_is_sent() -> None:
    stream = begun()
    stream.add([(10, b"a")], cursor(11))
    stream.doubts = 1
    assert stream.take() is None
    stream.doubts = 0
    assert stream.take() is not None


def test_after_the_end_nothing_is_sent() -> None:
    stream = begun()
    stream.add([(10, b"a")], cursor(11))
    stream.closed.set()
    assert stream.take() is None


class Browser:
    """The other end: reads the head of the answer, then stands still if told to."""

    def __init__(self, still: bool) -> None:
        self.still, self.got = still, b""

    async def receive(self) -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(self, message: Any) -> None:
        if self.still and message["type"] == "http.response.body":
            await asyncio.Event().wait()
        self.got += message.get("body", b"")


@pytest.mark.parametrize("still", [True, False])
def test_a_stream_ends_at_once_whether_or_not_its_reader_reads(still: bool) -> None:
    async def run() -> tuple[float, bytes]:
        stream, browser = begun(), Browser(still)
        served = asyncio.create_task(endpoint._serve(stream, browser.receive, browser.send))
        await asyncio.sleep(0.05)
        start = time.monotonic()
        stream.closed.set()
        stream.add([(10, b"secret")], cursor(11))
        await served
        return time.monotonic() - start, browser.got

    seconds, got = asyncio.run(run())
    assert seconds < 0.5
    assert b"secret" not in got


def test_a_reader_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "STUCK", 0.1)

    async def run() -> None:
        browser = Browser(still=True)
        await asyncio.wait_for(endpoint._serve(begun(), browser.receive, browser.send), 2)

    asyncio.run(run())


def test_a_quiet_stream_says_that_it_lives_and_moves_its_cursor_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(endpoint, "KEEP_ALIVE", 0.05)

    async def run() -> bytes:
        stream, browser = begun(), Browser(still=False)
        served = asyncio.create_task(endpoint._serve(stream, browser.receive, browser.send))
        await asyncio.sleep(0.1)
        stream.add([], cursor(99))
        await asyncio.sleep(0.15)
        stream.closed.set()
        await served
        return browser.got

    got = asyncio.run(run())
    assert got.startswith(b'retry: 2000\nevent: ready\ndata: {"resumed": false}\nid: 7/10:10:\n\n')
    assert b"event: still\ndata: {}\nid: 7/99:99:\n\n" in got


def test_a_mistake_of_ours_is_not_swallowed() -> None:
    async def broken(_message: Any) -> None:
        raise ZeroDivisionError

    async def run() -> None:
        await endpoint._serve(begun(), Browser(still=False).receive, broken)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())
