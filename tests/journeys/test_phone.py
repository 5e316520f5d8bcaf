"""A technician's day from the phone, followed on the office's screens."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

from callout.customers.services import site_code_set
from callout.orders.models import Attachment, ServiceOrder, Visit
from tests.journeys.conftest import PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

STEPS = [
    ("Depart", "En route", "en_route"),
    ("Arrive", "On site", "on_site"),
    ("Start work", "Working", "working"),
]


def status_of(order: ServiceOrder) -> tuple[str, str | None]:
    order.refresh_from_db()
    return order.stage, order.technician_status


def test_every_step_of_a_visit_shows_in_the_office_without_reload(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    desk = screen(company.manager).open("/orders/?day=all")
    phone = screen(company.anna, PHONE).open("/technician/today/")
    phone.get_by_role("link", name="Boulangerie Lemaire").click()
    row = desk.locator(f"#order-{order.pk}")
    for label, words, status in STEPS:
        expect(phone.locator("#visit-big")).to_have_text(label)
        phone.locator("#visit-big").click()
        expect(phone.locator(".co-phone-top .co-pill")).to_have_text(words)
        expect(row.locator(".co-pill")).to_have_text(words)
        assert status_of(order) == ("planned", status)
    phone.locator("#visit-break").click()
    expect(row.locator(".co-pill")).to_have_text("Break")
    expect(phone.locator("#visit-big")).to_have_text("Resume")
    phone.locator("#visit-big").click()
    expect(row.locator(".co-pill")).to_have_text("Working")
    phone.locator("#visit-big").click()
    expect(phone.locator(".co-phone-top .co-pill")).to_have_text("Done")
    expect(row.locator(".co-pill")).to_have_text(re.compile("Done|Completed"))
    expect(phone.locator("#visit-big")).to_have_count(0)
    assert status_of(order) == ("completed", "done")


def test_what_was_just_done_is_said_beside_the_next_button_not_over_it(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    for label in ("Depart", "Arrive", "Start work"):
        expect(phone.locator("#visit-big")).to_have_text(label)
        phone.locator("#visit-big").click()
    toast = phone.locator(".co-toast").last
    expect(toast).to_contain_text("Working")
    foot = phone.locator(".co-phone-foot").bounding_box()
    said = toast.bounding_box()
    assert foot
    assert said
    assert said["y"] + said["height"] <= foot["y"]


def test_what_the_office_plans_comes_to_the_open_list_and_goes_again(
    company: Company, screen: Opened
) -> None:
    phone = screen(company.anna, PHONE).open("/technician/today/")
    expect(phone.get_by_text("Nothing planned for you")).to_be_visible()
    order = company.planned(company.anna, hours=0.2)
    expect(phone.get_by_role("link", name="Boulangerie Lemaire")).to_be_visible()
    company.act(company.manager, order, "unplan")
    expect(phone.get_by_text("Nothing planned for you")).to_be_visible()


def test_a_visit_taken_away_says_so_on_the_open_page(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    hand = screen(company.anna, PHONE)
    hand.expects(404)
    phone = hand.open(f"/technician/orders/{order.pk}/")
    company.act(company.manager, order, "unplan")
    expect(phone.get_by_text("This visit is not yours any more")).to_be_visible()
    expect(phone.locator("#visit-big")).to_have_count(0)


def test_not_finished_wants_a_reason_and_puts_it_back_in_the_pile(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    company.act(company.anna, order, "start_work")
    hand = screen(company.anna, PHONE)
    hand.expects(422)
    phone = hand.open(f"/technician/orders/{order.pk}/")
    phone.locator("#visit-hand_back").click()
    dialog = phone.locator("#co-dialog")
    dialog.get_by_label("Note").fill("valve on order")
    dialog.get_by_label("Note").fill("")
    dialog.locator(".co-big").click()
    expect(dialog.get_by_text("choose a reason or write a note")).to_be_visible()
    dialog.get_by_text("Part needed").click()
    dialog.get_by_label("Note").fill("valve on order")
    dialog.locator(".co-big").click()
    expect(dialog).not_to_be_visible()
    assert status_of(order) == ("new", None)
    visit = Visit.objects.get()
    assert (visit.outcome, visit.closing_note) == ("handed_back", "valve on order")


def test_customer_absent_flags_the_order_in_the_office(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    desk = screen(company.manager).open("/orders/?day=all")
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    phone.locator("#visit-customer_absent").click()
    phone.locator("#co-dialog").get_by_text("Nobody at home").click()
    phone.locator("#co-dialog .co-big").click()
    expect(desk.locator(f"#order-{order.pk}")).to_contain_text("x1")
    assert status_of(order) == ("new", None)
    phone.locator(".co-toast").get_by_role("button", name="Undo").click()
    expect(phone.locator(".co-phone-top .co-pill")).to_have_text("Planned")
    assert status_of(order) == ("planned", "planned")


def test_the_customer_cancels_at_the_door(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    phone.get_by_role("button", name="More actions").click()
    phone.get_by_role("menuitem", name=re.compile("Customer cancels")).click()
    phone.locator("#co-dialog").get_by_text("Solved by the customer").click()
    phone.locator("#co-dialog .co-big").click()
    expect(phone.locator(".co-phone-top .co-pill")).to_have_text("Cancelled")
    assert status_of(order) == ("cancelled", "cancelled")


def test_running_late_is_two_taps_and_told_to_the_office(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    phone.get_by_role("button", name="More actions").click()
    phone.get_by_role("menuitem", name=re.compile(r"\+30 min")).click()
    expect(phone.get_by_text("The office knows that you will be done at")).to_be_visible()
    assert Visit.objects.get().expected_end is not None


def test_leaving_for_the_next_one_asks_what_became_of_this_one(
    company: Company, screen: Opened
) -> None:
    a, b = company.planned(company.anna, hours=0.2), company.planned(company.anna, hours=4)
    company.act(company.anna, a, "start_work")
    hand = screen(company.anna, PHONE)
    hand.expects(409)
    phone = hand.open(f"/technician/orders/{b.pk}/")
    phone.locator("#visit-big").click()
    dialog = phone.locator("#co-dialog")
    expect(dialog).to_contain_text("still under way")
    dialog.get_by_text("Paused", exact=True).click()
    dialog.locator(".co-big").click()
    expect(phone.locator(".co-phone-top .co-pill")).to_have_text("En route")
    assert (status_of(a)[1], status_of(b)[1]) == ("break", "en_route")


def test_a_note_a_photo_and_the_code_of_the_door(company: Company, screen: Opened) -> None:
    site = company.site
    site_code_set(actor=company.manager, site_id=site.pk, version=site.version, code="4711A")
    order = company.planned(company.anna)
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    phone.locator("#visit-note").click()
    phone.locator("#note-text").fill("Key is at the pharmacy")
    phone.locator("#co-dialog .co-big").click()
    expect(phone.locator("#main")).to_contain_text("Key is at the pharmacy")
    picture = BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "PNG")
    phone.locator("#visit-photo").set_input_files(
        {"name": "boiler.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    shown = phone.locator(".co-photos img")
    expect(shown).to_have_count(1)
    assert shown.evaluate("async (i) => { await i.decode(); return i.naturalWidth; }") == 64
    assert Attachment.objects.get().kind == "photo"
    assert "4711A" not in phone.content()
    phone.get_by_role("button", name="Show").click()
    expect(phone.locator("#visit-code-shown")).to_have_text("4711A")


def test_with_the_keyboard_alone(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    phone.locator("#visit-big").focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#visit-big")).to_have_text("Arrive")
    expect(phone.locator("#visit-big")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(phone.locator("#visit-big")).to_have_text("Start work")
    phone.locator("#visit-more").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("menuitem").first).to_be_focused()
    phone.keyboard.press("Enter")  # Undo stands first
    expect(phone.locator("#visit-big")).to_have_text("Arrive")
    assert status_of(order)[1] == "en_route"


def test_targets_are_big_enough_for_a_glove(company: Company, screen: Opened) -> None:
    order = company.planned(company.anna)
    phone = screen(company.anna, PHONE).open(f"/technician/orders/{order.pk}/")
    small = phone.evaluate(
        """() => [...document.querySelectorAll("a, button, label:has(input[type=file])")]
        .filter((e) => e.offsetParent && !e.closest(".co-skip, [popover]"))
        .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.height < 48 || box.width < 48)
        .map(([html]) => html)"""
    )
    assert small == []
    box = phone.locator("#visit-big").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found_by_axe(company: Company, screen: Opened, theme: str) -> None:
    order = company.planned(company.anna)
    hand = screen(company.anna, PHONE, theme)
    hand.open("/technician/today/")
    assert hand.flaws() == []
    phone = hand.open(f"/technician/orders/{order.pk}/")
    assert hand.flaws() == []
    phone.locator("#visit-customer_absent").click()
    expect(phone.locator("#co-dialog .co-big")).to_be_visible()
    assert hand.flaws() == []
