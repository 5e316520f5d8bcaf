"""The work sheet: the order on paper, for managers, without what a paper must not carry."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.accounts import company as company_facts
from callout.accounts.models import Company as CompanyRow
from callout.customers.models import Customer, Site
from callout.customers.services import site_code_set
from callout.orders.models import ServiceOrder
from callout.orders.services import note_add
from callout.web.office.postal import postal
from tests.orders.conftest import Company

pytestmark = pytest.mark.django_db
CODE = "4711-secret"


def sheet(client: Client, order: ServiceOrder) -> str:
    return client.get(reverse("office:order_sheet", args=[order.number])).content.decode()


def test_it_says_who_where_when_and_what_the_technician_must_know(
    company: Company, office: Client
) -> None:
    order = company.planned()
    site = Site.objects.get(pk=order.site_id)
    site_code_set(actor=company.manager, site_id=site.pk, version=site.version, code=CODE)
    for kind, text in (("technician", "Bring the long ladder"), ("internal", "Pays late")):
        note_add(actor=company.manager, order_id=order.pk, text=text, kind=kind)
    page = sheet(office, order)
    for words in (
        f"SO-{order.number:06d}", "No hot water", "Since this morning", order.customer.name,
        site.name, company.anna.name, "Bring the long ladder", "Name and signature of the customer",
        f"{order.type.name} · {order.priority.label}",
    ):  # fmt: skip
        assert words in page, words
    assert CODE not in page
    assert "Pays late" not in page


def test_its_head_has_the_company_as_people_write_it(company: Company, office: Client) -> None:
    CompanyRow.objects.create(
        street="Dorpsplein 16", postcode="3000", town="Leuven", country="BE", phone="+3216550101"
    )
    company_facts.KEPT.forget()
    page = sheet(office, company.planned())
    assert "<span>Dorpsplein 16, 3000 Leuven</span>" in page
    assert "<span>016 55 01 01</span>" in page


@pytest.mark.parametrize(
    ("street", "postcode", "town", "country", "line"),
    [
        ("Dorpsplein 16", "3000", "Leuven", "BE", "Dorpsplein 16, 3000 Leuven"),
        ("", "3000", "Leuven", "BE", "3000 Leuven"),
        ("Rue Neuve 1", "", "", "BE", "Rue Neuve 1"),
        ("Quai 4", "59000", "Lille", "FR", "Quai 4, 59000 Lille, FR"),
        ("", "", "", "FR", ""),
    ],
)
def test_an_address_names_the_country_where_it_is_not_the_companys(
    company: Company, street: str, postcode: str, town: str, country: str, line: str
) -> None:
    assert company_facts.company().country == "BE"
    row = Customer(street=street, postcode=postcode, town=town, country=country)
    assert postal(row) == line


def test_of_finished_work_it_leaves_no_lines_to_fill_in(company: Company, office: Client) -> None:
    order = company.act(company.manager, company.planned(), "complete")
    assert "Name and signature of the customer" not in sheet(office, order)


@pytest.mark.wide
def test_a_hundred_notes_ask_no_more_questions_than_one(company: Company, office: Client) -> None:
    order = company.planned()
    counts = []
    for count in (1, 40):
        for number in range(count):
            note_add(actor=company.manager, order_id=order.pk, text=f"{number}", kind="technician")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            sheet(office, order)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12
