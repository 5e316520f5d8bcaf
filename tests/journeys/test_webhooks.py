"""An admin adds a webhook, copies its secret, tries it, and reads the log; axe finds no flaw."""

import pytest
from playwright.sync_api import expect

from callout.accounts.models import User
from callout.webhooks.models import Delivery
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def test_a_webhook_is_added_tried_and_its_log_follows_by_itself(
    company: Company, screen: Opened
) -> None:
    User.objects.filter(email="els@example.com").update(is_admin=True)
    els = screen(company.manager)
    page = els.open("/settings/webhooks/")
    page.get_by_role("link", name="New webhook").click()
    page.get_by_label("Name").fill("Accounting")
    # Nobody is there, which is told in the log.
    page.get_by_label("Address").fill("https://accounting.invalid/hooks")
    page.get_by_label("Only those ticked here").check()
    page.get_by_text("Service orders", exact=True).last.click()
    page.get_by_role("checkbox", name="service_order.plan", exact=False).first.focus()
    page.keyboard.press("Space")
    assert els.flaws() == []
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#new-secret")).to_contain_text("whsec_")
    assert els.flaws() == []

    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("#new-secret")).to_have_count(0)
    log = page.locator("#co-deliveries")
    expect(log).to_contain_text("could not be reached")
    assert Delivery.objects.get().failure == "outgoing"
    for size in (PHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert els.flaws() == []
    els.open("/settings/mail/")
    assert els.flaws() == []
