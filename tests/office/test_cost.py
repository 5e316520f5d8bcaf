"""How many messages to the database the office's changes take: none over 12, and no more unseen.

What is asked together is one message, and so is what is written together; session and user count.
"""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.fieldwork.services.reports import report_set
from callout.fieldwork.services.signing import signature_add
from callout.orders.models import Reason, ServiceOrder
from callout.workforce.models import WorkingWeek
from tests.fieldwork.recording import signed, working
from tests.orders.conftest import Company

MOST = 12
FREE = ("SAVEPOINT", "RELEASE")
HX = {"HX-Request": "true"}


def cost(client: Client, path: str, **fields: object) -> int:
    """Messages of one form sent."""
    fields["idempotency_key"] = uuid4()
    with CaptureQueriesContext(connection) as run:
        answer = client.post(path, fields, headers=HX)
    assert answer.status_code == 200, answer.content
    return len([q for q in run.captured_queries if not q["sql"].startswith(FREE)])


def form(company: Company, **more: object) -> dict[str, object]:
    place = {"customer_id": company.customer.pk, "location": f"asset:{company.asset.pk}"}
    return {**place, "type_id": company.kind.pk, "priority": "high", "description": "x", **more}


def test_a_new_order_into_the_pile(company: Company, office: Client) -> None:
    cost(office, "/orders/new/", **form(company, go="later"))
    assert cost(office, "/orders/new/", **form(company, go="later")) <= 6


@pytest.mark.parametrize("typed", [{}, {"date": "2030-01-02", "start": "10:00"}])
def test_a_new_order_planned_at_once(
    company: Company, office: Client, typed: dict[str, str]
) -> None:
    every_day = [[["00:00", "24:00"]]] * 7
    anna = company.anna.technician_id
    assert anna
    WorkingWeek.objects.create(technician_id=anna, valid_from="2020-01-01", days=every_day)
    fields = form(company, go="save", technician_id=anna, duration="60", **typed)
    assert cost(office, "/orders/new/", **fields) <= 9
    assert ServiceOrder.objects.get().stage == "planned"


@pytest.mark.parametrize("action", ["depart", "arrive", "start-work", "unplan", "complete"])
def test_a_button_pressed(company: Company, office: Client, action: str) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    path = f"/orders/{order.pk}/act/{action}/"
    assert cost(office, path, version=order.version) <= 5
    order.refresh_from_db()
    more = {"version": order.version}
    assert cost(office, f"/orders/{order.pk}/act/undo/", **more) <= MOST


@pytest.mark.parametrize("on_page", ["", "?on=page"])
def test_a_dialog_answered(company: Company, office: Client, on_page: str) -> None:
    order = company.planned()
    path = f"/orders/{order.pk}/act/cancel/{on_page}"
    reason = Reason.objects.filter(kind="cancel").values_list("pk", flat=True)[0]
    fields = {"version": order.version, "reason_id": reason, "dialog": "1", "occurred_at": ""}
    assert cost(office, path, **fields) <= MOST


def test_the_page_of_an_order_is_one_message_and_its_record_a_second(
    company: Company, office: Client
) -> None:
    def asked(order_id: UUID) -> int:
        number = ServiceOrder.objects.get(pk=order_id).number
        office.get(f"/orders/{number}/")
        with CaptureQueriesContext(connection) as run:
            assert office.get(f"/orders/{number}/").status_code == 200
        return len([q for q in run.captured_queries if "orders_" in q["sql"]])

    visit = working(company)
    assert asked(visit.order_id) == 1
    report_set(actor=company.anna, visit_id=visit.pk, text="Cleaned.")
    signature_add(**signed(visit, company.anna, name="Mevr. Peeters"))
    assert asked(visit.order_id) == 2
