"""Home and the team's week, as a manager begins the day with them in a real browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from callout.accounts.models import User
from callout.accounts.zone import local, today
from callout.workforce.models import Absence
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def test_a_day_begins_with_its_figures_and_the_week_takes_an_absence(
    company: Company, screen: Opened
) -> None:
    User.objects.filter(pk=str(company.manager.user_id)).update(is_admin=True)
    company.order(priority="urgent")
    company.act(company.manager, company.planned(company.bert), "complete")
    under_way = company.planned(company.anna)
    els = screen(company.manager)
    page = els.open("/")
    page.wait_for_url("**/home/")
    to_plan = page.locator("#home-to_plan b")
    expect(to_plan).to_have_text("1")
    expect(page.locator("#home-count-check")).not_to_have_text("…")
    page.locator("[data-live-dot][data-state=on]").wait_for()
    page.get_by_text("As a table").click()
    this_week = page.locator("#home-weeks tr:last-child td:last-child")
    expect(this_week).to_have_text("1")
    company.act(company.manager, under_way, "complete")
    expect(this_week).to_have_text("2")  # and the table is still open
    expect(page.locator("#home-chart-drawn li:last-child b")).to_have_text("2")
    page.get_by_text("As a table").click()
    for number in (2, 3):  # what changes shows, and the last change is never lost
        company.order()
        expect(to_plan).to_have_text(str(number))
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert els.flaws() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.get_by_text("As a table").click()
    expect(page.get_by_role("table")).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    expect(keys.get_by_role("heading", level=3).first).to_have_text("Everywhere")
    assert els.flaws() == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Put away").click()
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
    page.locator("#home-to_plan").click()
    expect(page.locator("#order-count")).to_have_text("3 orders")

    day = today() + timedelta(days=7)
    els.open(f"/team/week/?day={day}")
    page.locator("[data-live-dot][data-state=on]").wait_for()
    page.get_by_role("link", name=re.compile(f"^Bert, .* {day.day} .*Enter an absence")).press(
        "Enter"
    )
    page.get_by_text("Training", exact=True).click()
    page.get_by_text("Morning", exact=True).click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/team/week/?day={day}")
    expect(page.get_by_role("link", name="Training until 12:00", exact=True)).to_be_visible()
    row = Absence.objects.get()
    assert (local(row.start).date(), local(row.end).date()) == (day, day)
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert els.flaws() == []


def test_on_a_phone_the_week_begins_at_today_for_the_office_and_for_a_technician(
    company: Company, screen: Opened
) -> None:
    for actor in (company.manager, company.anna):
        page = screen(actor, PHONE).open("/team/week/")
        today_s = page.locator("#co-week th.is-today")
        expect(today_s).to_be_in_viewport(ratio=0.9)
