"""Every status x action x role on real orders: what the table allows happens, nothing else."""

import itertools
from typing import Any

import pytest

from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS, Role, Status, allows, stage_of, status_after
from callout.orders.models import ServiceOrder
from tests.orders.conftest import Company, company_made, soon

pytestmark = pytest.mark.wide

WAYS: dict[Status | None, list[str]] = {
    None: [],
    Status.PLANNED: ["plan"],
    Status.EN_ROUTE: ["plan", "depart"],
    Status.ON_SITE: ["plan", "arrive"],
    Status.WORKING: ["plan", "start_work"],
    Status.BREAK: ["plan", "start_work", "break"],
    Status.DONE: ["plan", "complete"],
    Status.CANCELLED: ["plan", "cancel"],
}
ROLES: dict[str, set[Role]] = {
    "manager": {"manager"},
    "responsible": {"technician"},
    "helper": set(),
    "stranger": set(),
    "both": {"manager", "technician"},
}
CELLS = list(itertools.product(WAYS, [code for code in ACTIONS if code != "undo"], ROLES))


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


def order_in(company: Company, status: Status | None) -> ServiceOrder:
    order = company.order()
    for action in WAYS[status]:
        told: dict[str, Any] = {"note": "As it is"}
        if action == "plan":
            told = plan_values(company)
        order = company.act(company.manager, order, action, **told)
    return order


def plan_values(company: Company, hours: float = 1) -> dict[str, Any]:
    return {
        "technician_id": company.anna.technician_id,
        "start": soon(hours),
        "duration_minutes": 60,
        "helper_ids": (company.bert.technician_id,),
    }


def values_for(company: Company, action: str, status: Status | None) -> dict[str, Any]:
    if action in ("plan", "plan_another", "replan"):
        return plan_values(company, hours=30)
    if action == "complete" and status is None:
        return plan_values(company, hours=-3)
    return {"note": "Because", "duration_minutes": 15}


def actor_as(company: Company, role: str) -> Actor:
    if role == "both":
        both: dict[str, Any] = {
            name: getattr(company.anna, name) for name in ("user_id", "name", "technician_id")
        }
        return Actor(**both, door="office", is_manager=True, is_technician=True)
    people = {"manager": company.manager, "responsible": company.anna, "helper": company.bert}
    return people.get(role) or Actor(
        user_id=company.manager.user_id, name="Nobody", door="office", is_technician=True
    )


@pytest.mark.parametrize(("status", "action", "role"), CELLS)
def test_a_cell_of_the_table(
    company: Company, status: Status | None, action: str, role: str
) -> None:
    order = order_in(company, status)
    actor = actor_as(company, role)
    # In New there is no visit to answer for, so a technician is nobody there.
    roles = ROLES[role] - ({"technician"} if status is None else set())
    expected = allows(ACTIONS[action], status, roles)
    told = values_for(company, action, status)
    if not expected:
        before = ServiceOrder.objects.values().get(pk=order.pk)
        with pytest.raises(CalloutError) as refusal:
            company.act(actor, order, action, **told)
        assert refusal.value.status in {403, 404, 409}
        assert ServiceOrder.objects.values().get(pk=order.pk) == before
        return
    done = company.act(actor, order, action, **told)
    after = status_after(ACTIONS[action], status, before_break=Status.WORKING)
    if action in ("plan_another", "extend"):
        after = status
    row = ServiceOrder.objects.get(pk=done.pk)
    assert row.technician_status == after
    assert row.stage == stage_of(after)


def test_control_a_door_that_does_not_ask_the_table_is_found(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "allows", lambda *_given: True)
    with pytest.raises(pytest.fail.Exception):
        test_a_cell_of_the_table(company, Status.EN_ROUTE, "depart", "manager")
