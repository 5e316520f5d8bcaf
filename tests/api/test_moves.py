"""POST /planning/moves and /planning/moves/undo: what a drag on the board does."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from callout.customers.models import Site
from callout.kernel import clock
from callout.kernel.models import JournalEntry
from callout.orders import services as orders
from callout.orders.models import Note, Priority, ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.orders.services.booking import technicians_lock
from callout.planning import taking_back
from callout.workforce import services as workforce
from callout.workforce.models import Skill, Technician
from tests.api.conftest import OURS, Answer, World, queries, soon

MOVES, UNDO = "/planning/moves", "/planning/moves/undo"


@pytest.fixture(autouse=True)
def near(world: World) -> Iterator[None]:
    """Everybody and every site in one street, and no target: only what a story is about warns. The
    clock stands still, so that an hour is the same one a line later."""
    Priority.objects.update(response_hours=None)
    Site.objects.update(latitude=50.7, longitude=4.6)
    Technician.objects.update(latitude=50.7, longitude=4.6)
    with clock.freeze(clock.now()):
        yield


def fresh(order: ServiceOrder) -> ServiceOrder:
    return ServiceOrder.objects.select_related("visit").get(pk=order.pk)


def move(order: ServiceOrder, start: datetime, who: Technician, **more: Any) -> dict[str, Any]:
    """The order's visit (or its first one) at `start`, as the board sends it."""
    order = fresh(order)
    return {
        "service_order_id": str(order.pk), "version": order.version,
        "visit_id": str(order.visit_id) if order.visit_id else None,
        "technician_id": str(who.pk), "start": start.isoformat(), "duration_minutes": 60, **more,
    }  # fmt: skip


def send(world: World, *moves: dict[str, Any], **more: Any) -> Answer:
    return world.boss.post(MOVES, {"moves": list(moves), **more})


def slot(order: ServiceOrder) -> tuple[datetime | None, Any]:
    order = fresh(order)
    return order.start, order.technician_id


def start_of(order: ServiceOrder) -> datetime:
    start = fresh(order).start
    assert start
    return start


def starts_of(order: ServiceOrder) -> list[datetime]:
    return sorted(Visit.objects.filter(order=order).values_list("start", flat=True))


def entries() -> int:
    return JournalEntry.objects.count()


# --- who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [MOVES, UNDO])
def test_managers_drag_and_nobody_else(world: World, path: str) -> None:
    order = world.order()
    body: dict[str, Any] = {"moves": [move(order, soon(50), world.anna.technician)]}
    if path == UNDO:
        done = orders.order_act(
            actor=world.manager, order_id=order.pk, action="plan",
            command=orders.Command(technician_id=world.anna.technician.pk, start=soon(50)),
        )  # fmt: skip
        body = {"done": [{"service_order_id": str(order.pk), "version": done.version}]}
    before = entries()
    for api, status in ((world.anna.api, 403), (world.nobody, 401)):
        assert api.post(path, body, Origin=OURS).status == status
    assert entries() == before
    assert world.boss.post(path, body).status == 200


# --- done, and undone -----------------------------------------------------------------------------


def test_a_new_order_dropped_on_a_slot_is_planned_and_taken_back(world: World) -> None:
    order, anna = world.order(), world.anna.technician
    answer = send(world, move(order, soon(50), anna))
    assert answer.status == 200, answer.text
    assert slot(order) == (soon(50), anna.pk)
    number = order_number(order.number)
    assert answer.body["words"].startswith(f"{number} is planned for ")
    assert answer.body["words"].endswith(f", {anna.name}.")
    assert answer.body["done"] == [
        {
            "service_order_id": str(order.pk), "version": fresh(order).version,
            "visit_id": str(fresh(order).visit_id),
        }
    ]  # fmt: skip
    back = world.boss.post(UNDO, {"done": answer.body["done"]})
    assert back.body["words"] == f"{number} is to be planned again."
    assert fresh(order).stage == "new"
    assert back.body["done"][0]["version"] == fresh(order).version


def test_a_visit_moves_to_another_row_and_comes_back(world: World) -> None:
    order = world.planned(hours=50)
    answer = send(world, move(order, soon(53), world.bert.technician, duration_minutes=90))
    assert answer.status == 200, answer.text
    moved = fresh(order)
    assert (moved.start, moved.technician_id) == (soon(53), world.bert.technician.pk)
    assert moved.end
    assert moved.start
    assert moved.end - moved.start == timedelta(minutes=90)
    assert world.boss.post(UNDO, {"done": answer.body["done"]}).status == 200
    assert slot(order) == (soon(50), world.anna.technician.pk)


def test_neighbours_moved_together_by_an_hour_do_not_refuse_one_another(world: World) -> None:
    row = [world.planned(hours=50 + number) for number in range(4)]
    anna = world.anna.technician
    for hours in (1, -1):
        moves = [move(one, start_of(one) + timedelta(hours=hours), anna) for one in row]
        answer = send(world, *moves)
        assert answer.status == 200, answer.text
        assert answer.body["words"] == "4 visits are planned."
    assert [slot(one)[0] for one in row] == [soon(50 + number) for number in range(4)]
    back = world.boss.post(UNDO, {"done": answer.body["done"]})
    assert back.status == 200, back.text
    assert [slot(one)[0] for one in row] == [soon(51 + number) for number in range(4)]


def test_two_visits_change_places(world: World) -> None:
    first, second = world.planned(hours=50), world.planned(51, world.bert.technician)
    answer = send(
        world, move(first, soon(51), world.bert.technician),
        move(second, soon(50), world.anna.technician),
    )  # fmt: skip
    assert answer.status == 200, answer.text
    assert slot(first) == (soon(51), world.bert.technician.pk)
    assert slot(second) == (soon(50), world.anna.technician.pk)


def test_two_moves_onto_one_slot_refuse_each_other_and_nothing_moves(world: World) -> None:
    first, second = world.planned(hours=50), world.order()
    anna, before = world.anna.technician, entries()
    answer = send(world, move(first, soon(60), anna), move(second, soon(60.5), anna))
    assert (answer.status, answer.code) == (409, "refused_plan")
    assert {one["code"] for one in answer.body["reasons"]} == {"overlap"}
    assert slot(first)[0] == soon(50)
    assert fresh(second).stage == "new"
    assert entries() == before


def test_two_visits_of_one_order_move_and_come_back_as_one(world: World) -> None:
    order = world.planned(hours=50)
    orders.order_act(
        actor=world.manager, order_id=order.pk, action="plan_another",
        command=orders.Command(technician_id=world.anna.technician.pk, start=soon(70)),
    )  # fmt: skip
    first, second = Visit.objects.filter(order=order).order_by("start")
    moves = [
        move(order, one.start + timedelta(hours=2), world.anna.technician, visit_id=str(one.pk))
        for one in (first, second)
    ]
    answer = send(world, *moves)
    assert answer.status == 200, answer.text
    starts = list(
        Visit.objects.filter(order=order).order_by("start").values_list("start", flat=True)
    )
    assert starts == [soon(52), soon(72)]
    back = world.boss.post(UNDO, {"done": answer.body["done"]})
    assert back.status == 200, back.text
    starts = list(
        Visit.objects.filter(order=order).order_by("start").values_list("start", flat=True)
    )
    assert starts == [soon(50), soon(70)]


def test_what_was_unplanned_comes_back_by_the_same_undo(world: World) -> None:
    order = world.planned(hours=50)
    path = f"/service-orders/{order.pk}/actions/unplan"
    version = world.boss.post(path, {}, If_Match=f'"{fresh(order).version}"').body["version"]
    done = [{"service_order_id": str(order.pk), "version": version}]
    assert world.boss.post(UNDO, {"done": done}).status == 200
    assert slot(order) == (soon(50), world.anna.technician.pk)


def test_what_was_built_on_is_not_taken_back_nor_anything_with_it(world: World) -> None:
    first, second = world.planned(hours=50), world.planned(hours=52)
    anna = world.anna.technician
    done = send(world, move(first, soon(60), anna), move(second, soon(62), anna)).body["done"]
    orders.order_act(actor=world.manager, order_id=second.pk, action="depart")
    before = entries()
    answer = world.boss.post(UNDO, {"done": done})
    assert (answer.status, answer.code) == (409, "built_on")
    assert "Departed" in answer.body["detail"]
    assert answer.body["service_order_id"] == str(second.pk)
    assert slot(first)[0] == soon(60)
    assert entries() == before


def test_an_undo_whose_place_was_taken_since_is_refused_in_words(world: World) -> None:
    order = world.planned(hours=50)
    done = send(world, move(order, soon(60), world.anna.technician)).body["done"]
    world.planned(hours=50)
    answer = world.boss.post(UNDO, {"done": done})
    assert (answer.status, answer.code) == (409, "overlap")
    assert slot(order)[0] == soon(60)


def test_what_took_the_place_on_purpose_since_is_not_moved_upon(world: World) -> None:
    first, second = world.planned(hours=50), world.planned(hours=51)
    anna = world.anna.technician
    done = send(world, move(first, soon(51), anna), move(second, soon(50), anna)).body["done"]
    assert send(world, move(world.order(), soon(50), anna, allow_overlap=True)).status == 200
    answer = world.boss.post(UNDO, {"done": done})
    assert (answer.status, answer.code) == (409, "overlap")
    assert (slot(first)[0], slot(second)[0]) == (soon(51), soon(50))


def test_visits_that_were_swapped_over_an_overlap_on_purpose_swap_back(world: World) -> None:
    first, second = world.planned(hours=50), world.planned(hours=51)
    anna = world.anna.technician
    done = send(
        world, move(first, soon(51), anna, allow_overlap=True),
        move(second, soon(50), anna, allow_overlap=True),
    ).body["done"]  # fmt: skip
    back = world.boss.post(UNDO, {"done": done})
    assert back.status == 200, back.text
    assert (slot(first)[0], slot(second)[0]) == (soon(50), soon(51))


def test_whoever_went_before_the_first_of_several_moves_is_locked_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One gesture has moved two visits of an order: each has its own entry, with who went then."""
    anna, bert = world.anna.technician, world.bert.technician
    order = world.planned(hours=50)
    orders.order_act(
        actor=world.manager, order_id=order.pk, action="plan_another",
        command=orders.Command(technician_id=bert.pk, start=soon(70)),
    )  # fmt: skip
    first, second = Visit.objects.filter(order=order).order_by("start")
    done = send(
        world, move(order, soon(60), bert, visit_id=str(first.pk)),
        move(order, soon(80), bert, visit_id=str(second.pk)),
    ).body["done"]  # fmt: skip
    locked: list[set[Any]] = []

    def noted(*given: Any, **more: Any) -> Any:
        found = technicians_lock(*given, **more)
        locked.append(set(found))
        return found

    monkeypatch.setattr(taking_back, "technicians_lock", noted)
    back = world.boss.post(UNDO, {"done": done})
    assert back.status == 200, back.text
    assert locked == [{anna.pk, bert.pk}]


def test_each_order_has_its_own_line_in_the_journal(world: World) -> None:
    first, second = world.planned(hours=50), world.order()
    before = entries()
    send(
        world,
        move(first, soon(60), world.anna.technician),
        move(second, soon(62), world.anna.technician),
    )
    new = JournalEntry.objects.order_by("-id")[: entries() - before]
    assert {(one.entity_id, one.kind) for one in new} == {(first.pk, "replan"), (second.pk, "plan")}


def test_the_same_key_moves_once(world: World) -> None:
    order = world.planned(hours=50)
    body = {"moves": [move(order, soon(60), world.anna.technician)]}
    first = world.boss.post(MOVES, body, Idempotency_Key="drag-1")
    again = world.boss.post(MOVES, body, Idempotency_Key="drag-1")
    assert (first.status, again.status) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.body == again.body


def test_a_refusal_is_kept_with_its_key_too(world: World) -> None:
    order = world.planned(hours=50)
    body = {"moves": [move(order, soon(-5), world.anna.technician)]}
    answers = [world.boss.post(MOVES, body, Idempotency_Key="drag-2") for _time in range(2)]
    assert [one.code for one in answers] == ["refused_plan"] * 2
    assert answers[0].body == answers[1].body


# --- refused, or asked ----------------------------------------------------------------------------


def test_a_hard_rule_refuses_with_what_would_help(world: World) -> None:
    order, anna = world.order(), world.anna.technician
    visit = Visit.objects.get(pk=world.anna.visit)
    answer = send(world, move(order, visit.start, anna), confirmed=True)
    assert (answer.status, answer.code) == (409, "refused_plan")
    assert answer.body["service_order_id"] == str(order.pk)
    (reason,) = answer.body["reasons"]
    assert (reason["code"], reason["hard"]) == ("overlap", True)
    assert reason["words"] in answer.body["detail"]
    remedies = {one["kind"]: one for one in answer.body["remedies"]}
    assert remedies.keys() == {"another_slot", "another_technician", "allow_overlap"}
    other = remedies["another_technician"]
    assert other["technician"]["name"] == world.bert.technician.name
    taken = send(
        world,
        move(order, datetime.fromisoformat(other["start"]), world.bert.technician),
    )
    assert taken.status == 200, taken.text


def test_an_overlap_on_purpose_is_taken(world: World) -> None:
    order = world.order()
    visit = Visit.objects.get(pk=world.anna.visit)
    drop = move(order, visit.start, world.anna.technician, allow_overlap=True)
    assert send(world, drop).status == 200
    assert slot(order)[0] == visit.start


def test_what_warns_is_asked_once(world: World) -> None:
    world.kind.skills.set([Skill.objects.get(pk=world.skill)])
    order, anna = world.order(), world.anna.technician
    asked = send(world, move(order, soon(50), anna))
    assert (asked.status, asked.code) == (409, "asks_plan")
    assert [one["words"] for one in asked.body["reasons"]] == ["needs the skill “Gas”"]
    assert asked.body["promise"] is None
    assert fresh(order).stage == "new"
    assert send(world, move(order, soon(50), anna), confirmed=True).status == 200


def test_among_several_each_reason_says_whose_it_is(world: World) -> None:
    world.kind.skills.set([Skill.objects.get(pk=world.skill)])
    first, second, anna = world.order(), world.order(), world.anna.technician
    asked = send(world, move(first, soon(50), anna), move(second, soon(60), anna))
    numbers = [
        world.boss.get(f"/service-orders/{one.pk}").body["number"] for one in (first, second)
    ]
    assert [one["words"] for one in asked.body["reasons"]] == [
        f"{number}: needs the skill “Gas”" for number in numbers
    ]


def test_two_who_would_drive_one_vehicle_are_told_of_each_other(world: World) -> None:
    Technician.objects.filter(pk=world.anna.technician.pk).update(vehicle=world.vehicle)
    own, lent = world.order(), world.order(proposed_vehicle_id=world.vehicle)
    drops = [move(own, soon(50), world.anna.technician)]
    beside = move(lent, soon(50.5), world.bert.technician)
    asked = send(world, *drops, beside)
    assert (asked.status, asked.code) == (409, "asks_plan")
    names = [order_number(one.number) for one in (own, lent)]
    assert [one["words"] for one in asked.body["reasons"]] == [
        f"{one}: vehicle 1-ABC-234 is on {other} then" for one, other in (names, names[::-1])
    ]
    apart = move(lent, soon(51), world.bert.technician)
    assert send(world, *drops, apart).status == 200


def test_a_proposed_vehicle_that_was_put_away_stops_no_plan(world: World) -> None:
    order = world.order(proposed_vehicle_id=world.vehicle)
    workforce.vehicle_archive(actor=world.manager, vehicle_id=world.vehicle)
    answer = send(world, move(order, soon(50), world.anna.technician))
    assert answer.status == 200, answer.text
    assert Visit.objects.get(order=order).vehicle_id == world.anna.technician.vehicle_id


def test_a_pinned_visit_asks_and_one_under_way_is_refused(world: World) -> None:
    pinned, going, anna = world.planned(hours=50), world.planned(hours=52), world.anna.technician
    orders.visit_pin(actor=world.manager, order_id=pinned.pk, pinned=True)
    asked = send(world, move(pinned, soon(60), anna))
    assert [one["code"] for one in asked.body["reasons"]] == ["pinned"]
    assert send(world, move(pinned, soon(60), anna), confirmed=True).status == 200
    orders.order_act(actor=world.manager, order_id=going.pk, action="depart")
    refused = send(world, move(going, soon(62), anna), confirmed=True)
    assert (refused.status, refused.code) == (409, "refused_plan")
    assert [one["code"] for one in refused.body["reasons"]] == ["action_not_open"]
    assert slot(going)[0] == soon(52)


def test_a_helper_who_is_busy_or_absent_refuses_by_name(world: World) -> None:
    order, bert = world.planned(hours=50), world.bert.technician
    orders.order_act(
        actor=world.manager, order_id=order.pk, action="replan",
        command=orders.Command(helper_ids=(bert.pk,)),
    )  # fmt: skip
    world.planned(60, bert)
    refused = send(world, move(order, soon(60), world.anna.technician))
    (reason,) = refused.body["reasons"]
    assert reason["code"] == "overlap"
    assert reason["words"].startswith(f"{bert.name}, who helps: would overlap ")
    workforce.absence_create(
        actor=world.manager, technician_id=bert.pk, kind="other", start=soon(70), end=soon(80)
    )
    refused = send(world, move(order, soon(70), world.anna.technician))
    (reason,) = refused.body["reasons"]
    assert reason["code"] == "technician_absent"
    for remedy in refused.body["remedies"]:
        assert remedy["kind"] == "another_slot" or remedy["technician"]["id"] == str(bert.pk)
    assert send(world, move(order, soon(65), world.anna.technician)).status == 200


# --- promises -------------------------------------------------------------------------------------


@pytest.fixture
def promised(world: World) -> ServiceOrder:
    """Planned in 50 hours, and promised for then or the half hour after."""
    order = world.planned(hours=50)
    orders.visit_promise(
        actor=world.manager, order_id=order.pk, promise_from=soon(50), promise_to=soon(50.5)
    )
    return order


def test_within_its_promise_a_visit_moves_without_a_question(
    world: World, promised: ServiceOrder
) -> None:
    assert send(world, move(promised, soon(50.25), world.anna.technician)).status == 200


def test_a_promise_that_is_left_asks_even_when_confirmed(
    world: World, promised: ServiceOrder
) -> None:
    asked = send(world, move(promised, soon(60), world.anna.technician), confirmed=True)
    assert (asked.status, asked.code) == (409, "asks_plan")
    promise = asked.body["promise"]
    assert datetime.fromisoformat(promise["from"]) == soon(50)
    assert datetime.fromisoformat(promise["to"]) == soon(50.5)
    assert (promise["customer"], promise["phone"]) == ("Customer Lindens", "+3210123456")
    assert slot(promised)[0] == soon(50)


def test_a_promise_may_be_kept(world: World, promised: ServiceOrder) -> None:
    drop = move(promised, soon(60), world.anna.technician)
    assert send(world, drop, promise={"choice": "keep"}).status == 200
    visit = Visit.objects.get(order=promised)
    assert (visit.start, visit.promise_from) == (soon(60), soon(50))


def test_call_keeps_the_promise_and_notes_that_the_customer_is_to_be_called(
    world: World, promised: ServiceOrder
) -> None:
    drop = move(promised, soon(60), world.anna.technician)
    assert send(world, drop, promise={"choice": "call"}).status == 200
    visit = Visit.objects.get(order=promised)
    note = Note.objects.get(order=promised)
    assert (visit.promise_from, note.kind, note.visit_id) == (soon(50), Note.INTERNAL, visit.pk)
    assert note.text.startswith("Call the customer: now planned for ")


def test_a_promise_made_anew_comes_back_with_the_undo(world: World, promised: ServiceOrder) -> None:
    drop = move(promised, soon(60), world.anna.technician)
    anew = {
        "choice": "anew", "promise_from": soon(60).isoformat(), "promise_to": soon(61).isoformat()
    }  # fmt: skip
    before = entries()
    answer = send(world, drop, promise=anew)
    assert answer.status == 200, answer.text
    new = JournalEntry.objects.order_by("-id")[: entries() - before]
    assert {one.kind for one in new} == {"replan", "promise"}
    visit = Visit.objects.get(order=promised)
    assert (visit.promise_from, visit.promise_to) == (soon(60), soon(61))
    assert world.boss.post(UNDO, {"done": answer.body["done"]}).status == 200
    visit = Visit.objects.get(order=promised)
    assert (visit.start, visit.promise_from, visit.promise_to) == (soon(50), soon(50), soon(50.5))


def test_a_promise_made_since_stays_when_the_move_is_undone(
    world: World, promised: ServiceOrder
) -> None:
    anew = {
        "choice": "anew", "promise_from": soon(60).isoformat(), "promise_to": soon(61).isoformat()
    }  # fmt: skip
    send(world, move(promised, soon(60), world.anna.technician), promise=anew)
    begin, end = soon(48), soon(52)
    with clock.freeze(clock.now() + timedelta(minutes=5)):
        orders.visit_promise(
            actor=world.manager, order_id=promised.pk, promise_from=begin, promise_to=end
        )
    orders.order_act(actor=world.manager, order_id=promised.pk, action="undo")
    visit = Visit.objects.get(order=promised)
    assert (visit.start, visit.promise_from) == (soon(50), soon(48))


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [(None, None, "promise"), (50, 55, "promise"), (61, 60, "promise"), (59, 90, "promise_to")],
)
def test_a_promise_that_the_slot_would_break_is_no_promise(
    world: World, promised: ServiceOrder, begin: float | None, end: float | None, field: str
) -> None:
    anew: dict[str, Any] = {"choice": "anew"}
    if begin and end:
        anew |= {"promise_from": soon(begin).isoformat(), "promise_to": soon(end).isoformat()}
    answer = send(world, move(promised, soon(60), world.anna.technician), promise=anew)
    assert (answer.status, answer.fields()) == (422, {field})
    assert slot(promised)[0] == soon(50)


def test_a_new_promise_is_for_one_customer_at_a_time(world: World, promised: ServiceOrder) -> None:
    other = world.planned(hours=52)
    orders.visit_promise(
        actor=world.manager, order_id=other.pk, promise_from=soon(52), promise_to=soon(53)
    )
    anew = {
        "choice": "anew", "promise_from": soon(60).isoformat(), "promise_to": soon(63).isoformat()
    }  # fmt: skip
    anna = world.anna.technician
    answer = send(world, move(promised, soon(60), anna), move(other, soon(62), anna), promise=anew)
    assert answer.fields() == {"promise"}


# --- overtaken, and nonsense ----------------------------------------------------------------------


def test_who_was_overtaken_is_told_by_whom_and_nothing_is_overwritten(world: World) -> None:
    order, other = world.planned(hours=50), world.planned(hours=52)
    drop = move(order, soon(60), world.anna.technician)
    orders.order_act(
        actor=world.manager, order_id=order.pk, action="replan",
        command=orders.Command(start=soon(55)),
    )  # fmt: skip
    before = entries()
    answer = send(world, move(other, soon(62), world.anna.technician), drop)
    assert (answer.status, answer.code) == (412, "stale")
    assert answer.body["service_order_id"] == str(order.pk)
    assert answer.body["current"]["version"] == fresh(order).version
    assert "Re-planned for" in answer.body["detail"]
    assert "Marie" in answer.body["detail"]
    assert slot(order)[0] == soon(55)
    assert slot(other)[0] == soon(52)
    assert entries() == before


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"start": "in_past"}, 409, "slot_past"),
    ({"start": "too_far"}, 409, "slot_too_far"),
    ({"start": "noon"}, 422, "moves.0.start"),
    ({"duration_minutes": 0}, 422, "moves.0.duration_minutes"),
    ({"duration_minutes": -60}, 422, "moves.0.duration_minutes"),
    ({"duration_minutes": 2400}, 422, "moves.0.duration_minutes"),
    ({"technician_id": "missing"}, 422, "technician_id"),
    ({"technician_id": "x"}, 422, "moves.0.technician_id"),
    ({"service_order_id": "missing"}, 404, ""),
    ({"visit_id": "missing"}, 404, ""),
    ({"visit_id": "another"}, 404, ""),
    ({"visit_id": None}, 409, "action_not_open"),
    ({"version": "3"}, 422, "moves.0.version"),
    ({"end": "2099-01-01T00:00:00Z"}, 422, "moves.0.end"),
]


@pytest.mark.wide
@pytest.mark.parametrize(("wrong", "status", "what"), BAD)
def test_nonsense_is_told_in_words_and_changes_nothing(
    world: World, wrong: dict[str, Any], status: int, what: str
) -> None:
    meant = {
        "in_past": soon(-5).isoformat(), "too_far": soon(24 * 3700).isoformat(),
        "missing": str(world.kind.pk), "another": str(world.bert.visit),
    }  # fmt: skip
    order = world.planned(hours=50)
    values = {
        name: meant.get(value, value) if isinstance(value, str) else value
        for name, value in wrong.items()
    }
    before = entries()
    drop = move(order, soon(60), world.anna.technician) | values
    answer = send(world, drop, confirmed=True)
    assert answer.status == status, answer.text
    if status == 422:
        assert answer.fields() == {what}
    elif status == 409 and what.startswith("slot"):
        assert [one["code"] for one in answer.body["reasons"]] == [what]
    elif status == 409:
        assert answer.code == what
    assert answer.body["detail"]
    assert slot(order)[0] == soon(50)
    assert entries() == before


def test_who_is_absent_or_archived_takes_nothing(world: World) -> None:
    order, bert = world.order(), world.bert.technician
    workforce.absence_create(
        actor=world.manager, technician_id=bert.pk, kind="other", start=soon(50), end=soon(60)
    )
    answer = send(world, move(order, soon(52), bert))
    assert [one["code"] for one in answer.body["reasons"]] == ["technician_absent"]
    Technician.objects.filter(pk=bert.pk).update(archived_at=soon(-1))
    answer = send(world, move(order, soon(70), bert))
    assert [one["code"] for one in answer.body["reasons"]] == ["technician_archived"]
    assert fresh(order).stage == "new"


def test_fifty_move_at_once_and_no_more(world: World) -> None:
    row = [world.planned(hours=100 + number) for number in range(5)]
    anna = world.anna.technician
    many = [move(one, soon(200 + n), anna) for n, one in enumerate(row)] * 11
    assert send(world, *many[:51]).fields() == {"moves"}
    assert send(world).fields() == {"moves"}
    assert send(world, many[0], many[0]).fields() == {"moves"}
    far = [move(row[0], soon(200), anna), move(row[1], soon(24 * 90), anna)]
    assert send(world, *far).fields() == {"moves"}
    assert world.boss.post(UNDO, {"done": []}).fields() == {"done"}
    assert slot(row[0])[0] == soon(100)


@pytest.mark.wide
def test_judging_costs_as_much_for_many_as_for_one(world: World) -> None:
    world.kind.skills.set([Skill.objects.get(pk=world.skill)])
    row = [world.planned(hours=100 + number) for number in range(8)]

    def asked(count: int) -> int:
        moves = [move(one, soon(200 + n), world.anna.technician) for n, one in enumerate(row)]
        with queries() as run:
            assert send(world, *moves[:count]).code == "asks_plan"
        return len(run)

    asked(1)
    assert asked(1) == asked(8)
