"""The pages of customers, sites and assets: their orders of all years, their past, who is twice."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.customers import services
from callout.customers.models import Asset, Customer, Site
from callout.kernel import clock
from callout.kernel.errors import Forbidden
from callout.orders.models import ServiceOrder
from callout.orders.selectors.around import orders_around
from tests.office.conftest import Browser
from tests.orders.conftest import Company

pytestmark = pytest.mark.django_db


def page_of(client: Client, name: str, thing: Any) -> str:
    return str(client.get(reverse(f"office:{name}", args=[thing.pk])).content.decode())


def more(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'href="/orders/(\d+)/"', page)]


def done(company: Company, **values: Any) -> ServiceOrder:
    """An order that has ended."""
    order = company.order(**values)
    return company.act(company.manager, order, "cancel", note="Solved by phone")


@pytest.fixture
def customer(company: Company) -> Customer:
    return Customer.objects.get(pk=company.order().customer_id)


def test_a_customers_page_shows_what_is_open_and_the_past_a_page_at_a_time(
    company: Company, office: Client, customer: Customer
) -> None:
    ended = [done(company).number for _ in range(12)]
    page = page_of(office, "customer", customer)
    first = ServiceOrder.objects.get(stage="new").number
    assert numbers(page) == [first, *sorted(ended, reverse=True)[:10]]
    (address,) = re.findall(r'hx-get="(/things/orders/[^"]+)"', page)
    rest = more(office, address.replace("&amp;", "&"))
    assert numbers(rest) == sorted(ended)[1::-1]
    assert "Show more" not in rest
    assert "co-around-year" not in rest  # the year stands above already


@pytest.mark.wide
def test_the_past_is_told_by_when_it_ended_and_not_by_number(
    company: Company, office: Client, customer: Customer
) -> None:
    asset = company.asset
    ended = [done(company, asset_id=asset.pk).number for _ in range(13)]
    days = {number: nth * 7 % 13 for nth, number in enumerate(ended)}
    for number, ago in days.items():
        at = clock.now() - timedelta(days=ago)
        ServiceOrder.objects.filter(number=number).update(closed_at=at)
    latest = sorted(ended, key=lambda number: days[number])
    site = Site.objects.get(pk=asset.site_id)
    for kind, thing in (("customer", customer), ("site", site), ("asset", asset)):
        page = page_of(office, kind, thing)
        past = page[page.index("past-title") :]
        (address,) = re.findall(r'hx-get="(/things/orders/[^"]+)"', past)
        assert numbers(past) + numbers(more(office, address.replace("&amp;", "&"))) == latest
    order = company.order(asset_id=asset.pk)
    page = office.get(f"/orders/{order.number}/").content.decode()
    assert numbers(page[page.index("asset-title") :])[:5] == latest[:5]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Boulangerie Lemaire – Bloc B", "Bloc B"),
        ("Boulangerie Lemaire", "Wavre"),
        ("Bakery", "Bakery"),
        ("Boulangerie Lemaires", "Boulangerie Lemaires"),
    ],
)
def test_a_customers_site_is_told_by_what_tells_it_from_the_others(
    company: Company, customer: Customer, name: str, told: str
) -> None:
    Site.objects.update(name=name)
    found = orders_around(
        actor=company.manager, thing="customer", thing_id=customer.pk, which="open"
    )
    assert [one.place for one in found.items] == [told]


def test_an_assets_history_has_the_orders_that_only_list_it_too(
    company: Company, office: Client, customer: Customer
) -> None:
    site = Site.objects.get(pk=company.order().site_id)
    made = [
        services.asset_create(actor=company.manager, site_id=site.pk, reference=name)
        for name in ("A-1", "A-2")
    ]
    both = company.order(asset_id=made[0].pk, more_asset_ids=[made[1].pk])
    assert numbers(page_of(office, "asset", made[1])) == [both.number]
    assert both.number in numbers(page_of(office, "site", site))


def test_an_assets_orders_are_found_first_and_then_read_by_their_ids(
    company: Company, customer: Customer
) -> None:
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as run:
        cursor.execute("SET LOCAL enable_seqscan = off")  # a handful of rows is soonest read whole
        orders_around(actor=company.manager, thing="asset", thing_id=company.asset.pk, which="past")
        sql = next(q["sql"] for q in run.captured_queries if "closed_at" in q["sql"])
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(r"\(id = ANY \(.*InitPlan", plan), plan


def test_the_orders_of_a_thing_are_for_managers(
    company: Company, browser: Browser, customer: Customer
) -> None:
    with pytest.raises(Forbidden):
        orders_around(actor=company.anna, thing="customer", thing_id=customer.pk, which="open")
    query = f"?thing=customer&id={customer.pk}"
    for name in ("thing_orders", "thing_story"):
        answer = browser(company.anna).get(reverse(f"office:{name}") + query)
        assert answer.status_code == 403
        assert customer.name not in answer.content.decode()


@pytest.mark.parametrize(
    "asked", ["", "?thing=user&id=1", "?thing=site&id=x", "?thing=site&id=%00&cursor=x"]
)
def test_a_made_up_address_is_no_500(company: Company, office: Client, asked: str) -> None:
    for name in ("thing_orders", "thing_story"):
        assert office.get(reverse(f"office:{name}") + asked).status_code == 422


def test_a_page_asks_no_more_for_many_orders_than_for_one(
    company: Company, office: Client, customer: Customer
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(office, "customer", customer)
        return len(queries)

    before = asked()
    for _ in range(4):
        done(company)
        company.order()
    assert asked() == before <= 12


@pytest.mark.parametrize("kind", ["customer", "site", "asset"])
def test_an_order_that_changes_has_the_orders_of_a_page_fetched_again_and_not_the_page(
    company: Company, office: Client, customer: Customer, kind: str
) -> None:
    order = company.order()
    site = Site.objects.get(pk=order.site_id)
    asset = services.asset_create(actor=company.manager, site_id=site.pk, reference="A-1")
    page = page_of(office, kind, {"customer": customer, "site": site, "asset": asset}[kind])
    whole, orders = re.findall(r'<div [^>]*id="(?:co-detail|co-around)"[^>]*>', page)
    assert 'id="co-detail"' in whole
    assert "service_order" not in whole
    assert 'data-live="service_order" data-live-pace="10000"' in orders


def test_a_sites_history_tells_each_look_at_its_code_and_never_the_code(
    company: Company, office: Client, customer: Customer
) -> None:
    site = Site.objects.get(pk=company.order().site_id)
    services.site_code_set(
        actor=company.manager, site_id=site.pk, version=site.version, code="7331-X"
    )
    services.site_code_read(actor=company.anna, site_id=site.pk)
    page = page_of(office, "site", site)
    assert "Looked at the access code" in page
    assert "Access code kept" in page
    assert "Anna" in page
    assert "7331" not in page


@pytest.mark.wide
def test_an_assets_edits_and_moves_stand_in_its_history(
    company: Company, office: Client, customer: Customer
) -> None:
    here = Site.objects.get(pk=company.order().site_id)
    there = services.site_create(actor=company.manager, name="Depot")
    asset: Asset = services.asset_create(
        actor=company.manager, site_id=here.pk, reference="B-1", model="X 24"
    )
    asset = services.asset_update(
        actor=company.manager, asset_id=asset.pk, version=asset.version, model="X 30"
    )
    services.asset_move(
        actor=company.manager, asset_id=asset.pk, version=asset.version, site_id=there.pk
    )
    page = page_of(office, "asset", asset)
    assert "Model: X 24 → X 30" in page
    assert f"{here.name} → Depot" in page
    for number in range(8):
        asset.refresh_from_db()
        services.asset_update(
            actor=company.manager, asset_id=asset.pk, version=asset.version, notes=f"No {number}"
        )
    page = page_of(office, "asset", asset)
    assert "X 24 → X 30" not in page
    (address,) = re.findall(r'hx-get="(/things/history/[^"]+)"', page)
    assert "Model: X 24 → X 30" in more(office, address.replace("&amp;", "&"))


def test_the_likely_same_customer_is_told_on_the_page_and_can_be_archived_there(
    company: Company, office: Client
) -> None:
    given: dict[str, Any] = {"actor": company.manager, "name": "Nova", "postcode": "1300"}
    one, two = (services.customer_create(**given) for _ in range(2))
    page = page_of(office, "customer", one)
    assert "Perhaps the same customer" in page
    assert "(same name and postcode)" in page
    address = reverse("office:customer_archive", args=[two.pk])
    assert f'action="{address}"' in page
    office.post(address, {"version": two.version})
    assert "Perhaps the same customer" not in page_of(office, "customer", one)
    assert "Perhaps the same customer" not in page_of(office, "customer", two)


def test_sites_stand_as_a_tree_with_their_assets(company: Company, office: Client) -> None:
    actor = company.manager
    customer = services.customer_create(actor=actor, name="Campus")
    of: dict[str, Any] = {"actor": actor, "customer_id": customer.pk}
    hall = services.site_create_linked(name="Zeta hall", **of)
    floor = services.site_create_linked(name="Floor", parent_id=hall.pk, **of)
    services.site_create_linked(name="Room", parent_id=floor.pk, **of)
    services.site_create_linked(name="Annex", **of)
    services.asset_create(actor=actor, site_id=floor.pk, reference="LIFT-1")
    page = page_of(office, "customer", customer)
    tree = page[page.index('class="co-tree"') :]
    places = [tree.index(name) for name in ("Annex", "Zeta hall", "Floor", "LIFT-1", "Room")]
    assert places == sorted(places)
    assert re.findall(r'class="(co-tree-\d)"', tree) == [
        "co-tree-0",
        "co-tree-0",
        "co-tree-1",
        "co-tree-2",
    ]


def test_a_new_order_begins_with_what_the_page_is_of(
    company: Company, office: Client, customer: Customer
) -> None:
    page = page_of(office, "customer", customer)
    assert f"{reverse('office:order_new')}?customer={customer.pk}" in page
    asked = office.get(f"{reverse('office:order_new')}?customer={customer.pk}")
    assert customer.name in asked.content.decode()
