"""GET /planning/pile."""

from datetime import time, timedelta

import pytest

from callout.accounts.zone import today
from callout.customers.models import Site
from callout.orders.models import ServiceOrder
from callout.web.api.pile import PileOut
from callout.workforce.models import Vehicle
from tests.api.conftest import World, soon


def test_an_order_is_told_with_what_planning_it_needs(world: World) -> None:
    order = world.order()
    answer = world.boss.get("/planning/pile")
    assert answer.status == 200
    item = next(one for one in answer.items if one["id"] == str(order.pk))
    assert item["version"] == order.version
    planned = world.boss.post(
        f"/service-orders/{item['id']}/actions/plan",
        {"technician_id": str(world.anna.technician.pk)},
        If_Match=f'"{item["version"]}"',
    )
    assert planned.status == 200
    again = world.boss.get("/planning/pile").items
    assert str(order.pk) not in {one["id"] for one in again}


def test_the_answer_is_what_the_description_says(world: World) -> None:
    bare, full = world.order(), world.order()
    van = Vehicle.objects.create(registration="1-ABC-123", name="Van")
    Site.objects.filter(pk=full.site_id).update(latitude=50.7, longitude=4.6)
    ServiceOrder.objects.filter(pk=full.pk).update(
        wish_not_before=soon(1), wish_due=soon(9), wish_from=time(9), wish_to=time(12),
        wish_start=soon(2), proposed_vehicle=van,
    )  # fmt: skip
    ServiceOrder.objects.filter(pk=bare.pk).update(due_at=None)
    for tab in ("to_plan", "waiting"):
        body = world.boss.get(f"/planning/pile?tab={tab}").body
        assert PileOut.model_validate(body).model_dump(mode="json") == body
        ServiceOrder.objects.update(waiting_for="part", waiting_until=today() + timedelta(days=3))
        assert {str(bare.pk), str(full.pk)} <= {one["id"] for one in body["items"]}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("tab=later", "tab"),
        ("skill_id=%27", "skill_id"),
        ("area_id=7", "area_id"),
        ("area_id=00000000-0000-0000-0000-000000000007", "area_id"),
        ("type_id=x", "type_id"),
        ("q=x", "q"),
        ("at_risk=perhaps", "at_risk"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
    ],
)
def test_nonsense_is_told_beside_its_field(world: World, query: str, field: str) -> None:
    answer = world.boss.get(f"/planning/pile?{query}")
    assert answer.status == 422
    assert {name.partition(".")[0] for name in answer.fields()} == {field}


def test_a_technician_and_a_stranger_get_nothing_of_it(world: World) -> None:
    assert world.anna.api.get("/planning/pile").status == 403
    assert world.nobody.get("/planning/pile").status == 401
