"""The scripts in a real browser, on the gallery's pages: fixed data, the product's own policy."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.harness.server import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.journey


@pytest.fixture
def gallery() -> Iterator[str]:
    """A gallery of its own for each test: moves change its orders."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.web.gallery.settings"}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.web.gallery", str(port)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    try:
        until_it_answers(f"{base}/options")
        yield base
    finally:
        server.terminate()
        server.wait()


def until_it_answers(url: str) -> None:
    for _attempt in range(100):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise TimeoutError(url)


@pytest.fixture
def board(browser: "Browser", gallery: str) -> Iterator["Page"]:
    """The Kanban. A script's error, or something that the policy forbids, fails the test."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text)
            # The gallery has no stream, and a refusal is part of the story.
            if said.type in ("error", "warning") and "Failed to load resource" not in said.text
            else None
        ),
    )
    page.goto(f"{gallery}/orders/")
    page.wait_for_selector("[data-show]")
    yield page
    context.close()
    assert complaints == []


def column_of(page: "Page", number: str) -> str:
    place = page.locator(f"#order-{number}").locator("xpath=ancestor::*[@data-cards]")
    return place.get_attribute("data-cards") or ""


def drag(page: "Page", number: str, to: str) -> None:
    card = page.locator(f"#order-{number}").bounding_box()
    place = page.locator(f"[data-cards={to}]").bounding_box()
    assert card
    assert place
    page.mouse.move(card["x"] + 100, card["y"] + 70)
    page.mouse.down()
    page.mouse.move(card["x"] + 120, card["y"] + 90, steps=4)
    page.mouse.move(place["x"] + 120, place["y"] + 60, steps=12)
    with page.expect_response(re.compile("/move/")):
        page.mouse.up()
    page.wait_for_selector(".is-pending", state="detached")


def lift_to_the_right(page: "Page", number: str) -> None:
    page.locator(f"#order-{number} .co-card-link").focus()
    for key in (" ", "ArrowRight"):
        page.keyboard.press(key)
    with page.expect_response(re.compile("/cards")):
        page.keyboard.press("Enter")


def test_a_dragged_card_stands_in_its_new_column_and_glows(board: "Page") -> None:
    with board.expect_response(re.compile("/cards")):
        drag(board, "1043", "completed")
    board.wait_for_selector("#order-1043.is-changed.co-k-done")
    assert column_of(board, "1043") == "completed"


def test_a_refused_card_goes_back_and_the_words_are_shown(board: "Page") -> None:
    drag(board, "1036", "new")
    assert board.inner_text("#co-toasts").strip() == "Plan it from New only."
    assert column_of(board, "1036") == "planned"


def test_a_move_that_asks_first_opens_its_dialog_and_the_card_waits(board: "Page") -> None:
    drag(board, "1042", "cancelled")
    dialog = board.locator("#co-dialog[open]")
    dialog.wait_for()
    assert column_of(board, "1042") == "planned"
    assert board.evaluate("document.activeElement.name") == "reason"
    board.keyboard.type("Nobody there")
    board.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert "cancelled" in board.inner_text("#co-toasts")


def test_the_keyboard_moves_a_card_and_keeps_the_focus(board: "Page") -> None:
    lift_to_the_right(board, "1035")
    board.wait_for_selector("[data-cards=completed] #order-1035.co-k-done")
    assert board.evaluate("document.activeElement.textContent") == "SO-001035"


def test_a_lifted_card_is_put_back_by_escape(board: "Page") -> None:
    board.locator("#order-1035 .co-card-link").focus()
    for key in (" ", "ArrowRight", "Escape"):
        board.keyboard.press(key)
    assert column_of(board, "1035") == "planned"
    assert board.locator(".is-lifted, .is-over").count() == 0


def test_m_opens_a_card_s_menu_and_escape_comes_back_to_the_card(board: "Page") -> None:
    board.locator("#order-1035 .co-card-link").focus()
    board.keyboard.press("m")
    menu = board.locator("#co-card-menu:popover-open")
    menu.wait_for()
    assert menu.get_by_role("menuitem").count() == 3
    board.keyboard.press("Escape")
    menu.wait_for(state="detached")
    assert board.evaluate("document.activeElement.textContent") == "SO-001035"


def test_a_finger_drags_after_holding(browser: "Browser", gallery: str) -> None:
    context = browser.new_context(
        viewport={"width": 1024, "height": 768}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{gallery}/orders/")
    page.wait_for_selector("[data-show]")
    card = page.locator("#order-1043").bounding_box()
    place = page.locator("[data-cards=completed]").bounding_box()
    assert card
    assert place
    device = context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    y = card["y"] + 40
    touch("touchStart", {"x": card["x"] + 60, "y": y})
    page.wait_for_timeout(300)
    for step in range(1, 13):
        touch("touchMove", {"x": card["x"] + 60 + (place["x"] - card["x"]) * step / 12, "y": y})
        page.wait_for_timeout(16)
    with page.expect_response(re.compile("/move/")):
        touch("touchEnd")
    page.wait_for_selector("[data-cards=completed] #order-1043")
    context.close()


def test_what_is_typed_survives_escape_and_is_gone_when_discarded(board: "Page") -> None:
    board.keyboard.press("n")
    board.wait_for_selector("#co-side[open] #cu2")
    board.keyboard.type("boul")
    board.wait_for_selector("[role=option][aria-selected=true]")
    board.keyboard.press("Enter")
    board.fill("[name=note]", "No hot water")
    # The draft is written 250 ms after the last key.
    until(lambda: "No hot water" in board.evaluate("JSON.stringify(localStorage)"))
    board.keyboard.press("Escape")
    board.wait_for_selector("#co-side[open]", state="detached")
    board.keyboard.press("n")
    board.wait_for_selector("[data-draft-note]:not([hidden])")
    assert board.input_value("#cu2") == "Boulangerie Lemaire"
    assert board.input_value("[name=customer_id]") == "1052"
    assert board.input_value("[name=note]") == "No hot water"
    board.click("[data-draft-discard]")
    values = [board.input_value(f"[name={name}]") for name in ("note", "customer_id")]
    assert [*values, board.input_value("#cu2")] == ["", "", ""]


def test_escape_closes_the_choices_first_and_the_panel_after(board: "Page") -> None:
    board.keyboard.press("n")
    board.wait_for_selector("#co-side[open] #cu2")
    board.keyboard.type("boul")
    board.wait_for_selector("[role=option]")
    board.keyboard.press("Escape")
    assert board.locator("#co-side[open]").count() == 1
    board.keyboard.press("Escape")
    board.wait_for_selector("#co-side[open]", state="detached")
    assert board.evaluate("document.activeElement.className").startswith("co-btn")


def test_a_location_waits_for_its_customer(board: "Page") -> None:
    board.keyboard.press("n")
    board.wait_for_selector("#co-side[open] #lo2")
    assert board.is_disabled("#lo2")
    assert board.get_attribute("#lo2", "placeholder") == "Choose the customer first"


def test_slash_searches_everything_and_enter_goes_there(board: "Page") -> None:
    board.keyboard.press("/")
    board.keyboard.type("ankerhuis")
    board.wait_for_selector("[role=option][aria-selected=true]")
    with board.expect_navigation(url=re.compile("/orders/1043")):
        board.keyboard.press("Enter")


def test_a_letter_in_a_field_is_no_shortcut(board: "Page") -> None:
    board.keyboard.press("/")
    board.keyboard.type("n?")
    assert board.locator("dialog[open]").count() == 0


def test_the_theme_chosen_is_kept_by_the_next_page(board: "Page") -> None:
    board.click(".co-me")
    board.locator("[data-theme-choice] input[value=dark]").check(force=True)
    board.reload()
    assert board.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    assert board.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 18, 23)"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 683, 360])
def test_nothing_runs_off_the_side(
    browser: "Browser", gallery: str, theme: str, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 768},
        color_scheme="dark" if theme == "dark" else "light",
    )
    page = context.new_page()
    for path in ("dev/gallery", "orders/", "orders/list", "orders/1043", "new", "plain"):
        page.goto(f"{gallery}/{path}")
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, path
    context.close()


def test_a_card_is_105_high_and_fifteen_rows_fit_as_drawn(board: "Page") -> None:
    heights = board.eval_on_selector_all(
        ".co-card", "cards => cards.map(card => card.getBoundingClientRect().height)"
    )
    assert set(heights) == {105}
    board.goto(board.url + "list")
    rows = board.eval_on_selector_all(
        "tbody tr", "rows => rows.filter(row => row.getBoundingClientRect().bottom < 768).length"
    )
    assert rows >= 15
