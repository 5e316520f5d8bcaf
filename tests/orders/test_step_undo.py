"""A technician's undo of one named step, by the time it was truly undone."""

import pytest

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders import guards
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.services import Placed, order_check, step_undo
from tests.orders.conftest import Company, soon
from tests.orders.field import arrives, at, hours, standing, tap
from tests.orders.test_undo import picture

pytestmark = pytest.mark.usefixtures("morning")


def undo(actor: Actor, order: ServiceOrder, action: str, when: str) -> Placed:
    entry = TimelineEntry.objects.filter(order=order, action=action).latest("id")
    return step_undo(actor=actor, entry_id=entry.pk, at=at(when))


def refused(actor: Actor, order: ServiceOrder, action: str, when: str) -> str:
    before = (JournalEntry.objects.count(), standing(order), picture(order))
    with pytest.raises(Refused) as refusal:
        undo(actor, order, action, when)
    assert (JournalEntry.objects.count(), standing(order), picture(order)) == before
    assert refusal.value.message
    return refusal.value.code


@pytest.mark.wide
@pytest.mark.parametrize(
    ("action", "when"),
    [
        ("start_work", "08:40"),
        ("break", "08:40"),
        ("turn_back", "08:40"),
        ("depart", "08:40"),
        ("extend", "08:40"),
        ("hand_back", "08:40"),
        ("customer_absent", "08:40"),
        ("complete", "08:40"),
        ("cancel", "08:40"),
    ],
)
def test_it_brings_back_what_was_there_however_late_both_come(
    company: Company, action: str, when: str
) -> None:
    order = company.planned()
    with arrives("17:00"):
        tap(company.anna, order, "arrive", "08:30")
        before = picture(order)
        tap(company.anna, order, action, when, note="Why", duration_minutes=15)
        assert picture(order) != before
        placed = undo(company.anna, order, action, "08:49")
        assert placed.entry is not None
        assert (placed.same, placed.entry.action, placed.entry.at) == (False, "undo", at("08:49"))
        assert picture(order) == before
        assert undo(company.anna, order, action, "08:50").same


def test_ten_minutes_count_by_true_time(company: Company) -> None:
    order = company.planned()
    with arrives("17:00"):
        tap(company.anna, order, "arrive", "08:30")
        assert refused(company.anna, order, "arrive", "08:41") == "nothing_to_undo"
        assert undo(company.anna, order, "arrive", "08:40").same is False


def test_a_later_step_is_built_on_it_by_true_time(company: Company) -> None:
    order = company.planned()
    with arrives("17:00"):
        tap(company.anna, order, "arrive", "08:30")
        tap(company.anna, order, "start_work", "08:35")
        assert refused(company.anna, order, "arrive", "08:36") == "nothing_to_undo"
        # Told later, but earlier by the clock: nothing was built on it.
        tap(company.anna, order, "depart", "08:00")
        assert refused(company.anna, order, "depart", "08:05") == "nothing_to_undo"
        assert undo(company.anna, order, "start_work", "08:36").same is False
    assert hours(order) == [("travel", "08:00", "08:30"), ("work", "08:30", "")]


def test_what_the_office_did_since_is_built_on_it(company: Company) -> None:
    order = company.planned()
    with arrives("08:30"):
        tap(company.anna, order, "arrive", "08:30")
    with arrives("08:32"):
        company.act(company.manager, order, "extend", duration_minutes=30)
        assert refused(company.anna, order, "arrive", "08:33") == "nothing_to_undo"


def test_a_closing_told_before_something_older_came_is_the_offices(company: Company) -> None:
    order = company.planned()
    with arrives("17:00"):
        tap(company.anna, order, "complete", "12:00")
        tap(company.anna, order, "depart", "08:00")
        assert refused(company.anna, order, "complete", "12:05") == "nothing_to_undo"


def test_a_check_and_a_signature_are_built_on_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = company.planned()
    with arrives("17:00"):
        tap(company.anna, order, "start_work", "08:30")
        tap(company.anna, order, "complete", "12:00")
        signed_at = at("12:02")
        monkeypatch.setattr(
            guards,
            "built_on_guards",
            [
                guards.BuiltOn(
                    lambda visit, since: Visit.objects.filter(
                        pk__in=[visit] if since < signed_at else []
                    ),
                    lambda: "The customer has signed.",
                )
            ],
        )
        assert refused(company.anna, order, "complete", "12:03") == "nothing_to_undo"
        with pytest.raises(Refused, match="signed"):
            company.act(company.manager, order, "undo")
        monkeypatch.setattr(guards, "built_on_guards", [])
        order_check(actor=company.manager, order_id=order.pk)
        assert refused(company.anna, order, "complete", "12:03") == "checked"


def test_only_the_own_step(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    with arrives("17:00"):
        company.act(company.manager, order, "arrive")
        assert refused(company.anna, order, "arrive", "17:00") == "nothing_to_undo"
        assert refused(company.anna, order, "plan", "07:01") == "nothing_to_undo"
        with pytest.raises(NotFound):
            undo(company.manager, order, "arrive", "17:00")
        other = company.planned(company.bert, hours=14)
        tap(company.bert, other, "depart", "16:59")
        with pytest.raises(NotFound):
            undo(company.anna, other, "depart", "17:00")


def test_a_slot_taken_since_is_not_taken_back(company: Company) -> None:
    order = company.planned()
    with arrives("07:10"):
        tap(company.anna, order, "cancel", "07:05", note="Not needed")
        company.plan(company.order(), start=soon(0.9))
        assert refused(company.anna, order, "cancel", "07:08") == "overlap"


def test_a_visit_given_away_since_is_late(company: Company) -> None:
    order = company.planned()
    with arrives("08:05"):
        tap(company.anna, order, "depart", "08:00")
        tap(company.anna, order, "turn_back", "08:01")
        company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
        assert refused(company.anna, order, "turn_back", "08:03") == "visit_taken"
    assert Visit.objects.get(order=order).status == "planned"


def test_the_office_stand_in_that_the_own_tap_replaced_is_undone_with_it(company: Company) -> None:
    order = company.planned()
    with arrives("08:10"):
        company.act(company.manager, order, "depart")
    with arrives("09:00"):
        tap(company.anna, order, "depart", "08:00")
        undo(company.anna, order, "depart", "08:02")
    assert standing(order) == []
    order.refresh_from_db()
    assert order.technician_status == "planned"
