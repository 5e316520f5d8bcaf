"""Somebody types while a page follows what others do: no word is lost, and nothing stays old."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from callout.orders.models import ServiceOrder
from callout.orders.services import order_update
from tests.fieldwork.conftest import phone_of, visit_of
from tests.journeys.conftest import Opened
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.journey


def late_report(company: Company) -> None:
    """What was unplanned before the phone could say that it had begun."""
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    anna = phone_of(company.anna)
    anna.sync(anna.command("depart", visit, at=soon(-2)))


def desk(company: Company, screen: Opened) -> Page:
    late_report(company)
    page = screen(company.manager).open("/desk/")
    page.locator("[data-live-dot][data-state=on]").wait_for()
    return page


def while_refreshed(page: Page, then: Callable[[], None]) -> None:
    """Does it between the server's answer and its arrival."""

    def answer_late(route: Route) -> None:
        drawn = route.fetch()
        then()
        route.fulfill(response=drawn)

    page.route("**/desk/", answer_late, times=1)


def test_words_typed_while_a_refresh_is_on_its_way_stay_and_the_rest_comes_after(
    company: Company, screen: Opened
) -> None:
    page = desk(company, screen)
    words = page.get_by_label("Words to the technician").first
    while_refreshed(page, lambda: words.press_sequentially("Call me"))
    with page.expect_response("**/desk/"):
        late_report(company)
    expect(words).to_be_focused()
    expect(words).to_have_value("Call me")
    words.fill("")
    page.get_by_role("heading", name="Desk").click()
    expect(page.get_by_label("Words to the technician")).to_have_count(2)


def test_what_came_while_somebody_stood_in_a_field_is_shown_when_he_has_left_it(
    company: Company, screen: Opened
) -> None:
    page = desk(company, screen)
    page.get_by_label("Words to the technician").focus()
    late_report(company)
    expect(page.get_by_role("link", name="Desk")).to_contain_text("2")
    expect(page.get_by_label("Words to the technician")).to_have_count(1)
    page.get_by_role("heading", name="Desk").click()
    expect(page.get_by_label("Words to the technician")).to_have_count(2)


def test_what_was_typed_and_left_comes_back_without_undoing_what_a_colleague_saved(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    page = screen(company.manager).open(f"/orders/{order.number}/")

    def edit() -> None:
        page.get_by_role("button", name=re.compile("^More")).first.click()
        page.get_by_role("menuitem", name=re.compile("^Edit")).click()

    edit()
    page.get_by_label("Caller", exact=True).fill("Madame Peeters")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    version = ServiceOrder.objects.get(pk=order.pk).version
    order_update(
        actor=company.manager, order_id=order.pk, version=version, description="Door stuck"
    )
    expect(page.get_by_role("heading", name="Door stuck")).to_be_visible()
    edit()
    expect(page.get_by_text("What you typed before was kept.")).to_be_visible()
    expect(page.get_by_label("Caller", exact=True)).to_have_value("Madame Peeters")
    expect(page.get_by_label("Description")).to_have_value("Door stuck")
