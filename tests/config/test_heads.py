"""Who begins a request and does not go on is sent away; who asks properly is not hurried."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from pytest_django import Settings
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from callout.config.edge import heads
from callout.config.edge.heads import PunctualHeads
from callout.config.management.commands.serve import bound
from tests.harness.server import free_port

pytestmark = pytest.mark.wide

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Any]]
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "SECONDS", 0.2)


async def app(_scope: Any, receive: Any, send: Any) -> None:
    """Answers a little late, as a page may."""
    await receive()
    await asyncio.sleep(0.4)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


def talked(talk: Talk, protocol: type[H11Protocol] = PunctualHeads) -> Any:
    """What comes of a conversation with a server that speaks this protocol."""

    async def whole() -> Any:
        config = uvicorn.Config(app, http="h11", ws="none", lifespan="off", access_log=False)
        config.load()
        state = ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: protocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
        )
        async with server:
            port = server.sockets[0].getsockname()[1]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                return await talk(reader, writer)
            finally:
                writer.close()

    return asyncio.run(whole())


async def is_sent_away(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection soon."""
    try:
        return await asyncio.wait_for(reader.read(1000), 1.0) == b""
    except TimeoutError:
        return False


@pytest.mark.parametrize("sent", [b"", b"GET / HT", REQUEST[:-2]])
def test_half_a_head_is_not_waited_for(sent: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(sent)
        return await is_sent_away(reader)

    assert talked(talk)
    assert not talked(talk, H11Protocol)  # the guard taken out


def test_bytes_that_drip_do_not_buy_time() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        for byte in REQUEST[:20]:
            if writer.is_closing() or reader.at_eof():
                return True
            writer.write(bytes([byte]))
            await asyncio.sleep(0.05)
        return await is_sent_away(reader)

    assert talked(talk)


def test_a_slow_answer_and_the_pause_after_it_are_not_the_askers_fault() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[bytes]:
        answers = []
        for _turn in range(2):
            writer.write(REQUEST)
            answers.append(await reader.readuntil(b"ok"))
            await asyncio.sleep(0.4)
        return answers

    assert [answer.startswith(b"HTTP/1.1 200") for answer in talked(talk)] == [True, True]


def test_the_second_head_on_a_connection_must_come_too() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(REQUEST)
        await reader.readuntil(b"ok")
        writer.write(b"GET /again")
        return await is_sent_away(reader)

    assert talked(talk)


def test_small_answers_are_not_held_back(settings: Settings) -> None:
    """Nagle's delay waits for the asker's acknowledgement, which is itself held back for 40 ms."""
    settings.BIND, settings.PORT = "127.0.0.1", free_port()
    held_back: list[int] = []

    class Looking(PunctualHeads):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            of = transport.get_extra_info("socket")
            held_back.append(of.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def whole(listener: socket.socket) -> None:
        config = uvicorn.Config(app, http=Looking, ws="none", lifespan="off", access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        _reader, writer = await asyncio.open_connection("127.0.0.1", settings.PORT)
        while not held_back:
            await asyncio.sleep(0.02)
        writer.close()
        server.should_exit = True
        await serving

    with bound() as listener:
        asyncio.run(whole(listener))
    assert held_back == [1]
