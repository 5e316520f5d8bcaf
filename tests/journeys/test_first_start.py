"""The first admin, from the printed code to a passkey, as a person does it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.harness.server import Served, on_the_test_database

pytestmark = pytest.mark.journey
PASSWORD = "correct horse battery"


@pytest.fixture
def served(transactional_db: None) -> Iterator[Served]:
    served = Served(on_the_test_database(), "--only", "web").wait_until_ready()
    yield served
    served.forget()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with a passkey device in it. What it complains of fails the journey."""
    complaints: list[str] = []
    page = browser.new_context().new_page()
    page.on(
        "console",
        lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    page.context.close()
    assert complaints == []


def onward(page: Page, deed: Callable[[], object]) -> None:
    """Do it, and wait for the page that it leads to."""
    with page.expect_navigation():
        deed()


def test_from_the_printed_code_to_signing_in_by_passkey(served: Served, page: Page) -> None:
    code = re.search(r"/setup/\s+(\S+)", served.said())
    assert code
    page.goto(served.url)
    assert page.url == f"{served.url}/setup/"
    page.get_by_label("Code").fill(code[1])
    page.get_by_label("Your name").fill("Ada Admin")
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    onward(page, page.get_by_role("button", name="Make my account").click)

    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    onward(page, page.get_by_role("button", name="Sign in", exact=True).click)
    page.goto(f"{served.url}/settings/users/")
    assert page.get_by_role("link", name="Ada Admin").is_visible()

    page.goto(f"{served.url}/accounts/mfa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)
    onward(page, lambda: page.keyboard.press("Enter"))
    page.locator("input[name=passwordless]").check()
    onward(page, page.locator("#mfa_webauthn_add").click)

    page.context.clear_cookies()
    page.goto(f"{served.url}/accounts/login/")
    onward(page, page.get_by_role("button", name="passkey").click)
    page.goto(f"{served.url}/settings/security/")
    assert page.get_by_role("heading", name="Where you are signed in").is_visible()
