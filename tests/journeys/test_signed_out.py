"""Back after signing out, in a browser that keeps the pages one leaves, as people's do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from callout.accounts.models import User
from tests.harness import chromium
from tests.harness.server import Served
from tests.harness.signing import session_of
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey
KEPT = "() => window.wasHereBefore === true"


@pytest.fixture
def page(browser: Browser, server: Served, company: Company) -> Iterator[Page]:
    """A manager's window. Playwright has Chromium keep no pages unless it is told otherwise."""
    keeping = browser.browser_type.launch(
        executable_path=chromium.found(),
        args=["--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = keeping.new_context(locale="en-GB")
    user = User.objects.get(name=company.manager.name)
    cookie = {"name": f"callout-{server.port}", "value": session_of(user), "url": server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(chromium.PATIENCE)
    yield page
    keeping.close()


def seen(page: Page, address: str) -> None:
    """Open a page, and leave a mark that it has only as long as it is kept."""
    page.goto(address)
    expect(page.locator("[data-live-dot][data-state=on]")).to_be_attached()
    page.evaluate("() => { window.wasHereBefore = true }")


def back(page: Page) -> None:
    """Playwright waits for a load, and a page that was kept is not loaded."""
    page.evaluate("() => { setTimeout(() => history.back(), 0) }")


def test_back_after_signing_out_shows_nothing_of_what_was_there(page: Page, server: Served) -> None:
    seen(page, f"{server.url}/customers/")
    seen(page, f"{server.url}/orders/")
    back(page)
    expect(page).to_have_url(f"{server.url}/customers/")
    assert page.evaluate(KEPT), "the control: this browser does keep pages"

    seen(page, f"{server.url}/orders/")
    page.evaluate("() => document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    expect(page).to_have_title("Sign in · Callout")
    for where in ("orders", "customers"):
        back(page)
        expect(page).to_have_url(f"{server.url}/accounts/login/?next=/{where}/")
        assert not page.evaluate(KEPT)
