"""The day of the map as a table, by keys alone, as who does not use the map works with it."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import at, today
from callout.customers.models import Site
from callout.workforce.models import Technician
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def test_a_dispatcher_gives_orders_away_in_the_table_and_it_follows_by_itself(
    company: Company, screen: Opened
) -> None:
    Site.objects.filter(pk=company.site.pk).update(latitude=50.7, longitude=4.6)
    Technician.objects.update(latitude=50.8, longitude=4.3)
    begin = at(today() + timedelta(days=1), time(10))
    order = company.plan(company.order(duration_minutes=60), start=begin)
    urgent = company.order(duration_minutes=60, priority="urgent")
    els = screen(company.manager)
    page = els.open("/map/table/?day=tomorrow")
    annas = page.get_by_role("region", name="Anna")
    berts = page.get_by_role("region", name="Bert")
    row = annas.get_by_role("row").filter(has_text=f"SO-{order.number:06d}")
    expect(row).to_contain_text("10:00–11:00")
    expect(annas).to_contain_text("1 stop")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert els.flaws() == []
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    # Its menu is the way that dragging it on the map is.
    row.get_by_role("button", name=f"Actions of SO-{order.number:06d}").press("Enter")
    page.get_by_role("menuitem", name="Re-plan").press("Enter")
    dialog = page.locator("#co-dialog")
    dialog.get_by_label("Technician", exact=True).select_option("Bert")
    dialog.get_by_role("button", name="Re-plan").press("Enter")
    expect(berts).to_contain_text(f"SO-{order.number:06d}")
    expect(annas).to_have_count(0)
    expect(page.get_by_text("Without a visit: Anna")).to_be_visible()
    # What is urgent goes to whoever is there first.
    to_plan = page.get_by_role("region", name="To plan")
    number = f"SO-{urgent.number:06d}"
    to_plan.get_by_role("link", name=f"Nearest and free soonest for {number}").press("Enter")
    side = page.get_by_role("dialog").filter(has_text="Nearest and free soonest")
    expect(side).to_contain_text("Free now")
    assert els.flaws() == []
    side.get_by_role("link", name="Plan…").first.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Plan", exact=True).press("Enter")
    expect(to_plan).to_have_count(0)
    urgent.refresh_from_db()
    assert urgent.stage == "planned"
