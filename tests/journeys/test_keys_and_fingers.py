"""Keys, fingers and narrow windows on the office's pages: what no press of a mouse shows."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from callout.orders.models import ServiceOrder
from tests.journeys.conftest import DESK, Opened
from tests.orders.conftest import Company

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.journey

BOARD = "/orders/kanban/?day=all"
WIDTHS = (1366, 683, 360)


def card(page: "Page", stage: str, order: ServiceOrder) -> "Locator":
    return page.locator(f'[data-cards="{stage}"] [data-live-item="service_order:{order.pk}"]')


def middle(what: "Locator") -> tuple[float, float]:
    box = what.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + 40


def test_a_finger_drags_a_card_after_holding(company: Company, screen: Opened) -> None:
    order = company.planned()
    page = screen(company.manager, touch=True).open(BOARD)
    (x, y), (to, _y) = (
        middle(card(page, "planned", order)),
        middle(page.locator("[data-cards=new]")),
    )
    device = page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    page.locator("[data-live-dot]").wait_for()
    touch("touchStart", {"x": x, "y": y})
    page.wait_for_timeout(300)  # held: shorter would be the beginning of a scroll
    for step in range(1, 13):
        touch("touchMove", {"x": x + (to - x) * step / 12, "y": y + 10})
        page.wait_for_timeout(16)
    touch("touchEnd")
    expect(page.locator(".co-toast")).to_contain_text("is unplanned")
    expect(card(page, "new", order)).to_be_visible()
    order.refresh_from_db()
    assert order.stage == "new"


def test_a_lifted_card_is_put_back_by_escape(company: Company, screen: Opened) -> None:
    order = company.planned()
    page = screen(company.manager).open(BOARD)
    card(page, "planned", order).locator(".co-card-link").focus()
    for key in ("Space", "ArrowLeft", "Escape"):
        page.keyboard.press(key)
    expect(card(page, "planned", order)).to_be_visible()
    expect(page.locator(".is-lifted, .is-over")).to_have_count(0)
    order.refresh_from_db()
    assert order.stage == "planned"


def test_slash_searches_everything_and_enter_goes_there(company: Company, screen: Opened) -> None:
    order = company.planned()
    page = screen(company.manager).open(BOARD)
    page.locator("[data-live-dot]").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("n?")
    expect(page.locator("dialog[open]")).to_have_count(0)  # letters in a field are no shortcuts
    page.keyboard.press("Control+a")
    page.keyboard.type(f"SO-{order.number:06d}")
    page.locator("[role=option][aria-selected=true]").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/{order.number}/**")


def test_escape_closes_the_choices_first_and_the_panel_after(
    company: Company, screen: Opened
) -> None:
    page = screen(company.manager).open("/orders/")
    page.locator("[data-live-dot]").wait_for()
    page.keyboard.press("n")
    expect(page.get_by_role("combobox", name="Customer")).to_be_focused()
    expect(page.get_by_role("combobox", name=re.compile("location"))).to_be_disabled()
    page.keyboard.type("lemaire")
    choices = page.locator("#co-side [role=option]:visible")
    choices.first.wait_for()
    page.keyboard.press("Escape")
    expect(choices).to_have_count(0)
    expect(page.locator("dialog#co-side")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#co-side")).to_be_hidden()


def test_the_theme_chosen_is_kept_by_the_next_page(company: Company, screen: Opened) -> None:
    page = screen(company.manager).open("/orders/")
    page.locator(".co-me").click()
    page.locator("[data-theme-choice] input[value=dark]").check(force=True)
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 18, 23)"


def test_cards_are_105_high_fifteen_rows_fit_and_nothing_runs_off_the_side(
    company: Company, screen: Opened
) -> None:
    planned = company.planned()
    for hours in range(1, 16):
        company.planned(company.bert, hours=2 * hours)
    page = screen(company.manager).open(BOARD)
    heights = "cards => cards.map(one => one.getBoundingClientRect().height)"
    assert set(page.eval_on_selector_all(".co-card", heights)) == {105}
    page.goto(page.url.replace("/kanban/", "/"))
    fit = "(rows, bottom) => rows.filter(one => one.getBoundingClientRect().bottom < bottom).length"
    assert page.eval_on_selector_all("tbody tr", fit, DESK["height"]) >= 15
    start = page.url.split("/orders/")[0]
    for path in (BOARD, "/orders/?day=all", f"/orders/{planned.number}/", "/orders/new/", "/home/"):
        page.goto(start + path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert too_wide <= 0, (path, width)
