"""Several assets of one order, and when and how it came in: in both forms and on the page."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from callout.customers.models import Asset
from callout.customers.selectors import assets_there
from callout.customers.services import asset_archive, asset_create, site_create, site_link
from callout.kernel import clock
from callout.orders.models import OrderAsset, ServiceOrder
from callout.orders.services import order_update
from callout.web.office.orders.facts import intake_facts
from tests.office.conftest import Browser
from tests.office.test_actions import typed
from tests.office.test_editing import form_of, send
from tests.orders.conftest import Company

HTMX = {"HX-Request": "true"}
LIST = "/orders/more-assets/"


@pytest.fixture
def boilers(company: Company) -> list[Asset]:
    """Three more at the bakery."""
    return [
        asset_create(actor=company.manager, site_id=company.site.pk, reference=f"CH-{number}")
        for number in (2, 3, 4)
    ]


def new_order(office: Client, company: Company, go: str = "bare", **more: Any) -> Any:
    given = {
        "customer_id": str(company.customer.pk), "location": f"asset:{company.asset.pk}",
        "site_id": str(company.site.pk), "type_id": str(company.kind.pk), "priority": "high",
        "description": "All cold", "idempotency_key": str(uuid4()), "go": go,
    }  # fmt: skip
    return office.post("/orders/new/", given | more, headers=HTMX)


def covered(order: ServiceOrder) -> set[UUID]:
    return set(OrderAsset.objects.filter(order=order).values_list("asset_id", flat=True))


def test_one_of_them_that_becomes_the_first_is_not_there_twice(
    company: Company, boilers: list[Asset]
) -> None:
    ids = [one.pk for one in boilers[:2]]
    order = company.order(asset_id=company.asset.pk, more_asset_ids=ids)
    order_update(actor=company.manager, order_id=order.pk, version=1, asset_id=ids[0])
    assert covered(order) == {ids[1]}


def test_the_place_chosen_offers_its_other_assets_closed(
    company: Company, office: Client, boilers: list[Asset]
) -> None:
    place: dict[str, Any] = {
        "customer_id": company.customer.pk,
        "location": f"asset:{company.asset.pk}",
    }
    answer = office.get("/orders/new/place/", place, headers=HTMX)
    more = answer.context["place"].more
    assert [one.label for one in more.assets] == ["CH-2", "CH-3", "CH-4"]
    body = answer.content.decode()
    assert '<details class="co-more-fields co-more-assets">' in body
    bare = office.get("/orders/new/place/", {"customer_id": str(company.customer.pk)}, headers=HTMX)
    assert "site" in bare.context["place"].location.value  # its only one, taken by itself
    assert len(bare.context["place"].more.assets) == 4


def test_ticked_assets_are_kept_through_both_steps_and_saved(
    company: Company, office: Client, boilers: list[Asset]
) -> None:
    ticked = [str(boilers[0].pk), str(boilers[2].pk)]
    second = new_order(office, company, "next", more_asset_ids=ticked)
    assert second.context["step"] == 2
    chosen = second.context["place"].more.chosen
    assert [str(one.id) for one in chosen] == ticked
    assert new_order(office, company, more_asset_ids=ticked).status_code == 200
    order = ServiceOrder.objects.get(description="All cold")
    assert covered(order) == {boilers[0].pk, boilers[2].pk}
    page = office.get(f"/orders/{order.number}/").content.decode()
    assert "Also covers" in page
    assert f"/assets/{boilers[0].pk}/" in page
    assert f"/assets/{boilers[1].pk}/" not in page
    copied = office.get(f"/orders/new/?copy={order.pk}").context["place"].more.chosen
    assert {one.id for one in copied} == covered(order)


def test_a_wrong_asset_is_told_beside_the_list(
    company: Company, office: Client, boilers: list[Asset]
) -> None:
    asset_archive(actor=company.manager, asset_id=boilers[0].pk)
    for wrong in (str(boilers[0].pk), str(uuid4()), "x'; DROP"):
        answer = new_order(office, company, more_asset_ids=[wrong])
        assert answer.status_code == 422, wrong
        assert set(answer.context["errors"]) == {"more_asset_ids"}
    assert not ServiceOrder.objects.exists()


def test_the_edit_form_ticks_what_is_covered_and_changes_it(
    company: Company, office: Client, boilers: list[Asset]
) -> None:
    order = company.order(asset_id=company.asset.pk, more_asset_ids=[boilers[1].pk])
    form = office.get(f"/orders/{order.pk}/edit/", headers=HTMX)
    assert [one.id for one in form.context["more"].chosen] == [boilers[1].pk]
    same = form_of(order, more_asset_ids=[str(boilers[1].pk)])
    before = ServiceOrder.objects.get(pk=order.pk).version
    assert send(office, order, same).status_code == 200
    assert ServiceOrder.objects.get(pk=order.pk).version == before
    other = form_of(order, more_asset_ids=[str(boilers[0].pk), str(boilers[2].pk)])
    assert send(office, order, other).status_code == 200
    assert covered(order) == {boilers[0].pk, boilers[2].pk}
    assert send(office, order, form_of(order, more_asset_ids=[])).status_code == 200
    assert covered(order) == set()


def test_who_was_slower_keeps_the_ticks(
    company: Company, office: Client, boilers: list[Asset]
) -> None:
    order = company.order(asset_id=company.asset.pk)
    data = form_of(order, more_asset_ids=[str(boilers[0].pk)])
    send(office, order, form_of(order, description="Meanwhile"))
    answer = send(office, order, data)
    assert answer.status_code == 422
    assert [one.id for one in answer.context["more"].chosen] == [boilers[0].pk]


def test_another_location_lists_its_assets_and_keeps_the_ticked_with_their_site(
    company: Company, office: Client, boilers: list[Asset]
) -> None:
    hall = site_create(actor=company.manager, name="Hall", town="Gent")
    lift = asset_create(actor=company.manager, site_id=hall.pk, reference="L-1")
    asked: dict[str, Any] = {
        "key": "edit",
        "location": f"site:{hall.pk}",
        "more_asset_ids": [boilers[0].pk],
    }
    more = office.get(LIST, asked, headers=HTMX).context["more"]
    assert [(one.id, one.chosen, one.elsewhere) for one in more.assets] == [
        (boilers[0].pk, True, "Bakery"), (lift.pk, False, ""),
    ]  # fmt: skip


@pytest.mark.wide
def test_many_are_searched_and_the_ticked_stay(company: Company, office: Client) -> None:
    many = [
        asset_create(actor=company.manager, site_id=company.site.pk, reference=f"P-{number:03}")
        for number in range(65)
    ]
    place: dict[str, Any] = {"key": "no", "site_id": company.site.pk, "asset_id": company.asset.pk}
    whole = office.get(LIST, place, headers=HTMX).context["more"]
    assert (len(whole.assets), whole.goes_on) == (60, True)
    asked = place | {"more_q": "p-064", "more_asset_ids": [many[0].pk]}
    found = office.get(LIST, asked, headers=HTMX).context["more"]
    assert [one.label for one in found.assets] == ["P-000", "P-064"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"key": "no", "site_id": "x"}, 422),
        ({"key": "no", "more_asset_ids": "'"}, 422),
        ({"key": "no", "location": "site:"}, 200),
        ({"key": "<b>"}, 404),
        ({"key": "no", "site_id": str(uuid4()), "more_q": "\x00%"}, 200),
    ],
)
def test_hostile_words_are_refused_in_words(
    company: Company, office: Client, asked: dict[str, str], status: int
) -> None:
    assert office.get(LIST, asked, headers=HTMX).status_code == status


def test_a_technician_and_nobody_see_no_list(company: Company, browser: Browser) -> None:
    asked: dict[str, Any] = {"key": "no", "site_id": company.site.pk}
    assert browser(company.anna).get(LIST, asked).status_code == 403
    assert Client().get(LIST, asked).status_code == 302
    own = assets_there(actor=company.anna, site_id=company.site.pk)
    assert own.assets == []  # no own work there


def test_when_it_came_in_is_said_and_counts_for_the_target(
    company: Company, office: Client
) -> None:
    yesterday = clock.now() - timedelta(days=1)
    answer = new_order(
        office, company, received_at=typed(yesterday), channel="email", caller_name="Bruno",
        customer_reference="PO-7", charge="warranty",
    )  # fmt: skip
    assert answer.status_code == 200
    order = ServiceOrder.objects.get(caller_name="Bruno")
    assert typed(order.received_at) == typed(yesterday)
    assert order.due_at is not None
    assert order.due_at - order.received_at < timedelta(days=1)
    assert (order.channel, order.charge) == ("email", "warranty")


def test_left_empty_it_came_in_now(company: Company, office: Client) -> None:
    assert new_order(office, company, received_at="").status_code == 200
    order = ServiceOrder.objects.get(description="All cold")
    assert clock.now() - order.received_at < timedelta(minutes=1)


@pytest.mark.wide
@pytest.mark.parametrize("wrong", ["yesterday", "2999-01-01T10:00", "2026-11-24T10:00+05:00"])
def test_a_wrong_moment_is_told_beside_its_field_and_the_part_is_open(
    company: Company, office: Client, wrong: str
) -> None:
    answer = new_order(office, company, received_at=wrong)
    assert answer.status_code == 422
    assert set(answer.context["errors"]) == {"received_at"}
    assert answer.context["more_open"]
    later = new_order(office, company, received_at=typed(clock.now() + timedelta(hours=2)))
    assert "still to come" in later.content.decode()


def test_the_edit_form_changes_when_it_came_in(company: Company, office: Client) -> None:
    order = company.order()
    earlier = clock.now() - timedelta(hours=5)
    data = form_of(order, received_at=typed(earlier), channel="visit", caller_name="Mia")
    assert send(office, order, data).status_code == 200
    order.refresh_from_db()
    assert (typed(order.received_at), order.channel) == (typed(earlier), "visit")
    page = intake_facts(office.get(f"/orders/{order.number}/").context["d"])
    assert {"label": "Caller", "value": "Mia"} in page


def test_an_asset_of_another_customer_elsewhere_is_none_of_this_order(
    company: Company, office: Client
) -> None:
    elsewhere = site_create(actor=company.manager, name="Elsewhere", town="Mons")
    foreign = asset_create(
        actor=company.manager, site_id=elsewhere.pk, reference="X-1", kind="Lift"
    )
    answer = new_order(office, company, more_asset_ids=[str(foreign.pk)])
    assert answer.status_code == 422
    assert set(answer.context["errors"]) == {"more_asset_ids"}
    site_link(actor=company.manager, site_id=elsewhere.pk, customer_id=company.customer.pk)
    assert new_order(office, company, more_asset_ids=[str(foreign.pk)]).status_code == 200
