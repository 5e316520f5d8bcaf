"""Undo gives back exactly what was there, to whom it may, while nothing was built on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callout.kernel import clock
from callout.kernel.errors import Forbidden, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, TimeEntry, Visit
from callout.orders.selectors.whole import order_whole
from callout.orders.services import Command, order_check
from callout.planning.reopening import order_reopen_and_plan
from tests.orders.conftest import Company, soon

SILENT = {"version", "search"}


def picture(order: ServiceOrder) -> dict[str, Any]:
    """All that stands in the database of an order and its visits, but the versions."""
    row = ServiceOrder.objects.filter(pk=order.pk).values().get()
    visits = list(Visit.objects.filter(order=order).order_by("sequence").values())
    helpers = [
        list(visit.assignments.order_by("technician_id").values("technician_id", "role", "is_open"))
        for visit in Visit.objects.filter(order=order).order_by("sequence")
    ]
    return {
        "order": {k: v for k, v in row.items() if k not in SILENT},
        "visits": [{k: v for k, v in visit.items() if k not in SILENT} for visit in visits],
        "helpers": helpers,
        "times": list(
            TimeEntry.objects.filter(visit__order=order)
            .order_by("start")
            .values("kind", "start", "end")
        ),
    }


STEPS = {
    "replan": {"start": soon(40)},
    "extend": {"duration_minutes": 30},
    "unplan": {},
    "depart": {},
    "arrive": {},
    "start_work": {},
    "customer_absent": {},
    "complete": {},
    "cancel": {"note": "No longer needed"},
}


@pytest.mark.parametrize("action", STEPS)
def test_undo_brings_back_what_was_there(company: Company, action: str) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    before = picture(order)
    company.act(company.manager, order, action, **STEPS[action])  # type: ignore[arg-type]
    assert picture(order) != before
    company.act(company.manager, order, "undo")
    assert picture(order) == before


@pytest.mark.parametrize("action", ["break", "turn_back", "hand_back", "complete", "cancel"])
def test_undo_from_the_field_brings_back_what_was_there(company: Company, action: str) -> None:
    order = company.planned()
    company.act(company.anna, order, "arrive")
    before = picture(order)
    company.act(company.anna, order, action, note="Why")
    company.act(company.anna, order, "undo")
    assert picture(order) == before


def test_an_undone_plan_is_back_in_the_pile_and_frees_the_slot(company: Company) -> None:
    order = company.planned()
    order = company.act(company.manager, order, "undo")
    assert (order.stage, order.visit_id) == ("new", None)
    company.planned()  # the same slot


def test_an_undone_reopen_is_completed_again(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "complete")
    company.act(company.manager, order, "reopen")
    order = company.act(company.manager, order, "undo")
    assert (order.stage, order.technician_status) == ("completed", "done")


def reopened_and_planned(company: Company, order: ServiceOrder) -> ServiceOrder:
    command = Command(technician_id=company.bert.technician_id, start=soon(30), duration_minutes=60)
    return order_reopen_and_plan(actor=company.manager, order_id=order.pk, command=command)


@pytest.mark.parametrize("ending", ["complete", "cancel"])
def test_reopened_and_planned_in_one_is_undone_in_one(company: Company, ending: str) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    company.act(company.manager, order, ending, note="Solved")
    before = picture(order)
    reopened_and_planned(company, order)
    company.act(company.manager, order, "undo")
    after = picture(order)
    # The visit that was planned stays as a past one, unplanned: it holds no slot.
    assert after["visits"].pop()["outcome"] == "unplanned"
    assert after["helpers"].pop() is not None
    assert after == before
    undone = JournalEntry.objects.get(entity_id=order.pk, kind="undo")
    assert undone.facts["undone"] == "reopen_and_plan"
    with pytest.raises(Refused, match="not undone"):
        company.act(company.manager, order, "undo")


def test_control_reopened_then_planned_are_two_actions(company: Company) -> None:
    order = company.planned()
    company.act(company.manager, order, "cancel", note="Solved")
    company.act(company.manager, order, "reopen")
    company.plan(order, hours=30)
    assert company.act(company.manager, order, "undo").stage == "new"


def test_what_was_done_since_is_undone_alone(company: Company) -> None:
    order = company.planned()
    company.act(company.manager, order, "cancel", note="Solved")
    reopened_and_planned(company, order)
    company.act(company.manager, order, "depart")
    order = company.act(company.manager, order, "undo")
    assert (order.stage, order.technician_status) == ("planned", "planned")


def test_a_technician_undoes_their_own_last_step_for_ten_minutes(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "depart")
    with clock.freeze(clock.now() + timedelta(minutes=11)), pytest.raises(Refused):
        company.act(company.anna, order, "undo")
    order = company.act(company.anna, order, "undo")
    assert order.technician_status == "planned"


def test_a_technician_does_not_undo_what_the_office_did(company: Company) -> None:
    order = company.planned()
    with pytest.raises(Forbidden):
        company.act(company.anna, order, "undo")


def test_a_helper_does_not_undo_the_responsibles_step(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    company.act(company.anna, order, "depart")
    with pytest.raises(Forbidden):
        company.act(company.bert, order, "undo")


def test_an_undo_is_not_undone(company: Company) -> None:
    order = company.planned()
    company.act(company.manager, order, "depart")
    company.act(company.manager, order, "undo")
    with pytest.raises(Refused):
        company.act(company.manager, order, "undo")


def test_a_check_is_built_on_it(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "complete")
    order_check(actor=company.manager, order_id=order.pk)
    with pytest.raises(Refused, match="checked"):
        company.act(company.manager, order, "undo")


@pytest.mark.parametrize("on_purpose", [False, True])
def test_a_closing_is_not_undone_when_its_slot_was_taken(
    company: Company, on_purpose: bool
) -> None:
    order = company.planned()
    company.act(company.manager, order, "cancel", note="Solved")
    company.planned(allow_overlap=on_purpose)
    with pytest.raises(Refused) as refusal:
        company.act(company.manager, order, "undo")
    assert refusal.value.code == "overlap"
    order.refresh_from_db()
    assert order.stage == "cancelled"


def test_who_is_a_manager_no_more_takes_back_nothing_of_it(company: Company) -> None:
    both = replace(company.anna, is_manager=True)
    moved = company.planned()
    company.act(both, moved, "replan", start=soon(40))
    closed = company.planned(hours=3)
    company.act(company.manager, closed, "cancel", note="No longer needed")
    reopened = order_reopen_and_plan(
        actor=both,
        order_id=closed.pk,
        command=Command(
            technician_id=company.anna.technician_id, start=soon(5), duration_minutes=60
        ),
    )
    for order in (moved, reopened):
        before = picture(order)
        assert "undo" not in order_whole(actor=company.anna, order_id=order.pk).actions
        with pytest.raises(Refused) as refusal:
            company.act(company.anna, order, "undo")
        assert refusal.value.code == "nothing_to_undo"
        assert picture(order) == before
        company.act(both, order, "undo")


def test_a_slot_taken_on_purpose_since_is_not_moved_back_into(company: Company) -> None:
    order = company.planned(hours=30)
    company.act(company.manager, order, "replan", start=soon(40))
    company.planned(hours=30, allow_overlap=True)
    with pytest.raises(Refused) as refusal:
        company.act(company.manager, order, "undo")
    assert refusal.value.code == "overlap"
    order.refresh_from_db()
    assert order.start == soon(40)


def test_a_helper_who_took_something_on_purpose_since_does_not_come_back(company: Company) -> None:
    order = company.planned(hours=30, helper_ids=(company.bert.technician_id,))
    company.act(company.manager, order, "replan", helper_ids=())
    company.planned(company.bert, hours=30, allow_overlap=True)
    with pytest.raises(Refused, match="Bert already has SO-"):
        company.act(company.manager, order, "undo")


def test_an_overlap_on_purpose_that_was_there_before_forbids_no_undo(company: Company) -> None:
    order = company.planned(hours=30)
    company.planned(hours=30, allow_overlap=True)
    company.act(company.manager, order, "replan", start=soon(40))
    company.act(company.manager, order, "undo")
    order.refresh_from_db()
    assert order.start == soon(30)


def test_an_overlap_on_purpose_forbids_no_undo_of_what_moved_nothing(company: Company) -> None:
    order = company.planned(hours=30)
    company.act(company.manager, order, "extend", duration_minutes=30)
    company.planned(hours=30, allow_overlap=True)
    company.act(company.manager, order, "undo")
    assert Visit.objects.get(order=order).expected_end is None
