"""The office's pages of this room: manager, technician, stranger; what is typed is kept."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.accounts.models import User
from callout.customers import services
from callout.customers.imports.making import import_send
from callout.customers.models import Area, Asset, Contact, Customer, Site, SiteLink
from callout.kernel.actor import Actor
from callout.web.office.customers import urls

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


def test_every_address_of_this_folder_is_for_managers() -> None:
    for pattern in urls.urlpatterns:
        assert getattr(pattern.callback, "access", "") == "manager", pattern.name


@pytest.fixture
def addresses(
    manager: Actor, lemaire: Customer, site: Site, asset: Asset, contact: Contact, coast: Area
) -> list[str]:
    """Every page that is opened by GET, on things that are there."""
    things = {
        "customer_id": lemaire.pk,
        "site_id": site.pk,
        "asset_id": asset.pk,
        "contact_id": contact.pk,
        "area_id": coast.pk,
        "import_id": import_send(
            actor=manager, kind="customers", file_name="lemaire.csv", data=b"name\nNova\n"
        ).pk,
        "kind": "sites",
    }
    unsafe = (
        "confirm",
        "faults",
        "export",
        "stop",
        "go_on",
        "drop",
        "archive",
        "restore",
        "unlink",
        "use",
        "link_quick",
        "known",
        "position_find",
    )
    found = []
    for pattern in urls.urlpatterns:
        name = str(pattern.name)
        if not name.endswith(unsafe):
            kwargs = {k: things[k] for k in pattern.pattern.converters}
            asked = f"?customer_id={lemaire.pk}&thing=customer&id={lemaire.pk}"
            found.append(reverse(f"office:{name}", kwargs=kwargs) + asked)
    return found


@pytest.mark.wide
def test_a_manager_opens_every_page(office: Client, addresses: list[str]) -> None:
    assert len(addresses) > 25
    for address in addresses:
        assert office.get(address).status_code in (200, 204), address
        assert office.get(address, headers=HX).status_code in (200, 204), address


@pytest.mark.wide
def test_no_page_asks_more_than_12_questions(office: Client, addresses: list[str]) -> None:
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        assert len(queries) <= 12, (address, [query["sql"][:90] for query in queries])


def test_a_technician_opens_none(field: Client, addresses: list[str]) -> None:
    for address in addresses:
        answer = field.get(address)
        assert answer.status_code == 403, address
        assert b"Lemaire" not in answer.content


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name", ["customer", "site", "asset", "area", "customer_edit", "asset_move"]
)
def test_what_is_not_there_is_a_404(office: Client, name: str) -> None:
    assert office.get(reverse(f"office:{name}", args=[uuid4()])).status_code == 404


@pytest.mark.wide
@pytest.mark.parametrize("name", ["customers", "sites", "assets", "areas"])
@pytest.mark.parametrize("asked", ["q=%00", "q=%ED%A0%80", "cursor=forged", "q=" + "x" * 3000])
def test_a_hostile_list_address_is_no_500(office: Client, name: str, asked: str) -> None:
    assert office.get(reverse(f"office:{name}") + f"?{asked}").status_code in (200, 422)


def create(office: Client, **given: Any) -> Any:
    values = {"kind": "company", "name": "Atelier", "country": "BE", **given}
    return office.post(reverse("office:customer_new"), values)


def test_a_customer_is_created_with_its_site(office: Client) -> None:
    answer = create(office, street="Rue Haute 1", postcode="1000", town="Brussels", with_site="on")
    customer = Customer.objects.get()
    assert answer["Location"] == reverse("office:customer", args=[customer.pk])
    assert SiteLink.objects.get().customer == customer


def test_what_was_typed_stays_when_a_field_is_wrong(office: Client) -> None:
    answer = create(office, vat_number="BE 0412.345.67", alert="Mind the dog")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Type 10 digits, one is missing" in page
    assert "BE 0412.345.67" in page
    assert "Mind the dog" in page
    assert not Customer.objects.exists()


def test_save_pressed_twice_makes_one_customer(office: Client) -> None:
    key = str(uuid4())
    first, second = (create(office, idempotency_key=key) for _press in range(2))
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Customer.objects.count() == 1


def edit(office: Client, customer: Customer, **given: Any) -> Any:
    values = {"kind": "company", "name": customer.name, "version": customer.version, **given}
    values = {name: value for name, value in values.items() if value is not None}
    return office.post(reverse("office:customer_edit", args=[customer.pk]), values)


def test_the_slower_of_two_managers_keeps_what_they_typed(
    office: Client, manager: Actor, lemaire: Customer
) -> None:
    services.customer_update(actor=manager, customer_id=lemaire.pk, version=1, name="Faster")
    answer = edit(office, lemaire, name="Slower")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody changed this in the meantime" in page
    assert "Slower" in page
    lemaire.refresh_from_db()
    assert lemaire.name == "Faster"
    assert edit(office, lemaire, name="Slower").status_code == 302


def test_a_form_without_its_version_changes_nothing(office: Client, lemaire: Customer) -> None:
    assert edit(office, lemaire, name="New", version=None).status_code == 422
    lemaire.refresh_from_db()
    assert lemaire.name == "Boulangerie Lemaire"


def test_a_button_without_its_version_changes_nothing(office: Client, lemaire: Customer) -> None:
    address = reverse("office:customer_archive", args=[lemaire.pk])
    assert office.post(address).status_code == 428
    assert office.post(address, {"version": "x"}).status_code == 428
    lemaire.refresh_from_db()
    assert lemaire.archived_at is None


def test_archive_and_restore_by_button(office: Client, lemaire: Customer) -> None:
    office.post(reverse("office:customer_archive", args=[lemaire.pk]), {"version": 1})
    lemaire.refresh_from_db()
    assert lemaire.archived_at is not None
    assert b"Archived on" in office.get(reverse("office:customer", args=[lemaire.pk])).content
    office.post(reverse("office:customer_restore", args=[lemaire.pk]), {"version": 2})
    lemaire.refresh_from_db()
    assert lemaire.archived_at is None


def test_a_refusal_is_said_on_the_page(office: Client, asset: Asset, site: Site) -> None:
    address = reverse("office:site_archive", args=[site.pk])
    answer = office.post(address, {"version": site.version}, follow=True)
    assert "There is still 1 asset at this site" in answer.content.decode()
    site.refresh_from_db()
    assert site.archived_at is None


def test_scripts_in_a_name_are_text(office: Client, manager: Actor) -> None:
    row = services.customer_create(actor=manager, name="<script>alert(1)</script>", alert='"><img>')
    page = office.get(reverse("office:customer", args=[row.pk])).content.decode()
    assert "<script>alert" not in page
    assert '"><img>' not in page


def test_the_access_code_is_on_no_page(office: Client, manager: Actor, site: Site) -> None:
    services.site_code_set(actor=manager, site_id=site.pk, version=1, code="#4711#")
    for name in ("site", "site_edit", "site_code"):
        page = office.get(reverse(f"office:{name}", args=[site.pk])).content.decode()
        assert "#4711#" not in page
    assert (
        "is kept, encrypted" in office.get(reverse("office:site", args=[site.pk])).content.decode()
    )


def test_opening_hours_are_typed_by_day(office: Client, site: Site) -> None:
    address = reverse("office:site_edit", args=[site.pk])
    typed = {"version": 1, "name": "Bakery", "day0": "8-12, 13h30 - 17:00", "day6": "24"}
    answer = office.post(address, typed)
    assert answer.status_code == 422
    assert "Sunday: write hours like 08:00-12:00" in answer.content.decode()
    office.post(address, {**typed, "day6": ""})
    site.refresh_from_db()
    week: Any = site.opening_hours
    assert week[0] == [["08:00", "12:00"], ["13:30", "17:00"]]
    assert week[1:] == [[]] * 6


# --- create on the spot ----------------------------------------------------------------


def box(office: Client, which: str, query: str, **given: Any) -> Any:
    values = {f"box-{key}": value for key, value in given.items()}
    return office.post(reverse(f"office:{which}_box") + f"?{query}", values, headers=HX)


def chosen(answer: Any) -> Any:
    return json.loads(answer["HX-Trigger"])["co:chosen"]


def test_a_customer_created_on_the_spot_is_chosen_with_its_site(office: Client) -> None:
    answer = box(
        office, "customer", "field=customer_id", kind="company", name="Atelier", with_site="on",
        street="Rue Haute 1", postcode="1000", town="Brussels",
    )  # fmt: skip
    customer, site = Customer.objects.get(), Site.objects.get()
    assert answer.content == b""
    assert chosen(answer) == {
        "field": "customer_id",
        "value": str(customer.pk),
        "name": "Atelier",
        "also": [{"field": "location", "value": f"site:{site.pk}", "name": "Atelier"}],
    }


def test_a_box_with_an_error_comes_back_with_what_was_typed(office: Client) -> None:
    answer = box(office, "customer", "", kind="company", name="Atelier", vat_number="BE 0412")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Type 10 digits, 6 are missing" in page
    assert 'value="Atelier"' in page
    assert "<form" not in page  # it lies inside another one


def test_a_box_opens_with_what_was_searched(office: Client) -> None:
    page = office.get(reverse("office:customer_box") + "?q=lemair", headers=HX).content.decode()
    assert 'value="lemair"' in page


def test_contact_site_and_asset_are_created_on_the_spot(
    office: Client, lemaire: Customer, site: Site
) -> None:
    query = f"customer_id={lemaire.pk}"
    contact = box(office, "contact", query, name="Anne")
    assert chosen(contact)["field"] == "contact_id"
    assert Contact.objects.get().customer == lemaire
    made = box(office, "site", query, street="Rue Haute 1", postcode="1000", town="Brussels")
    assert chosen(made)["value"].startswith("site:")
    assert SiteLink.objects.filter(customer=lemaire).count() == 2
    asset = box(office, "asset", query, site_id=str(site.pk), kind="Oven")
    assert chosen(asset)["value"] == f"asset:{Asset.objects.get().pk}"


def test_a_known_customer_is_offered_instead(office: Client, lemaire: Customer) -> None:
    address = reverse("office:customer_known") + "?field=customer_id"
    page = office.post(address, {"box-phone": "010223344"}, headers=HX).content.decode()
    assert "same phone" in page
    used = office.post(
        reverse("office:customer_use"), {"field": "customer_id", "id": str(lemaire.pk)}, headers=HX
    )
    assert chosen(used)["value"] == str(lemaire.pk)


def test_one_tick_links_a_site(office: Client, manager: Actor, lemaire: Customer) -> None:
    site = services.site_create(actor=manager, name="Elsewhere")
    given = {"site_id": f"site:{site.pk}", "customer_id": str(lemaire.pk)}
    answer = office.post(reverse("office:site_link_quick"), given, headers=HX)
    assert chosen(answer)["name"] == "Elsewhere"
    assert SiteLink.objects.filter(site=site, customer=lemaire).exists()


def test_what_a_manager_may_a_technician_may_not(
    field: Client, lemaire: Customer, technician_user: User
) -> None:
    for pattern in urls.urlpatterns:
        ids = dict.fromkeys(pattern.pattern.converters, lemaire.pk)
        address = reverse(f"office:{pattern.name}", kwargs=ids)
        assert field.post(address, {"version": 1, "name": "Mine"}).status_code in (403, 405)
    assert Customer.objects.get().name == "Boulangerie Lemaire"
