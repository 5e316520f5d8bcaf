"""What lies between a phone and the server: a signal, none, or a captive portal; and later builds.

A proxy of the test's own, so that it stands in front of the service worker's requests too. It
listens on 127.0.0.1 and reaches nobody but the test's server.
"""

import base64
import hashlib
import http.client
import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PORTAL = b"<!doctype html><title>Hotel Bellevue</title><h1>Welcome! Please accept our terms.</h1>"
SHELL, WORKER, SYNC, MARK = "/technician/", "/technician/sw.js", "/technician/sync", "/mark"
OURS = ("connection", "keep-alive", "proxy-connection", "transfer-encoding", "content-length")


@dataclass
class Network:
    """`mode` is signal, none or portal; `broken` are paths that nobody answers all the same."""

    mode: str = "signal"
    broken: set[str] = field(default_factory=set)
    spared: set[str] = field(default_factory=set)  # by the portal: it lets these through
    build: str = ""  # another one than the server's: its name
    nonsense: bytes | None = None  # said to each sync, as JSON, with status 200
    days: float = 0  # by which the server's clock differs, in answers to a sync
    came: list[tuple[str, str]] = field(default_factory=list)
    marked: Callable[[str], None] = print  # called in the handler of a beacon to MARK
    port: int = 0  # of the server
    streams: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        network = self

        class Way(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                network.pass_on(self)

            def do_HEAD(self) -> None:
                network.pass_on(self)

            def do_POST(self) -> None:
                network.pass_on(self)

            def do_PUT(self) -> None:
                network.pass_on(self)

            def do_DELETE(self) -> None:
                network.pass_on(self)

            def log_message(self, *_: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """A browser that was killed does not wait for its answers."""

        self.server = Server(("127.0.0.1", 0), Way)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.mode = "none"
        self.server.shutdown()
        self.server.server_close()

    def asked(self, path: str) -> int:
        """How many requests for this path have come."""
        return sum(one == path for _method, one in self.came)

    def pass_on(self, way: BaseHTTPRequestHandler) -> None:
        url = urlsplit(way.path)
        body = way.rfile.read(int(way.headers.get("Content-Length") or 0))
        self.came.append((way.command, url.path))
        if url.path == MARK:
            self.marked(body.decode())
            self._answer(way, 204, {}, b"")
        elif self.mode == "none" or url.path in self.broken:
            way.close_connection = True
        elif self.nonsense is not None and url.path == SYNC:
            self._answer(way, 200, {"Content-Type": "application/json"}, self.nonsense)
        elif self.mode == "portal" and url.path not in self.spared:
            self._answer(way, 200, {"Content-Type": "text/html"}, PORTAL)
        else:
            self._forward(way, url.netloc, way.path.partition(url.netloc)[2], body)

    def _forward(self, way: BaseHTTPRequestHandler, host: str, path: str, body: bytes) -> None:
        headers = {k: v for k, v in way.headers.items() if k.lower() not in OURS}
        if self.build and urlsplit(path).path in (SHELL, WORKER):
            headers.pop("If-None-Match", None)  # the server would speak of its own build
        server = http.client.HTTPConnection(host.replace("localhost", "127.0.0.1"), timeout=60)
        try:
            server.request(way.command, path, body or None, headers)
            line = server.sock
            answer = server.getresponse()
            if answer.getheader("Content-Type", "").startswith("text/event-stream"):
                self._stream(way, line, answer)
                return
            found = self._changed(urlsplit(path).path, answer.read())
        finally:
            server.close()
        kept = [(k, v) for k, v in answer.getheaders() if k.lower() not in OURS]
        self._answer(way, answer.status, kept, found)

    def _stream(self, way: BaseHTTPRequestHandler, line: Any, answer: Any) -> None:
        """As it comes, until somebody hangs up or the signal goes."""
        way.close_connection = True
        way.send_response_only(answer.status)
        way.send_header("Content-Type", answer.getheader("Content-Type"))
        way.end_headers()
        self.streams.append(line)
        while self.mode == "signal" and (piece := answer.read1(65_536)):
            way.wfile.write(piece)
            way.wfile.flush()

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "mode" and value != "signal":
            for line in getattr(self, "streams", []):
                with suppress(OSError):  # it has ended by itself
                    line.shutdown(socket.SHUT_RDWR)

    def _changed(self, path: str, body: bytes) -> bytes:
        if path == SHELL and self.build:
            return re.sub(rb'data-build="\w+"', f'data-build="{self.build}"'.encode(), body)
        if path == WORKER and self.build:
            return self._later_worker(body)
        if path == SYNC and self.days:
            said = json.loads(body)
            if "now" in said:
                moved = datetime.fromisoformat(said["now"]) + timedelta(days=self.days)
                said["now"] = moved.isoformat()
            return json.dumps(said).encode()
        return body

    def _later_worker(self, script: bytes) -> bytes:
        """The worker of the other build: it knows the frame by the hash of its changed bytes."""
        first, rest = script.split(b"\n", 1)
        told = json.loads(first.removeprefix(b"self.__callout = ").removesuffix(b";"))
        shell = told["shell"]
        shell["integrity"] = shell["revision"] = self._shell_hash(shell["url"])
        return b"self.__callout = " + json.dumps(told).encode() + b";\n" + rest

    def _shell_hash(self, url: str) -> str:
        server = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        server.request("GET", url, headers={"Host": f"localhost:{self.port}"})
        body = self._changed(SHELL, server.getresponse().read())
        server.close()
        return "sha256-" + base64.b64encode(hashlib.sha256(body).digest()).decode()

    @staticmethod
    def _answer(way: BaseHTTPRequestHandler, status: int, headers: Any, body: bytes) -> None:
        way.send_response_only(status)
        for name, value in headers.items() if isinstance(headers, dict) else headers:
            way.send_header(name, value)
        way.send_header("Content-Length", str(len(body)))
        way.end_headers()
        if way.command != "HEAD":
            way.wfile.write(body)
