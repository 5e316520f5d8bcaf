"""Service orders: recorded, read, edited."""

from datetime import datetime
from uuid import UUID, uuid4

import pytest

from callout.orders.models import ServiceOrder
from callout.orders.services import order_act
from callout.orders.services.command import Command
from tests.api.conftest import World, soon

NOBODY = UUID(int=7)  # no such thing


def test_an_order_without_a_technician_is_new(world: World) -> None:
    answer = world.boss.post("/service-orders", world.new_body())
    assert answer.status == 201, answer.text
    order = answer.body
    assert order["stage"] == "new"
    assert order["technician_status"] is None
    assert order["technician"] is None
    assert order["number"] == f"SO-{order['number_value']:06d}"
    assert order["title"] == "No heating"
    assert order["customer"] == {"id": str(world.anna.customer), "name": "Customer Lindens"}
    assert order["priority"] == {"id": "normal", "name": "Normal"}
    assert order["version"] == 1
    assert "plan" in order["actions"]
    assert answer.headers["Location"] == f"/api/v1/service-orders/{order['id']}"
    assert answer.etag == '"1"'


def test_an_order_with_a_technician_is_planned_at_the_time_given(world: World) -> None:
    start = soon(50)
    body = world.new_body(
        technician_id=str(world.anna.technician.pk),
        vehicle_id=str(world.vehicle),
        start=start.isoformat(),
        duration_minutes=90,
        priority_id="urgent",
    )
    order = world.boss.post("/service-orders", body).body
    assert (order["stage"], order["technician_status"]) == ("planned", "planned")
    assert order["technician"]["name"] == "Anna of the team"
    assert order["vehicle"]["id"] == str(world.vehicle)
    begins, ends = (datetime.fromisoformat(order[name]) for name in ("start", "end"))
    assert begins == start
    assert (ends - begins).total_seconds() == 90 * 60
    assert order["priority"]["id"] == "urgent"
    assert len(order["visits"]) == 1
    assert order["visits"][0]["current"] is True


def test_without_a_time_it_takes_the_technicians_first_free_slot(world: World) -> None:
    body = world.new_body(technician_id=str(world.anna.technician.pk))
    order = world.boss.post("/service-orders", body).body
    assert order["stage"] == "planned"
    assert order["start"] is not None


def test_without_a_technician_the_start_is_the_wish_and_the_vehicle_the_proposal(
    world: World,
) -> None:
    start = soon(50)
    body = world.new_body(start=start.isoformat(), vehicle_id=str(world.vehicle))
    order = world.boss.post("/service-orders", body).body
    assert order["stage"] == "new"
    assert order["start"] is None
    assert datetime.fromisoformat(order["wish_start"]) == start
    assert order["vehicle"]["id"] == str(world.vehicle)


def test_an_asset_gives_its_site(world: World) -> None:
    body = world.new_body(asset_id=str(world.anna.asset))
    del body["site_id"]
    order = world.boss.post("/service-orders", body).body
    assert order["site"]["id"] == str(world.anna.site)
    assert order["asset"]["name"] == "Boiler Asset Lindens"


def test_every_other_field_is_kept(world: World) -> None:
    followed = world.anna.order
    body = world.new_body(
        contact_id=str(world.anna.contact),
        more_asset_ids=[str(world.anna.asset)],
        received_at=soon(-5).isoformat(),
        channel="email",
        caller_name="Mrs Peeters",
        caller_phone="010 12 34 56",
        customer_reference="PO 7",
        charge="warranty",
        follow_up_of_id=str(followed),
        wish_not_before=soon(5).isoformat(),
        wish_due=soon(90).isoformat(),
        wish_from="09:00",
        wish_to="12:30",
    )
    order = world.boss.post("/service-orders", body).body
    assert order["contact"]["id"] == str(world.anna.contact)
    assert [one["id"] for one in order["more_assets"]] == [str(world.anna.asset)]
    assert order["channel"] == "email"
    assert order["caller_name"] == "Mrs Peeters"
    assert order["caller_phone"] == "+3210123456"
    assert order["customer_reference"] == "PO 7"
    assert order["charge"] == "warranty"
    assert order["follow_up_of"]["id"] == str(followed)
    assert (order["wish_from"], order["wish_to"]) == ("09:00", "12:30")
    assert order["due_at"] is None or order["due_at"] > order["received_at"]


def test_a_taken_slot_is_refused_and_nothing_is_left_behind(world: World) -> None:
    count = ServiceOrder.objects.count()
    body = world.new_body(technician_id=str(world.anna.technician.pk), start=soon(2).isoformat())
    answer = world.boss.post("/service-orders", body)
    assert (answer.status, answer.code) == (409, "overlap")
    assert ServiceOrder.objects.count() == count


def test_an_overlap_on_purpose_is_allowed(world: World) -> None:
    body = world.new_body(
        technician_id=str(world.anna.technician.pk), start=soon(2).isoformat(), allow_overlap=True
    )
    answer = world.boss.post("/service-orders", body)
    assert answer.status == 201
    assert answer.body["visits"][0]["allow_overlap"] is True


def test_who_sends_all_fields_back_moves_nothing(world: World) -> None:
    path = f"/service-orders/{world.anna.order}"
    act = world.anna.api.post(f"{path}/actions/depart").body
    body = {
        "customer_id": act["customer"]["id"], "site_id": act["site"]["id"],
        "technician_id": act["technician"]["id"], "start": act["start"], "helper_ids": [],
        "vehicle_id": None, "allow_overlap": False, "description": act["description"],
    }  # fmt: skip
    answer = world.boss.patch(path, body, If_Match=f'"{act["version"]}"')
    assert answer.status == 200, answer.text
    assert answer.body["version"] == act["version"]
    assert answer.body["technician_status"] == "en_route"
    moved = {**body, "start": soon(90).isoformat()}
    late = world.boss.patch(path, moved, If_Match=answer.etag)
    assert (late.status, late.code) == (409, "action_not_open")


def test_helpers_go_along_with_somebody(world: World) -> None:
    helpers = [str(world.bert.technician.pk)]
    made = world.boss.post("/service-orders", world.new_body(helper_ids=helpers))
    assert (made.status, made.fields()) == (422, {"helper_ids"})
    new = world.boss.post("/service-orders", world.new_body())
    path = f"/service-orders/{new.body['id']}"
    alone = world.boss.patch(path, {"helper_ids": helpers}, If_Match=new.etag)
    assert (alone.status, alone.fields()) == (422, {"helper_ids"})
    body = {
        "helper_ids": helpers, "technician_id": str(world.anna.technician.pk),
        "start": soon(90).isoformat(),
    }  # fmt: skip
    both = world.boss.patch(path, body, If_Match=new.etag).body
    assert [one["id"] for one in both["visits"][0]["helpers"]] == helpers


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer_id", None),
        ("customer_id", "not an id"),
        ("type_id", str(NOBODY)),
        ("site_id", str(NOBODY)),
        ("priority_id", "extreme"),
        ("start", "2026-11-24T08:00:00"),
        ("start", "tomorrow"),
        ("start", 1_700_000_000),
        ("duration_minutes", 0),
        ("duration_minutes", "60"),
        ("duration_minutes", True),
        ("description", 7),
        ("description", "x" * 20_001),
        ("caller_phone", "call me"),
        ("allow_overlap", "yes"),
        ("more_asset_ids", str(NOBODY)),
        ("wish_from", "9 o'clock"),
        ("number", 7),
        ("technician_status", "done"),
        ("version", 1),
    ],
)
def test_a_bad_value_is_told_beside_its_field(world: World, field: str, value: object) -> None:
    answer = world.boss.post("/service-orders", world.new_body(**{field: value}))
    assert answer.status == 422, answer.text
    assert any(name.startswith(field) for name in answer.fields()), answer.text
    assert answer.kind == "application/problem+json"


def test_a_site_of_another_customer_says_that_it_is_not_linked(world: World) -> None:
    answer = world.boss.post("/service-orders", world.new_body(site_id=str(world.bert.site)))
    assert (answer.status, answer.code) == (422, "site_not_linked")


def test_a_technician_reads_own_work_and_no_other(world: World) -> None:
    mine = world.anna.api.get(f"/service-orders/{world.anna.order}")
    assert mine.status == 200
    assert mine.body["visits"][0]["technician"]["name"] == "Anna of the team"
    theirs = world.anna.api.get(f"/service-orders/{world.bert.order}")
    missing = world.anna.api.get(f"/service-orders/{uuid4()}")
    assert theirs.status == missing.status == 404
    assert theirs.text == missing.text


def test_a_technician_reads_the_fields_listed_and_no_other(world: World) -> None:
    body = world.anna.api.get(f"/service-orders/{world.anna.order}").body
    assert set(body) == {
        "id", "version", "number", "number_value", "stage", "technician_status", "title",
        "customer", "site", "asset", "more_assets", "type", "priority", "technician", "vehicle",
        "contact", "description", "start", "end", "duration_minutes", "absent_count",
        "caller_name", "caller_phone", "customer_reference", "received_at", "due_at",
        "answered_at", "late",
        "wish_not_before", "wish_due", "wish_from", "wish_to", "closed_at", "visits", "actions",
    }  # fmt: skip


def test_after_handing_back_a_technician_does_not_see_who_goes_next(world: World) -> None:
    order = ServiceOrder.objects.get(pk=world.anna.order)
    for action, command in [
        ("depart", Command()),
        ("hand_back", Command(note="no part")),
    ]:
        order_act(actor=world.anna.actor, order_id=order.pk, action=action, command=command)
    command = Command(technician_id=world.bert.technician.pk, start=soon(200), duration_minutes=60)
    order_act(actor=world.manager, order_id=order.pk, action="plan", command=command)
    body = world.anna.api.get(f"/service-orders/{order.pk}").body
    assert body["technician"] is None
    assert body["start"] is None
    assert body["vehicle"] is None
    assert [visit["technician"]["name"] for visit in body["visits"]] == ["Anna of the team"]
    assert "Bert" not in str(body)
    assert "Bert" in str(world.boss.get(f"/service-orders/{order.pk}").body)


def test_fields_are_edited_against_the_version_read(world: World) -> None:
    order = world.boss.get(f"/service-orders/{world.anna.order}")
    answer = world.boss.patch(
        f"/service-orders/{world.anna.order}",
        {"description": "Another title", "priority_id": "high"},
        If_Match=order.etag,
    )
    assert answer.status == 200, answer.text
    assert answer.body["title"] == "Another title"
    assert answer.body["priority"]["id"] == "high"
    assert answer.body["customer"] == order.body["customer"]
    assert answer.body["version"] == order.body["version"] + 1


def test_in_new_start_and_vehicle_are_wish_and_proposal(world: World) -> None:
    made = world.boss.post("/service-orders", world.new_body())
    start = soon(60)
    body = {"start": start.isoformat(), "vehicle_id": str(world.vehicle)}
    path = f"/service-orders/{made.body['id']}"
    order = world.boss.patch(path, body, If_Match=made.etag).body
    assert order["stage"] == "new"
    assert datetime.fromisoformat(order["wish_start"]) == start
    assert order["vehicle"]["id"] == str(world.vehicle)


def test_a_technician_sent_for_an_order_in_new_plans_it(world: World) -> None:
    made = world.boss.post("/service-orders", world.new_body())
    body = {"technician_id": str(world.anna.technician.pk), "start": soon(60).isoformat()}
    path = f"/service-orders/{made.body['id']}"
    order = world.boss.patch(path, body, If_Match=made.etag).body
    assert order["stage"] == "planned"
    assert order["technician"]["name"] == "Anna of the team"


def test_a_start_sent_for_a_planned_order_moves_its_visit(world: World) -> None:
    read = world.boss.get(f"/service-orders/{world.anna.order}")
    start = soon(70)
    body = {"start": start.isoformat(), "description": "Moved"}
    path = f"/service-orders/{world.anna.order}"
    answer = world.boss.patch(path, body, If_Match=read.etag)
    assert answer.status == 200, answer.text
    assert datetime.fromisoformat(answer.body["start"]) == start
    assert answer.body["title"] == "Moved"


def test_an_edit_that_cannot_be_planned_changes_nothing(world: World) -> None:
    busy = world.planned(hours=80)
    assert busy.start is not None
    read = world.boss.get(f"/service-orders/{world.anna.order}")
    body = {"start": busy.start.isoformat(), "description": "Not kept"}
    path = f"/service-orders/{world.anna.order}"
    answer = world.boss.patch(path, body, If_Match=read.etag)
    assert (answer.status, answer.code) == (409, "overlap")
    assert world.boss.get(path).body == read.body


def test_the_technician_of_a_planned_order_is_not_edited_away(world: World) -> None:
    path = f"/service-orders/{world.anna.order}"
    etag = world.boss.get(path).etag
    answer = world.boss.patch(path, {"technician_id": None}, If_Match=etag)
    assert (answer.status, answer.fields()) == (422, {"technician_id"})


def test_an_order_in_new_waits(world: World) -> None:
    made = world.boss.post("/service-orders", world.new_body())
    path = f"/service-orders/{made.body['id']}"
    body = {"waiting_for": "part", "waiting_until": "2099-01-01", "waiting_note": "Valve"}
    order = world.boss.patch(path, body, If_Match=made.etag).body
    assert (order["waiting_for"], order["waiting_until"]) == ("part", "2099-01-01")


def test_a_completed_order_is_checked_and_unchecked(world: World) -> None:
    path = f"/service-orders/{world.anna.order}"
    assert world.boss.post(f"{path}/check").code == "not_completed"
    world.boss.post(f"{path}/actions/complete")
    assert world.boss.post(f"{path}/check").body["checked_at"] is not None
    assert world.boss.post(f"{path}/check").code == "checked"
    etag = world.boss.get(path).etag
    assert world.boss.patch(path, {"description": "Late"}, If_Match=etag).code == "checked"
    assert world.boss.post(f"{path}/actions/reopen").code in {"checked", "action_not_open"}
    assert world.boss.post(f"{path}/uncheck").body["checked_at"] is None
    assert world.boss.post(f"{path}/actions/reopen").body["stage"] == "new"
