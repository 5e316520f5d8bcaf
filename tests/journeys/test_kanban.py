"""Cards moved by mouse and by keys on the real server, and two managers with one order open."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder
from tests.journeys.conftest import Opened
from tests.orders.conftest import Company, actor_made

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

# A page whose stream never says anything.
DEAF = """
    delete window.SharedWorker;
    window.EventSource = class extends EventTarget { close() {} };
"""
pytestmark = pytest.mark.journey


@pytest.fixture
def second(company: Company) -> Actor:
    """Another manager."""
    return actor_made("Tom", technician=False)


def stage_of(order: ServiceOrder) -> tuple[str, str | None]:
    order.refresh_from_db()
    return order.stage, order.technician_status


def card(page: "Page", order: ServiceOrder) -> "Locator":
    return page.locator(f'.co-card[data-live-item="service_order:{order.pk}"]')


def column(page: "Page", stage: str) -> "Locator":
    return page.locator(f'.co-col[data-column="{stage}"]')


def drag(page: "Page", what: "Locator", to: "Locator") -> None:
    """Press, move in steps as a hand does, let go."""
    start, end = what.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 15, start["y"] + 30, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 120, steps=12)
    page.mouse.up()


def test_dragged_back_to_new_it_is_unplanned_here_and_on_the_other_screen(
    company: Company, second: Actor, screen: Opened
) -> None:
    order = company.planned()
    other = screen(second).open("/orders/kanban/?day=all")
    page = screen(company.manager).open("/orders/kanban/?day=all")
    nothing = column(page, "new").get_by_text("Nothing to plan.")
    expect(nothing).to_be_visible()
    drag(page, card(page, order), column(page, "new"))
    expect(card(column_page(page, "new"), order)).to_be_visible()
    expect(nothing).to_be_hidden()
    expect(column(page, "planned").get_by_text("Nothing planned.")).to_be_visible()
    expect(page.locator(".co-toast")).to_contain_text("is unplanned")
    expect(card(column_page(other, "new"), order)).to_be_visible()
    assert stage_of(order) == ("new", None)


def column_page(page: "Page", stage: str) -> "Page":
    """The column, searched in like a page."""
    return column(page, stage)  # type: ignore[return-value]


def test_dragged_to_planned_it_asks_and_is_planned(company: Company, screen: Opened) -> None:
    order = company.order()
    page = screen(company.manager).open("/orders/kanban/?day=all")
    drag(page, card(page, order), column(page, "planned"))
    dialog = page.locator("#co-dialog")
    expect(dialog).to_be_visible()
    dialog.locator("button[type=submit].co-btn-primary").click()
    expect(card(column_page(page, "planned"), order)).to_be_visible()
    assert stage_of(order) == ("planned", "planned")


def test_dragged_from_completed_to_planned_one_undo_takes_both_back(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    company.act(company.anna, order, "complete")
    page = screen(company.manager).open("/orders/kanban/?day=all")
    drag(page, card(page, order), column(page, "planned"))
    dialog = page.locator("#co-dialog")
    expect(dialog).to_contain_text("Reopen and plan")
    dialog.locator("button[type=submit].co-btn-primary").click()
    expect(card(column_page(page, "planned"), order)).to_be_visible()
    page.locator(".co-toast").get_by_role("button", name="Undo").click()
    expect(card(column_page(page, "completed"), order)).to_be_visible()
    assert stage_of(order) == ("completed", "done")


def test_dragged_where_it_makes_no_sense_it_stays_and_says_why(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    company.act(company.anna, order, "complete")
    one = screen(company.manager)
    one.expects(409)
    page = one.open("/orders/kanban/?day=all")
    drag(page, card(page, order), column(page, "cancelled"))
    expect(page.locator(".co-toast").first).to_be_visible()
    expect(card(column_page(page, "completed"), order)).to_be_visible()
    assert stage_of(order) == ("completed", "done")


def test_by_keys_alone_a_card_is_lifted_carried_and_dropped(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    page = screen(company.manager).open("/orders/kanban/?day=all")
    link = card(page, order).locator(".co-card-link")
    tabbed_to(page, link)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(card(column_page(page, "new"), order)).to_be_visible()
    expect(page.locator(".co-toast")).to_contain_text("is unplanned")
    assert stage_of(order) == ("new", None)


def tabbed_to(page: "Page", what: "Locator") -> None:
    """Only by Tab, as who has no mouse gets there."""
    for _press in range(60):
        page.keyboard.press("Tab")
        if what.evaluate("(it) => it === document.activeElement"):
            return
    raise AssertionError("The card cannot be reached by Tab.")


def test_by_keys_alone_the_menu_moves_it_too(company: Company, screen: Opened) -> None:
    order = company.planned()
    page = screen(company.manager).open("/orders/kanban/?day=all")
    tabbed_to(page, card(page, order).locator(".co-card-link"))
    page.keyboard.press("m")
    item = page.get_by_role("menuitem", name="Move to New")
    expect(item).to_be_visible()
    for _press in range(30):
        if item.evaluate("(it) => it === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(card(column_page(page, "new"), order)).to_be_visible()
    assert stage_of(order) == ("new", None)


def test_two_managers_with_one_order_open_the_slower_sees_the_new_state_at_once(
    company: Company, second: Actor, screen: Opened
) -> None:
    order = company.planned()
    address = f"/orders/{order.number}/"
    fast, slow = screen(company.manager).open(address), screen(second).open(address)
    fast.get_by_role("button", name="Depart").first.click()
    expect(fast.locator(".co-pill").first).to_have_text("En route")
    expect(slow.locator(".co-pill").first).to_have_text("En route")
    assert stage_of(order) == ("planned", "en_route")


def test_who_presses_what_is_no_longer_so_is_told_what_changed_and_by_whom(
    company: Company, second: Actor, screen: Opened
) -> None:
    """The slower one's page hears nothing (its stream is cut), and is told at the press."""
    order = company.planned()
    one = screen(second)
    one.expects(412)
    one.page.context.add_init_script(DEAF)
    slow = one.open(f"/orders/{order.number}/")
    company.act(company.anna, order, "depart")
    slow.get_by_role("button", name="Depart").first.click()
    told = slow.locator(".co-toast, [role=alert]").filter(has_text="In the meantime")
    expect(told.first).to_be_visible()
    assert stage_of(order) == ("planned", "en_route")


def test_a_question_begins_at_its_first_field_and_a_filter_at_its_search(
    company: Company, screen: Opened
) -> None:
    order = company.planned()
    page = screen(company.manager).open("/orders/kanban/?day=all")
    page.get_by_role("button", name="Technician").click()
    expect(page.get_by_role("searchbox", name="Type to find")).to_be_focused()
    page.keyboard.type("ber")
    expect(page.get_by_role("link", name="Anna")).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**technician=**")

    page.goto(page.url.split("?")[0] + "?day=all")
    drag(page, card(page, order), column(page, "cancelled"))
    dialog = page.locator("#co-dialog")
    expect(dialog.get_by_role("radio").first).to_be_focused()
    expect(dialog.get_by_role("button", name="Cancel the order")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert stage_of(order) == ("planned", "planned")
