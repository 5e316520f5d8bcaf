"""A client that costs little itself: one kept-alive connection, little parsed."""

import http.client
import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

IDLE = 15.0
PAGE = {"Accept": "text/html,application/xhtml+xml"}


class Refused(Exception):
    """An answer that a measurement cannot stand on."""


@dataclass
class Browser:
    """One connection with its cookies."""

    port: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.link = http.client.HTTPConnection("localhost", self.port, timeout=60)
        self.used = time.monotonic()

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """One request; status and body."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self.used > IDLE:
            self.link.close()  # the server may have; it opens again by itself
        self.link.request(method, path, body, sent)
        answer = self.link.getresponse()
        found = answer.read()
        self.used = time.monotonic()
        for given in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(given).items()}
        return answer.status, found

    def timed(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[float, bytes]:
        """Milliseconds and body of a request that must succeed."""
        started = time.perf_counter()
        status, found = self.ask(method, path, body, **headers)
        spent = (time.perf_counter() - started) * 1_000
        if not 200 <= status < 300:
            raise Refused(f"{method} {path}: {status}\n{found[:2000].decode(errors='replace')}")
        return spent, found

    def post_headers(self) -> dict[str, str]:
        """What our own scripts send with a form."""
        token = next((v for name, v in self.cookies.items() if "csrf" in name), "")
        return {
            "Origin": f"http://localhost:{self.port}",
            "X_CSRFToken": token,
            "HX_Request": "true",
            "Content_Type": "application/x-www-form-urlencoded",
        }

    def close(self) -> None:
        """End the connection."""
        self.link.close()


def signed_in(port: int, email: str, password: str) -> Browser:
    """A browser after signing in with the form, as people do."""
    browser = Browser(port, dict(PAGE))
    _status, page = browser.ask("GET", "/accounts/login/")
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if found is None:
        raise Refused("the sign-in page has no form")
    fields = {"login": email, "password": password, "csrfmiddlewaretoken": found[1].decode()}
    headers = {
        "Origin": f"http://localhost:{port}",
        "Content_Type": "application/x-www-form-urlencoded",
    }
    status, page = browser.ask("POST", "/accounts/login/", urlencode(fields).encode(), **headers)
    if status != 302:
        raise Refused(f"signing in was answered {status}: {page[:500]!r}")
    return browser
