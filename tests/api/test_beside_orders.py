"""Visits, notes and the journal of an order."""

from datetime import datetime
from uuid import uuid4

import pytest

from callout.kernel.models import JournalEntry
from tests.api.conftest import World, soon


def test_visits_are_listed_in_their_order(world: World) -> None:
    path = f"/service-orders/{world.anna.order}"
    body = {"technician_id": str(world.bert.technician.pk), "start": soon(90).isoformat()}
    world.boss.post(f"{path}/actions/plan-another", body)
    items = world.boss.get(f"{path}/visits").items
    assert [item["sequence"] for item in items] == [1, 2]
    assert items == world.boss.get(path).body["visits"]


def test_a_technician_does_not_see_the_planned_visit_of_another(world: World) -> None:
    path = f"/service-orders/{world.anna.order}"
    body = {"technician_id": str(world.bert.technician.pk), "start": soon(90).isoformat()}
    world.boss.post(f"{path}/actions/plan-another", body)
    items = world.anna.api.get(f"{path}/visits").items
    assert [item["id"] for item in items] == [str(world.anna.visit)]


def test_visits_are_found_apart_from_their_orders(world: World) -> None:
    found = world.boss.get("/visits").items
    assert [visit["id"] for visit in found] == [str(world.bert.visit), str(world.anna.visit)]
    for query in (
        f"technician_id={world.anna.technician.pk}", f"service_order_id={world.anna.order}",
    ):  # fmt: skip
        items = world.boss.get(f"/visits?{query}").items
        assert [visit["id"] for visit in items] == [str(world.anna.visit)]
    assert world.boss.get("/visits?open=false").items == []
    read = world.anna.api.get(f"/visits/{world.anna.visit}").body
    assert read["order"]["id"] == str(world.anna.order)
    assert [visit["id"] for visit in world.anna.api.get("/visits").items] == [read["id"]]


def test_a_visit_is_promised_and_pinned_against_the_orders_version(world: World) -> None:
    order = f"/service-orders/{world.anna.order}"
    path = f"{order}/visits/{world.anna.visit}"
    body = {
        "promise_from": soon(2).isoformat(), "promise_to": soon(4).isoformat(), "pinned": True,
    }  # fmt: skip
    assert world.boss.patch(path, body).status == 428
    etag = world.boss.get(order).etag
    answer = world.boss.patch(path, body, If_Match=etag)
    assert answer.status == 200, answer.text
    visit = answer.body["visits"][0]
    assert visit["pinned"] is True
    assert datetime.fromisoformat(visit["promise_to"]) == soon(4)
    assert world.boss.patch(path, {"pinned": False}, If_Match=etag).status == 412
    assert world.anna.api.patch(path, {"pinned": False}, If_Match=answer.etag).status == 403


@pytest.mark.parametrize(
    "body",
    [
        {"promise_from": "2030-01-01T08:00:00Z"},
        {"promise_from": None, "promise_to": None},
        {"promise_from": "2030-01-02T08:00:00Z", "promise_to": "2030-01-01T08:00:00Z"},
        {"pinned": "yes"},
        {"status": "done"},
    ],
)
def test_half_a_promise_is_none(world: World, body: dict[str, object]) -> None:
    order = f"/service-orders/{world.anna.order}"
    etag = world.boss.get(order).etag
    answer = world.boss.patch(f"{order}/visits/{world.anna.visit}", body, If_Match=etag)
    assert answer.status == 422, answer.text
    assert world.boss.get(order).etag == etag


def test_a_note_is_added_and_does_not_make_an_open_form_stale(world: World) -> None:
    order = f"/service-orders/{world.anna.order}"
    etag = world.boss.get(order).etag
    made = world.boss.post(f"{order}/notes", {"text": "Ring first", "kind": "call"})
    assert made.status == 201, made.text
    assert made.headers["Location"] == f"/api/v1/notes/{made.body['id']}"
    assert world.boss.get(f"/notes/{made.body['id']}").body == made.body
    assert made.body["author"]["name"] == "Marie"
    assert world.boss.get(order).etag == etag
    notes = world.boss.get(f"{order}/notes").items
    assert [note["kind"] for note in notes] == ["technician", "internal", "call"]


def test_a_technician_reads_and_writes_the_notes_that_are_for_them(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/notes"
    made = world.anna.api.post(path, {"text": "Valve is stuck"})
    assert made.body["kind"] == "technician"
    notes = world.anna.api.get(path).items
    assert [note["id"] for note in notes] == [str(world.anna.note), made.body["id"]]
    assert world.anna.api.get(f"/notes/{world.secret_note}").status == 404
    assert world.anna.api.get(f"/notes/{world.bert.note}").status == 404
    for kind in ("internal", "call"):
        assert world.anna.api.post(path, {"text": "x", "kind": kind}).status == 403


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 10_001}, "text"),
        ({}, "text"),
        ({"text": "x", "kind": "shout"}, "kind"),
        ({"text": "x", "visit_id": "y"}, "visit_id"),
    ],
)
def test_a_bad_note_is_told_beside_its_field(
    world: World, body: dict[str, object], field: str
) -> None:
    answer = world.boss.post(f"/service-orders/{world.anna.order}/notes", body)
    assert (answer.status, answer.fields()) == (422, {field})


def test_a_note_is_of_a_visit_of_the_order(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/notes"
    made = world.anna.api.post(path, {"text": "x", "visit_id": str(world.anna.visit)})
    assert made.body["visit_id"] == str(world.anna.visit)
    for visit in (world.bert.visit, uuid4()):
        assert world.boss.post(path, {"text": "x", "visit_id": str(visit)}).status == 404


def test_the_journal_tells_who_did_what_newest_first(world: World) -> None:
    order = f"/service-orders/{world.anna.order}"
    world.anna.api.post(f"{order}/actions/depart")
    world.anna.api.post(f"{order}/actions/arrive")
    entries = world.boss.get(f"{order}/journal").items
    assert [entry["kind"] for entry in entries][:2] == ["arrive", "depart"]
    assert entries[0]["who"] == "Anna"
    assert entries[0]["door"] == "api"
    assert entries[0]["facts"]["to"] == "on_site"
    kinds = {entry["kind"] for entry in entries}
    assert {"create", "plan", "note_add", "file_add"} <= kinds
    assert entries[0]["visit_id"] == str(world.anna.visit)


def test_a_technicians_journal_holds_neither_the_offices_notes_nor_anybodys_texts(
    world: World,
) -> None:
    order = f"/service-orders/{world.anna.order}"
    body = {"technician_id": str(world.bert.technician.pk), "start": soon(90).isoformat()}
    world.boss.post(f"{order}/actions/plan-another", body)
    answer = world.anna.api.get(f"{order}/journal")
    assert answer.status == 200
    whole = world.boss.get(f"{order}/journal")
    secret = JournalEntry.objects.get(facts__note=str(world.secret_note))
    assert secret.pk in {entry["id"] for entry in whole.items}
    assert secret.pk not in {entry["id"] for entry in answer.items}
    assert "plan_another" not in {entry["kind"] for entry in answer.items}
    assert set(answer.items[0]) == {"id", "at", "recorded_at", "who", "door", "kind"}
    assert "CANARY" not in answer.text


def test_the_journal_comes_in_pages(world: World) -> None:
    path = f"/service-orders/{world.anna.order}/journal"
    whole = [entry["id"] for entry in world.boss.get(path).items]
    first = world.boss.get(f"{path}?limit=2")
    second = world.boss.get(f"{path}?limit=200&after={first.body['next']}")
    assert [entry["id"] for entry in first.items + second.items] == whole


@pytest.mark.parametrize("part", ["visits", "notes", "journal", "attachments", "access-code"])
def test_what_lies_beside_anothers_order_is_not_there(world: World, part: str) -> None:
    theirs = world.anna.api.get(f"/service-orders/{world.bert.order}/{part}")
    missing = world.anna.api.get(f"/service-orders/{uuid4()}/{part}")
    assert theirs.status == missing.status == 404
    assert theirs.text == missing.text
