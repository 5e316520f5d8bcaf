"""The map in a real browser: a day drawn, looked at from both sides, and changed by hand."""

import math
import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import company_zone, today
from callout.customers import services as customers
from callout.customers.models import Site
from callout.kernel.actor import Actor
from callout.orders.models import Assignment, Priority, ServiceOrder
from callout.workforce.models import Technician
from tests.journeys.conftest import PHONE, Opened
from tests.orders.conftest import Company

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey

TILE = 512
PLACES = {
    "Leuven": (50.88, 4.70),
    "Antwerpen": (51.22, 4.40),
    "Gent": (51.05, 3.72),
    "Namur": (50.47, 4.87),
}


@pytest.fixture
def day(company: Company) -> date:
    """A day to come, with both technicians at home in Brussels; no target asks about it."""
    Priority.objects.update(response_hours=None)
    Technician.objects.update(latitude=50.85, longitude=4.35)
    return today() + timedelta(days=2)


def site(company: Company, town: str) -> UUID:
    latitude, longitude = PLACES[town]
    made = customers.site_create(
        actor=company.manager, name=f"Shop {town}", street="Dorp 1", postcode="3000", town=town,
        latitude=latitude, longitude=longitude,
    )  # fmt: skip
    customers.site_link(actor=company.manager, site_id=made.pk, customer_id=company.customer.pk)
    return made.pk


def planned(company: Company, day: date, hour: int, town: str, who: Actor) -> ServiceOrder:
    start = datetime.combine(day, time(hour), tzinfo=company_zone())
    order = company.order(site_id=site(company, town))
    return company.plan(order, who, start=start, duration_minutes=60)


def settled(page: "Page") -> tuple[float, float, float]:
    """Longitude, latitude and zoom of the picture, once it has come to rest."""
    picture = page.locator(".co-map-picture").first
    expect(picture).to_have_attribute("data-view", re.compile(r"\d"))
    before = None
    for _turn in range(50):
        view = picture.get_attribute("data-view")
        if view == before:
            break
        before = view
        page.wait_for_timeout(300)
    longitude, latitude, zoom = map(float, (view or "").split())
    return longitude, latitude, zoom


def at(page: "Page", town: str) -> tuple[float, float]:
    """Where a town is on the screen."""
    longitude, latitude, zoom = settled(page)
    box = page.locator(".co-map-picture").first.bounding_box()
    assert box

    def world(lng: float, lat: float) -> tuple[float, float]:
        size = TILE * 2**zoom
        north = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
        return (lng + 180) / 360 * size, (1 - north / math.pi) / 2 * size

    x, y = world(PLACES[town][1], PLACES[town][0])
    middle_x, middle_y = world(longitude, latitude)
    return (
        box["x"] + box["width"] / 2 + x - middle_x,
        box["y"] + box["height"] / 2 + y - middle_y,
    )


def who_has(order: ServiceOrder) -> str:
    one = Assignment.objects.get(visit__order=order, is_open=True, role=Assignment.RESPONSIBLE)
    return one.technician.name


def test_a_day_is_drawn_looked_at_from_both_sides_and_changed_by_hand_and_by_keys(
    company: Company, day: date, screen: Opened
) -> None:
    first = planned(company, day, 9, "Leuven", company.anna)
    planned(company, day, 13, "Antwerpen", company.anna)
    planned(company, day, 10, "Gent", company.bert)
    waiting = company.order(site_id=site(company, "Namur"), priority="urgent")
    on_screen = screen(company.manager)
    page = on_screen.open(f"/map/?from={day}&to={day}")
    page.mouse.move(2, 2)
    settled(page)
    rows = page.locator(".co-map-one")
    expect(rows.filter(has_text="Anna")).to_contain_text("2 stops")
    expect(page.locator(".co-map-estimate")).to_contain_text("estimate")
    expect(page.locator(".maplibregl-ctrl-attrib")).to_contain_text("Natural Earth")
    assert on_screen.flaws() == []

    # From the picture to the list: a press opens the visit, and its row.
    page.mouse.click(*at(page, "Leuven"))
    expect(page.locator(".co-plan-panel")).to_contain_text(first.site.town)
    expect(page.locator(".co-map-stops li.is-chosen")).to_contain_text("Leuven")
    # From the list to the picture.
    page.locator(".co-map-stop", has_text="Antwerpen").click()
    expect(page.locator(".co-plan-panel")).to_contain_text("Antwerpen")
    page.keyboard.press("Escape")
    expect(page.locator(".co-plan-panel")).to_have_count(0)

    # What is checked stays in the address.
    page.get_by_label("Show the route of Bert").uncheck()
    settled(page)
    assert f"hide={company.bert.technician_id}" in page.url
    page.reload()
    settled(page)
    expect(page.get_by_label("Show the route of Bert")).not_to_be_checked()
    page.get_by_label("Show the route of Bert").check()

    # Dragged onto another technician's row.
    page.mouse.move(*at(page, "Leuven"))
    page.mouse.down()
    x, y = at(page, "Leuven")
    page.mouse.move(x + 8, y + 4, steps=4)
    target = rows.filter(has_text="Bert").bounding_box()
    assert target
    page.mouse.move(target["x"] + 120, target["y"] + 20, steps=10)
    expect(rows.filter(has_text="Bert").locator(".co-pb-answer")).to_be_visible()
    expect(page.locator(".co-pb-hand")).to_contain_text("Boulangerie Lemaire")
    page.mouse.up()
    expect(rows.filter(has_text="Bert")).to_contain_text("2 stops")
    assert who_has(first) == "Bert"
    page.locator(".co-toast").last.get_by_role("button", name="Undo").click()
    expect(rows.filter(has_text="Bert")).to_contain_text("1 stop")
    assert who_has(first) == "Anna"

    # Dropped on another's mark it is given to them as well.
    page.mouse.move(*at(page, "Leuven"))
    page.mouse.down()
    page.mouse.move(x + 8, y + 4, steps=4)
    page.mouse.move(*at(page, "Gent"), steps=10)
    expect(rows.filter(has_text="Bert")).to_have_class(re.compile("is-target"))
    expect(rows.filter(has_text="Bert").locator(".co-pb-answer")).to_be_visible()
    page.mouse.up()
    expect(rows.filter(has_text="Bert")).to_contain_text("2 stops")
    assert who_has(first) == "Bert"
    page.locator(".co-toast").last.get_by_role("button", name="Undo").click()
    expect(rows.filter(has_text="Bert")).to_contain_text("1 stop")

    # The same by keys: taken up in the list, given to a row that answered.
    page.get_by_role("button", name="To plan").press("Enter")
    page.get_by_role("button", name=re.compile("Give .* to somebody")).first.press("Enter")
    expect(rows.filter(has_text="Bert").locator(".co-pb-answer.is-fits")).to_be_visible()
    rows.filter(has_text="Bert").locator(".co-map-who").press("Enter")
    expect(rows.filter(has_text="Bert")).to_contain_text("2 stops")
    assert who_has(waiting) == "Bert"


def test_an_urgent_order_on_the_map_says_at_once_who_is_nearest_and_free_soonest(
    company: Company, day: date, screen: Opened
) -> None:
    planned(company, day, 9, "Leuven", company.anna)
    company.order(site_id=site(company, "Namur"), priority="urgent")
    page = screen(company.manager).open(f"/map/?from={day}&to={day}")
    page.mouse.click(*at(page, "Namur"))
    soonest = page.locator("section[aria-labelledby=co-sug-soonest]")
    expect(soonest).to_contain_text("Anna")
    expect(soonest).to_contain_text("Bert")


def test_better_routes_are_looked_at_before_and_after_applied_and_taken_back(
    company: Company, day: date, screen: Opened
) -> None:
    planned(company, day, 9, "Antwerpen", company.anna)
    planned(company, day, 11, "Namur", company.anna)
    waiting = company.order(site_id=site(company, "Leuven"), priority="urgent")
    on_screen = screen(company.manager)
    page = on_screen.open(f"/map/?from={day}&to={day}")
    settled(page)
    page.get_by_role("button", name="Optimise").click()
    panel = page.get_by_role("region", name="Optimise routes")
    expect(panel).to_be_focused()
    assert on_screen.flaws() == []
    panel.get_by_label("Seconds to search").fill("120")
    panel.get_by_role("button", name="Find better routes").click()
    stop = panel.get_by_role("button", name="Stop with the best so far")
    expect(panel).to_contain_text("3 served")
    # Who looks elsewhere meanwhile finds it going on; who has waited enough takes the best so far.
    panel.press("Escape")
    expect(page.locator(".co-toast").last).to_contain_text("goes on")
    page.get_by_role("button", name="Optimise").click()
    stop.click()

    proposed = page.get_by_role("region", name="Proposed routes")
    served = proposed.get_by_role("row", name="Orders served")
    expect(served).to_contain_text("+1")
    expect(proposed).to_be_focused()
    assert on_screen.flaws() == []
    # Both plans beside each other, and each alone.
    captions = page.locator(".co-map-caption")
    expect(captions).to_have_count(2)
    expect(captions.first).to_contain_text(re.compile(r"^Now .*km"))
    expect(captions.last).to_contain_text(re.compile(r"^Proposed .*km"))
    settled(page)
    now = proposed.get_by_role("button", name="Now", exact=True)
    now.click()
    expect(now).to_have_attribute("aria-pressed", "true")
    expect(captions).to_have_count(1)
    row = page.locator(".co-map-one").filter(has_text="Anna")
    expect(row).to_contain_text("2 stops")
    proposed.get_by_role("button", name="Proposed", exact=True).click()
    expect(captions).to_contain_text("Proposed")
    listed = " ".join(page.locator(".co-map-one").all_inner_texts())
    assert sum(map(int, re.findall(r"(\d+) stop", listed))) == 3
    assert not Assignment.objects.filter(visit__order=waiting).exists()

    # Who comes back to the address finds the proposal as it was.
    page.reload()
    expect(served).to_contain_text("+1")
    proposed.get_by_role("button", name=re.compile("Apply all")).click()
    expect(page.locator(".co-toast").last).to_contain_text("applied")
    assert who_has(waiting)
    proposed.get_by_role("button", name="Undo").click()
    expect(page.locator(".co-toast").last).to_contain_text("taken back")
    assert not Assignment.objects.filter(visit__order=waiting, is_open=True).exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_the_map_and_the_list_stand_one_at_a_time(
    company: Company, day: date, screen: Opened, theme: str
) -> None:
    planned(company, day, 9, "Leuven", company.anna)
    on_screen = screen(company.manager, PHONE, theme)
    page = on_screen.open(f"/map/?from={day}&to={day}")
    settled(page)
    assert on_screen.flaws() == []
    page.get_by_role("button", name="Technicians").click()
    expect(page.locator(".co-map-view")).to_be_hidden()
    page.locator(".co-map-who", has_text="Anna").click()
    page.locator(".co-map-stop").first.click()
    expect(page.locator(".co-plan-panel")).to_contain_text("Leuven")
    assert on_screen.flaws() == []


def test_a_pin_moved_by_keys_or_put_by_a_press_is_the_position_of_the_site(
    company: Company, screen: Opened
) -> None:
    shop = site(company, "Leuven")
    on_screen = screen(company.manager)
    page = on_screen.open(f"/sites/{shop}/edit/")
    pin = page.get_by_role("button", name=re.compile("Position"))
    pin.press("ArrowRight")
    longitude = page.get_by_label("Longitude")
    expect(longitude).not_to_have_value("4.7")
    assert float(longitude.input_value()) > PLACES["Leuven"][1]
    assert on_screen.flaws() == []
    # What is typed moves the pin; a press beside it moves it from there.
    longitude.fill("4.9")
    canvas = page.locator(".co-pin-map canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2 + 60, box["y"] + box["height"] / 2 + 40)
    expect(longitude).not_to_have_value("4.9")
    wanted = float(longitude.input_value())
    assert 4.9 < wanted < 5
    page.get_by_role("button", name="Save").first.click()
    expect(page).not_to_have_url(re.compile("/edit/"))
    assert float(Site.objects.get(pk=shop).longitude or 0) == pytest.approx(wanted, abs=1e-5)
