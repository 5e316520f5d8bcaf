"""GET /planning/board."""

from datetime import timedelta
from typing import Any

import pytest

from callout.accounts import company as firm
from callout.accounts.models import COMPANY_ID, Company
from callout.accounts.zone import today
from callout.orders import services as orders
from callout.orders.models import ServiceOrder
from callout.web.api.board import BoardOut
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.api.conftest import World, soon


def row_of(body: Any, technician_id: object) -> Any:
    return next(row for row in body["rows"] if row["technician"]["id"] == str(technician_id))


def test_the_answer_is_what_the_description_says(world: World) -> None:
    world.planned(hours=3)
    answer = world.boss.get("/planning/board?days=7")
    assert answer.status == 200
    assert any(row["visits"] for row in answer.body["rows"])
    assert BoardOut.model_validate(answer.body).model_dump(mode="json") == answer.body


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


def bar_of(world: World, order_id: object) -> Any:
    body = world.boss.get("/planning/board?days=7").body
    visits = row_of(body, world.anna.technician.pk)["visits"]
    return next(one for one in visits if one["service_order_id"] == str(order_id))


def test_a_bar_says_what_was_seen_what_is_late_and_what_happened(world: World) -> None:
    order = world.planned(hours=30)
    bar = bar_of(world, order.pk)
    assert (bar["seen_at"], bar["type_icon"]) == (None, world.kind.icon)
    assert bar["target_at"] is not None
    assert bar["target_late"] is (bar["start"] > bar["target_at"])
    assert bar["happened"] == {"departed_at": None, "arrived_at": None, "closed_at": None}
    orders.order_see(actor=world.anna.actor, order_id=order.pk)
    orders.order_act(actor=world.anna.actor, order_id=order.pk, action="depart")
    bar = bar_of(world, order.pk)
    assert bar["seen_at"] is not None
    assert bar["happened"]["departed_at"] is not None
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=soon(29))
    assert bar_of(world, order.pk)["target_late"] is True
    ServiceOrder.objects.filter(pk=order.pk).update(answered_at=soon(-1))
    answered = bar_of(world, order.pk)
    assert (answered["target_at"], answered["target_late"]) == (None, False)
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=None)
    assert bar_of(world, order.pk)["target_late"] is False


def test_a_row_names_its_team_absences_and_holidays(world: World) -> None:
    anna, day = world.anna.technician, today() + timedelta(days=2)
    Technician.objects.filter(pk=anna.pk).update(team=world.team, calendar=world.calendar)
    workforce.holiday_add(
        actor=world.manager, calendar_id=world.calendar, date=str(day), name="Fair"
    )
    workforce.absence_create(
        actor=world.manager, technician_id=anna.pk, kind="training", start=soon(60), end=soon(61)
    )
    body = world.boss.get("/planning/board?days=7").body
    row = row_of(body, anna.pk)
    assert body["zone"] == "Europe/Brussels"
    assert row["teams"] == [{"id": str(world.team), "name": "North"}]
    assert row["holidays"] == [{"day": str(day), "name": "Fair"}]
    assert [(one["kind"], one["label"]) for one in row["absences"]] == [("training", "Training")]
    other = row_of(body, world.bert.technician.pk)
    assert (other["teams"], other["holidays"]) == ([], [])


def test_a_bar_is_numbered_as_the_company_numbers_now(world: World) -> None:
    order = world.planned(hours=30)
    assert bar_of(world, order.pk)["number"] == f"SO-{order.number:06d}"
    Company.objects.update_or_create(
        pk=COMPANY_ID, defaults={"number_prefix": "W", "number_digits": 8}
    )
    firm.KEPT.forget()
    assert bar_of(world, order.pk)["number"] == f"W{order.number:08d}"
