"""The directory: narrowed to an area, searched for what is there twice, taken out as a file."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.customers import selectors, services
from callout.customers.export import things_export, things_table
from callout.customers.models import Area, Asset, Contact, Customer, Site
from callout.customers.twins import customers_twice
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, NotFound
from callout.kernel.models import JournalEntry

pytestmark = pytest.mark.django_db


def page_of(office: Client, name: str, asked: str = "") -> str:
    return str(office.get(reverse(f"office:{name}") + asked).content.decode())


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["customers", "sites", "assets"])
def test_a_list_is_narrowed_to_an_area(
    office: Client, manager: Actor, lemaire: Customer, site: Site, asset: Asset, name: str
) -> None:
    brabant = services.area_create(actor=manager, name="Brabant", postcodes="13*")
    coast = services.area_create(actor=manager, name="Coast", postcodes="8300-8499")
    shown = {"customers": "Boulangerie Lemaire", "sites": "Bakery", "assets": "OV-1"}[name]
    assert f">{shown}<" in page_of(office, name, f"?area={brabant.pk}")
    page = page_of(office, name, f"?area={coast.pk}")
    assert f">{shown}<" not in page
    assert "Nothing found" in page


def test_an_area_that_is_not_there_holds_nothing(
    manager: Actor, lemaire: Customer, coast: Area
) -> None:
    area_id = coast.pk
    Area.objects.all().delete()
    assert selectors.customer_list(actor=manager, area_id=area_id).items == []


def test_what_is_not_found_in_one_list_is_looked_for_in_the_others(
    office: Client, asset: Asset
) -> None:
    page = page_of(office, "customers", "?q=SN+19-044")
    assert "Nothing found" in page
    assert f"{reverse('office:assets')}?q=SN+19-044" in page
    assert "OV-1" in page_of(office, "assets", "?q=SN+19-044")


def test_an_empty_list_says_what_to_do_next(office: Client) -> None:
    page = page_of(office, "customers")
    assert "No customers yet" in page
    assert "Import from a file" in page
    assert "Nothing is archived" in page_of(office, "customers", "?archived=1")


@pytest.mark.parametrize(
    ("shared", "why"),
    [
        ({"vat_number": "BE0403170701"}, "same VAT number"),
        ({"phone": "010 22 33 44"}, "same phone"),
        ({"email": "info@lemaire.example"}, "same email"),
        ({"name": "boulangerie  LEMAIRE", "postcode": "1300"}, "same name and postcode"),
    ],
)
def test_customers_that_share_what_only_one_should_have_are_listed(
    office: Client, manager: Actor, lemaire: Customer, shared: dict[str, Any], why: str
) -> None:
    services.customer_create(actor=manager, name="Alone", postcode="1300")
    twin = services.customer_create(actor=manager, **({"name": "Twin"} | shared))
    found = customers_twice(actor=manager).items
    assert [row.pk for row in found] == sorted([lemaire.pk, twin.pk], key=[
        row.pk for row in Customer.objects.order_by("name_sort", "pk")
    ].index)  # fmt: skip
    assert {row.why for row in found} == {why}  # type: ignore[attr-defined]
    assert why in page_of(office, "twins")
    services.customer_archive(actor=manager, customer_id=twin.pk)
    assert customers_twice(actor=manager).items == []


def test_what_is_there_twice_is_told_to_managers_alone(
    technician: Actor, stranger: Actor, lemaire: Customer
) -> None:
    for actor in (technician, stranger):
        with pytest.raises(Forbidden):
            customers_twice(actor=actor)
        with pytest.raises(Forbidden):
            things_table(actor=actor, kind="customers")
        with pytest.raises(Forbidden):
            things_export(actor=actor, kind="customers")


def test_a_list_leaves_as_a_file_that_an_import_takes_and_the_journal_says_so(
    office: Client, manager: Actor, lemaire: Customer, contact: Contact
) -> None:
    services.contact_create(actor=manager, customer_id=lemaire.pk, name="Zoé")
    services.customer_create(actor=manager, name="=1+1", bill_to_id=lemaire.pk)
    services.customer_create(actor=manager, name="Lemaire archived")
    address = reverse("office:things_export", args=["customers"])
    head, *rows = rows_of(office.post(f"{address}?q="))
    assert head[:3] == ["Name", "Kind", "VAT number"]
    named = [dict(zip(head, row, strict=True)) for row in rows]
    assert [one["Name"] for one in named] == [
        "'=1+1", "Boulangerie Lemaire", "Boulangerie Lemaire", "Lemaire archived",
    ]  # fmt: skip
    assert [one["Contact: name"] for one in named[1:3]] == ["Anne Lemaire", "Zoé"]
    assert named[0]["Bill to"] == "BE0403170701"
    entry = JournalEntry.objects.get(entity="export")
    assert (entry.kind, entry.actor_id) == ("customers", manager.user_id)
    few = rows_of(office.post(f"{address}?q=archived"))
    assert [row[0] for row in few[1:]] == ["Lemaire archived"]


@pytest.mark.parametrize("kind", ["sites", "assets"])
def test_sites_and_assets_leave_without_how_to_get_in(
    office: Client, manager: Actor, site: Site, asset: Asset, kind: str
) -> None:
    services.site_update(
        actor=manager, site_id=site.pk, version=site.version, key_notes="Under the mat"
    )
    services.site_code_set(actor=manager, site_id=site.pk, version=site.version + 1, code="7331")
    head, row = rows_of(office.post(reverse("office:things_export", args=[kind])))
    assert "Under the mat" not in row
    assert "7331" not in row
    named = dict(zip(head, row, strict=True))
    assert "Bakery" in named.values()
    assert named["Customer"] in ("BE0403170701", "Boulangerie Lemaire")


def test_a_table_of_something_else_is_not_there(office: Client, manager: Actor) -> None:
    with pytest.raises(NotFound):
        things_table(actor=manager, kind="users")
    assert office.post(reverse("office:things_export", args=["users"])).status_code == 404


@pytest.mark.wide
def test_a_page_of_the_directory_asks_no_more_for_many(
    office: Client, manager: Actor, lemaire: Customer
) -> None:
    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(office, name, "?q=lemaire")
        return len(queries)

    before = [asked("customers"), asked("twins")]
    for number in range(5):
        services.customer_create(actor=manager, name=f"Lemaire {number}", phone="010 22 33 44")
    assert [asked("customers"), asked("twins")] == before
    assert max(before) <= 12
