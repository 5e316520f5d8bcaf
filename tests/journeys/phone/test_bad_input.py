"""What goes wrong on a phone is said in clear words, and takes nothing along."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callout.fieldwork.models import VisitPhoto
from tests.journeys.phone.conftest import BIG, Handsets, pill, press
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

# Chromium's own words for it, at the place where they come: the room is gone while it is written.
FULL = """
  window.coFull = false;
  for (const name of ["add", "put"]) {
    const write = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      if (window.coFull && this.transaction.mode === "readwrite")
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      return write.apply(this, given);
    };
  }
"""


@pytest.mark.parametrize("fills", ["the browser says so", "there is truly no room"])
def test_a_full_phone_marks_nothing_says_so_and_still_sends_what_it_has(
    company: Company, handset: Handsets, fills: str
) -> None:
    order = company.planned(company.anna)
    hand = handset(FULL)
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.network.mode = "none"
    press(page, "Depart", "En route")
    own = {"origin": hand.server.url}
    if fills == "there is truly no room":
        # A browser that runs remembers for a while how much room there was.
        hand.context.close()
        page = hand.switch_on()
        browser = hand.cdp()
        browser.send("Storage.overrideQuotaForOrigin", {**own, "quotaSize": 1})
        hand.at(order)
    else:
        page.evaluate("coFull = true")
    page.locator(BIG).click()
    expect(page.locator(".co-toast")).to_contain_text("This phone is full: this was not kept.")
    expect(page.locator(".co-banner")).to_contain_text("What you entered before is safe")
    pill(page, "En route")
    expect(page.locator(".co-steps-done li").filter(has_text="Arrive")).to_have_count(0)
    assert [row["made"]["action"] for row in hand.rows(company.anna)][-1] == "depart"
    if fills == "there is truly no room":
        hand.context.close()
        page = hand.switch_on()
    else:
        page.evaluate("coFull = false")
    hand.network.mode = "signal"
    hand.at(order)
    hand.sent()
    order.refresh_from_db()
    assert order.technician_status == "en_route"
    press(page, "Arrive", "On site")
    expect(page.locator(".co-banner")).to_have_count(0)


def file_of(folder: Path, name: str, size: int = 0) -> Path:
    path = folder / name
    with path.open("wb") as file:
        file.write(b"This is a shopping list, not a photo.")
        if size:
            file.truncate(size)
    return path


def test_a_photo_that_is_too_large_or_none_is_refused_in_clear_words(
    company: Company, handset: Handsets, tmp_path: Path
) -> None:
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.at(order, "photos")
    take = page.locator("input[type=file][accept]").first
    take.set_input_files(file_of(tmp_path, "huge.jpg", 40_000_001))
    expect(page.get_by_role("alert")).to_have_text("This file is larger than 40 MB.")
    take.set_input_files(file_of(tmp_path, "list.jpg"))
    expect(page.get_by_role("alert")).to_have_text("This cannot be read as a photo.")
    expect(page.locator(".co-shot")).to_have_count(0)
    assert hand.rows(company.anna, "files") == []
    hand.sent()
    assert VisitPhoto.objects.count() == 0


def test_without_a_position_the_visit_is_absent_all_the_same_and_it_says_so(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.context.clear_permissions()
    hand.cdp().send("Browser.setPermission", {
        "origin": hand.server.url, "permission": {"name": "geolocation"}, "setting": "denied",
    })  # fmt: skip
    hand.at(order)
    page.locator("#visit-customer_absent").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Without your place: the phone does not say where it is.")
    dialog.get_by_text("Nobody at home").click()
    dialog.locator(".co-big").click()
    expect(dialog).to_have_count(0)
    hand.sent()
    order.refresh_from_db()
    assert (order.stage, order.technician_status) == ("new", None)


def test_messages_that_the_phone_does_not_allow_are_said_so(
    company: Company, handset: Handsets
) -> None:
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.cdp().send("Browser.setPermission", {
        "origin": hand.server.url, "permission": {"name": "notifications"}, "setting": "denied",
    })  # fmt: skip
    hand.open("#/sending")
    page.get_by_role("button", name="Send me messages").click()
    expect(page.get_by_role("alert")).to_contain_text("The phone does not allow messages.")


@pytest.mark.parametrize("nonsense", [b'{"callout": 1}', b"\xff\xfe"])
def test_nonsense_from_a_server_is_no_connection_and_the_queue_stays(
    company: Company, handset: Handsets, nonsense: bytes
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    page = hand.sign_in(company.anna)
    hand.at(order)
    hand.network.nonsense = nonsense
    press(page, "Depart", "En route")
    expect(page.locator(".co-banner")).to_contain_text(re.compile("No signal.*safe on this phone"))
    assert [row["made"]["action"] for row in hand.rows(company.anna)][-1] == "depart"
    hand.network.nonsense = None
    hand.sent()
    order.refresh_from_db()
    assert order.technician_status == "en_route"
