"""The actions of the lifecycle at /service-orders/{id}/actions/{action}."""

from datetime import datetime
from uuid import uuid4

import pytest

from callout.orders.lifecycle import ACTIONS
from tests.api.conftest import Answer, Api, World, soon


def act(api: Api, order: object, action: str, **body: object) -> Answer:
    return api.post(f"/service-orders/{order}/actions/{action}", body or None)


def test_a_technician_takes_an_order_from_depart_to_complete(world: World) -> None:
    order = world.anna.order
    for action, status in [
        ("depart", "en_route"),
        ("arrive", "on_site"),
        ("start-work", "working"),
        ("break", "break"),
        ("resume", "working"),
        ("complete", "done"),
    ]:
        answer = act(world.anna.api, order, action)
        assert answer.status == 200, answer.text
        assert answer.body["technician_status"] == status
    assert answer.body["stage"] == "completed"
    assert answer.body["visits"][0]["outcome"] == "done"


def test_each_answer_names_the_actions_open_now(world: World) -> None:
    read = world.anna.api.get(f"/service-orders/{world.anna.order}").body
    assert read["actions"] == [
        "extend", "depart", "arrive", "start-work", "customer-absent", "complete", "cancel",
    ]  # fmt: skip
    departed = act(world.anna.api, world.anna.order, "depart").body
    assert departed["actions"] == [
        "extend", "arrive", "start-work", "break", "turn-back", "hand-back", "customer-absent",
        "complete", "cancel", "undo",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ACTIONS)
def test_every_action_of_the_table_has_its_address(world: World, code: str) -> None:
    answer = act(world.boss, world.anna.order, code.replace("_", "-"), note="why")
    assert answer.status != 404, answer.text


@pytest.mark.parametrize("name", ["start_work", "Depart", "explode", "plan another"])
def test_no_other_action_has_one(world: World, name: str) -> None:
    assert act(world.boss, world.anna.order, name).status == 404


def test_plan_takes_the_first_free_slot_when_no_start_is_given(world: World) -> None:
    order = world.order()
    answer = act(world.boss, order.pk, "plan", technician_id=str(world.anna.technician.pk))
    assert answer.status == 200, answer.text
    assert answer.body["start"] is not None


def test_plan_takes_helpers_vehicle_and_length(world: World) -> None:
    order = world.order()
    answer = act(
        world.boss, order.pk, "plan",
        technician_id=str(world.anna.technician.pk), helper_ids=[str(world.bert.technician.pk)],
        vehicle_id=str(world.vehicle), start=soon(60).isoformat(), duration_minutes=45,
    )  # fmt: skip
    visit = answer.body["visits"][0]
    assert [helper["id"] for helper in visit["helpers"]] == [str(world.bert.technician.pk)]
    assert visit["vehicle"]["id"] == str(world.vehicle)


def test_plan_another_opens_a_visit_beside_the_first(world: World) -> None:
    technician = str(world.anna.technician.pk)
    answer = act(
        world.boss, world.anna.order, "plan-another", technician_id=technician,
        start=soon(60).isoformat(),
    )  # fmt: skip
    assert [visit["current"] for visit in answer.body["visits"]] == [True, False]


def test_replan_replaces_what_somebody_chose_and_needs_the_version(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/actions/replan"
    body = {"start": soon(60).isoformat()}
    assert (world.boss.post(path, body).status, world.boss.post(path, body).code) == (
        428, "version_missing",
    )  # fmt: skip
    stale = world.boss.post(path, body, If_Match='"1"')
    assert stale.status == 412
    assert stale.body["current"]["id"] == str(world.anna.order)
    etag = f'"{stale.body["current"]["version"]}"'
    moved = world.boss.post(path, body, If_Match=etag)
    assert datetime.fromisoformat(moved.body["start"]) == soon(60)


def test_extend_sets_the_expected_end_and_leaves_the_slot(world: World) -> None:
    before = world.boss.get(f"/service-orders/{world.anna.order}").body
    after = act(world.anna.api, world.anna.order, "extend", duration_minutes=30).body
    assert after["end"] == before["end"]
    assert after["visits"][0]["expected_end"] > before["end"]


def test_unplan_puts_the_order_back(world: World) -> None:
    assert act(world.boss, world.anna.order, "unplan").body["stage"] == "new"


def test_hand_back_wants_a_reason_or_a_note(world: World) -> None:
    order = world.anna.order
    act(world.anna.api, order, "depart")
    assert act(world.anna.api, order, "hand-back").fields() == {"reason_id"}
    wrong_kind = act(world.anna.api, order, "hand-back", reason_id=str(world.reasons["cancel"]))
    assert (wrong_kind.status, wrong_kind.fields()) == (422, {"reason_id"})
    done = act(world.anna.api, order, "hand-back", reason_id=str(world.reasons["hand_back"]))
    assert done.body["stage"] == "new"
    assert done.body["visits"][0]["outcome"] == "handed_back"
    assert done.body["visits"][0]["reason"]["name"] == "Because hand_back"


def test_an_absent_customer_is_counted(world: World) -> None:
    answer = act(
        world.anna.api, world.anna.order, "customer-absent", latitude=50.7, longitude=4.6,
        note="Rang twice",
    )  # fmt: skip
    assert answer.status == 200, answer.text
    assert answer.body["absent_count"] == 1
    assert answer.body["stage"] == "new"
    assert answer.body["answered_at"] == answer.body["visits"][0]["closed_at"]
    assert answer.body["late"] is False


def test_cancel_says_why(world: World) -> None:
    assert act(world.boss, world.anna.order, "cancel").status == 422
    answer = act(world.boss, world.anna.order, "cancel", note="Sold the house")
    assert (answer.body["stage"], answer.body["technician_status"]) == ("cancelled", "cancelled")


def test_a_manager_completes_out_of_new_with_who_and_when(world: World) -> None:
    order = world.order()
    assert act(world.boss, order.pk, "complete").fields() == {"technician_id", "start"}
    answer = act(
        world.boss, order.pk, "complete", technician_id=str(world.anna.technician.pk),
        start=soon(-4).isoformat(), duration_minutes=60,
    )  # fmt: skip
    assert answer.body["stage"] == "completed"
    assert answer.body["visits"][0]["entered_afterwards"] is True


def test_undo_takes_the_last_action_back_once(world: World) -> None:
    act(world.anna.api, world.anna.order, "depart")
    assert act(world.anna.api, world.anna.order, "undo").body["technician_status"] == "planned"
    again = act(world.anna.api, world.anna.order, "undo")
    assert (again.status, again.code) == (409, "nothing_to_undo")


def test_what_makes_no_sense_now_is_409_with_the_state(world: World) -> None:
    answer = act(world.anna.api, world.anna.order, "resume")
    assert (answer.status, answer.code) == (409, "action_not_open")
    assert answer.body["technician_status"] == "planned"
    assert answer.body["detail"].endswith(".")


def test_a_second_order_under_way_is_409_and_says_what_to_send(world: World) -> None:
    other = world.planned(hours=40)
    act(world.anna.api, world.anna.order, "depart")
    answer = act(world.anna.api, other.pk, "depart")
    assert (answer.status, answer.code) == (409, "under_way_elsewhere")
    paused = act(world.anna.api, other.pk, "depart", other_action="break")
    assert paused.status == 200, paused.text
    left = world.anna.api.get(f"/service-orders/{world.anna.order}").body
    assert left["technician_status"] == "break"


def test_the_true_time_is_kept(world: World) -> None:
    at = soon(-1)
    answer = act(world.anna.api, world.anna.order, "depart", occurred_at=at.isoformat())
    assert datetime.fromisoformat(answer.body["visits"][0]["departed_at"]) == at
    future = act(world.anna.api, world.anna.order, "arrive", occurred_at=soon(2).isoformat())
    assert (future.status, future.fields()) == (422, {"occurred_at"})
    naive = act(world.anna.api, world.anna.order, "arrive", occurred_at="2026-01-01T10:00:00")
    assert (naive.status, naive.fields()) == (422, {"occurred_at"})


def test_a_visit_can_be_named(world: World) -> None:
    answer = act(world.anna.api, world.anna.order, "depart", visit_id=str(world.anna.visit))
    assert answer.status == 200
    assert act(world.anna.api, world.anna.order, "arrive", visit_id=str(uuid4())).status == 404


def test_if_match_is_honoured_where_it_is_sent(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/actions/depart"
    answer = world.anna.api.post(path, If_Match='"999"')
    assert (answer.status, answer.code) == (412, "stale")
    assert answer.body["current"]["technician_status"] == "planned"


@pytest.mark.parametrize("action", ["plan", "plan-another", "replan", "unplan", "reopen"])
def test_the_offices_actions_are_not_a_technicians(world: World, action: str) -> None:
    path = f"/service-orders/{world.anna.order}/actions/{action}"
    body = {"technician_id": str(world.anna.technician.pk), "start": soon(60).isoformat()}
    answer = world.anna.api.post(path, body, If_Match='"2"')
    assert (answer.status, answer.code) == (403, "forbidden")


def test_a_helper_moves_no_status(world: World) -> None:
    helper = str(world.bert.technician.pk)
    etag = world.boss.get(f"/service-orders/{world.anna.order}").etag
    path = f"/service-orders/{world.anna.order}/actions"
    assert world.boss.post(
        f"{path}/replan", {"helper_ids": [helper], "start": soon(60).isoformat()}, If_Match=etag
    ).status == 200  # fmt: skip
    assert world.bert.api.get(f"/service-orders/{world.anna.order}").body["actions"] == []
    assert world.bert.api.post(f"{path}/depart").status == 403


def test_the_work_of_another_is_not_there(world: World) -> None:
    theirs = act(world.anna.api, world.bert.order, "depart")
    missing = act(world.anna.api, uuid4(), "depart")
    assert theirs.status == missing.status == 404
    assert theirs.text == missing.text


@pytest.mark.parametrize("body", [{"unknown": 1}, {"note": 5}, [], '"x"', {"helper_ids": ["x"]}])
def test_a_body_of_another_form_is_422(world: World, body: object) -> None:
    path = f"/service-orders/{world.anna.order}/actions/depart"
    assert world.anna.api.post(path, body).status == 422
