"""GET /planning/board."""

from typing import Any

import pytest

from callout.web.api.board import BoardOut
from tests.api.conftest import World


def row_of(body: Any, technician_id: object) -> Any:
    return next(row for row in body["rows"] if row["technician"]["id"] == str(technician_id))


def test_the_answer_is_what_the_description_says(world: World) -> None:
    world.planned(hours=3)
    answer = world.boss.get("/planning/board?days=7")
    assert answer.status == 200
    shown = BoardOut.model_validate(answer.body)
    assert shown.model_dump(mode="json").keys() == answer.body.keys()
    row = shown.rows[0].model_dump(mode="json")
    assert row.keys() == answer.body["rows"][0].keys()
    bar = row_of(answer.body, world.anna.technician.pk)["visits"][0]
    assert BoardOut.model_fields["rows"].annotation is not None
    first = next(row for row in shown.rows if row.visits).visits[0].model_dump(mode="json")
    assert first.keys() == bar.keys()
    assert first["course"].keys() == bar["course"].keys()


def test_a_visit_is_told_with_what_its_actions_need(world: World) -> None:
    order = world.planned(hours=3)
    body = world.boss.get("/planning/board?days=7").body
    visits = row_of(body, world.anna.technician.pk)["visits"]
    bar = next(one for one in visits if one["service_order_id"] == str(order.pk))
    answer = world.boss.post(
        f"/service-orders/{bar['service_order_id']}/actions/depart",
        {"visit_id": bar["visit_id"]},
        If_Match=f'"{bar["version"]}"',
    )
    assert answer.status == 200
    again = world.boss.get("/planning/board?days=7").body
    visits = row_of(again, world.anna.technician.pk)["visits"]
    moved = next(one for one in visits if one["service_order_id"] == str(order.pk))
    assert moved["technician_status"] == "en_route"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("days=0", "days"),
        ("days=32", "days"),
        ("days=x", "days"),
        ("first=2026-13-01", "first"),
        ("first=yesterday", "first"),
        ("technician_id=7", "technician_id"),
        ("skill_id=%27", "skill_id"),
    ],
)
def test_nonsense_is_told_beside_its_field(world: World, query: str, field: str) -> None:
    answer = world.boss.get(f"/planning/board?{query}")
    assert answer.status == 422
    assert {name.partition(".")[0] for name in answer.fields()} == {field}


def test_some_technicians_alone_are_asked_for_with_commas(world: World) -> None:
    wanted = [str(world.anna.technician.pk), str(world.bert.technician.pk)]
    rows = world.boss.get(f"/planning/board?technician_id={','.join(wanted)}").body["rows"]
    assert {row["technician"]["id"] for row in rows} == set(wanted)
    one = world.boss.get(f"/planning/board?technician_id={wanted[0]}").body["rows"]
    assert [row["technician"]["id"] for row in one] == wanted[:1]


def test_days_at_the_ends_of_time_are_no_error_of_ours(world: World) -> None:
    for first in ("0001-01-01", "9999-12-31", "1900-01-01"):
        assert world.boss.get(f"/planning/board?first={first}&days=31").status in {200, 422}


def test_a_technician_and_a_stranger_get_nothing_of_it(world: World) -> None:
    assert world.anna.api.get("/planning/board").status == 403
    assert world.nobody.get("/planning/board").status == 401
