"""Live where it is easily forgotten: what an order's page borrows, and the settings."""

from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import at, today
from callout.customers.services import customer_update, site_update
from callout.orders.models import InterventionType
from callout.orders.services import reason_create, type_archive, type_update
from callout.workforce.services import absence_create
from tests.journeys.conftest import Opened
from tests.journeys.test_tomorrow import complete, visit
from tests.orders.conftest import Company

if TYPE_CHECKING:
    from playwright.sync_api import Route

pytestmark = pytest.mark.journey


def test_the_order_s_page_follows_its_customer_and_its_site(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    page = screen(company.manager).open(f"/orders/{order.number}/")
    page.locator("[data-live-dot][data-state=on]").wait_for()
    customer_update(
        actor=company.manager, customer_id=company.customer.pk, version=1, alert="Beware of the dog"
    )
    expect(page.get_by_text("Beware of the dog")).to_be_visible()
    site_update(actor=company.manager, site_id=company.site.pk, version=1, access_notes="Back door")
    expect(page.get_by_text("Back door")).to_be_visible()


def test_lists_of_the_settings_follow_and_a_form_is_told(company: Company, screen: Opened) -> None:
    kind = InterventionType.objects.create(name="Thermography")
    desk = screen(company.manager)
    types, form = desk.open("/settings/types/"), screen(company.manager)
    other = form.open(f"/settings/types/{kind.pk}/")
    reasons = screen(company.manager).open("/settings/reasons/")
    for page in (types, other, reasons):
        page.locator("[data-live-dot][data-state=on]").wait_for()
    other.get_by_label("Name").fill("Half a word")
    type_update(actor=company.manager, type_id=kind.pk, values={"name": "Thermal imaging"})
    expect(types.get_by_role("link", name="Thermal imaging")).to_be_visible()
    expect(other.get_by_text("Others changed this while you were typing")).to_be_visible()
    expect(other.get_by_label("Name")).to_have_value("Half a word")
    type_archive(actor=company.manager, type_id=kind.pk)
    expect(types.get_by_role("button", name="Restore Thermal imaging")).to_be_visible()
    reason_create(actor=company.manager, kind="absent", label="Dog in the garden")
    expect(reasons.get_by_text("Dog in the garden")).to_be_visible()


def test_who_goes_back_gets_the_page_and_not_its_last_refresh(
    company: Company, screen: Opened
) -> None:
    """What was fetched to refresh it has no place in the feed: between drawing and hearing such a
    page would miss what happens, for good."""
    complete(company)
    visit(company)
    page = screen(company.manager).open("/planning/tomorrow/")
    page.locator("[data-live-dot][data-state=on]").wait_for()
    anna, start = company.anna.technician_id, at(today() + timedelta(days=1), time())
    assert anna
    absence_create(
        actor=company.manager, technician_id=anna, kind="sickness",
        start=start, end=start + timedelta(days=1),
    )  # fmt: skip
    expect(page.get_by_text("Absent all day")).to_be_visible()
    page.get_by_role("link", name="Re-plan").click()
    page.wait_for_url("**/orders/**")
    page.go_back()
    expect(page.get_by_text("Absent all day")).to_be_visible()
    assert page.locator("body").get_attribute("data-live-after")


def test_what_changes_while_a_page_is_being_refreshed_is_shown_as_well(
    company: Company, screen: Opened
) -> None:
    complete(company)
    order = visit(company)
    desk, other = screen(company.manager), screen(company.manager)
    page = desk.open("/planning/tomorrow/")
    watched = other.open(f"/orders/{order.number}/")
    for one in (page, watched):
        one.locator("[data-live-dot][data-state=on]").wait_for()
    answers = 0

    def answer_late(route: "Route") -> None:
        """The first answer is drawn, then somebody mends what it complains of, then it arrives."""
        nonlocal answers
        answers += 1
        drawn = route.fetch()
        if answers == 1:
            order.refresh_from_db()
            company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
            # Every screen is told at once: what the other shows, this one has heard of.
            expect(watched.locator("main")).to_contain_text("Bert")
        route.fulfill(response=drawn)

    page.route("**/planning/tomorrow/", answer_late)
    assert company.anna.technician_id
    absence_create(
        actor=company.manager, technician_id=company.anna.technician_id, kind="sickness",
        start=at(today() + timedelta(days=1), time()), end=at(today() + timedelta(days=2), time()),
    )  # fmt: skip
    expect(page.get_by_text("1 thing to mend")).to_be_visible()
    expect(page.get_by_text("Nothing will fail tomorrow")).to_be_visible()
