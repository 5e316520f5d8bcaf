"""A card dragged to a technician's column: planned for them by the usual dialog."""

from uuid import uuid4

from django.test import Client

from callout.accounts.zone import local
from tests.orders.conftest import Company

HX = {"HX-Request": "true"}


def test_the_page_has_a_column_for_each(company: Company, office: Client) -> None:
    order = company.planned(company.anna)
    page = office.get("/orders/kanban/team/").content.decode()
    assert f'data-column="{company.bert.technician_id}"' in page
    assert f"order-{order.pk}" in page
    path = f"/orders/kanban/team/cards/?ids={order.pk}"
    cards = office.get(path, headers=HX).content.decode()
    assert f'data-column="{company.anna.technician_id}"' in cards


def test_dragged_to_another_it_keeps_its_hours_in_the_dialog(
    company: Company, office: Client
) -> None:
    order = company.planned(company.anna, hours=30)
    move = {"to": str(company.bert.technician_id), "version": order.version}
    page = office.post(f"/orders/{order.pk}/move/", move, headers=HX).content.decode()
    assert f'value="{company.bert.technician_id}" selected' in page
    visit = order.visits.get()
    assert f"{local(visit.start):%Y-%m-%dT%H:%M}" in page
    assert order.visits.get().technician_id == company.anna.technician_id


def test_from_the_pile_it_is_planned_for_whose_column_it_is(
    company: Company, office: Client
) -> None:
    order = company.order()
    move = {"to": str(company.bert.technician_id), "version": order.version}
    page = office.post(f"/orders/{order.pk}/move/", move, headers=HX).content.decode()
    assert f'value="{company.bert.technician_id}" selected' in page


def test_a_column_that_is_none_is_refused(company: Company, office: Client) -> None:
    order = company.order()
    for to in ("", "x", "moon", str(uuid4())):
        move = {"to": to, "version": order.version}
        answer = office.post(f"/orders/{order.pk}/move/", move, headers=HX)
        assert answer.status_code == 422


def test_what_is_to_plan_can_be_said_to_wait_from_its_card(
    company: Company, office: Client
) -> None:
    wait = f"/orders/{company.order().pk}/wait/"
    planned = company.planned()
    new = wait.split("/")[2]
    assert wait in office.get(f"/orders/{new}/menu/", headers=HX).content.decode()
    assert "/wait/" not in office.get(f"/orders/{planned.pk}/menu/", headers=HX).content.decode()
