"""The app on the phone: it installs, opens in flight mode, and no portal takes its place."""

import json

import pytest
from playwright.sync_api import expect

from tests.fieldwork.conftest import visit_of
from tests.journeys.phone.conftest import BIG, Handsets, pill, press
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

WORKER = """async () => {
  const found = await navigator.serviceWorker.getRegistration("/technician/");
  return {scope: new URL(found.scope).pathname, script: new URL(found.active.scriptURL).pathname,
          active: found.active.state, waits: found.waiting !== null};
}"""
KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const bytes = await (await cache.match(request)).arrayBuffer();
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      const url = new URL(request.url);
      url.searchParams.delete("__WB_REVISION__");
      kept[url.pathname + url.search] =
        "sha256-" + btoa(String.fromCharCode(...new Uint8Array(digest)));
    }
  }
  return kept;
}"""
LOOK_FOR_UPDATE = """async () => {
  const found = await navigator.serviceWorker.getRegistration("/technician/");
  try { await found.update(); } catch (error) { return error.name; }
  const worker = found.installing ?? found.waiting;
  while (worker.state === "installing")
    await new Promise((changed) => worker.addEventListener("statechange", changed, {once: true}));
  return worker.state;
}"""
BUILD = "document.getElementById('co-app').dataset.build"


def test_the_browser_finds_nothing_wrong_with_manifest_and_worker(
    company: Company, handset: Handsets
) -> None:
    hand = handset()
    page = hand.sign_in(company.anna)
    cdp = hand.cdp()
    told = cdp.send("Page.getAppManifest")
    assert told["errors"] == []
    assert json.loads(told["data"])["scope"] == "/technician/"
    assert cdp.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    assert page.evaluate(WORKER) == {
        "scope": "/technician/", "script": "/technician/sw.js", "active": "activated",
        "waits": False,
    }  # fmt: skip


def test_every_file_that_the_worker_keeps_has_the_hash_that_it_was_promised(
    company: Company, handset: Handsets
) -> None:
    page = handset().sign_in(company.anna)
    script = page.evaluate("fetch('/technician/sw.js').then((one) => one.text())")
    told = json.loads(script.split("\n", 1)[0].removeprefix("self.__callout = ").rstrip(";"))
    promised = {one["url"]: one["integrity"] for one in [told["shell"], *told["files"]]}
    assert all(hashed.startswith("sha256-") for hashed in promised.values())
    assert page.evaluate(KEPT) == promised


def test_a_cold_start_in_flight_mode_shows_today_and_takes_a_tap(
    company: Company, handset: Handsets
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    hand.sign_in(company.anna)
    hand.switch_off()
    hand.network.mode = "none"
    page = hand.switch_on()
    hand.context.set_offline(True)
    hand.open()
    expect(page.get_by_role("heading", name="My interventions")).to_be_visible()
    expect(page.locator(".co-ready")).to_contain_text("Ready for offline")
    expect(page.locator(".co-banner")).to_contain_text("everything you need is on this phone")
    page.get_by_role("link", name="Boulangerie Lemaire").click()
    expect(page.locator("#main")).to_contain_text("No hot water")
    press(page, "Depart", "En route")
    expect(page.locator(".co-steps-done .co-sync-on_phone")).to_have_count(1)
    taps = [row["made"]["action"] for row in hand.rows(company.anna)]
    assert "depart" in taps
    assert {row["made"]["visit"] for row in hand.rows(company.anna)} == {str(visit_of(order))}


# The script of a new version may come through before the portal closes: then its files do not.
@pytest.mark.parametrize("lets_the_worker_through", [False, True])
def test_behind_a_captive_portal_the_app_stays_itself_and_work_goes_on(
    company: Company, handset: Handsets, lets_the_worker_through: bool
) -> None:
    order = company.planned(company.anna)
    hand = handset()
    page = hand.sign_in(company.anna)
    before, kept = page.evaluate(BUILD), page.evaluate(KEPT)
    hand.at(order)
    hand.network.build = "second"
    hand.network.mode = "portal"
    hand.network.spared = {"/technician/sw.js"} if lets_the_worker_through else set()
    came = page.evaluate(LOOK_FOR_UPDATE)
    assert came == ("redundant" if lets_the_worker_through else "SecurityError")
    press(page, "Depart", "En route")
    expect(page.locator(".co-banner")).to_contain_text("safe on this phone")
    page.reload()
    pill(page, "En route")
    press(page, "Arrive", "On site")
    assert page.evaluate(BUILD) == before
    assert page.evaluate(KEPT) == kept
    assert "Hotel" not in page.content()
    hand.network.mode, hand.network.build = "signal", ""
    hand.sent()
    order.refresh_from_db()
    assert order.technician_status == "on_site"
    expect(page.locator(".co-banner")).to_have_count(0)
    expect(page.locator(BIG)).to_have_text("Start work")
