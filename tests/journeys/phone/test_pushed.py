"""A push: it is shown, it brings the news, and pressed it opens the visit."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.fieldwork.conftest import visit_of
from tests.harness.server import until
from tests.journeys.phone.conftest import BIG, Handset, Handsets
from tests.journeys.phone.network import SYNC
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

SHOWN = """async () => {
  const found = await navigator.serviceWorker.getRegistration("/technician/");
  return (await found.getNotifications()).map(({title, body}) => [title, body]);
}"""
# As the browser does when somebody presses it; only the wait for the work is left out.
PRESSED = """async () => {
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", {notification});
  Object.defineProperty(event, "waitUntil", {value: () => undefined});
  self.dispatchEvent(event);
}"""


def push(hand: Handset, said: Any) -> None:
    """By the browser itself, as if its push service had brought it."""
    cdp = hand.cdp()
    found: list[str] = []
    seen = "ServiceWorker.workerRegistrationUpdated"
    cdp.on(seen, lambda told: found.extend(
        one["registrationId"] for one in told["registrations"]
        if one["scopeURL"].endswith("/technician/")
    ))  # fmt: skip
    cdp.send("ServiceWorker.enable")
    while not found:
        hand.page.wait_for_timeout(20)
    cdp.send("ServiceWorker.deliverPushMessage", {
        "origin": hand.server.url, "registrationId": found[0], "data": said,
    })  # fmt: skip


def shown(hand: Handset, said: str, wanted: list[str]) -> None:
    """Pushed until the browser tells of it: a Chromium that has just been switched on tidies up
    notifications once, and may take one with it that came a moment before."""

    def told() -> bool:
        if hand.page.evaluate(SHOWN) == [wanted]:
            return True
        push(hand, said)
        hand.page.wait_for_timeout(1000)
        return False

    until(told)


def test_a_push_is_shown_brings_the_visit_and_opens_it_when_pressed(
    company: Company, handset: Handsets
) -> None:
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.context.grant_permissions(["notifications"], origin=hand.server.url)
    expect(page.get_by_text("Nothing planned for you")).to_be_visible()
    order = company.planned(company.anna, hours=0.2)
    visit = str(visit_of(order))
    before = hand.network.asked(SYNC)
    told = {"callout": 1, "notice": "n1", "visit": visit, "title": "New work", "body": "Wavre"}
    push(hand, json.dumps(told))
    expect(page.locator(".co-visit")).to_contain_text("Boulangerie Lemaire")
    assert hand.network.asked(SYNC) > before
    shown(hand, json.dumps(told), ["New work", "Wavre"])
    hand.context.service_workers[0].evaluate(PRESSED)
    expect(page.locator(BIG)).to_have_text("Depart")
    assert page.url.endswith(f"#/visit/{visit}")


@pytest.mark.parametrize("said", ["<html>", '{"callout": 2, "title": "Fake"}'])
def test_a_push_that_says_nothing_of_ours_is_shown_without_words_of_its_own(
    company: Company, handset: Handsets, said: str
) -> None:
    hand = handset()
    hand.sign_in(company.anna)
    hand.context.grant_permissions(["notifications"], origin=hand.server.url)
    hand.calm()
    before = hand.network.asked(SYNC)
    shown(hand, said, ["Callout", ""])
    until(lambda: hand.network.asked(SYNC) > before)
