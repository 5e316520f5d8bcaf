"""A technician's day on the phone, with and without a signal, followed on the office's screens."""

import re

import pytest
from playwright.sync_api import Page, expect

from callout.orders.models import ServiceOrder
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


def pill(phone: Page, words: str) -> None:
    expect(phone.locator(".co-phone-top .co-pill")).to_have_text(re.compile(rf"^\s*{words}\s*$"))


def test_every_step_of_a_visit_shows_in_the_office_without_reload(
    company: Company, screen: Opened
) -> None:
    order = company.planned(company.anna)
    desk = screen(company.manager).open("/orders/?day=all")
    phone = screen(company.anna, PHONE).open("/technician/")
    phone.get_by_role("link", name="Boulangerie Lemaire").click()
    row = desk.locator(f"#order-{order.pk}")
    for label, words, status in STEPS:
        expect(phone.locator("#visit-big")).to_have_text(label)
        phone.locator("#visit-big").click()
        pill(phone, words)
        expect(row.locator(".co-pill")).to_have_text(words)
        assert status_of(order) == ("planned", status)
