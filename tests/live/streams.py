"""A reader of live events for tests: a plain socket, so that it can also be slow or rude."""

import json
import socket
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Event:
    """One event as a browser would see it."""

    name: str = "message"
    data: str = ""
    id: str = ""

    def hint(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.data)
        return found


@dataclass
class Reader:
    """An open request for live hints."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    path: str = "/api/v1/live"
    method: str = "GET"
    status: int = 0
    head: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""
    body: bytes = b""
    ended: bool = False
    finished: bool = False  # the server said that this is the end, and did not just hang up
    last_id: str = ""

    def open(self, receive_buffer: int | None = None) -> "Reader":
        """Send the request and read the head of the answer."""
        self.link = socket.socket()
        if receive_buffer:
            self.link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.link.settimeout(10)
        self.link.connect(("127.0.0.1", self.port))
        sent = {"Host": f"localhost:{self.port}", **self.headers}
        lines = [f"{self.method} {self.path}{self.query} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in sent.items()]
        self.link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.raw:
            self._more(10)
        head, _, self.raw = self.raw.partition(b"\r\n\r\n")
        first, *rest = head.decode().split("\r\n")
        self.status = int(first.split()[1])
        self.head = {k.lower(): v for k, v in (line.split(": ", 1) for line in rest)}
        return self

    def ready(self) -> "Reader":
        """Open, and read the first event."""
        self.open()
        assert self.status == 200, self.status
        event = self.next()
        assert event is not None
        assert event.name == "ready"
        return self

    def _more(self, seconds: float) -> bool:
        self.link.settimeout(max(seconds, 0.001))
        try:
            got = self.link.recv(65_536)
        except TimeoutError:
            return False
        except ConnectionResetError:
            got = b""
        if not got:
            self.ended = True
        self.raw += got
        return bool(got)

    def _unchunk(self) -> None:
        while b"\r\n" in self.raw:
            size, _, rest = self.raw.partition(b"\r\n")
            length = int(size, 16)
            if len(rest) < length + 2:
                return
            self.body += rest[:length]
            self.raw = rest[length + 2 :]
            self.finished = self.finished or length == 0
            self.ended = self.ended or self.finished

    def next(self, seconds: float = 3.0) -> Event | None:
        """The next event, None if none comes; one that says that the stream is still there only
        moves `last_id`."""
        until = time.monotonic() + seconds
        while True:
            self._unchunk()
            if b"\n\n" in self.body:
                block, _, self.body = self.body.partition(b"\n\n")
                event = self._event(block.decode())
                if event.data and event.name != "still":
                    return event
                continue
            if self.ended or time.monotonic() > until:
                return None
            self._more(until - time.monotonic())

    def _event(self, block: str) -> Event:
        event = Event()
        for line in block.split("\n"):
            name, _, value = line.partition(": ")
            if name == "event":
                event.name = value
            elif name == "data":
                event.data += value
            elif name == "id":
                event.id = self.last_id = value
        return event

    def all(self, seconds: float) -> list[Event]:
        """Whatever comes within `seconds`."""
        until = time.monotonic() + seconds
        events = []
        while (event := self.next(until - time.monotonic())) is not None:
            events.append(event)
        return events

    def wait_for_the_end(self, seconds: float = 5.0) -> float:
        """Seconds until the server ended it; AssertionError if it did not."""
        start = time.monotonic()
        while not self.ended and time.monotonic() - start < seconds:
            self._unchunk()
            if not self.ended:
                self._more(0.05)
        assert self.ended, "the stream is still open"
        return time.monotonic() - start

    def problem(self) -> dict[str, Any]:
        """The body of a refusal."""
        length = int(self.head["content-length"])
        while len(self.raw) < length:
            assert self._more(5)
        found: dict[str, Any] = json.loads(self.raw[:length])
        return found

    def close(self) -> None:
        self.link.close()
