"""A technician's phone: a Chromium with a profile of its own, behind a network of the test's."""

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error, expect

from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from tests.harness import chromium
from tests.harness.server import Served, until
from tests.harness.signing import session_of
from tests.journeys.conftest import PHONE
from tests.journeys.phone.network import Network

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

BIG = "#visit-big"
# What a browser says of requests that nobody answered, or that we refuse: that is the story here.
EXPECTED = re.compile(
    "Failed to load resource|net::ERR_|bad HTTP response code|unsupported MIME|Manifest: Line: 1"
    "|EventSource's response has a MIME type"
    # Of a sign-out while something is still being read: it waits for that, then deletes.
    r"|Dexie\.delete\(.*\) was blocked"
)
ROWS = """([user, table]) => new Promise((found, failed) => {
  const asked = indexedDB.open(`callout-${user}`);
  asked.onerror = () => failed(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction(table).objectStore(table).getAll();
    rows.onsuccess = () => { asked.result.close(); found(rows.result); };
  };
})"""


@dataclass
class Handset:
    """One phone. It can be switched off as hard as a phone is whose battery falls out."""

    browser: "Browser"
    server: Served
    network: Network
    profile: Path
    scripts: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    context: Any = None
    page: Any = None

    def switch_on(self) -> "Page":
        """A new browser on what the last one left behind."""
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()
        context: BrowserContext = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=chromium.found(),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
            proxy={"server": self.network.proxy},
            viewport=PHONE,  # type: ignore[arg-type]
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(chromium.PATIENCE)
        for script in (chromium.TOASTS_STAY, *self.scripts):
            context.add_init_script(script)
        context.on("page", self._watch)
        for page in context.pages:
            self._watch(page)
        self.context, self.page = context, context.pages[0]
        return context.pages[0]

    def _watch(self, page: "Page") -> None:
        page.on(
            "pageerror",
            lambda error: self.complaints.append(f"script: {error.name}: {error.message}"),
        )
        page.on("console", self._console)

    def _error(self, error: Error) -> None:
        self.complaints.append(f"script: {error.name}: {error.message} {error.stack or ''}")

    def _console(self, message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning") and not EXPECTED.search(message.text):
            self.complaints.append(f"console: {message.text}")

    def office_session(self, actor: Actor | None) -> None:
        """Somebody is signed in to the office in this browser, or nobody."""
        name = f"callout-{self.server.port}"
        self.context.clear_cookies(name=name)
        if actor:
            value = session_of(User.objects.get(name=actor.name))
            self.context.add_cookies([{"name": name, "value": value, "url": self.server.url}])

    def sign_in(self, actor: Actor) -> "Page":
        """The app, signed in, with its work, and with its worker in charge."""
        self.office_session(actor)
        page = self.open()
        expect(page.locator(".co-ready")).to_contain_text("Ready for offline")
        return page

    def open(self, rest: str = "") -> "Page":
        """The app's one address, and what stands behind its #."""
        self.page.goto(f"{self.server.url}/technician/{rest}")
        page: Page = self.page
        return page

    def at(self, order: ServiceOrder, part: str = "") -> "Page":
        """The order's visit, or a page of it."""
        order.refresh_from_db()
        page = self.open(f"#/visit/{order.visit_id}" + (f"/{part}" if part else ""))
        expect(page.locator("h1")).to_be_visible()
        return page

    def rows(self, actor: Actor, table: str = "outbox") -> list[dict[str, Any]]:
        """What lies in a table of the phone's own database."""
        found: list[dict[str, Any]] = self.page.evaluate(ROWS, [str(actor.user_id), table])
        return found

    def given_up(self) -> None:
        """Waits until nothing is underway that was packed by the clock of before: a browser asks
        once more by itself when a line breaks, and would then find the signal back."""
        self.page.wait_for_timeout(300)  # from the tap until its sending has begun
        self.calm()

    def calm(self) -> None:
        """Waits until the phone asks and sends nothing."""
        self.page.wait_for_function(
            "navigator.locks.query().then(({held, pending}) => held.length + pending.length === 0)"
        )

    def look_for_signal(self) -> None:
        """As a browser says it when there is one."""
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def sent(self) -> None:
        """Waits until nothing waits."""
        here = self.page.url
        self.open("#/sending")
        self.look_for_signal()
        calm = self.page.get_by_role("heading", name="Everything has been sent")
        expect(calm).to_be_visible()
        self.page.goto(here)

    def processes(self) -> list[int]:
        """The browser's, by the folder that is its alone."""
        mark = f"--user-data-dir={self.profile}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
        return found

    def kill(self) -> None:
        """All of it at once, as the system does when it wants the memory."""
        for group in {os.getpgid(pid) for pid in self.processes()}:
            os.killpg(group, signal.SIGKILL)

    def switch_off(self) -> None:
        """At once; what the driver still wanted of it does not matter."""
        self.kill()
        until(lambda: not self.processes(), 20)
        with suppress(Error):
            self.context.close()

    def cdp(self) -> Any:
        """Chromium's own protocol, for this page."""
        return self.context.new_cdp_session(self.page)


Handsets = Callable[..., Handset]


@pytest.fixture
def handset(server: Served, browser: "Browser") -> Iterator[Handsets]:
    """Phones, switched on; each in a network of its own."""
    all_: list[Handset] = []

    def made(*scripts: str) -> Handset:
        profile = Path(tempfile.mkdtemp(prefix="callout-phone-"))
        one = Handset(browser, server, Network(port=server.port), profile, list(scripts))
        all_.append(one)
        one.switch_on()
        return one

    yield made
    for one in all_:
        one.switch_off()
        one.network.stop()
        shutil.rmtree(one.profile, ignore_errors=True)
    complaints = [complaint for one in all_ for complaint in one.complaints]
    assert not complaints, "\n".join(complaints)


def pill(page: "Page", words: str) -> None:
    """Waits for the status on the visit's page."""
    expect(page.locator(".co-phone-top .co-pill")).to_have_text(re.compile(rf"^\s*{words}\s*$"))


def press(page: "Page", label: str, status: str) -> None:
    """The big button, which is to be this one, and the status that it leads to."""
    expect(page.locator(BIG)).to_have_text(label)
    page.locator(BIG).click()
    pill(page, status)
