"""The order's page: hours by hand, a visit that is not the current one; and the archive."""

import pytest
from playwright.sync_api import Page, expect

from callout.accounts.zone import local
from callout.kernel import clock
from callout.orders.models import InterventionType, ServiceOrder, TimeEntry
from tests.journeys.conftest import Opened
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.journey


def hours_typed(page: Page, begin: float, finish: float, note: str = "") -> None:
    """Kind stays Work; by the company's clock."""
    start, until = local(soon(begin)), local(soon(finish))
    page.get_by_label("Day").fill(f"{start:%Y-%m-%d}")
    page.get_by_label("From", exact=True).fill(f"{start:%H:%M}")
    page.get_by_label("Until", exact=True).fill(f"{until:%H:%M}")
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Save").click()


def test_hours_are_added_corrected_and_taken_back_and_show_on_the_technician_s_page(
    company: Company, screen: Opened
) -> None:
    order = company.planned(hours=0)
    desk, other = screen(company.manager), screen(company.manager)
    page = desk.open(f"/orders/{order.number}/?tab=time")
    team = other.open(f"/team/{company.anna.technician_id}/")
    expect(team.locator("#hours")).to_contain_text("No hours this week")
    page.get_by_role("button", name="Add hours").click()
    expect(page.get_by_label("Technician and visit")).to_be_visible()
    assert not desk.flaws()
    hours_typed(page, -3, -2, "Second boiler")
    expect(page.locator(".co-toast")).to_contain_text("Hours added")
    row = page.locator("#order-tab li", has_text="Second boiler")
    expect(row).to_contain_text("1 h")
    if local(soon(-3)).weekday() <= local(clock.now()).weekday():  # in the week that is shown
        expect(team.locator("#hours li", has_text="Second boiler")).to_be_visible()

    row.get_by_role("button", name="Correct the hours").click()
    hours_typed(page, -3, -2.5, "Second boiler")
    expect(row).to_contain_text("30 min")
    row.get_by_role("button", name="Take back the hours").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(row).to_have_count(0)
    assert not TimeEntry.objects.exists()


def test_hours_without_an_order_are_entered_on_the_technician_s_page(
    company: Company, screen: Opened
) -> None:
    desk = screen(company.manager)
    page = desk.open(f"/team/{company.anna.technician_id}/")
    page.get_by_role("link", name="Add hours").click()
    expect(page.get_by_label("Visit")).to_be_visible()
    assert not desk.flaws()
    hours_typed(page, -3, -2, "Team meeting")
    row = page.locator("#hours li", has_text="Team meeting")
    expect(row).to_contain_text("no order")
    row.get_by_role("button", name="Take back the hours").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(row).to_have_count(0)


def two_visits(company: Company) -> ServiceOrder:
    order = company.planned()
    command = {
        "technician_id": company.bert.technician_id, "start": soon(50), "duration_minutes": 60,
    }  # fmt: skip
    return company.act(company.manager, order, "plan_another", **command)


def test_another_visit_is_re_planned_and_ended_from_its_own_menu_by_keys(
    company: Company, screen: Opened
) -> None:
    order = two_visits(company)
    second = order.visits.get(sequence=2)
    desk = screen(company.manager)
    page = desk.open(f"/orders/{order.number}/")
    opener = page.get_by_role("button", name="Actions of Visit 2")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Re-plan")).to_be_focused()
    page.keyboard.press("Enter")
    dialog = page.locator("#co-dialog")
    start = local(soon(75))
    dialog.get_by_label("Start").fill(f"{start:%Y-%m-%dT%H:%M}")
    # Drawn anew by the answer and by the hint: a menu does not outlive that.
    with page.expect_response("**/live/**"):
        dialog.locator("button[type=submit].co-btn-primary").click()
    expect(dialog).not_to_be_visible()
    expect(page.locator(".htmx-request")).to_have_count(0)
    expect(page.locator(".co-toast")).to_contain_text("Bert")
    second.refresh_from_db()
    assert second.start == soon(75)
    expect(page.locator("main")).to_contain_text(f"{start:%H:%M}")
    opener.click()
    page.get_by_role("menuitem", name="Customer absent").click()
    expect(dialog).to_contain_text("Customer absent")
    dialog.locator("button[type=submit].co-btn-primary").click()
    expect(page.locator(".co-toast").last).to_contain_text("customer absent")
    second.refresh_from_db()
    order.refresh_from_db()
    assert (second.outcome, order.stage) == ("customer_absent", "planned")
    page.locator(".co-toast").get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("button", name="Actions of Visit 2")).to_be_visible()


def test_an_archived_type_is_restored_on_the_settings_page(
    company: Company, screen: Opened
) -> None:
    kind = InterventionType.objects.create(name="Thermography", archived_at=clock.now())
    desk = screen(company.manager)
    page = desk.open("/settings/types/")
    assert not desk.flaws()
    page.get_by_role("button", name="Restore Thermography").click()
    expect(page.get_by_role("link", name="Thermography")).to_be_visible()
    kind.refresh_from_db()
    assert kind.archived_at is None
