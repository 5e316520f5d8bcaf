"""Several orders at once through the API: each is judged, authorised and told of by itself."""

from typing import Any
from uuid import uuid4

from callout.orders.models import ServiceOrder
from tests.api.conftest import World

BULK = "/service-orders/bulk"


def seen(*orders: ServiceOrder) -> list[dict[str, Any]]:
    return [{"id": str(one.pk), "version": one.version} for one in orders]


def stages(*orders: ServiceOrder) -> list[str]:
    found = dict(ServiceOrder.objects.values_list("pk", "stage"))
    return [found[one.pk] for one in orders]


def test_they_are_cancelled_each_by_itself_and_come_back(world: World) -> None:
    first, second, stale = (world.order() for _ in range(3))
    gone = {"id": str(uuid4()), "version": 1}
    old = {"id": str(stale.pk), "version": stale.version + 1}
    body = {"orders": [*seen(first), gone, old, *seen(second)], "note": "The street is closed"}
    answer = world.boss.post(f"{BULK}/cancel", body)
    assert answer.status == 200, answer.text
    assert [bool(one["refusal"]) for one in answer.items] == [False, True, True, False]
    assert stages(first, stale, second) == ["cancelled", "new", "cancelled"]

    done = [
        {"id": one["id"], "version": one["version"]} for one in answer.items if not one["refusal"]
    ]
    undone = world.boss.post(f"{BULK}/undo", {"orders": done})
    assert [one["refusal"] for one in undone.items] == ["", ""]
    assert stages(first, second) == ["new", "new"]


def test_one_key_cancels_once_and_answers_the_same_again(world: World) -> None:
    order = world.order()
    body = {"orders": seen(order), "note": "x"}
    first, again = (
        world.boss.post(f"{BULK}/cancel", body, Idempotency_Key="bulk") for _ in range(2)
    )
    assert first.body == again.body
    assert again.items[0]["refusal"] == ""


def test_a_priority_for_all_and_one_that_is_checked_is_refused(world: World) -> None:
    order, checked = world.order(), world.planned()
    path = f"/service-orders/{checked.pk}"
    world.boss.post(f"{path}/actions/complete")
    world.boss.post(f"{path}/check")
    checked.refresh_from_db()
    body = {"orders": seen(order, checked), "priority_id": "urgent"}
    answer = world.boss.post(f"{BULK}/priority", body)
    assert [bool(one["refusal"]) for one in answer.items] == [False, True]
    order.refresh_from_db()
    assert (order.priority.code, order.version) == ("urgent", answer.items[0]["version"])


def test_what_is_wrong_for_all_of_them_is_refused_by_its_field(world: World) -> None:
    orders = seen(world.order())
    for path, body, fields in (
        ("cancel", {"orders": orders}, {"reason_id"}),
        ("cancel", {"orders": orders, "reason_id": str(uuid4())}, {"reason_id"}),
        ("cancel", {"orders": [], "note": "x"}, {"orders"}),
        ("priority", {"orders": orders * 201, "priority_id": "high"}, {"orders"}),
        ("priority", {"orders": orders, "priority_id": "soon"}, {"priority_id"}),
        ("undo", {"orders": [{"id": orders[0]["id"]}]}, {"orders.0.version"}),
    ):
        answer = world.boss.post(f"{BULK}/{path}", body)
        assert (answer.status, answer.fields()) == (422, fields), answer.text


def test_a_technician_may_not_even_with_own_work(world: World) -> None:
    own = ServiceOrder.objects.get(pk=world.anna.order)
    for path in ("cancel", "priority", "undo"):
        body = {"orders": seen(own)} | ({"priority_id": "high"} if path == "priority" else {})
        assert world.anna.api.post(f"{BULK}/{path}", body).status == 403
