"""A dispatcher at the desk: a late report appears by itself, and is decided; axe finds no flaw."""

import re

import pytest
from playwright.sync_api import expect

from callout.fieldwork.models import LateReport
from tests.fieldwork.conftest import phone_of, visit_of
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.journey


def test_a_late_report_appears_by_itself_and_is_decided_by_keyboard(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    els = screen(company.manager)
    els.open("/desk/")
    page = els.page
    expect(page.get_by_text("All is well")).to_be_visible()
    assert els.flaws() == []

    anna = phone_of(company.anna)
    steps = [("depart", -3), ("arrive", -2.5), ("start_work", -2.4), ("complete", -1)]
    anna.sync(*(anna.command(action, visit, at=soon(hours)) for action, hours in steps))

    report = page.get_by_role("region", name=re.compile(f"SO-{order.number:06d}"))
    expect(report).to_contain_text("Arrived on site")
    expect(report).to_contain_text("The visit was unplanned before this came.")
    expect(page.get_by_role("link", name="Desk")).to_contain_text("1")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert els.flaws() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]

    report.get_by_label("Yes, the order is done").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("Thank you")
    page.keyboard.press("Tab")  # Keep as note
    page.keyboard.press("Tab")  # It happened
    page.keyboard.press("Enter")
    expect(page.get_by_text("All is well")).to_be_visible()
    expect(page.get_by_role("heading", name="Desk")).to_be_focused()  # nothing is left
    expect(page.get_by_role("region", name="Decided in the last 14 days")).to_contain_text(
        "Thank you"
    )
    decided = LateReport.objects.get()
    assert decided.made is not None
    assert (decided.decision, decided.made.outcome) == ("happened", "done")


def test_what_a_colleague_decides_goes_from_the_desk_and_from_the_count(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    visit = visit_of(order)
    company.act(company.manager, order, "unplan")
    anna = phone_of(company.anna)
    anna.sync(anna.command("depart", visit, at=soon(-2)))
    els, marc = screen(company.manager), screen(company.manager)
    els.open("/orders/")
    expect(els.page.get_by_role("link", name="Desk")).to_contain_text("1")
    marc.open("/desk/")
    marc.page.get_by_role("button", name="Keep as note").click()
    expect(marc.page.get_by_text("All is well")).to_be_visible()
    expect(els.page.get_by_role("link", name="Desk")).not_to_contain_text("1")
