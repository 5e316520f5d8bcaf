"""A call comes in: the manager records it, and it is there on every screen that shows it."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from callout.accounts.zone import local
from callout.customers.models import Asset, Customer
from callout.customers.services import asset_create
from callout.kernel import clock
from callout.orders.models import ServiceOrder
from tests.harness.server import until
from tests.journeys.conftest import PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey

NEXT = re.compile("Next")
CUSTOMER = re.compile("^Customer name")  # "Follow-up of" speaks of customers too


def new_order(page: Page) -> None:
    """Press n, as who does this forty times a day."""
    page.wait_for_load_state()
    page.locator("[data-live-dot]").wait_for()
    page.keyboard.press("n")
    expect(page.get_by_role("combobox", name="Customer")).to_be_focused()


def choose(page: Page, name: str, words: str) -> None:
    box = page.get_by_role("combobox", name=name)
    box.fill(words)
    page.get_by_role("option").first.wait_for()
    box.press("Enter")


def test_an_order_for_a_customer_made_on_the_spot_shows_on_a_second_screen_and_the_phone(
    company: Company, screen: Opened
) -> None:
    company.planned(company.bert, hours=2)
    desk, second = screen(company.manager), screen(company.manager)
    phone = screen(company.anna, PHONE)
    page = desk.open("/orders/")
    second.open("/orders/")
    phone.open("/technician/")
    expect(phone.page.get_by_text("Nothing planned for you")).to_be_visible()
    new_order(page)

    page.get_by_role("combobox", name="Customer").fill("Atelier Lemair")
    page.get_by_role("option", name=re.compile("Create customer")).wait_for()
    page.keyboard.press("Control+Enter")
    box = page.locator("[data-box]")
    expect(box.get_by_label("Name")).to_be_focused()
    box.get_by_label("Street").fill("Rue du Pont 5")
    box.get_by_label("Postcode").fill("1300")
    box.get_by_label("Town").fill("Wavre")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Intervention location")).to_have_value(
        "Atelier Lemair"
    )
    page.get_by_role("button", name=NEXT).last.click()

    page.locator("#no-suggest label", has_text="Anna").click()
    expect(page.get_by_text("First free slot")).to_be_visible()
    page.get_by_label("Description").fill("No heating\nSince last night")
    page.locator("#no-start").focus()
    page.keyboard.press("Enter")

    expect(page.locator("dialog#co-side")).not_to_be_visible()
    expect(page.locator(".co-toast")).to_contain_text("planned")
    expect(page.locator(".co-toast")).to_contain_text("Undo")
    for there in (page, second.page, phone.page):
        expect(there.get_by_text("No heating").first).to_be_visible()
    order = ServiceOrder.objects.get(description__startswith="No heating")
    assert (order.stage, order.customer.name) == ("planned", "Atelier Lemair")
    assert order.site.town == "Wavre"

    with page.expect_response(re.compile("/undo|/do/")):
        page.locator(".co-toast").get_by_role("button", name="Undo").click()
    expect(phone.page.get_by_text("No heating")).to_have_count(0)
    order.refresh_from_db()
    assert order.stage == "new"


def test_with_the_keyboard_alone(company: Company, screen: Opened) -> None:
    page = screen(company.manager).open("/orders/")
    new_order(page)
    keys = page.keyboard
    keys.type("lemaire")
    page.get_by_role("option", name=re.compile("Boulangerie")).wait_for()
    keys.press("Enter")
    expect(page.locator("[name=location]")).to_have_value(re.compile("^site:"))
    keys.press("Enter")
    expect(page.get_by_role("combobox", name="Technician")).to_be_focused()
    keys.type("bert")
    page.get_by_role("option", name=re.compile("Bert")).wait_for()
    keys.press("Enter")
    expect(page.get_by_text("First free slot")).to_be_visible()
    while not page.locator("#no-description").evaluate("e => e === document.activeElement"):
        keys.press("Tab")
    keys.type("Oven does not heat")
    keys.press("Control+Enter")
    expect(page.locator(".co-toast")).to_contain_text("planned")
    order = ServiceOrder.objects.get()
    assert (order.title, order.technician_id) == ("Oven does not heat", company.bert.technician_id)


def test_esc_closes_and_what_was_typed_is_there_again(company: Company, screen: Opened) -> None:
    page = screen(company.manager).open("/orders/")
    new_order(page)
    choose(page, "Customer", "lemaire")
    # What is known of the place comes above it, and moves it under the pointer.
    expect(page.locator("#no-about")).to_contain_text("Wavre")
    page.get_by_text("More: how it came in").click()
    page.get_by_label("Who called").fill("Bruno")
    page.get_by_role("button", name=NEXT).last.click()
    page.get_by_label("Description").fill("Half a sentence")
    page.keyboard.press("Escape")
    expect(page.locator("dialog#co-side")).not_to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("What you typed before was kept")).to_be_visible()
    expect(page.get_by_role("combobox", name=CUSTOMER)).to_have_value("Boulangerie Lemaire")
    expect(page.locator("[name=caller_name]")).to_have_value("Bruno")
    expect(page.locator("[name=description]")).to_have_value("Half a sentence")
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("combobox", name=CUSTOMER)).to_have_value("")
    expect(page.locator("[name=description]")).to_have_value("")
    assert not ServiceOrder.objects.exists()


def test_more_assets_are_ticked_kept_in_the_draft_and_beside_each_other_on_the_page(
    company: Company, screen: Opened
) -> None:
    for number in range(2, 16):
        asset_create(actor=company.manager, site_id=company.site.pk, reference=f"CH-{number}")
    one = screen(company.manager)
    page = one.open("/orders/")
    new_order(page)
    choose(page, "Customer", "lemaire")
    page.get_by_text("More assets here").click()
    page.get_by_label("Search the assets here").fill("ch-1")
    expect(page.get_by_role("checkbox", name="CH-9")).to_have_count(0)
    page.get_by_role("checkbox", name="CH-12").check()
    page.get_by_label("Search the assets here").fill("ch-7")
    page.get_by_role("checkbox", name="CH-7").check()
    expect(page.get_by_role("checkbox", name="CH-12")).to_be_checked()
    # The draft is kept a moment after the last touch.
    last = str(Asset.objects.get(reference="CH-7").pk)
    until(lambda: last in page.evaluate("JSON.stringify(localStorage)"))
    page.keyboard.press("Escape")
    expect(page.locator("dialog#co-side")).not_to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("checkbox", name="CH-12")).to_be_checked()
    expect(page.get_by_role("checkbox", name="CH-7")).to_be_checked()
    page.get_by_text("More: how it came in").click()
    yesterday = local(clock.now() - timedelta(days=1))
    page.get_by_label("Received").fill(f"{yesterday:%Y-%m-%dT%H:%M}")
    assert not one.flaws()
    page.get_by_role("button", name="Save, plan later").click()
    expect(page.locator("dialog#co-side")).not_to_be_visible()
    order = ServiceOrder.objects.get()
    assert f"{local(order.received_at):%Y-%m-%dT%H:%M}" == f"{yesterday:%Y-%m-%dT%H:%M}"
    page = one.open(f"/orders/{order.number}/")
    expect(page.locator(".co-also")).to_contain_text("CH-12")
    page.get_by_role("button", name="Edit").last.click()
    expect(page.get_by_role("checkbox", name="CH-12")).to_be_checked()
    page.get_by_role("checkbox", name="CH-12").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".co-also")).not_to_contain_text("CH-12")
    expect(page.locator(".co-also")).to_contain_text("CH-7")


def test_a_lost_connection_loses_nothing(company: Company, screen: Opened) -> None:
    desk = screen(company.manager)
    page = desk.open("/orders/")
    new_order(page)
    choose(page, "Customer", "lemaire")
    expect(page.locator("[name=location]")).to_have_value(re.compile("^site:"))
    page.context.set_offline(True)
    page.get_by_role("button", name="Save, plan later").click()
    expect(page.locator(".co-toast")).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(page.get_by_role("combobox", name="Customer")).to_have_value("Boulangerie Lemaire")
    page.get_by_role("button", name="Save, plan later").click()
    expect(page.locator("dialog#co-side")).not_to_be_visible()
    assert ServiceOrder.objects.count() == 1
    lost = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    desk.complaints = [c for c in desk.complaints if not any(word in c for word in lost)]


def test_a_slot_taken_meanwhile_is_told_and_the_next_one_stands_there(
    company: Company, screen: Opened
) -> None:
    desk = screen(company.manager)
    desk.expects(409)
    page = desk.open("/orders/")
    new_order(page)
    choose(page, "Customer", "lemaire")
    page.get_by_role("button", name=NEXT).last.click()
    page.locator("#no-suggest label", has_text="Anna").click()
    expect(page.locator("#no-start")).not_to_have_value("")
    taken = page.locator("#no-start").input_value()
    company.planned(company.anna, hours=0.2, duration_minutes=240)
    page.get_by_label("Description").fill("Still here")
    page.get_by_role("button", name="Save and plan").last.click()
    expect(page.locator("#no-fields [role=alert]")).to_contain_text("next free slot")
    expect(page.locator("#no-start")).not_to_have_value(taken)
    expect(page.locator("#no-start")).not_to_have_value("")
    expect(page.get_by_label("Description")).to_have_value("Still here")
    page.get_by_role("button", name="Save and plan").last.click()
    expect(page.locator(".co-toast")).to_contain_text("planned")


def test_a_likely_duplicate_is_told_and_taken_instead(company: Company, screen: Opened) -> None:
    Customer.objects.filter(pk=company.customer.pk).update(phone="+3210123456")
    page = screen(company.manager).open("/orders/")
    new_order(page)
    page.get_by_role("combobox", name="Customer").fill("Lemaire broodjes")
    page.get_by_role("option", name=re.compile("Create customer")).wait_for()
    page.keyboard.press("Control+Enter")
    page.locator("[data-box]").get_by_label("Phone").fill("010 12 34 56")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Use this one").click()
    expect(page.get_by_role("combobox", name="Customer")).to_have_value("Boulangerie Lemaire")
    assert Customer.objects.count() == 1


def test_errors_stand_beside_their_fields_in_words(company: Company, screen: Opened) -> None:
    desk = screen(company.manager)
    desk.expects(422)
    page = desk.open("/orders/")
    new_order(page)
    page.get_by_role("button", name=NEXT).last.click()
    customer = page.get_by_role("combobox", name="Customer")
    expect(page.get_by_text("Choose the customer, or create it.")).to_be_visible()
    expect(customer).to_be_focused()
    expect(customer).to_have_attribute("aria-invalid", "true")


def test_the_form_is_a_page_of_its_own_too(company: Company, screen: Opened) -> None:
    page = screen(company.manager).open(f"/orders/new/?customer={company.customer.pk}")
    expect(page.get_by_role("combobox", name="Customer")).to_have_value("Boulangerie Lemaire")
    choose(page, "Intervention location", "CH-1")
    page.get_by_role("button", name="Save, plan later").click()
    page.wait_for_url(re.compile(r"/orders/(?!new)"))
    assert ServiceOrder.objects.get().asset_id == company.asset.pk


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_serious_is_found_by_axe_in_either_step(
    company: Company, screen: Opened, theme: str
) -> None:
    company.planned(company.bert, hours=3)
    desk = screen(company.manager, theme=theme)
    page = desk.open("/orders/")
    new_order(page)
    choose(page, "Customer", "lemaire")
    expect(page.get_by_text("Open here already")).to_be_visible()
    page.get_by_text("More: how it came in").click()
    assert desk.flaws() == []
    page.get_by_role("button", name=NEXT).last.click()
    page.locator("#no-suggest label", has_text="Anna").click()
    expect(page.get_by_text("First free slot")).to_be_visible()
    assert desk.flaws() == []


def test_the_policy_is_enforced_and_forbids_inline_scripts(
    company: Company, screen: Opened
) -> None:
    desk = screen(company.manager)
    answer = desk.page.goto(desk.base + "/orders/new/")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    ran = desk.page.evaluate(
        """() => { const s = document.createElement("script"); s.textContent = "window.ran = 1";
        document.body.append(s); return window.ran ?? 0; }"""
    )
    assert ran == 0
    assert any("Content Security Policy" in complaint for complaint in desk.complaints)
    desk.complaints.clear()
