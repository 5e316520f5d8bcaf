"""A table of customers brought in at a real screen: sent, looked at, confirmed, reported. What the
worker does meanwhile, the server's own does."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from callout.customers.models import Customer
from tests.journeys.conftest import DESK, PHONE, Opened
from tests.orders.conftest import Company

pytestmark = pytest.mark.journey
TABLE = """Klant;BTW-nummer;Telefoon;Postcode;Contactpersoon
Bakkerij Janssens;;016 22 33 44;3000;Jan Janssens
Café De Zwaan;BE 12;;9000;
=HYPERLINK("x");;;;
Bakkerij Janssens;;;3000;Mia Peeters
"""


@pytest.mark.parametrize(
    ("theme", "size"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"]
)
def test_a_table_is_sent_looked_at_confirmed_and_reported(
    company: Company, screen: Opened, theme: str, size: dict[str, int]
) -> None:
    desk = screen(company.manager, size, theme)
    page = desk.open(reverse("office:customers"))
    page.locator("[data-live-dot]").wait_for(state="attached")
    page.get_by_role("link", name="Import", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(
        {"name": "klanten.csv", "mimeType": "text/csv", "buffer": TABLE.encode("cp1252")}
    )
    assert desk.flaws() == []
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_label("Contact: name")).to_have_value("4")
    assert desk.flaws() == []

    page.get_by_role("button", name="Check the rows").click()
    expect(page.get_by_text("Nothing is done yet")).to_be_visible()
    expect(page.get_by_text("A formula is no value")).to_be_visible()
    assert desk.flaws() == []
    assert Customer.objects.count() == 1

    with page.expect_download() as mended:
        page.get_by_role("button", name="Rows with faults").click()
    assert b"'=HYPERLINK" in Path(mended.value.path()).read_bytes()

    page.get_by_role("button", name="Import 2 new").click()
    page.get_by_role("link", name="Created 2").click()
    page.get_by_role("link", name="Bakkerij Janssens").first.click()
    expect(page.get_by_role("link", name="Mia Peeters")).to_be_visible()
    expect(page.get_by_role("link", name="Jan Janssens")).to_be_visible()
