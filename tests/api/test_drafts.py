"""Plan drafts through the API: made, read, applied, stopped, dropped, undone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from callout.orders import services as orders
from callout.orders.models import ServiceOrder
from callout.planning.drafts.filling import draft_fill
from callout.planning.models import PlanDraft
from callout.workforce import services as workforce
from tests.api.conftest import Answer, World, soon

DRAFTS = "/planning/drafts"
HOUR = timedelta(hours=1)


def made(world: World, **body: Any) -> Answer:
    answer = world.boss.post(DRAFTS, {"kind": "auto_plan"} | body)
    assert answer.status == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1{DRAFTS}/{answer.body['id']}"
    draft_fill(answer.body["id"])
    return world.boss.get(f"{DRAFTS}/{answer.body['id']}")


def test_a_draft_is_made_read_applied_and_undone(world: World) -> None:
    order = world.order()
    found = made(world, days=3)
    body = found.body
    assert (body["state"], body["progress_done"], body["made_by"]["name"]) == ("ready", 1, "Marie")
    (move,) = body["moves"]
    assert (move["service_order"]["id"], move["before"], move["state"]) == (
        str(order.pk), None, "proposed",
    )  # fmt: skip
    assert move["after"]["technician"]["name"].endswith("of the team")
    path = f"{DRAFTS}/{body['id']}"
    applied = world.boss.post(f"{path}/apply", {}, If_Match=found.etag)
    assert (applied.status, applied.body["state"]) == (200, "applied")
    assert ServiceOrder.objects.get(pk=str(order.pk)).stage == "planned"
    stale = world.boss.post(f"{path}/undo", If_Match=found.etag)
    assert (stale.status, stale.body["current"]["state"]) == (412, "applied")
    undone = world.boss.post(f"{path}/undo", If_Match=applied.etag)
    assert (undone.status, undone.body["moves"][0]["state"]) == (200, "undone")
    assert ServiceOrder.objects.get(pk=str(order.pk)).stage == "new"


def test_an_absence_says_what_was_and_what_becomes_of_each_visit(world: World) -> None:
    draft = made(
        world, kind="absence", technician_id=str(world.anna.technician.pk),
        start=soon(1).isoformat(), end=soon(5).isoformat(),
    )  # fmt: skip
    (move,) = draft.body["moves"]
    assert move["before"]["technician"]["id"] == str(world.anna.technician.pk)
    assert move["visit_id"] == str(world.anna.visit)
    assert draft.body["technician"]["name"] == "Anna of the team"


@pytest.mark.wide
def test_what_is_planned_is_planned_again_and_a_promise_left_asks(world: World) -> None:
    order = world.planned()
    start = soon(30)
    visit = world.boss.get(f"/service-orders/{order.pk}/visits").items[0]["id"]
    orders.visit_promise(
        actor=world.manager, order_id=order.pk, visit_id=UUID(visit),
        promise_from=start, promise_to=start,
    )  # fmt: skip
    bert = str(world.bert.technician.pk)
    away: dict[str, Any] = {"start": soon(29), "end": soon(32)}
    workforce.absence_create(
        actor=world.manager, technician_id=world.bert.technician.pk, kind="other", **away
    )
    draft = made(world, order_ids=[str(order.pk)], replan=True, technician_ids=[bert])
    (move,) = draft.body["moves"]
    assert (move["after"]["technician"]["id"], move["promise_kept"]) == (bert, False)
    assert (move["reason_code"], bool(move["reason"])) == ("promise", True)
    path = f"{DRAFTS}/{draft.body['id']}/apply"
    asked = world.boss.post(path, {})
    assert (asked.status, asked.code) == (409, "asks_plan")
    assert world.boss.post(path, {"promise": "anew"}).status == 422
    begin = datetime.fromisoformat(move["after"]["start"])

    def anew(since: timedelta) -> dict[str, Any]:
        window = {"promise_from": begin + since, "promise_to": begin + 2 * HOUR}
        told = {name: moment.isoformat() for name, moment in window.items()}
        return {"promises_anew": [{"move_id": move["id"], **told}]}

    assert world.boss.post(path, anew(HOUR)).status == 422
    applied = world.boss.post(path, anew(timedelta()))
    assert applied.body["moves"][0]["promise_kept"] is True
    undone = world.boss.post(f"{DRAFTS}/{draft.body['id']}/undo", {})
    assert undone.body["state"] == "undone"
    draft = made(world, order_ids=[str(order.pk)], replan=True, technician_ids=[bert])
    path = f"{DRAFTS}/{draft.body['id']}/apply"
    applied = world.boss.post(path, {"promise": "call"})
    assert applied.body["moves"][0]["state"] == "applied"
    assert "Call the customer" in world.boss.get(f"/service-orders/{order.pk}/notes").text


def test_what_was_refused_says_why_and_nothing_left_is_409(world: World) -> None:
    order, other = world.order(), world.order()
    path = f"{DRAFTS}/{made(world).body['id']}"
    ServiceOrder.objects.filter(pk=str(order.pk)).update(version=9)
    applied = world.boss.post(f"{path}/apply", {})
    told = {one["service_order"]["id"]: one["refusal"] for one in applied.body["moves"]}
    assert told == {str(order.pk): "It was changed meanwhile.", str(other.pk): ""}
    again = world.boss.post(f"{path}/apply", {})
    assert (again.status, again.code) == (409, "nothing_left")


def test_the_same_request_twice_makes_one_draft(world: World) -> None:
    world.order()
    before = PlanDraft.objects.count()
    body = {"kind": "auto_plan"}
    first, again = (world.boss.post(DRAFTS, body, Idempotency_Key="one") for _ in range(2))
    assert first.body == again.body
    assert PlanDraft.objects.count() == before + 1


def test_it_is_stopped_and_dropped(world: World) -> None:
    world.order()
    answer = world.boss.post(DRAFTS, {"kind": "auto_plan"})
    path = f"{DRAFTS}/{answer.body['id']}"
    assert world.boss.post(f"{path}/apply", {}).code == "still_making"
    assert world.boss.post(f"{path}/stop").body["state"] == "stopped"
    assert world.boss.post(f"{path}/stop").code == "not_making"
    assert world.boss.post(f"{path}/drop").body["state"] == "dropped"
    assert world.boss.post(f"{path}/drop").code == "nothing_left"
    assert [one["state"] for one in world.boss.get(DRAFTS).items][:1] == ["dropped"]


def test_what_is_of_the_other_kind_or_cannot_be_is_refused(world: World) -> None:
    world.order()
    anna = str(world.anna.technician.pk)
    for body, fields in (
        ({"kind": "auto_plan", "absence_id": anna}, {"absence_id"}),
        ({"kind": "absence", "days": 2, "technician_id": anna}, {"days"}),
        ({"kind": "absence"}, {"technician_id"}),
        ({"kind": "auto_plan", "days": 0}, {"days"}),
        ({"kind": "auto_plan", "first": "2020-01-01"}, {"first"}),
        ({"kind": "swap"}, {"kind"}),
        ({"kind": "auto_plan", "replan": True}, {"replan"}),
        ({"kind": "absence", "technician_id": anna, "keep_day": True}, {"keep_day"}),
        ({"kind": "auto_plan", "area_id": str(world.area)}, {"order_ids"}),
    ):
        answer = world.boss.post(DRAFTS, body)
        assert (answer.status, answer.fields()) == (422, fields), answer.text
