"""Suggestions and explanations through the API: for managers, of an order and of a job."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, Visit
from callout.workforce import services as workforce
from callout.workforce.models import Skill, Technician
from tests.api.conftest import OURS, Api, World, queries, soon

SUGGESTIONS, EXPLAIN = "/planning/suggestions", "/planning/explain"


def job(world: World, **more: Any) -> dict[str, Any]:
    return {"site_id": str(world.anna.site), "duration_minutes": 60, **more}


def moment(value: str) -> str:
    return value.replace("+", "%2B")


@pytest.mark.parametrize("place", [SUGGESTIONS, EXPLAIN])
def test_managers_ask_and_nobody_else(world: World, place: str) -> None:
    who = {"technician_id": str(world.anna.technician.pk)} if place == EXPLAIN else {}
    query = "&".join(f"{name}={value}" for name, value in who.items())
    path = f"{place}?service_order_id={world.anna.order}&{query}"
    for api, status in ((world.boss, 200), (world.anna.api, 403), (world.nobody, 401)):
        assert api.get(path).status == status, api.get(path).text
        assert api.post(place, job(world, **who), Origin=OURS).status == status


def test_a_suggestion_says_who_when_why_and_at_what_cost(world: World) -> None:
    answer = world.boss.get(f"{SUGGESTIONS}?service_order_id={world.order().pk}")
    assert answer.status == 200
    items = answer.items
    assert {one["technician"]["name"] for one in items} == {"Anna of the team", "Bert of the team"}
    first = items[0]
    assert first["why"][0].isupper()  # words, whatever the hour makes of them
    assert first["reasons"] == []
    assert set(first["cost"]) >= {"extra_minutes", "known", "target_slack_minutes", "wait_minutes"}
    start, end = (datetime.fromisoformat(first[name]) for name in ("start", "end"))
    assert end - start == timedelta(minutes=60)
    assert answer.body["soonest"] == []


def test_a_job_that_is_no_order_yet_is_asked_with_its_needs_and_its_wish(world: World) -> None:
    world.kind.skills.set([Skill.objects.get(pk=world.skill)])
    body = job(world, type_id=str(world.kind.pk), wish_from="00:00", wish_to="23:59", limit=1)
    (one,) = world.boss.post(SUGGESTIONS, body).items
    assert [(r["code"], r["hard"]) for r in one["reasons"]] == [("skill", False)]
    assert one["reasons"][0]["words"] == "needs the skill “Gas”"
    assert world.boss.post(SUGGESTIONS, {**body, "site_id": str(world.kind.pk)}).fields() == {
        "site_id"
    }


def test_what_is_suggested_can_be_planned(world: World) -> None:
    order = world.order()
    (one, *_rest) = world.boss.get(f"{SUGGESTIONS}?service_order_id={order.pk}").items
    plan = {"technician_id": one["technician"]["id"], "start": one["start"]}
    answer = world.boss.post(f"/service-orders/{order.pk}/actions/plan", plan)
    assert (answer.status, answer.body["start"]) == (200, one["start"])


def test_an_urgent_job_learns_who_comes_soonest_and_what_would_move(world: World) -> None:
    (late,) = (
        dash for dash in soonest(world, minutes=240) if dash["technician"]["id"] == anna(world)
    )
    assert [move["service_order"]["id"] for move in late["moves"]] == [str(world.anna.order)]
    assert late["moves"][0]["service_order"]["name"].startswith("SO-")
    assert late["moves"][0]["visit_id"] == str(world.anna.visit)
    (early,) = (
        dash for dash in soonest(world, minutes=30) if dash["technician"]["id"] == anna(world)
    )
    assert early["moves"] == []


def anna(world: World) -> str:
    return str(world.anna.technician.pk)


def soonest(world: World, minutes: int) -> list[dict[str, Any]]:
    body = job(world, duration_minutes=minutes, urgent=True)
    found: list[dict[str, Any]] = world.boss.post(SUGGESTIONS, body).body["soonest"]
    return found


def test_an_overlap_is_explained_with_what_would_help(world: World) -> None:
    visit = Visit.objects.get(pk=world.anna.visit)
    path = f"{EXPLAIN}?service_order_id={world.order().pk}&technician_id={anna(world)}"
    body = world.boss.get(f"{path}&start={moment(visit.start.isoformat())}").body
    (reason,) = body["slot"]["reasons"]
    number = world.boss.get(f"/service-orders/{world.anna.order}").body["number"]
    assert (reason["code"], reason["hard"]) == ("overlap", True)
    assert reason["words"] == f"would overlap {number}"
    assert reason["figures"]["service_order_id"] == str(world.anna.order)
    assert {one["kind"] for one in body["remedies"]} == {
        "another_slot", "another_technician", "allow_overlap",
    }  # fmt: skip
    assert body["remedies"][-1]["kind"] == "allow_overlap"


def test_the_code_of_a_hard_reason_is_the_code_of_the_refusal(world: World) -> None:
    order = world.order()
    Technician.objects.filter(pk=world.bert.technician.pk).update(archived_at=soon(-1))
    workforce.absence_create(
        actor=world.manager, technician_id=world.anna.technician.pk, kind="other",
        start=soon(200), end=soon(220),
    )  # fmt: skip
    visit = Visit.objects.get(pk=world.anna.visit)
    cases = [
        (world.anna.technician.pk, visit.start, "overlap"),
        (world.anna.technician.pk, soon(210), "technician_absent"),
        (world.anna.technician.pk, soon(-10), "slot_past"),
        (world.anna.technician.pk, soon(24 * 3700), "slot_too_far"),
        (world.bert.technician.pk, soon(50), "technician_archived"),
    ]
    for technician_id, start, code in cases:
        asked = {"technician_id": str(technician_id), "start": start.isoformat()}
        found = world.boss.post(EXPLAIN, job(world, **asked)).body["slot"]["reasons"]
        assert found[0]["code"] == code
        refused = world.boss.post(f"/service-orders/{order.pk}/actions/plan", asked)
        assert refused.code == code


def test_without_a_start_the_first_free_slot_is_explained(world: World) -> None:
    body = world.boss.post(EXPLAIN, job(world, technician_id=anna(world))).body
    assert (body["slot"]["reasons"], body["remedies"]) == ([], [])


def test_a_planned_order_is_not_in_its_own_way(world: World) -> None:
    order = ServiceOrder.objects.get(pk=world.anna.order)
    assert order.start
    start = moment((order.start + timedelta(minutes=15)).isoformat())
    path = f"{EXPLAIN}?service_order_id={order.pk}&technician_id={anna(world)}&start={start}"
    assert world.boss.get(path).body["slot"]["reasons"] == []


@pytest.mark.wide
def test_asking_writes_nothing_and_takes_as_many_questions_for_many_as_for_few(
    world: World,
) -> None:

    def asked(api: Api) -> int:
        with queries() as run:
            assert api.post(SUGGESTIONS, job(world, urgent=True)).status == 200
            assert api.post(EXPLAIN, job(world, technician_id=anna(world))).status == 200
        return len(run)

    asked(world.boss)
    before, few = JournalEntry.objects.count(), asked(world.boss)
    assert JournalEntry.objects.count() == before
    for number in range(4):
        world.planned(hours=100 + number)
        workforce.technician_create(actor=world.manager, name=f"T {number}")
    assert asked(world.boss) == few


def test_what_is_not_there_is_404_or_said_beside_its_field(world: World) -> None:
    missing = str(world.kind.pk)
    assert world.boss.get(f"{SUGGESTIONS}?service_order_id={missing}").status == 404
    assert world.boss.post(EXPLAIN, job(world, technician_id=missing)).status == 404
    assert world.boss.post(SUGGESTIONS, job(world, duration_minutes=0)).fields() == {
        "duration_minutes"
    }
    assert world.boss.post(SUGGESTIONS, job(world, wish_from="noon")).fields() == {"wish_from"}
    far = job(world, technician_id=anna(world), start="2199-12-31T23:00:00Z")
    assert world.boss.post(EXPLAIN, far).body["slot"]["reasons"][0]["code"] == "slot_too_far"
    late = job(world, wish_not_before="2199-12-31T23:00:00Z")
    assert world.boss.post(SUGGESTIONS, late).status == 200
