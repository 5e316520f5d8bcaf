"""People at real screens: signed-in pages of a real browser that complain of what goes wrong.

A screen watches its console, errors of its scripts, refused by the Content-Security-Policy, and
requests to anybody but our server; a test fails at its end for each that it has not announced.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from callout.accounts.models import User
from callout.kernel.actor import Actor
from callout.workforce.models import Technician, WorkingWeek
from tests.harness.chromium import PATIENCE, TOASTS_STAY
from tests.harness.noon import by_day
from tests.harness.server import Served
from tests.harness.signing import session_of
from tests.orders.conftest import Company, company_made

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

__all__ = ["by_day"]
REPO = Path(__file__).resolve().parent.parent.parent
AXE = REPO / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
# Asked in one call: the policy forbids what Playwright's own polling evaluates.
STILL = """async () => {
  const moves = () => document.getAnimations().some((one) => one.playState !== "finished");
  for (let turn = 0; turn < 100 && moves(); turn++)
    await new Promise((done) => setTimeout(done, 50));
}"""
RUN_AXE = """async (rules) => {
  const only = rules.length ? {runOnly: rules} : {};
  const found = await axe.run(document, {resultTypes: ["violations"], ...only});
  return found.violations
    .filter((v) => ["serious", "critical"].includes(v.impact))
    .map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(" ")).join(", ")})`);
}"""


@dataclass
class Screen:
    """One page of one signed-in person."""

    page: "Page"
    base: str
    complaints: list[str] = field(default_factory=list)
    announced: set[int] = field(default_factory=set)
    others: set[str] = field(default_factory=set)

    def open(self, path: str) -> "Page":
        """Go to a page of ours."""
        self.page.goto(self.base + path)
        return self.page

    def expects(self, *statuses: int) -> None:
        """From here on these refusals are part of the story; a browser logs them as errors."""
        self.announced |= set(statuses)

    def may_ask(self, origin: str) -> None:
        """Somebody else's server that the operator has named."""
        self.others.add(origin)

    def watch(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: "ConsoleMessage") -> None:
        if message.type not in ("error", "warning"):
            return
        refused = re.search(r"status of (\d+)", message.text)
        if refused and int(refused[1]) in self.announced:
            return
        if "GL Driver Message (OpenGL, Performance" in message.text:
            return  # a map drawn without a graphics card is slow to be read
        self.complaints.append(f"console: {message.text} {message.location.get('url')}")

    def _request(self, request: "Request") -> None:
        url = urlsplit(request.url)
        is_ours = f"{url.scheme}://{url.netloc}" in {self.base, *self.others}
        if url.scheme in ("http", "https", "ws", "wss") and not is_ours:
            self.complaints.append(f"outside: {request.url}")

    def flaws(self, *rules: str) -> list[str]:
        """Serious and critical findings of axe on what the page shows, by all rules or these."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text())
        # Colours are judged when nothing is fading in any more.
        self.page.evaluate(STILL)
        found: list[str] = self.page.evaluate(RUN_AXE, list(rules))
        return found


Opened = Callable[..., Screen]


@pytest.fixture
def company(server: Served) -> Company:
    """The small company of the orders' tests, at work around the clock."""
    company = company_made()
    hours = [[["00:00", "24:00"]]] * 7
    for technician in Technician.objects.all():
        technician.search = technician.name_sort
        technician.save(update_fields=["search"])
        WorkingWeek.objects.create(technician=technician, valid_from="2020-01-01", days=hours)
    return company


@pytest.fixture
def screen(server: Served, browser: "Browser") -> Iterator[Opened]:
    """A person's own browser window, signed in; any number of them in one test."""
    screens: list[Screen] = []
    contexts: list[Any] = []

    def opened(
        actor: Actor, size: dict[str, int] = DESK, theme: str = "light", *, touch: bool = False
    ) -> Screen:
        mobile: dict[str, Any] = {"has_touch": True} if size == PHONE else {}
        mobile |= {"has_touch": True, "is_mobile": True} if touch else {}
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=theme,  # type: ignore[arg-type]
            locale="en-GB",
            reduced_motion="reduce",
            **mobile,
        )
        user = User.objects.get(name=actor.name)
        cookie = {"name": f"callout-{server.port}", "value": session_of(user), "url": server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        one = Screen(context.new_page(), server.url)
        one.page.set_default_timeout(PATIENCE)
        one.page.add_init_script(TOASTS_STAY)
        one.watch()
        contexts.append(context)
        screens.append(one)
        return one

    yield opened
    complaints = [complaint for one in screens for complaint in one.complaints]
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)
