"""A site that is not on the map is found on the list, gets its pin, and is off the list."""

import pytest
from playwright.sync_api import expect

from callout.customers.models import Site
from callout.workforce.models import Technician
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_site_gets_its_pin_by_hand_and_by_keys(
    size: dict[str, int], company: Company, screen: Opened
) -> None:
    Technician.objects.update(latitude=50.85, longitude=4.35)
    office = screen(company.manager, size, theme="light" if size is DESK else "dark")
    page = office.open("/positions/")
    expect(page.get_by_text("No position")).to_be_visible()
    page.get_by_role("link", name="Bakery").click()

    latitude, longitude = page.get_by_label("Latitude"), page.get_by_label("Longitude")
    latitude.fill("50.7172")
    longitude.fill("4,6075")
    pin = page.get_by_role("button", name="Position: the arrow keys move it")
    pin.scroll_into_view_if_needed()
    pin.focus()
    for _step in range(3):
        page.keyboard.press("Shift+ArrowUp")
    expect(latitude).not_to_have_value("50.7172")
    assert 50.7172 < float(latitude.input_value()) < 50.9
    assert abs(float(longitude.input_value()) - 4.6075) < 0.001
    assert office.flaws() == []

    box = page.locator(".co-pin-map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(latitude).to_be_visible()
    west = float(longitude.input_value())
    assert west < 4.6
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Every site and every technician is on the map")).to_be_visible()
    assert Site.objects.get().longitude == pytest.approx(west)
