"""All HTTP that goes out goes through here; no other module imports an HTTP client.

Addresses may come from users (a webhook's), so nothing inside the company's network may be reached
by them. The name is resolved once, every address it has is held against a deny list of our own, and
the connection goes to exactly the address that was looked at: a second look-up could be told
something else. No redirects, no proxies from the environment, no cookies, ten seconds and thirty
megabytes for everything.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore
from django.conf import settings
from django.utils.translation import gettext as _

from callout.kernel.errors import CalloutError

SECONDS = 10.0
LOOK_SECONDS = 3.0
BYTES = 30_000_000
CHUNK = 16_384
PORTS = {"http": 80, "https": 443}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

# Whatever is not a public unicast address, and the ways of writing one address inside another.
DENIED = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # a cloud's own agent, on a public-looking address
        "100.100.100.200/32",
    )
]  # fmt: skip
# Of IPv6 only global unicast is let through, and of that not what wraps IPv4 or is for papers.
IPV6_GLOBAL = ipaddress.ip_network("2000::/3")
IPV6_DENIED = [
    ipaddress.ip_network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
]
HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62}[a-z0-9_])?(\.[a-z0-9_-]{1,63})*\.?")

# A look-up cannot be told to stop; these threads wait for it when nobody else does any more.
_lookups = ThreadPoolExecutor(8, thread_name_prefix="lookup")


class OutgoingError(CalloutError):
    """It was not sent, or no whole answer came. The words may be shown to who gave the address."""

    status = 502
    code = "outgoing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said. A redirect is an answer like any other: nobody follows it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked, taken apart."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> httpcore.URL:
        """As httpcore takes it; nothing is parsed a second time."""
        return httpcore.URL(
            scheme=self.scheme.encode(),
            host=self.host.encode(),
            port=self.port,
            target=self.path.encode(),
        )

    @property
    def origin(self) -> str:
        """As it stands in the settings."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        standard = PORTS[self.scheme] == self.port
        return f"{self.scheme}://{host}" + ("" if standard else f":{self.port}")


def http_send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    configured: bool = False,
    inside: Collection[str] = (),
    seconds: float = SECONDS,
    most: int = BYTES,
) -> Answer:
    """Send one request. OutgoingError when it may not be sent or is not answered in time, or with
    more than `most` bytes.

    `configured` says that the address comes from the settings, not from a user: then the inside
    of the network may be asked, if settings.OUTGOING_INTERNAL names the origin. `inside` are
    origins there that the operator allows for what this caller's users enter.
    """
    if method not in METHODS:
        raise OutgoingError(_("This kind of request is not sent."))
    target = target_of(url, configured=configured, inside=inside)
    deadline = time.monotonic() + min(seconds, SECONDS)
    network = _Network(deadline, inside=target.origin in _inside(configured, inside))
    head = _headers(target, headers or {}, body)
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_tls(), network_backend=network) as pool,
            pool.stream(method, target.url, headers=head, content=body or None) as response,
        ):
            return _answer(response, deadline, most)
    except (httpcore.TimeoutException, NotInTime) as error:
        raise OutgoingError(_("The address did not answer in time."), code="too_slow") from error
    except (
        httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError,
        ValueError,
    ) as error:  # fmt: skip
        raise OutgoingError(_("The address could not be reached.")) from error


def target_of(url: str, *, configured: bool = False, inside: Collection[str] = ()) -> Target:
    """The parts of `url`. OutgoingError for whatever is not a plain http(s) address."""
    refused = OutgoingError(_("This is not an address that may be asked."), code="address")
    longest = 8_000 if configured else 2_000  # a table of travel times names a hundred places
    if len(url) > longest or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise refused
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refused from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in PORTS or "@" in parts.netloc or not _is_host(host):
        raise refused
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = Target(parts.scheme, host, port or PORTS[parts.scheme], path)
    allowed = {*PORTS.values(), *settings.OUTGOING_PORTS}
    named = target.origin in _inside(configured, inside)
    if port == 0 or not (named or target.port in allowed):
        raise refused
    return target


def leads_inside(target: Target) -> bool:
    """Whether this number, or what this name is said to be now, lies inside the network. No, where
    nobody knows within a moment: nothing is sent without looking again."""
    asking = _lookups.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
    try:
        found = asking.result(timeout=LOOK_SECONDS)
    except (NotInTime, OSError, ValueError):
        return False
    return not all(is_public(str(entry[4][0])) for entry in found)


def _inside(configured: bool, inside: Collection[str]) -> Collection[str]:
    """Origins inside the network that may be asked, by the environment's word."""
    return settings.OUTGOING_INTERNAL if configured else inside


def _is_host(host: str) -> bool:
    if ":" in host:
        return "%" not in host and _address(host) is not None
    return HOST.fullmatch(host) is not None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """Whether this address is out in the world, where anybody may be asked."""
    address = _address(text)
    if isinstance(address, ipaddress.IPv6Address):
        inside = any(address in network for network in IPV6_DENIED)
        return address in IPV6_GLOBAL and not inside
    return address is not None and not any(address in network for network in DENIED)


def _headers(target: Target, given: Mapping[str, str], body: bytes) -> list[tuple[bytes, bytes]]:
    host = target.origin.partition("://")[2]
    # Unpacked bodies have no bound: nothing packed is asked for, and none is unpacked.
    headers = {"accept": "*/*", "user-agent": "Callout", **{k.lower(): v for k, v in given.items()}}
    headers |= {"host": host, "accept-encoding": "identity", "connection": "close"}
    if body:
        headers["content-length"] = str(len(body))
    return [(name.encode("ascii"), value.encode("latin1")) for name, value in headers.items()]


def _answer(response: httpcore.Response, deadline: float, most: int) -> Answer:
    body = bytearray()
    for part in response.iter_stream():
        body += part
        if len(body) > most:
            raise OutgoingError(_("The answer is too large."), code="too_large")
        if time.monotonic() > deadline:
            raise httpcore.ReadTimeout
    headers = {k.decode("latin1").lower(): v.decode("latin1") for k, v in response.headers}
    return Answer(response.status, headers, bytes(body))


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Network(httpcore.NetworkBackend):
    """Opens sockets for httpcore: to addresses that were looked at, and all before one deadline."""

    def __init__(self, deadline: float, *, inside: bool) -> None:
        self.deadline, self.inside = deadline, inside

    def left(self, most: float | None = None) -> float:
        """Seconds to the deadline; TimeoutException after it."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if most is None else min(left, most)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """TLS still asks for the name: httpcore hands it to the stream by itself."""
        del local_address, socket_options  # httpcore sets none unless asked to
        last = httpcore.ConnectError()
        for address in self._looked_up(host, port):
            try:
                return _Stream(
                    httpcore.SyncBackend().connect_tcp(address, port, self.left(timeout)), self
                )
            except httpcore.ConnectError as error:
                last = error
        raise last

    def _looked_up(self, host: str, port: int) -> list[str]:
        """All addresses of `host`; none of them, if one lies where it may not."""
        asking = _lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = asking.result(timeout=self.left())
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self.inside and not all(is_public(address) for address in addresses):
            raise OutgoingError(_("This is not an address that may be asked."), code="address")
        return addresses[:4]


class _Stream(httpcore.NetworkStream):
    """A connection whose every step counts against the one deadline."""

    def __init__(self, inner: httpcore.NetworkStream, network: _Network) -> None:
        self.inner, self.network = inner, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.inner.read(max_bytes, self.network.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), CHUNK):
            self.inner.write(buffer[start : start + CHUNK], self.network.left(timeout))

    def close(self) -> None:
        self.inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self.network.left(timeout)
        return _Stream(self.inner.start_tls(ssl_context, server_hostname, left), self.network)

    def get_extra_info(self, info: str) -> Any:
        return self.inner.get_extra_info(info)
