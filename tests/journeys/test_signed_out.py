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


DRAFTS = "() => Object.keys(localStorage).filter((key) => key.startsWith('callout:draft:'))"


def type_a_draft(page: Page, server: Served) -> None:
    page.goto(f"{server.url}/orders/new/")
    page.get_by_label("Who called", exact=True).evaluate(
        "(one) => { one.closest('details').open = true }"
    )
    page.get_by_label("Who called", exact=True).fill("Ms Novak, gate 4711")
    page.get_by_label("Who called", exact=True).blur()
    assert page.evaluate(DRAFTS)


def test_what_was_typed_goes_with_who_signs_out_and_waits_for_whose_session_ended(
    page: Page, server: Served, company: Company
) -> None:
    type_a_draft(page, server)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.goto(f"{server.url}/orders/")
    expect(page).to_have_title("Sign in · Callout")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{server.url}/orders/new/")
    expect(page.get_by_label("Who called", exact=True)).to_have_value("Ms Novak, gate 4711")
    other = page.context.new_page()
    type_a_draft(other, server)
    page.evaluate("() => document.querySelector('form[action$=\"/logout/\"]').requestSubmit()")
    expect(page).to_have_title("Sign in · Callout")
    # Another window that still shows the form keeps nothing more of it.
    other.get_by_label("Who called", exact=True).fill("Ms Novak, gate 4712")
    other.get_by_label("Who called", exact=True).blur()
    assert page.evaluate(DRAFTS) == []


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
