"""Hours through the API: found, entered, corrected, taken back."""

from uuid import uuid4

import pytest

from callout.orders.models import TimeEntry
from tests.api.conftest import World, soon

PLACE = "/time-entries"


def hours() -> dict[str, str]:
    """An hour of work, two hours ago."""
    return {"kind": "work", "start": soon(-3).isoformat(), "end": soon(-2).isoformat()}


def test_a_manager_enters_corrects_and_takes_back_anybody_s(world: World) -> None:
    body = {
        **hours(),
        "technician_id": str(world.anna.technician.pk),
        "visit_id": str(world.anna.visit),
    }
    made = world.boss.post(PLACE, body)
    assert made.status == 201, made.text
    assert made.body["service_order"]["id"] == str(world.anna.order)
    assert (made.body["technician"]["name"], made.body["derived"]) == ("Anna of the team", False)
    path = f"{PLACE}/{made.body['id']}"
    assert world.boss.patch(path, {"kind": "travel"}).status == 428
    edited = world.boss.patch(path, {"kind": "travel", "note": "Detour"}, If_Match=made.etag)
    assert (edited.body["kind"], edited.body["note"]) == ("travel", "Detour")
    stale = world.boss.patch(path, {"kind": "work"}, If_Match=made.etag)
    assert (stale.status, stale.body["current"]) == (412, edited.body)
    assert world.boss.delete(path).status == 204
    assert world.boss.get(path).status == 404


def test_a_technician_enters_own_hours_without_saying_who(world: World) -> None:
    made = world.anna.api.post(PLACE, hours())
    assert made.body["technician"]["id"] == str(world.anna.technician.pk)
    assert made.body["service_order"] is None
    other = {**hours(), "technician_id": str(world.bert.technician.pk)}
    assert world.anna.api.post(PLACE, other).status == 403
    foreign = {**hours(), "visit_id": str(world.bert.visit)}
    assert world.anna.api.post(PLACE, foreign).status == 404


def test_they_are_found_by_technician_order_and_time(world: World) -> None:
    def ids(query: str) -> set[str]:
        return {item["id"] for item in world.boss.get(f"{PLACE}?limit=200&{query}").items}

    anna, bert = str(world.anna.time_entry), str(world.bert.time_entry)
    assert ids("") >= {anna, bert}
    assert ids(f"technician_id={world.anna.technician.pk}") == {anna}
    assert ids(f"service_order_id={world.bert.order}") == {bert}
    moment = soon(-29.5).isoformat().replace("+", "%2B")
    assert anna not in ids(f"from={moment}")
    assert anna in ids(f"to={moment}")
    assert world.boss.get(f"{PLACE}?from=yesterday").fields() == {"from"}


def test_what_was_tapped_is_read_and_not_edited(world: World) -> None:
    row = TimeEntry.objects.create(
        technician=world.anna.technician, visit_id=world.anna.visit, kind="work", derived=True,
        start=soon(-2), end=soon(-1),
    )  # fmt: skip
    found = [item for item in world.boss.get(PLACE).items if item["derived"]]
    assert str(row.pk) in {item["id"] for item in found}
    for item in found:
        answer = world.boss.delete(f"{PLACE}/{item['id']}")
        assert (answer.status, answer.code) == (409, "derived")


@pytest.mark.parametrize("field", ["kind", "end", "note", "technician_id", "start"])
def test_bad_hours_are_told_beside_their_field(world: World, field: str) -> None:
    wrong = {
        "kind": ["sleep"], "end": [soon(-4).isoformat(), soon(3).isoformat()], "note": ["x" * 201],
        "technician_id": [str(uuid4())], "start": ["2026-11-24T08:00:00"],
    }  # fmt: skip
    for value in wrong[field]:
        body = {**hours(), "technician_id": str(world.anna.technician.pk), field: value}
        answer = world.boss.post(PLACE, body)
        assert (answer.status, answer.fields()) == (422, {field})
