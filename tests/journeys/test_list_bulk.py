"""Orders chosen in the list by mouse and keys and changed together, on the real server."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callout.orders.models import Reason, ServiceOrder
from tests.journeys.conftest import Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def test_chosen_by_hand_and_keys_cancelled_undone_exported_and_kept(
    company: Company, screen: Opened
) -> None:
    orders = [company.order() for _ in range(5)]
    Reason.objects.get_or_create(kind="cancel", label="Double entry")
    mine = screen(company.manager)
    page = mine.open("/orders/?stage=new&sort=number")
    boxes = page.locator("tbody .co-checkbox")
    bar = page.locator("[data-bulk]")
    expect(boxes).to_have_count(5)
    expect(bar).to_be_hidden()

    # A range by Shift, one taken out by keys, one put back by the arrows.
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(bar.locator("[data-bulk-count]")).to_have_text("4")
    page.keyboard.press("x")
    expect(bar.locator("[data-bulk-count]")).to_have_text("3")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    expect(bar.locator("[data-bulk-count]")).to_have_text("4")
    page.keyboard.press("x")
    assert mine.flaws() == []

    # One of them is cancelled by somebody else meanwhile: it is told, the others are done.
    company.act(company.manager, orders[0], "cancel", note="before")
    expect(boxes).to_have_count(4)
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")
    bar.get_by_role("button", name="Cancel…").click()
    dialog = page.locator("#co-dialog")
    expect(dialog.get_by_text("2 orders are chosen.")).to_be_visible()
    dialog.get_by_text("Double entry").click()
    dialog.get_by_role("button", name="Cancel the orders").click()
    expect(dialog.get_by_role("heading", name="2 orders are cancelled.")).to_be_visible()
    expect(boxes).to_have_count(2)
    dialog.get_by_role("button", name="Undo all of it").click()
    expect(dialog.get_by_text("2 orders are as they were before.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(boxes).to_have_count(4)
    assert ServiceOrder.objects.filter(stage="new").count() == 4

    # What is chosen goes out as a file.
    page.locator("[data-check-all]").check()
    with page.expect_download() as going:
        bar.get_by_role("button", name="Export").click()
    text = Path(str(going.value.path())).read_text("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 5
    page.keyboard.press("Escape")

    # The filter is kept by a name, and the list opens with it.
    page.get_by_role("link", name="Save filter").click()
    side = page.locator("#co-side")
    side.get_by_label("Name").fill("The pile")
    side.get_by_label("My list opens with it").check()
    side.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The filter is saved.")).to_be_visible()
    mine.open("/orders/")
    expect(page).to_have_url(mine.base + "/orders/?stage=new&sort=number")
    page.get_by_role("button", name="Saved filters").click()
    expect(page.locator("#co-saved-menu").get_by_text("The pile")).to_be_visible()
    assert mine.flaws() == []


def test_a_card_given_to_a_technician_by_keys_is_planned_for_them(
    company: Company, screen: Opened
) -> None:
    order = company.order()
    mine = screen(company.manager)
    page = mine.open("/orders/kanban/team/")
    page.locator(f"#order-{order.pk} .co-card-link").focus()
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    dialog = page.locator("#co-dialog")
    expect(dialog.get_by_label("Technician", exact=True)).to_have_value(
        str(company.anna.technician_id)
    )
    assert mine.flaws() == []
