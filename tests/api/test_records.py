"""Checklists and the record of the work, as programs read them."""

from uuid import UUID, uuid4

import pytest

from callout.fieldwork.models import ChecklistItem, Signature
from callout.kernel import clock
from callout.orders import services as orders
from tests.api.conftest import World, soon


def test_a_checklist_is_kept_line_by_line(world: World) -> None:
    body = {"type_id": str(world.kind.pk), "text": "CO", "kind": "number", "low": "0",
            "high": "9.50", "unit": "ppm", "required": True}  # fmt: skip
    made = world.boss.post("/checklist-items", body)
    assert made.status == 201, made.text
    assert (made.body["high"], made.body["type"]["id"]) == ("9.5", str(world.kind.pk))
    path = f"/checklist-items/{made.body['id']}"
    assert world.anna.api.get(path).body == made.body
    edited = world.boss.patch(path, {"high": None}, If_Match=made.etag)
    assert (edited.body["high"], edited.body["low"]) == (None, "0")
    assert world.boss.patch(path, {"low": "1"}, If_Match=made.etag).status == 412
    assert world.boss.delete(path).body["archived_at"]
    found = f"/checklist-items?type_id={world.kind.pk}"
    assert [one["id"] for one in world.boss.get(found).items] == [str(world.item)]
    assert [one["id"] for one in world.boss.get(f"{found}&archived=true").items] == [
        made.body["id"]
    ]
    assert world.boss.post(f"{path}/restore").body["archived_at"] is None


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"type_id": str(UUID(int=7))}, "type_id"),
        ({"kind": "dance"}, "kind"),
        ({"kind": "choice", "choices": ["one"]}, "choices"),
        ({"kind": "number", "low": "nine"}, "low"),
        ({"text": "  "}, "text"),
        ({"more": 1}, "more"),
    ],
    ids=str,
)
def test_a_line_that_cannot_be_is_told_by_its_field(
    world: World, body: dict[str, object], field: str
) -> None:
    answer = world.boss.post(
        "/checklist-items", {"type_id": str(world.kind.pk), "text": "x", **body}
    )
    assert answer.status == 422
    assert answer.fields() == {field}


def test_the_lines_are_put_in_order(world: World) -> None:
    path = f"/types/{world.kind.pk}/checklist-order"
    made = world.boss.post("/checklist-items", {"type_id": str(world.kind.pk), "text": "Second"})
    wanted = [made.body["id"], str(world.item)]
    answer = world.boss.put(path, {"item_ids": wanted})
    assert [one["id"] for one in answer.items] == wanted
    assert world.boss.put(path, {"item_ids": wanted[:1]}).status == 409
    assert world.boss.put(f"/types/{uuid4()}/checklist-order", {"item_ids": []}).status == 404


def test_the_record_of_an_order_is_read_visit_by_visit(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/record"
    for api in (world.boss, world.anna.api):
        (record,) = api.get(path).items
        assert record["visit_id"] == str(world.anna.visit)
        assert [one["text"] for one in record["checklist"]] == ["Flue clean?"]
        assert [one["text"] for one in record["parts"]] == ["Part Lindens"]
        assert record["report"] == "Report Lindens"
        signature = record["signature"]
        row = Signature.objects.get(pk=world.anna.signature)
        assert (signature["name"], signature["mark"]) == ("Signer Lindens", row.seal_sha256[:10])
        assert {one["field"] for one in signature["changed"]} == {"parts", "report", "photos"}
        (photo,) = record["photos"]
        assert (photo["name"], photo["attachment_id"]) == ("photo Lindens.jpg", None)


def test_a_technician_who_came_to_an_order_later_reads_no_record_of_others_open_visits(
    world: World,
) -> None:
    """Past visits are theirs to know; what is planned for others is not."""
    orders.order_act(
        actor=world.manager,
        order_id=world.anna.order,
        action="plan_another",
        command=orders.Command(
            technician_id=world.bert.technician.pk, start=soon(200), duration_minutes=60
        ),
    )
    (record,) = world.bert.api.get(f"/service-orders/{world.anna.order}/record").items
    assert record["visit_id"] != str(world.anna.visit)
    assert record["signature"] is None


def test_nothing_of_a_record_is_written_by_the_api(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/record"
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert world.boss(method, path, {}, If_Match='"1"').status == 405
    assert ChecklistItem.objects.filter(pk=world.item).exists()


def test_undo_is_not_offered_once_the_customer_has_signed(world: World) -> None:
    order, api = str(world.anna.order), world.anna.api
    path = f"/service-orders/{order}"

    def offered() -> set[bool]:
        listed = next(one for one in api.get("/service-orders").items if one["id"] == order)
        return {"undo" in api.get(path).body["actions"], "undo" in listed["actions"]}

    orders.order_act(actor=world.anna.actor, order_id=world.anna.order, action="depart")
    assert offered() == {True}
    Signature.objects.update(signed_at=clock.now())
    assert offered() == {False}
    assert api.post(f"{path}/actions/undo").status == 409
