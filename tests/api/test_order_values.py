"""An order is told in plain values, unchecked: here they are held to the shape that is described.

Each answer, read by the shape and written by it again, is the same to the last field: nothing is
missing, nothing more is told, and each value is of its kind.
"""

import json
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from callout.customers.services import asset_create
from callout.web.api.beside import VisitList, VisitsAlone
from callout.web.api.order_shapes import OrderList, OrderOut, VisitAlone, VisitOut
from tests.api.conftest import Answer, World, soon
from tests.api.test_actions import act

WAYS: dict[str, list[str]] = {
    "new": [],
    "planned": ["plan"],
    "en_route": ["plan", "depart"],
    "on_site": ["plan", "depart", "arrive"],
    "working": ["plan", "start-work"],
    "break": ["plan", "start-work", "break"],
    "done": ["plan", "start-work", "complete"],
    "cancelled": ["plan", "cancel"],
    "customer_absent": ["plan", "arrive", "customer-absent"],
    "handed_back": ["plan", "depart", "hand-back"],
    "unplanned": ["plan", "unplan"],
    "reopened": ["plan", "complete", "reopen"],
}
FIRST = {"new", "break", "done"}


def holds(shape: type[BaseModel], body: Any) -> None:
    """AssertionError unless `body` is what the shape makes of it."""
    read = shape.model_validate_json(json.dumps(body), strict=True)
    assert read.model_dump(mode="json", exclude_unset=True) == body


def taken(world: World, way: list[str]) -> tuple[str, list[Answer]]:
    """An order with all that one may have, and the answer to each step of its way."""
    body = world.new_body(
        asset_id=str(world.anna.asset), contact_id=str(world.anna.contact), caller_name="Ann",
        wish_not_before=soon(1).isoformat(), wish_from="08:00", wish_to="16:30",
        wish_due=soon(90).isoformat(),
    )  # fmt: skip
    answers = [world.boss.post("/service-orders", body)]
    assert answers[0].status == 201, answers[0].text
    order = answers[0].body["id"]
    for action in way:
        told: dict[str, Any] = {"note": "As it is"}
        if action == "plan":
            told = {
                "technician_id": str(world.anna.technician.pk), "start": soon(5).isoformat(),
                "helper_ids": [str(world.bert.technician.pk)], "vehicle_id": str(world.vehicle),
                "duration_minutes": 45,
            }  # fmt: skip
        answers.append(act(world.boss, order, action, **told))
    return order, answers


@pytest.mark.parametrize(
    "status",
    [pytest.param(way, marks=() if way in FIRST else pytest.mark.wide) for way in WAYS],
)
def test_an_order_is_told_as_it_is_described(world: World, status: str) -> None:
    order, answers = taken(world, WAYS[status])
    for answer in answers:
        assert answer.status in (200, 201), answer.text
        holds(OrderOut, answer.body)
        assert answer.etag == f'"{answer.body["version"]}"'
    # What a change answers is what is read afterwards.
    assert world.boss.get(f"/service-orders/{order}").body == answers[-1].body
    for reader in (world.boss, world.anna.api, world.bert.api):
        read = reader.get(f"/service-orders/{order}")
        if read.status == 200:
            holds(OrderOut, read.body)
            assert ("channel" in read.body) == (reader is world.boss)
            holds(VisitList, reader.get(f"/service-orders/{order}/visits").body)
        holds(OrderList, reader.get("/service-orders").body)
        visits = reader.get("/visits").body
        holds(VisitsAlone, visits)
        for visit in visits["items"]:
            holds(VisitAlone, reader.get(f"/visits/{visit['id']}").body)


def test_an_order_with_all_that_one_may_have_is_told_as_it_is_described(world: World) -> None:
    """Each field has a value in one of the answers at least."""
    boss = world.boss
    body = world.new_body(
        asset_id=str(world.anna.asset), contact_id=str(world.anna.contact), caller_name="Ann",
        wish_not_before=soon(1).isoformat(), wish_due=soon(90).isoformat(), wish_from="08:00",
        wish_to="16:30", start=soon(6).isoformat(), vehicle_id=str(world.vehicle),
        more_asset_ids=[str(asset_create(
            actor=world.manager, site_id=world.anna.site, reference="CH-2", kind="Pump"
        ).pk)],
        follow_up_of_id=str(world.bert.order), priority_id="urgent",
        caller_phone="+3210123456", customer_reference="PO 7",
    )  # fmt: skip
    told = [boss.post("/service-orders", body)]
    order = f"/service-orders/{told[0].body['id']}"

    def then(answer: Answer) -> None:
        assert answer.status == 200, answer.text
        told.append(answer)

    waits = {"waiting_for": "part", "waiting_until": f"{soon(99):%Y-%m-%d}", "waiting_note": "Pump"}
    then(boss.patch(order, waits, If_Match=told[-1].etag))
    plan = {
        "technician_id": str(world.anna.technician.pk), "start": soon(5).isoformat(),
        "helper_ids": [str(world.bert.technician.pk)], "vehicle_id": str(world.vehicle),
    }  # fmt: skip
    then(boss.post(f"{order}/actions/plan", plan))
    promise = {"promise_from": soon(4).isoformat(), "promise_to": soon(7).isoformat()}
    visit = told[-1].body["visits"][0]["id"]
    then(boss.patch(f"{order}/visits/{visit}", promise, If_Match=told[-1].etag))
    then(boss.post(f"{order}/actions/extend", {"expected_end": soon(8).isoformat()}))
    for action in ("depart", "arrive", "start-work"):
        then(boss.post(f"{order}/actions/{action}"))
    why = {"reason_id": str(world.reasons["hand_back"]), "note": "No pump"}
    then(boss.post(f"{order}/actions/hand-back", why))
    then(boss.post(f"{order}/actions/plan", plan | {"start": soon(9).isoformat()}))
    then(boss.post(f"{order}/actions/complete"))
    then(boss.post(f"{order}/check"))
    for answer in told:
        holds(OrderOut, answer.body)
    orders = [answer.body for answer in told]
    visits = [visit for one in orders for visit in one["visits"]]
    assert set(OrderOut.model_fields) - given(orders) == set()
    assert set(VisitOut.model_fields) - given(visits) == set()


def given(rows: list[dict[str, Any]]) -> set[str]:
    return {name for row in rows for name, value in row.items() if value not in (None, "", [])}


def test_a_repeat_and_whoever_was_overtaken_are_told_the_same(world: World) -> None:
    order, key = world.anna.order, str(uuid4())
    first = world.boss.post(f"/service-orders/{order}/actions/depart", Idempotency_Key=key)
    again = world.boss.post(f"/service-orders/{order}/actions/depart", Idempotency_Key=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.body == again.body == world.boss.get(f"/service-orders/{order}").body
    holds(OrderOut, again.body)
    stale = world.boss.patch(f"/service-orders/{order}", {"description": "x"}, If_Match='"1"')
    assert stale.status == 412
    assert stale.body["current"] == first.body


@pytest.mark.parametrize("wrong", [{"stage": "old"}, {"version": "1"}, {"more": 1}, {"late": None}])
def test_control_an_order_told_otherwise_is_found(world: World, wrong: dict[str, Any]) -> None:
    body = world.boss.get(f"/service-orders/{world.anna.order}").body
    holds(OrderOut, body)
    with pytest.raises((AssertionError, ValueError)):
        holds(OrderOut, body | wrong)
    with pytest.raises((AssertionError, ValueError)):
        holds(OrderOut, {name: value for name, value in body.items() if name != "type"})
