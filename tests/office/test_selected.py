"""The bar of actions of the list: what would stay is told first, then what became of each."""

from uuid import uuid4

import pytest
from django.test import Client

from callout.accounts.zone import today
from callout.orders.models import Reason, ServiceOrder
from callout.planning.models import PlanDraft
from tests.orders.conftest import Company

HX = {"HX-Request": "true"}
NOBODYS = "0198c000-0000-7000-8000-000000000001"


def boxes(*orders: ServiceOrder) -> str:
    return ",".join(f"{one.pk}:{one.version}" for one in orders)


def stages() -> list[str]:
    return list(ServiceOrder.objects.order_by("number").values_list("stage", flat=True))


def test_the_question_says_which_would_stay_and_does_nothing(
    company: Company, office: Client
) -> None:
    new, gone = company.order(), company.order()
    gone = company.act(company.manager, gone, "cancel", note="x")

    answer = office.post("/orders/selected/cancel/", {"order": boxes(new, gone)}, headers=HX)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 of 2 orders chosen can be changed." in page
    assert "makes no sense now" in page
    assert stages() == ["new", "cancelled"]


def test_they_are_cancelled_once_and_undone_as_one(company: Company, office: Client) -> None:
    reason = Reason.objects.filter(kind="cancel").first() or Reason.objects.create(
        kind="cancel", label="No answer"
    )
    fields = {
        "order": boxes(company.order(), company.planned()),
        "sent": "1",
        "reason_id": str(reason.pk),
        "note": "",
        "idempotency_key": str(uuid4()),
    }
    first = office.post("/orders/selected/cancel/", fields, headers=HX).content.decode()
    again = office.post("/orders/selected/cancel/", fields, headers=HX).content.decode()

    assert "2 orders are cancelled." in first
    assert "2 orders are cancelled." in again
    assert stages() == ["cancelled", "cancelled"]
    now = boxes(*ServiceOrder.objects.order_by("number"))
    assert now in first
    undone = office.post("/orders/selected/undo/", {"order": now}, headers=HX).content.decode()
    assert "2 orders are as they were before." in undone
    assert stages() == ["new", "planned"]


def test_without_a_reason_what_is_missing_stands_in_the_question(
    company: Company, office: Client
) -> None:
    fields = {"order": boxes(company.order()), "sent": "1"}
    answer = office.post("/orders/selected/cancel/", fields, headers=HX)
    assert answer.status_code == 422
    assert "Say why" in answer.content.decode()
    assert stages() == ["new"]


def test_a_priority_for_all_closes_the_question(company: Company, office: Client) -> None:
    orders = [company.order(), company.planned()]
    fields = {"order": boxes(*orders), "sent": "1", "priority": "high"}
    answer = office.post("/orders/selected/priority/", fields, headers=HX)
    assert "2 orders have the priority." in answer["HX-Trigger"]
    assert set(ServiceOrder.objects.values_list("priority__code", flat=True)) == {"high"}


def test_slots_are_looked_for_by_a_draft_and_nothing_is_planned(
    company: Company, office: Client
) -> None:
    new, planned, begun = company.order(), company.planned(), company.planned(company.bert)
    begun = company.act(company.manager, begun, "depart")
    fields = {"order": boxes(new, planned, begun)}
    page = office.post("/orders/selected/assign/", fields, headers=HX).content.decode()
    assert "2 of 3 orders chosen can be changed." in page
    assert "“Assign” makes no sense now: the order is “En route”" in page
    assert "Keep the day of what is planned" in page

    anna = str(company.anna.technician_id)
    first = page.split('name="first" value="')[1][:10]
    sent = fields | {"sent": "1", "first": first, "days": "3", "technician_id": anna}
    answer = office.post("/orders/selected/assign/", sent, headers=HX)

    draft = PlanDraft.objects.get()
    assert answer["HX-Redirect"].endswith(f"{draft.pk}/")
    assert set(draft.parameters["orders"]) == {str(new.pk), str(planned.pk)}
    assert draft.parameters["technicians"] == [anna]
    assert (draft.parameters["replan"], draft.parameters["keep_day"]) == (True, False)
    assert stages() == ["new", "planned", "planned"]


def test_of_new_ones_no_day_is_asked_to_be_kept(company: Company, office: Client) -> None:
    fields = {"order": boxes(company.order())}
    page = office.post("/orders/selected/assign/", fields, headers=HX).content.decode()
    assert "Keep the day" not in page


def test_where_nothing_can_be_assigned_it_is_said(company: Company, office: Client) -> None:
    begun = company.act(company.manager, company.planned(), "depart")
    sent = {"order": boxes(begun), "sent": "1", "first": f"{today():%Y-%m-%d}", "days": "3"}
    answer = office.post("/orders/selected/assign/", sent, headers=HX)
    assert answer.status_code == 422
    assert "None of these orders can be planned" in answer.content.decode()
    assert not PlanDraft.objects.exists()


@pytest.mark.parametrize("board", ["/orders/kanban/", "/orders/kanban/team/"])
def test_cards_can_be_chosen_as_rows_can(company: Company, office: Client, board: str) -> None:
    order = company.order()
    page = office.get(board).content.decode()
    assert f'name="order" value="{order.pk}" aria-label="Choose SO-' in page
    assert 'data-bulk-do="/orders/selected/assign/"' in page
    assert 'data-most="200"' in page
    menu = office.get(f"/orders/{order.pk}/menu/?on=kanban").content.decode()
    assert f'data-choose="{order.pk}"' in menu
    assert "data-choose" not in office.get(f"/orders/{order.pk}/menu/").content.decode()


@pytest.mark.wide
@pytest.mark.parametrize(
    "given", ["", "x", NOBODYS, f"{NOBODYS}:", f"{NOBODYS}:x", "x:1", f"{NOBODYS}:12345678901"]
)
@pytest.mark.parametrize("deed", ["cancel", "priority", "assign", "undo"])
def test_boxes_that_are_none_are_refused_in_words(office: Client, deed: str, given: str) -> None:
    answer = office.post(f"/orders/selected/{deed}/", {"order": given}, headers=HX)
    assert answer.status_code == 422


def test_more_than_can_be_done_at_once_is_refused(office: Client) -> None:
    many = ",".join(f"{uuid4()}:1" for _ in range(201))
    answer = office.post("/orders/selected/cancel/", {"order": many}, headers=HX)
    assert answer.status_code == 422
    assert "200" in answer.content.decode()
