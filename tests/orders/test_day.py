"""A day's work, from the request to Completed, as the services do it."""

import pytest

from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.orders.models import Assignment, TimeEntry, Visit
from callout.orders.services import order_act
from tests.orders.conftest import Company, soon


def test_an_order_without_a_technician_is_new_and_waits(company: Company) -> None:
    order = company.order()
    assert (order.stage, order.technician_status, order.visit_id) == ("new", None, None)
    assert order.title == "No hot water"
    assert order.due_at is not None


def test_status_drives_stage_through_a_whole_day(company: Company) -> None:
    order = company.planned()
    seen = [(order.stage, order.technician_status)]
    for action in ["depart", "arrive", "start_work", "break", "resume", "complete"]:
        order = company.act(company.anna, order, action)
        seen.append((order.stage, order.technician_status))
    assert seen == [
        ("planned", "planned"),
        ("planned", "en_route"),
        ("planned", "on_site"),
        ("planned", "working"),
        ("planned", "break"),
        ("planned", "working"),
        ("completed", "done"),
    ]
    order.refresh_from_db()
    assert order.closed_at
    assert order.visit
    assert order.visit.outcome == "done"
    entries = JournalEntry.objects.filter(entity_id=order.pk).order_by("id")
    kinds = list(entries.values_list("kind", flat=True))
    steps = ["depart", "arrive", "start_work", "break", "resume", "complete"]
    assert kinds == ["create", "plan", *steps]


def test_hours_are_derived_from_what_was_tapped(company: Company) -> None:
    order = company.planned()
    for back, action in [(60, "depart"), (40, "arrive"), (30, "start_work"), (10, "complete")]:
        company.act(company.anna, order, action, occurred_at=soon(-back / 60))
    spans = [
        (entry.kind, round((entry.end - entry.start).total_seconds() / 60))
        for entry in TimeEntry.objects.order_by("start")
        if entry.end
    ]
    assert spans == [("travel", 20), ("work", 30)]


def test_a_stranger_cannot_tell_an_order_from_none(company: Company) -> None:
    order = company.planned()
    with pytest.raises(NotFound):
        company.act(company.bert, order, "depart")


def test_a_helper_sees_the_order_but_has_no_status(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    with pytest.raises(Forbidden):
        company.act(company.bert, order, "depart")


def test_a_second_booking_of_a_technician_is_refused_unless_on_purpose(company: Company) -> None:
    company.planned()
    other = company.order()
    with pytest.raises(Refused, match="already has SO-"):
        company.plan(other)
    company.plan(other, allow_overlap=True)
    assert Assignment.objects.filter(is_open=True).count() == 2


def test_a_plain_booking_over_an_allowed_overlap_is_refused_too(company: Company) -> None:
    company.planned(allow_overlap=True)
    with pytest.raises(Refused) as refusal:
        company.planned()
    assert refusal.value.code == "overlap"


def test_departing_while_working_elsewhere_asks_what_became_of_that(company: Company) -> None:
    first = company.planned(hours=0)
    second = company.planned(hours=3)
    company.act(company.anna, first, "start_work")
    with pytest.raises(Refused) as refusal:
        company.act(company.anna, second, "depart")
    assert refusal.value.code == "under_way_elsewhere"
    company.act(company.anna, second, "depart", other_action="complete")
    first.refresh_from_db()
    assert first.stage == "completed"


def test_hand_back_needs_a_reason_and_goes_back_to_the_pile(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "arrive")
    with pytest.raises(Invalid):
        company.act(company.anna, order, "hand_back")
    order = company.act(company.anna, order, "hand_back", note="A part is missing")
    assert (order.stage, order.technician_status, order.visit_id) == ("new", None, None)
    assert Visit.objects.get().outcome == "handed_back"


def test_with_another_visit_planned_a_hand_back_leads_to_that_one(company: Company) -> None:
    order = company.planned()
    order = company.act(
        company.manager,
        order,
        "plan_another",
        technician_id=company.bert.technician_id,
        start=soon(30),
    )
    assert order.technician_id == company.anna.technician_id
    company.act(company.anna, order, "arrive")
    order = company.act(company.anna, order, "hand_back", note="Tomorrow")
    assert (order.stage, order.technician_id) == ("planned", company.bert.technician_id)


def test_customer_absent_is_counted_and_back_in_the_pile(company: Company) -> None:
    order = company.planned()
    order = company.act(company.anna, order, "customer_absent", latitude=50.7, longitude=4.6)
    assert (order.stage, order.absent_count) == ("new", 1)


def test_cancel_closes_the_other_open_visits_as_unplanned(company: Company) -> None:
    order = company.planned()
    company.act(
        company.manager, order, "plan_another",
        technician_id=company.bert.technician_id, start=soon(30),
    )  # fmt: skip
    order = company.act(company.manager, order, "cancel", note="Solved")
    assert order.stage == "cancelled"
    assert set(Visit.objects.values_list("outcome", flat=True)) == {"cancelled", "unplanned"}


def test_complete_from_new_records_the_visit_afterwards(company: Company) -> None:
    order = company.order()
    order = company.act(
        company.manager, order, "complete",
        technician_id=company.bert.technician_id, start=soon(-3), duration_minutes=60,
    )  # fmt: skip
    visit = Visit.objects.get()
    assert order.stage == "completed"
    assert visit.entered_afterwards
    assert not visit.is_open


def test_an_old_version_is_told_and_changes_nothing(company: Company) -> None:
    order = company.planned()
    with pytest.raises(Stale) as stale:
        company.act(company.manager, order, "cancel", note="No", version=1)
    assert stale.value.current["version"] == order.version


def test_a_moved_visit_keeps_its_promise(company: Company) -> None:
    order = company.planned(promise_from=soon(1), promise_to=soon(2))
    company.act(company.manager, order, "replan", start=soon(20))
    visit = Visit.objects.get()
    assert visit.promise_from == soon(1)
    assert visit.start == soon(20)


def test_two_neighbours_may_not_be_moved_onto_each_other(company: Company) -> None:
    company.planned(hours=1)
    second = company.planned(hours=3)
    with pytest.raises(Refused):
        company.act(company.manager, second, "replan", start=soon(1.5))


def test_replan_to_a_colleague_takes_it_from_the_first(company: Company) -> None:
    order = company.planned()
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    with pytest.raises(NotFound):
        company.act(company.anna, order, "depart")
    company.act(company.bert, order, "depart")


def test_extend_sets_the_expected_end_and_keeps_the_slot(company: Company) -> None:
    order = company.planned()
    end = order.end
    company.act(company.anna, order, "extend", duration_minutes=30)
    visit = Visit.objects.get()
    assert visit.end == end
    assert visit.expected_end
    assert visit.expected_end > visit.end


@pytest.mark.parametrize("hours", [-5, 24 * 4000])
def test_a_slot_in_the_past_or_in_ten_years_is_refused(company: Company, hours: int) -> None:
    with pytest.raises(Invalid):
        company.planned(hours=hours)


def test_an_unknown_action_is_not_there(company: Company) -> None:
    with pytest.raises(NotFound):
        order_act(actor=company.manager, order_id=company.order().pk, action="explode")
