"""An order is told in plain values, unchecked: here they are held to the shape that is described.

Each answer, read by the shape and written by it again, is the same to the last field: nothing is
missing, nothing more is told, and each value is of its kind.
"""

import json
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from callout.web.api.beside import VisitList, VisitsAlone
from callout.web.api.order_shapes import OrderList, OrderOut, VisitAlone
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


@pytest.mark.parametrize("status", WAYS)
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
