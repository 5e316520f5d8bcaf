"""The tomorrow check and what is at risk, as a dispatcher goes through them in a real browser."""

import re
from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import at, today
from callout.customers.models import Site
from callout.kernel import clock
from callout.orders.models import ServiceOrder
from callout.workforce import services as workforce
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def complete(company: Company) -> None:
    """Nothing is missing of customer and site, and nothing is to be answered."""
    Site.objects.filter(pk=company.site.pk).update(latitude=50.7, longitude=4.6)
    company.customer.phone = "+3210112233"
    company.customer.save()


def visit(company: Company) -> ServiceOrder:
    """Anna's, tomorrow at ten."""
    begin = at(today() + timedelta(days=1), time(10))
    return company.plan(company.order(duration_minutes=60), start=begin)


def test_what_will_fail_appears_by_itself_leads_to_its_remedy_and_goes(
    company: Company, screen: Opened
) -> None:
    complete(company)
    order = visit(company)
    els = screen(company.manager)
    els.open("/planning/tomorrow/")
    page = els.page
    expect(page.get_by_text("Nothing will fail tomorrow")).to_be_visible()
    assert els.flaws() == []
    anna = company.anna.technician_id
    assert anna
    workforce.absence_create(
        actor=company.manager, technician_id=anna, kind="sickness",
        start=at(today() + timedelta(days=1), time()),
        end=at(today() + timedelta(days=2), time()),
    )  # fmt: skip
    group = page.get_by_role("region", name=re.compile("Technician absent"))
    expect(group).to_contain_text("Anna")
    expect(group).to_contain_text("Absent all day")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert els.flaws() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    group.get_by_role("link", name=f"Re-plan: SO-{order.number:06d}").click()
    page.wait_for_url(f"**/orders/{order.number}/**")
    page.go_back()
    expect(group).to_be_visible()
    order.refresh_from_db()
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    expect(page.get_by_text("Nothing will fail tomorrow")).to_be_visible()


def test_another_day_is_a_press_away_and_kept_in_the_address(
    company: Company, screen: Opened
) -> None:
    complete(company)
    els = screen(company.manager)
    els.open("/planning/tomorrow/")
    page = els.page
    page.get_by_role("link", name="The day after").click()
    later = today() + timedelta(days=2)
    page.wait_for_url(f"**/planning/tomorrow/?day={later}")
    expect(page.get_by_text("Nothing will fail that day")).to_be_visible()
    page.locator("#check-day").fill(str(later + timedelta(days=3)))
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(f"**?day={later + timedelta(days=3)}")
    page.get_by_role("link", name="Tomorrow", exact=True).click()
    expect(page.get_by_text("Nothing will fail tomorrow")).to_be_visible()


def test_what_is_at_risk_is_filtered_in_list_and_kanban_and_counts_down(
    company: Company, screen: Opened
) -> None:
    close, far = company.order(), company.order()
    due = clock.now() + timedelta(hours=2, minutes=20)
    ServiceOrder.objects.filter(pk=close.pk).update(due_at=due)
    ServiceOrder.objects.filter(pk=far.pk).update(due_at=due + timedelta(hours=30))
    els = screen(company.manager)
    els.open("/orders/")
    page = els.page
    page.get_by_role("link", name="At risk", exact=True).click()
    page.wait_for_url("**/orders/?at_risk=true")
    # Twenty minutes are left to a busy machine.
    two_hours = re.compile(r"\b2 h( \d+)? left")
    expect(page.locator(f"#order-{close.pk}")).to_contain_text(two_hours)
    expect(page.locator(f"#order-{far.pk}")).to_have_count(0)
    assert els.flaws() == []
    page.get_by_role("link", name="Kanban").click()
    page.wait_for_url("**/orders/kanban/?at_risk=true")
    card = page.locator(f"#order-{close.pk}")
    expect(card).to_contain_text(two_hours)
    # No reload: the screen counts by its own clock, which is set on.
    page.clock.install()
    with page.expect_response("**/desk/count/"):  # or it would have waited for an hour and a half
        page.reload()
    page.clock.fast_forward("01:45:00")
    expect(card).to_contain_text(re.compile(r"\d+ min left"))
    page.clock.fast_forward("00:45:00")
    expect(card).to_contain_text("min overdue")
    assert els.flaws() == []
    # What is at risk now comes by itself, and what is planned in time goes.
    ServiceOrder.objects.filter(pk=far.pk).update(due_at=due)
    company.act(company.manager, close, "plan", technician_id=company.anna.technician_id,
                start=clock.now() + timedelta(minutes=20), duration_minutes=60)  # fmt: skip
    expect(card).to_have_count(0)
    page.get_by_role("link", name="Without At risk").click()
    page.wait_for_url("**/orders/kanban/")
