"""Nothing outside is reached by trick, and nothing inside at all."""

import gzip
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from callout.kernel import outgoing
from callout.kernel.outgoing import OutgoingError, http_send, is_public

PUBLIC = "93.184.215.14"

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.255.255.254/",
    "http://0.0.0.0/",
    "http://0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fd00:ec2::254]/",
    "http://[fc00::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[100::1]/",
    "http://inside.example/",
    "http://half-inside.example/",
    "http://mapped.example/",
    "http://user:pass@example.com/",
    "http://127.0.0.1@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http://example.com:22/",
    "http://example.com:5432/",
    "http://example.com:6379/",
    "http://example.com:0/",
    "http://example.com:99999/",
    "http://example.com:80:80/",
    "https://example.com:8443/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/",
    "unix:///var/run/docker.sock",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "/etc/passwd",
    "",
    "http://",
    "http:///",
    "http://exa mple.com/",
    "http://example.com/\r\nHost: 127.0.0.1",
    "http://example.com\x00.evil/",
    "http://ⓔxample.com/",
    "http://１２７.0.0.1/",
    "http://.example.com/",
    "http://example.com/" + "a" * 3_000,
]

NAMES = {
    "inside.example": ["10.1.2.3"],
    "half-inside.example": [PUBLIC, "127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "example.com": [PUBLIC],
}


class Sockets:
    """Counts connections, and answers for the name server."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.opened: list[Any] = []
        self.asked: list[str] = []
        self.names = dict(NAMES)
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._lookup)
        monkeypatch.setattr(socket, "create_connection", self._connect)
        monkeypatch.setattr(socket.socket, "connect", lambda _s, to: self._connect(to))
        monkeypatch.setattr(socket.socket, "connect_ex", lambda _s, to: self._connect(to))

    def _lookup(self, host: str, port: int, *rest: Any, **more: Any) -> list[Any]:
        self.asked.append(host)
        if host in self.names:
            family = {True: socket.AF_INET6, False: socket.AF_INET}
            return [
                (family[":" in ip], socket.SOCK_STREAM, 6, "", (ip, port))
                for ip in self.names[host]
            ]
        return list(self._real(host, port, *rest, **more))

    def _connect(self, to: Any, *_rest: Any, **_more: Any) -> socket.socket:
        self.opened.append(to)
        raise ConnectionRefusedError("counted")


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> Sockets:
    return Sockets(monkeypatch)


def test_there_are_enough_hostile_targets() -> None:
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_target_opens_no_socket(sockets: Sockets, url: str) -> None:
    with pytest.raises(OutgoingError):
        http_send("GET", url)
    assert sockets.opened == []


@pytest.mark.parametrize(
    "url", ["http://example.com/", f"https://{PUBLIC}/", "http://[2606:4700::1]/"]
)
def test_control_a_public_target_opens_one(sockets: Sockets, url: str) -> None:
    with pytest.raises(OutgoingError):
        http_send("GET", url)
    assert len(sockets.opened) == 1


INSIDE = [
    url for url in HOSTILE if url.startswith("http://") and url[7:9] in ("12", "10", "16", "[:")
]


@pytest.mark.parametrize("url", INSIDE)
def test_control_without_the_deny_list_a_socket_is_opened(
    sockets: Sockets, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setattr(outgoing, "is_public", lambda _address: True)
    with pytest.raises(OutgoingError):
        http_send("GET", url)
    assert "@" in url or len(sockets.opened) >= 1


def test_a_name_is_resolved_once_and_only_what_was_looked_at_is_asked(sockets: Sockets) -> None:
    with pytest.raises(OutgoingError):
        http_send("GET", "http://example.com/")
    assert sockets.asked.count("example.com") == 1
    assert [to[0] for to in sockets.opened] == [PUBLIC]


def test_proxies_of_the_environment_are_not_asked(
    sockets: Sockets, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    with pytest.raises(OutgoingError):
        http_send("GET", "http://example.com/")
    assert [to[0] for to in sockets.opened] == [PUBLIC]


def test_of_all_special_ranges_none_is_public() -> None:
    for network in outgoing.DENIED + outgoing.IPV6_DENIED:
        assert not is_public(str(network[0]))
        assert not is_public(str(network[-1]))
    for text in ("8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"):
        assert is_public(text)
        assert ipaddress.ip_address(text).is_global
    assert not is_public("no address")


# --- what answers ------------------------------------------------------------------------------


class Site(BaseHTTPRequestHandler):
    """A server that misbehaves in the way its path says."""

    seen: list[tuple[str, dict[str, str], bytes]]

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.seen.append((self.path, dict(self.headers), body))
        getattr(self, "answer_" + self.path.strip("/").partition("?")[0])()

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        pass

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_hello(self) -> None:
        self.say(200, b"hello", X_Kind="plain")

    def answer_redirect(self) -> None:
        self.say(302, location="http://169.254.169.254/")

    def answer_cookie(self) -> None:
        self.say(200, set_cookie="a=b")

    def answer_packed(self) -> None:
        self.say(200, gzip.compress(b"0" * 1_000_000), content_encoding="gzip")

    def answer_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65_536)
        except OSError:
            return

    def answer_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.drip()

    def answer_slowhead(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        self.drip()

    def drip(self) -> None:
        try:
            for _ in range(200):
                self.wfile.write(b"x")
                time.sleep(0.05)
        except OSError:
            return

    def answer_nonsense(self) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that hangs up is what several tests want."""


def serve(site: type[Site], context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    server = Quiet(("127.0.0.1", 0), site)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def fresh_site() -> type[Site]:
    class ThisSite(Site):
        seen = []

    return ThisSite


@pytest.fixture
def site(settings: Any) -> Iterator[tuple[str, type[Site]]]:
    """The origin of a server inside, which the settings name."""
    kind = fresh_site()
    server = serve(kind)
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    settings.OUTGOING_INTERNAL = [origin]
    yield origin, kind
    server.shutdown()
    server.server_close()


def test_a_configured_service_inside_is_asked(site: tuple[str, type[Site]]) -> None:
    answer = http_send(
        "POST", f"{site[0]}/hello?a=1", headers={"X-Mine": "1"}, body=b"text", configured=True
    )
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (200, b"hello", "plain")
    path, headers, body = site[1].seen[0]
    assert (path, body, headers["x-mine"]) == ("/hello?a=1", b"text", "1")
    assert headers["host"] == site[0].removeprefix("http://")


def test_the_same_address_given_by_a_user_is_not(site: tuple[str, type[Site]]) -> None:
    with pytest.raises(OutgoingError):
        http_send("GET", f"{site[0]}/hello")
    assert site[1].seen == []


def test_a_configured_address_that_the_settings_do_not_name_is_not(
    site: tuple[str, type[Site]], settings: Any
) -> None:
    settings.OUTGOING_INTERNAL = []
    with pytest.raises(OutgoingError):
        http_send("GET", f"{site[0]}/hello", configured=True)
    assert site[1].seen == []


def test_a_redirect_is_an_answer_and_nobody_follows_it(site: tuple[str, type[Site]]) -> None:
    answer = http_send("GET", f"{site[0]}/redirect", configured=True)
    assert answer.status == 302
    assert len(site[1].seen) == 1


def test_nothing_is_remembered_from_one_request_to_the_next(site: tuple[str, type[Site]]) -> None:
    http_send("GET", f"{site[0]}/cookie", configured=True)
    http_send("GET", f"{site[0]}/hello", configured=True)
    assert "cookie" not in {name.lower() for name in site[1].seen[1][1]}


def test_a_packed_answer_stays_packed(site: tuple[str, type[Site]]) -> None:
    answer = http_send("GET", f"{site[0]}/packed", configured=True)
    assert len(answer.body) < 10_000
    assert site[1].seen[0][1]["accept-encoding"] == "identity"


def test_an_answer_without_end_is_cut_at_thirty_megabytes(site: tuple[str, type[Site]]) -> None:
    with pytest.raises(OutgoingError) as refused:
        http_send("GET", f"{site[0]}/endless", configured=True)
    assert refused.value.code == "too_large"


@pytest.mark.parametrize("path", ["drip", "slowhead"])
def test_an_answer_that_drips_is_cut_at_the_deadline(
    site: tuple[str, type[Site]], path: str
) -> None:
    start = time.monotonic()
    with pytest.raises(OutgoingError) as refused:
        http_send("GET", f"{site[0]}/{path}", configured=True, seconds=0.5)
    assert refused.value.code == "too_slow"
    assert time.monotonic() - start < 1.5


def test_what_does_not_speak_http_is_an_error_in_words(site: tuple[str, type[Site]]) -> None:
    with pytest.raises(OutgoingError, match="could not be reached"):
        http_send("GET", f"{site[0]}/nonsense", configured=True)


@pytest.mark.parametrize("method", ["CONNECT", "TRACE", "get", "GET / HTTP/1.1\r\nX:"])
def test_only_plain_methods_are_sent(site: tuple[str, type[Site]], method: str) -> None:
    with pytest.raises(OutgoingError):
        http_send(method, f"{site[0]}/hello", configured=True)
    assert site[1].seen == []


def test_a_header_cannot_carry_another_one(site: tuple[str, type[Site]]) -> None:
    with pytest.raises(OutgoingError):
        http_send("GET", f"{site[0]}/hello", headers={"X": "1\r\nY: 2"}, configured=True)
    assert site[1].seen == []


def certificate(folder: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "site.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.mark.parametrize(("asked", "works"), [("right.example", True), ("wrong.example", False)])
def test_tls_holds_the_name_against_the_certificate(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, asked: str, works: bool
) -> None:
    pem = certificate(tmp_path, "right.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    kind = fresh_site()
    server = serve(kind, context)
    port = server.server_address[1]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *rest, **more: real("127.0.0.1", *rest, **more)
    )
    monkeypatch.setattr(outgoing, "_tls", lambda: ssl.create_default_context(cafile=str(pem)))
    settings.OUTGOING_INTERNAL = [f"https://{asked}:{port}"]
    try:
        if works:
            assert http_send("GET", f"https://{asked}:{port}/hello", configured=True).status == 200
        else:
            with pytest.raises(OutgoingError):
                http_send("GET", f"https://{asked}:{port}/hello", configured=True)
            assert kind.seen == []
    finally:
        server.shutdown()
        server.server_close()
