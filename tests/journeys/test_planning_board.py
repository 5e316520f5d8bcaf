"""The board in a real browser: visits dragged, stretched, walked with keys, undone, collided."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from callout.accounts.zone import at, company_zone, today
from callout.kernel.actor import Actor
from callout.orders.models import Assignment, Priority, ServiceOrder, Visit
from callout.workforce import services as workforce
from tests.journeys.conftest import PHONE, Opened
from tests.orders.conftest import Company, actor_made

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator, Page

pytestmark = pytest.mark.journey


@pytest.fixture
def second(company: Company) -> Actor:
    """Another dispatcher."""
    return actor_made("Tom", technician=False)


@pytest.fixture
def day(company: Company) -> date:
    """A day to come; no response target asks about it."""
    Priority.objects.update(response_hours=None)
    return today() + timedelta(days=2)


def local(day: date, hour: float) -> datetime:
    """When the company's clock shows that hour."""
    minutes = round(hour * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=company_zone())


def planned(
    company: Company, day: date, hour: float, who: Actor | None = None, minutes: int = 60
) -> ServiceOrder:
    start = local(day, hour)
    return company.plan(company.order(), who, start=start, duration_minutes=minutes)


def address(day: date, more: str = "") -> str:
    return f"/planning/?day={day:%Y-%m-%d}{more}"


def bar(page: "Page", order: ServiceOrder) -> "Locator":
    visit = Visit.objects.filter(order=order).latest("sequence")
    return page.locator(f'.co-pb-bar[data-visit="{visit.pk}"]')


def row(page: "Page", who: Actor) -> "Locator":
    return page.locator(f'.co-pb-row[data-line="{who.technician_id}"]')


def card(page: "Page", order: ServiceOrder) -> "Locator":
    return page.locator(f'.co-pile-card[data-order="{order.pk}"]')


def settled(what: "Locator") -> "FloatRect":
    """Where it is once it has stood still: a board that opens goes to its first hour."""
    before = None
    for _turn in range(50):
        box = what.bounding_box()
        if box is not None and box == before:
            return box
        before = box
        what.page.wait_for_timeout(100)
    raise AssertionError("the board does not come to rest")


def spot(page: "Page", who: Actor, hour: float) -> tuple[float, float]:
    """Where an hour is in somebody's row, read from the axis as a dispatcher does."""
    labels = page.locator(".co-pb-hour")
    expect(labels.filter(has_text="08:00")).to_be_visible()
    eight = settled(labels.filter(has_text="08:00"))
    ten = labels.filter(has_text="10:00").bounding_box()
    line = row(page, who).bounding_box()
    assert ten
    assert line
    an_hour = (ten["x"] - eight["x"]) / 2
    x = eight["x"] + eight["width"] / 2 + (hour - 8) * an_hour
    return x, line["y"] + line["height"] / 2


def middle(what: "Locator") -> tuple[float, float]:
    box = what.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def held(page: "Page", start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press and move, as a hand does, without letting go."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 6, start[1] + 3, steps=3)
    page.mouse.move(*end, steps=12)
    page.wait_for_timeout(150)


def slot_of(order: ServiceOrder) -> tuple[str, str, float]:
    """Who, from when by the company's clock, and how many hours."""
    one = Assignment.objects.get(visit__order=order, is_open=True, role=Assignment.RESPONSIBLE)
    start = one.start.astimezone(company_zone())
    length = (one.end - one.start).total_seconds() / 3600
    return one.technician.name, f"{start:%Y-%m-%d %H:%M}", length


def done(page: "Page", words: str = "is planned for") -> None:
    expect(page.locator(".co-toast").last).to_contain_text(words)


# --- by pointer ---


def test_dragged_from_the_pile_onto_a_slot_it_is_planned_there(
    company: Company, day: date, screen: Opened
) -> None:
    order = company.order()
    page = screen(company.manager).open(address(day))
    x, y = spot(page, company.bert, 10)
    held(page, middle(card(page, order)), (x + 2, y))
    expect(page.locator(".co-pb-hand")).to_contain_text("Boulangerie Lemaire")
    expect(row(page, company.bert).locator(".co-pb-slot.is-held")).to_contain_text("10:00")
    expect(row(page, company.anna).locator(".co-pb-answer")).to_be_visible()
    page.mouse.up()
    done(page)
    expect(bar(page, order)).to_be_visible()
    expect(card(page, order)).to_have_count(0)
    assert slot_of(order)[:2] == ("Bert", f"{day:%Y-%m-%d} 10:00")


def test_moved_to_another_row_and_hour_and_back_with_one_key(
    company: Company, day: date, screen: Opened
) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    (x, _y), (to_x, to_y) = spot(page, company.anna, 9), spot(page, company.bert, 13)
    start = middle(bar(page, order))
    held(page, start, (to_x + start[0] - x, to_y))
    page.mouse.up()
    done(page)
    assert slot_of(order) == ("Bert", f"{day:%Y-%m-%d} 13:00", 1)
    expect(row(page, company.bert).locator(".co-pb-bar")).to_have_count(1)
    page.keyboard.press("Control+z")
    expect(row(page, company.anna).locator(".co-pb-bar")).to_have_count(1)
    assert slot_of(order) == ("Anna", f"{day:%Y-%m-%d} 09:00", 1)


def test_stretched_at_its_end_and_at_its_start(company: Company, day: date, screen: Opened) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    box = bar(page, order).bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    held(page, (box["x"] + box["width"] - 1, y), (spot(page, company.anna, 11.5)[0] + 1, y))
    page.mouse.up()
    done(page)
    expect(bar(page, order)).to_have_accessible_name(re.compile("09:00–11:30"))
    assert slot_of(order)[2] == 2.5
    box = bar(page, order).bounding_box()
    assert box
    held(page, (box["x"] + 1, y), (spot(page, company.anna, 8)[0] + 1, y))
    page.mouse.up()
    expect(bar(page, order)).to_have_accessible_name(re.compile("08:00–11:30"))
    assert slot_of(order) == ("Anna", f"{day:%Y-%m-%d} 08:00", 3.5)


def test_several_that_are_marked_go_together_and_come_back_together(
    company: Company, day: date, screen: Opened
) -> None:
    first, other = planned(company, day, 9), planned(company, day, 11)
    page = screen(company.manager).open(address(day))
    bar(page, first).click(modifiers=["Control"])
    bar(page, other).click(modifiers=["Control"])
    expect(page.locator(".co-pb-bar.is-marked")).to_have_count(2)
    (x, _y), (to_x, to_y) = spot(page, company.anna, 9), spot(page, company.bert, 10)
    start = middle(bar(page, first))
    held(page, start, (to_x + start[0] - x, to_y))
    page.mouse.up()
    expect(row(page, company.bert).locator(".co-pb-bar")).to_have_count(2)
    assert slot_of(first) == ("Bert", f"{day:%Y-%m-%d} 10:00", 1)
    assert slot_of(other) == ("Bert", f"{day:%Y-%m-%d} 12:00", 1)
    page.keyboard.press("Control+z")
    expect(row(page, company.anna).locator(".co-pb-bar")).to_have_count(2)
    assert slot_of(first) == ("Anna", f"{day:%Y-%m-%d} 09:00", 1)
    assert slot_of(other) == ("Anna", f"{day:%Y-%m-%d} 11:00", 1)


def test_escape_puts_what_is_dragged_back(company: Company, day: date, screen: Opened) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    held(page, middle(bar(page, order)), spot(page, company.bert, 14))
    page.keyboard.press("Escape")
    expect(page.locator(".co-pb-hand")).to_have_count(0)
    page.mouse.up()
    expect(page.locator(".co-pb-slot")).to_have_count(0)
    assert slot_of(order) == ("Anna", f"{day:%Y-%m-%d} 09:00", 1)
    assert not page.locator(".co-plan-panel").count()  # no click came of it


def test_a_rubber_band_marks_what_it_touches(company: Company, day: date, screen: Opened) -> None:
    planned(company, day, 9)
    planned(company, day, 11)
    planned(company, day, 17)
    page = screen(company.manager).open(address(day))
    start, end = spot(page, company.anna, 7), spot(page, company.anna, 13)
    held(page, start, (end[0], end[1] + 10))
    page.mouse.up()
    expect(page.locator(".co-pb-bar.is-marked")).to_have_count(2)


def test_a_press_on_a_dashed_slot_takes_it(company: Company, day: date, screen: Opened) -> None:
    order = company.order()
    page = screen(company.manager).open(address(day))
    card(page, order).locator("[data-pile-open]").focus()
    page.keyboard.press("Space")
    expect(page.locator(".co-pb-slot.is-held")).to_be_visible()
    page.locator(".co-pb-slot[data-ghost]").click()
    done(page)
    assert slot_of(order)[1].startswith(f"{day:%Y-%m-%d}")


def test_dropped_on_the_pile_it_is_unplanned(company: Company, day: date, screen: Opened) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    held(page, middle(bar(page, order)), middle(page.locator("[data-pile-drop]")))
    page.mouse.up()
    expect(card(page, order)).to_be_visible()
    order.refresh_from_db()
    assert order.stage == "new"
    # It is said in words, and taken back by the button beside them.
    told = page.locator(".co-toast", has_text="is to be planned again.")
    told.get_by_role("button", name="Undo").click()
    expect(bar(page, order)).to_be_visible()
    expect(told).to_have_count(0)


def test_dropped_where_somebody_is_busy_it_is_refused_in_words_and_stays(
    company: Company, day: date, screen: Opened
) -> None:
    order, there = planned(company, day, 9), planned(company, day, 13, company.bert)
    one = screen(company.manager)
    one.expects(409)
    page = one.open(address(day))
    (x, _y), (to_x, to_y) = spot(page, company.anna, 9), spot(page, company.bert, 13)
    start = middle(bar(page, order))
    held(page, start, (to_x + start[0] - x, to_y))
    expect(row(page, company.bert).locator(".co-pb-slot.is-held")).to_have_class(
        re.compile("is-no")
    )
    page.mouse.up()
    dialog = page.locator("dialog[open]")
    number = f"SO-{there.number:06}"
    expect(dialog).to_contain_text(number)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(row(page, company.anna).locator(".co-pb-bar")).to_have_count(1)
    assert slot_of(order) == ("Anna", f"{day:%Y-%m-%d} 09:00", 1)


# --- by keys ---


def test_by_keys_alone_a_visit_is_carried_to_another_row_and_hour(
    company: Company, day: date, screen: Opened
) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    row(page, company.anna).locator("[data-head]").focus()
    page.keyboard.press("ArrowRight")
    expect(bar(page, order)).to_be_focused()
    page.keyboard.press("Space")
    for key in ("ArrowDown", "Shift+ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(row(page, company.bert).locator(".co-pb-slot.is-held")).to_contain_text("10:30")
    expect(page.locator("[role=status]", has_text="10:30–11:30")).to_contain_text("Bert")
    page.keyboard.press("Enter")
    done(page)
    assert slot_of(order) == ("Bert", f"{day:%Y-%m-%d} 10:30", 1)
    expect(bar(page, order)).to_be_focused()


def test_by_keys_alone_a_visit_is_stretched_and_put_back(
    company: Company, day: date, screen: Opened
) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    bar(page, order).focus()
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Escape")
    assert slot_of(order)[2] == 1
    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    done(page)
    assert slot_of(order)[2] == 1.5


def test_a_card_picked_up_by_keys_comes_to_the_row_that_answers_best(
    company: Company, day: date, screen: Opened
) -> None:
    order = company.order()
    page = screen(company.manager).open(address(day))
    card(page, order).locator("[data-pile-open]").focus()
    page.keyboard.press("Space")
    expect(page.locator(".co-pb-slot.is-held")).to_be_visible()
    expect(page.locator(".co-pb-who:focus")).to_be_visible()
    page.keyboard.press("Enter")
    done(page)
    assert slot_of(order)[1].startswith(f"{day:%Y-%m-%d}")


def test_enter_opens_the_card_of_a_visit(company: Company, day: date, screen: Opened) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    bar(page, order).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".co-plan-panel")).to_contain_text("Boulangerie Lemaire")


# --- several dispatchers ---


def test_from_the_order_one_comes_to_its_visit_on_the_board(
    company: Company, day: date, screen: Opened
) -> None:
    order = planned(company, day, 10, company.bert)
    page = screen(company.manager).open(f"/orders/{order.number}/")
    page.get_by_role("link", name="Show on the board").click()
    page.get_by_role("region", name=order.customer.name).wait_for()
    expect(bar(page, order)).to_have_class(re.compile("is-opened"))
    page.keyboard.press("Escape")
    expect(bar(page, order)).to_be_focused()


def test_a_card_that_opens_and_closes_leaves_the_board_at_its_hour(
    company: Company, day: date, screen: Opened
) -> None:
    for one in (company.anna, company.bert):
        assert one.technician_id
        workforce.working_week_set(
            actor=company.manager, technician_id=one.technician_id, valid_from=today(),
            days=[[["08:00", "17:00"]]] * 7,
        )  # fmt: skip
    order = planned(company, day, 10)
    page = screen(company.manager).open(address(day))
    scroller = page.locator(".co-pb-scroll")
    bar(page, order).wait_for()
    page.wait_for_timeout(300)
    before = scroller.evaluate("(board) => board.scrollLeft")
    assert before > 50
    for _again in range(2):
        bar(page, order).click()
        page.get_by_role("region", name=order.customer.name).wait_for()
        page.keyboard.press("Escape")
        page.get_by_role("region", name=order.customer.name).wait_for(state="detached")
        page.wait_for_timeout(300)
        after = scroller.evaluate("(board) => board.scrollLeft")
        assert abs(after - before) < 8


def test_the_title_row_has_room_in_one_line_and_its_menu_leads_on(
    company: Company, day: date, screen: Opened
) -> None:
    desk = screen(company.manager)
    page = desk.open(address(day))
    page.get_by_role("link", name="Auto-plan…").wait_for()
    head = page.locator(".co-pb-bar-top").bounding_box()
    assert head
    assert head["height"] < 60
    page.get_by_role("link", name="Auto-plan…").click()
    expect(page.locator("#co-side [name=first]")).to_have_value(f"{day:%Y-%m-%d}")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="More of the planning").click()
    expect(page.get_by_role("menuitem", name="Tomorrow check")).to_be_focused()
    assert desk.flaws() == []
    page.get_by_role("menuitem", name="Technician absent…").click()
    page.get_by_role("heading", name="Technician absent").wait_for()


def test_what_another_dispatcher_does_shows_by_itself(
    company: Company, day: date, second: Actor, screen: Opened
) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    expect(row(page, company.anna).locator(".co-pb-bar")).to_have_count(1)
    replanned(company, second, order, company.bert, local(day, 15))
    expect(row(page, company.bert).locator(".co-pb-bar")).to_have_count(1)
    expect(row(page, company.anna).locator(".co-pb-bar")).to_have_count(0)


def replanned(company: Company, who: Actor, order: ServiceOrder, to: Actor, start: datetime) -> Any:
    return company.act(
        who, order, "replan", technician_id=to.technician_id, start=start, duration_minutes=60
    )


def test_of_two_dispatchers_the_later_is_told_and_nothing_is_overwritten(
    company: Company, day: date, second: Actor, screen: Opened
) -> None:
    order = planned(company, day, 9)
    one = screen(company.manager)
    one.expects(409, 412)
    page = one.open(address(day))
    held(page, middle(bar(page, order)), spot(page, company.anna, 16))
    replanned(company, second, order, company.bert, local(day, 11))
    expect(page.locator(".co-toast").first).to_contain_text("was changed by somebody else")
    page.mouse.up()
    expect(row(page, company.bert).locator(".co-pb-bar")).to_have_count(1)
    expect(page.locator(".co-toast")).not_to_have_count(1)
    assert slot_of(order) == ("Bert", f"{day:%Y-%m-%d} 11:00", 1)


# --- the clock ---


def changing(hours: int) -> date:
    """The next day that has so many hours by the company's clock."""
    day = today() + timedelta(days=1)
    while (at(day + timedelta(days=1), time(0)) - at(day, time(0))) != timedelta(hours=hours):
        day += timedelta(days=1)
    return day


@pytest.mark.parametrize("hours", [23, 25])
def test_on_a_sunday_when_the_clocks_change_ten_is_ten(
    company: Company, day: date, screen: Opened, hours: int
) -> None:
    sunday = changing(hours)
    there, order = planned(company, sunday, 14), company.order()
    page = screen(company.manager).open(address(sunday))
    two, _y = spot(page, company.anna, 14)
    box = bar(page, there).bounding_box()
    assert box
    assert abs(box["x"] - two) < 3
    expect(page.locator(".co-pb-lines i")).to_have_count(hours)
    x, y = spot(page, company.bert, 10)
    held(page, middle(card(page, order)), (x + 1, y))
    page.mouse.up()
    done(page)
    assert slot_of(order)[:2] == ("Bert", f"{sunday:%Y-%m-%d} 10:00")
    held(page, middle(bar(page, there)), (middle(bar(page, there))[0], y))
    page.mouse.up()
    expect(row(page, company.bert).locator(".co-pb-bar")).to_have_count(2)
    assert slot_of(there) == ("Bert", f"{sunday:%Y-%m-%d} 14:00", 1)


# --- the page ---


def test_the_address_keeps_what_is_shown_and_back_goes_back(
    company: Company, day: date, screen: Opened
) -> None:
    planned(company, day, 9)
    page = screen(company.manager).open("/planning/")
    expect(page.locator(".co-pb-row")).to_have_count(2)
    page.get_by_role("button", name="Later").click()
    page.get_by_role("button", name="Later").click()
    expect(page).to_have_url(re.compile(f"day={day:%Y-%m-%d}"))
    expect(page.locator(".co-pb-bar")).to_have_count(1)
    page.get_by_role("button", name="Week").click()
    expect(page).to_have_url(re.compile("view=week"))
    page.go_back()
    expect(page.get_by_role("button", name="Day", exact=True)).to_have_attribute(
        "aria-current", "true"
    )
    expect(page.locator(".co-pb-bar")).to_have_count(1)
    page.get_by_label("Search the board").fill("ber")
    expect(page.locator(".co-pb-row")).to_have_count(1)
    expect(page).to_have_url(re.compile("q=ber"))
    page.reload()
    expect(page.locator(".co-pb-row")).to_have_count(1)
    page.get_by_label("Search the board").fill("nobody at all")
    page.get_by_role("button", name="Show everybody").click()
    expect(page.locator(".co-pb-row")).to_have_count(2)


def test_the_same_day_as_a_plain_table_with_the_same_menu(
    company: Company, day: date, screen: Opened
) -> None:
    order = planned(company, day, 9)
    page = screen(company.manager).open(address(day))
    page.get_by_role("button", name="To the plain table").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name="Table")
    expect(table).to_be_focused()
    expect(table.get_by_role("row", name=re.compile("09:00–10:00"))).to_contain_text("Planned")
    table.get_by_role("button", name=f"Actions of SO-{order.number:06}").click()
    expect(page.get_by_role("menu")).to_be_visible()


def test_on_a_phone_the_board_is_a_list_for_each_technician(
    company: Company, day: date, screen: Opened
) -> None:
    planned(company, day, 9)
    one = screen(company.manager, PHONE)
    page = one.open(address(day))
    expect(page.get_by_role("heading", name="Anna")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Boulangerie Lemaire"))).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert one.flaws() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("more", ["", "&view=week&group=skill", "&as=table"])
def test_axe_finds_nothing(
    company: Company, day: date, screen: Opened, theme: str, more: str
) -> None:
    planned(company, day, 9)
    planned(company, day, 11, company.bert)
    one = screen(company.manager, theme=theme)
    page = one.open(address(day, more))
    expect(page.locator("[data-visit]").first).to_be_visible()
    assert one.flaws() == []


def test_axe_finds_nothing_while_something_is_carried(
    company: Company, day: date, screen: Opened
) -> None:
    order = planned(company, day, 9)
    one = screen(company.manager)
    page = one.open(address(day))
    bar(page, order).focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(row(page, company.anna).locator(".co-pb-answer")).to_be_visible()
    assert one.flaws() == []
