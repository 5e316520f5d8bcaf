"""Orders chosen in the list by mouse and keys and changed together, on the real server."""

import csv
import io
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import at, today
from callout.orders.models import Reason, ServiceOrder
from tests.journeys.conftest import PHONE, Opened
from tests.journeys.test_kanban import drag
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


def test_cards_are_chosen_by_mouse_keys_and_finger_and_planned_anew_together(
    company: Company, screen: Opened
) -> None:
    for _nth in range(3):
        company.order()
    tomorrow = at(today() + timedelta(days=1), time(9))
    planned = company.planned(start=tomorrow)
    mine = screen(company.manager)
    page = mine.open("/orders/kanban/?day=all")
    bar, cards = page.locator("[data-bulk]"), page.locator('[data-cards="new"] .co-card')
    expect(cards).to_have_count(3)
    expect(bar).to_be_hidden()

    # By mouse, a range by Shift; by keys.
    cards.nth(0).hover()
    cards.nth(0).locator(".co-checkbox").click()
    cards.nth(2).locator(".co-checkbox").click(modifiers=["Shift"])
    expect(bar.locator("[data-bulk-count]")).to_have_text("3")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    cards.nth(0).locator(".co-card-link").focus()
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowDown")
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")
    assert mine.flaws() == []
    bar.get_by_role("button", name="Priority…").click()
    page.locator("#co-dialog").get_by_text("Urgent").click()
    page.locator("#co-dialog").get_by_role("button", name="Set the priority").click()
    expect(page.locator('[data-cards="new"] .co-prio-urgent')).to_have_count(2)
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")

    # Dragged while others are chosen, a card is moved alone.
    drag(page, cards.nth(2), page.locator('.co-col[data-column="planned"]'))
    expect(page.locator("#co-dialog").get_by_role("heading", name="Plan")).to_be_visible()
    page.keyboard.press("Escape")

    # Grouped by technician: a planned one goes to somebody else, looked at first, and back.
    mine.open("/orders/kanban/team/?day=all")
    page.locator(f"#order-{planned.pk} .co-card-link").focus()
    page.keyboard.press("x")
    bar.get_by_role("button", name="Assign…").click()
    page.locator("#co-dialog").get_by_label("Technician").select_option("Bert")
    assert mine.flaws() == []
    page.locator("#co-dialog").get_by_role("button", name="Show the slots").click()
    expect(page.get_by_role("checkbox")).to_have_count(1)
    expect(page.locator(".co-move-slots")).to_contain_text("Anna")
    assert mine.flaws() == []
    page.get_by_role("button", name="Apply what is ticked").click()
    expect(page.get_by_text("Applied.", exact=True)).to_be_visible()
    planned.refresh_from_db()
    assert (planned.technician_id, planned.start) == (company.bert.technician_id, tomorrow)
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Undone: all is as it was before.")).to_be_visible()

    # A finger begins by the card's menu; from then on it presses boxes.
    phone = screen(company.manager, PHONE)
    small = phone.open("/orders/kanban/?day=all")
    small.locator(".co-col-tabs").get_by_role("button", name="New").tap()
    small.locator('[data-cards="new"] [data-card-menu]').first.tap()
    small.get_by_role("menuitem", name="Choose, or leave it").tap()
    small.locator('[data-cards="new"] .co-checkbox').nth(1).tap()
    expect(small.locator("[data-bulk-count]")).to_have_text("2")
    assert phone.flaws() == []
    small.locator("[data-bulk]").get_by_role("button", name="Cancel…").tap()
    expect(small.locator("#co-dialog").get_by_text("2 orders are chosen.")).to_be_visible()


def test_the_columns_are_put_in_another_order_by_keys_and_by_hand(
    company: Company, screen: Opened
) -> None:
    company.order()
    mine = screen(company.manager)
    page = mine.open("/orders/?stage=new")
    page.get_by_role("button", name="Columns").click()
    menu = page.locator("#co-columns-menu")
    slot = menu.get_by_role("button", name="Slot: further left")
    slot.focus()
    page.keyboard.press("Enter")
    expect(slot).to_be_focused()
    expect(menu.locator("[data-reorder-said]")).to_have_text("Slot: place 5")
    assert mine.flaws() == []
    items = menu.locator("li")
    start, end = items.nth(6).locator("[data-grip]").bounding_box(), items.nth(0).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 8, start["y"] - 8, steps=3)
    page.mouse.move(end["x"] + 12, end["y"] + 4, steps=12)
    expect(items.nth(0)).to_contain_text("Technician")
    page.mouse.up()
    menu.get_by_role("button", name="Show these").click()
    heads = page.locator("thead th")
    expect(heads.nth(2)).to_have_text("Technician")
    expect(heads.nth(7)).to_contain_text("Slot")


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


def test_a_finger_chooses_rows_of_the_list_after_a_button_says_so(
    company: Company, screen: Opened
) -> None:
    orders = [company.order() for _nth in range(3)]
    phone = screen(company.manager, PHONE)
    page = phone.open("/orders/?stage=new&sort=number")
    rows, bar = page.locator("tbody tr"), page.locator("[data-bulk]")
    expect(rows).to_have_count(3)
    expect(rows.nth(0).locator(".co-checkbox")).to_be_hidden()

    # Then the whole row is its box, wherever the finger comes down.
    page.get_by_role("button", name="Choose", exact=True).tap()
    for nth, (right, down) in ((0, (0.95, 0.1)), (2, (0.5, 0.9))):
        row = rows.nth(nth).bounding_box()
        assert row
        assert min(row["width"], row["height"]) >= 44
        x, y = row["x"] + right * row["width"], row["y"] + down * row["height"]
        page.touchscreen.tap(x, y)
    expect(bar.locator("[data-bulk-count]")).to_have_text("2")
    assert phone.flaws() == []
    rows.nth(2).locator(".co-checkbox").tap()
    expect(bar.locator("[data-bulk-count]")).to_have_text("1")
    bar.get_by_role("button", name="Priority…").tap()
    expect(page.locator("#co-dialog").get_by_text("1 order is chosen.")).to_be_visible()
    page.keyboard.press("Escape")

    # And ends so: a row is opened again.
    page.get_by_role("button", name="Choose", exact=True).tap()
    expect(bar).to_be_hidden()
    rows.nth(0).tap()
    expect(page).to_have_url(re.compile(rf"/orders/{orders[0].number}/"))
