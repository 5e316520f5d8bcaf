"""The app's worker in a real browser: it opens without a network, and a captive portal's page is
never kept in its place. The network is a small forwarder that can be switched."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.harness.server import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey

PORTAL = b"<!doctype html><title>Hotel</title><form>Room number</form>"
REGISTER = """async () => {
  const there = await navigator.serviceWorker.register(
    "/technician/sw.js", {scope: "/technician/", updateViaCache: "none"});
  await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 100 && !navigator.serviceWorker.controller; turn++)
    await new Promise((done) => setTimeout(done, 50));
  return there.active.scriptURL;
}"""
# Until the worker that it looks for has come, or has failed to.
UPDATE = """async () => {
  const there = await navigator.serviceWorker.getRegistration("/technician/");
  const old = there.active;
  await there.update().catch(() => undefined);
  const fresh = there.installing;
  if (!fresh) return there.waiting ? "waits" : "nothing new";
  await new Promise((done) => {
    fresh.addEventListener("statechange", () => {
      if (fresh.state !== "installing") done();
    });
  });
  return there.active === old && fresh.state === "redundant" ? "failed" : fresh.state;
}"""

WAITS = """async () => {
  const there = await navigator.serviceWorker.getRegistration("/technician/");
  return there.waiting !== null && navigator.serviceWorker.controller === there.active;
}"""
TAKE_OVER = """async () => {
  const there = await navigator.serviceWorker.getRegistration("/technician/");
  const fresh = there.waiting;
  const changed = new Promise((done) =>
    navigator.serviceWorker.addEventListener("controllerchange", done, {once: true}));
  fresh.postMessage({type: "callout-take-over"});
  await changed;
  return navigator.serviceWorker.controller === fresh;
}"""


class Network:
    """A way to the server that can be cut, or led to a portal."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.mode = "through"
        network = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                network.answer(self)

            def log_message(self, *_given: Any) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://localhost:{self.httpd.server_port}"
        threading.Thread(target=self.httpd.serve_forever, daemon=True).start()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        is_worker = asked.path == "/technician/sw.js"
        if self.mode == "off":
            asked.close_connection = True
            return
        if self.mode == "portal" and not is_worker:
            self._send(asked, 200, {"Content-Type": "text/html"}, PORTAL)
            return
        status, headers, body = self._fetch(asked)
        if self.mode in ("portal", "new") and is_worker:
            # A new version: of the same files, under a name that is not kept yet.
            body = body.replace(b'"revision": "', b'"revision": "new-') + b"\n// new\n"
        self._send(asked, status, headers, body)

    def _fetch(self, asked: BaseHTTPRequestHandler) -> tuple[int, dict[str, str], bytes]:
        request = urllib.request.Request(self.server + asked.path)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, dict(answer.headers.items()), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers.items()), error.read()

    def _send(
        self, asked: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes
    ) -> None:
        asked.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "date"):
                asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body)


@pytest.fixture
def network(server: Served) -> Iterator[Network]:
    made = Network(server.url)
    yield made
    made.httpd.shutdown()
    made.httpd.server_close()


@pytest.fixture
def phone(browser: "Browser", network: Network) -> Iterator["Page"]:
    """A browser in which the app is installed."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{network.url}/technician/")
    assert page.evaluate(REGISTER).endswith("/technician/sw.js")
    yield page
    context.close()


def test_in_flight_mode_the_app_opens_all_the_same(network: Network, phone: "Page") -> None:
    network.mode = "off"
    phone.goto(f"{network.url}/technician/")
    assert phone.title() == "Callout"
    assert phone.locator("#co-app").count() == 1
    words = phone.locator("#co-strings").text_content() or ""
    assert words.startswith("{")
    size = phone.evaluate("async () => (await document.fonts.load('16px Inter Variable')).length")
    assert size == 1, "the font is kept too"


def test_a_captive_portal_is_never_kept_as_the_app(network: Network, phone: "Page") -> None:
    network.mode = "portal"
    assert phone.evaluate(UPDATE) == "failed"
    phone.goto(f"{network.url}/technician/")
    assert phone.title() == "Callout", "what was there before stays"
    network.mode = "off"
    phone.goto(f"{network.url}/technician/")
    assert phone.title() == "Callout"


def test_a_new_version_waits_until_the_page_says_when(network: Network, phone: "Page") -> None:
    network.mode = "new"
    assert phone.evaluate(UPDATE) == "installed"
    assert phone.evaluate(WAITS) is True
    assert phone.evaluate(TAKE_OVER) is True
    network.mode = "off"
    phone.goto(f"{network.url}/technician/")
    assert phone.title() == "Callout"
