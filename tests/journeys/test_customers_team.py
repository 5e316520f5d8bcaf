"""The plain pages at real screens: written on one, seen on another, kept by the slower of two."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from callout.customers.models import Customer
from callout.workforce.models import Absence, Technician
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey


def customer_url(row: Customer) -> str:
    return reverse("office:customer", args=[row.pk])


def ready(page: Page) -> None:
    """The scripts listen, and the live stream stands."""
    page.wait_for_load_state()
    page.locator("[data-live-dot]").wait_for()


def test_a_customer_written_on_one_screen_shows_on_another(
    company: Company, screen: Opened
) -> None:
    desk, second = screen(company.manager), screen(company.manager)
    desk.expects(422)
    page, other = desk.open("/customers/"), second.open("/customers/")
    ready(page)
    ready(other)

    page.get_by_role("link", name="New customer").click()
    page.get_by_label("Name").fill("Zebra Works")
    page.get_by_label("VAT number").fill("BE 0412.345.67")
    page.get_by_label("Alert").fill("Mind the dog")
    page.get_by_label("Work is done at this address").uncheck()
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Type 10 digits, one is missing")).to_be_visible()
    expect(page.get_by_label("Alert")).to_have_value("Mind the dog")

    page.get_by_label("VAT number").fill("")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Zebra Works")).to_be_visible()
    expect(page.get_by_text("Mind the dog")).to_be_visible()
    expect(other.get_by_role("link", name="Zebra Works")).to_be_visible()

    page.get_by_role("link", name="New contact").click()
    page.get_by_label("Name").fill("Anne Zebra")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("link", name="Anne Zebra")).to_be_visible()
    page.get_by_role("button", name="Archive", exact=True).click()
    expect(page.get_by_text("It stays in the history")).to_be_visible()
    expect(other.get_by_role("link", name="Zebra Works")).to_have_count(0)


def test_the_slower_of_two_managers_is_told_and_keeps_what_they_typed(
    company: Company, screen: Opened
) -> None:
    quick, slow = screen(company.manager), screen(company.manager)
    slow.expects(422)
    for one in (quick, slow):
        ready(one.open(customer_url(company.customer)))
        one.page.get_by_role("link", name="Edit").click()
    slow.page.get_by_label("Notes").fill("typed by the slower")
    quick.page.get_by_label("Alert").fill("Faster")
    quick.page.get_by_role("button", name="Save").click()
    expect(slow.page.get_by_text("Others changed this while you were typing")).to_be_visible()

    slow.page.get_by_role("button", name="Save").click()
    expect(slow.page.get_by_text("Somebody changed this in the meantime")).to_be_visible()
    expect(slow.page.get_by_label("Notes")).to_have_value("typed by the slower")
    company.customer.refresh_from_db()
    assert (company.customer.alert, company.customer.notes) == ("Faster", "")


def test_a_known_customer_is_offered_while_a_second_one_is_typed(
    company: Company, screen: Opened
) -> None:
    Customer.objects.filter(pk=company.customer.pk).update(phone="+3210223344")
    page = screen(company.manager).open("/orders/")
    ready(page)
    page.keyboard.press("n")
    page.get_by_role("combobox", name="Customer").fill("Somebody new")
    page.get_by_role("option", name=re.compile("Create customer")).wait_for()
    page.keyboard.press("Control+Enter")
    box = page.locator("[data-box]")
    box.get_by_label("Phone").fill("010 22 33 44")
    box.get_by_label("Phone").press("Tab")
    expect(box.get_by_text("same phone")).to_be_visible()
    box.get_by_role("button", name="Use this one").click()
    expect(page.get_by_role("combobox", name="Customer")).to_have_value(company.customer.name)
    assert Customer.objects.count() == 1


def test_an_absence_is_entered_and_shown(company: Company, screen: Opened) -> None:
    technician = Technician.objects.get(name=company.anna.name)
    page = screen(company.manager).open(reverse("office:technician", args=[technician.pk]))
    ready(page)
    page.get_by_role("link", name="New absence").click()
    page.get_by_text("Sickness", exact=True).click()
    page.get_by_label("First day").fill("2030-07-01")
    page.get_by_label("Last day").fill("2030-07-03")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Sickness")).to_be_visible()
    assert Absence.objects.get().kind == "sickness"


@pytest.mark.dear
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_plain_pages_have_no_serious_flaw(
    company: Company, screen: Opened, theme: str, size: dict[str, int]
) -> None:
    desk = screen(company.manager, size, theme)
    technician = reverse("office:technician", args=[company.anna.technician_id])
    things = [
        customer_url(company.customer),
        reverse("office:site", args=[company.site.pk]),
        reverse("office:asset", args=[company.asset.pk]),
        technician,
    ]
    lists = [
        reverse(f"office:{name}")
        for name in (
            *("customers", "sites", "assets", "twins", "imports"),
            *("team", "vehicles", "skills"),
        )
    ]
    for address in [*lists, *things, "/customers/?q=nothing+like+it"]:
        desk.open(address)
        assert desk.flaws() == [], address
    for address in things:
        desk.open(address).get_by_role("link", name="Edit").click()
        desk.page.locator("#co-side form").wait_for()
        assert desk.flaws() == [], f"{address} edit"
