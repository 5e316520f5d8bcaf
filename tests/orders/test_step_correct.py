"""The true time of a step set afterwards: whose, within what, and what stays."""

from typing import Any

import pytest

from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Invalid, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import ServiceOrder, TimeEntry, TimelineEntry, Visit
from callout.orders.selectors.history import journal_of, lines_of
from callout.orders.selectors.when import When
from callout.orders.services import order_check, step_correct
from tests.orders.conftest import Company
from tests.orders.field import arrives, at, hours, standing, tap

YESTERDAY = "2026-11-22"
pytestmark = pytest.mark.usefixtures("morning")


def entry_of(order: ServiceOrder, action: str) -> TimelineEntry:
    return TimelineEntry.objects.get(order=order, action=action, undone_at=None)


def correct(actor: Actor, order: ServiceOrder, action: str, when: str) -> TimelineEntry:
    return step_correct(actor=actor, entry_id=entry_of(order, action).pk, at=at(when))


def refusal(actor: Actor, order: ServiceOrder, action: str, when: str) -> str:
    before: Any = (JournalEntry.objects.count(), standing(order))
    with pytest.raises(CalloutError) as refused:
        correct(actor, order, action, when)
    assert (JournalEntry.objects.count(), standing(order)) == before
    return refused.value.code


@pytest.fixture
def order(company: Company) -> ServiceOrder:
    """A day of Anna's: depart, arrive and complete, told in the evening."""
    order = company.planned()
    with arrives("17:00"):
        for action, when in [("depart", "08:00"), ("arrive", "08:30"), ("complete", "12:00")]:
            tap(company.anna, order, action, when)
    return order


@pytest.mark.parametrize("who", ["anna", "manager"])
def test_the_first_value_stays_and_hours_and_visit_follow(
    company: Company, order: ServiceOrder, who: str
) -> None:
    with arrives("18:00"):
        correct(getattr(company, who), order, "arrive", "09:00")
        correct(getattr(company, who), order, "arrive", "08:50")
        correct(getattr(company, who), order, "complete", "11:00")
    entry = entry_of(order, "arrive")
    assert (entry.at, entry.first_at) == (at("08:50"), at("08:30"))
    assert hours(order) == [("travel", "08:00", "08:50"), ("work", "08:50", "11:00")]
    visit = Visit.objects.get(order=order)
    assert (visit.arrived_at, visit.closed_at) == (at("08:50"), at("11:00"))
    order.refresh_from_db()
    assert order.closed_at == at("11:00")
    said = JournalEntry.objects.filter(entity_id=order.pk, kind="correct").order_by("id")
    assert [(one.facts["was"], one.facts["now"]) for one in said][:2] == [
        (at("08:30").isoformat(), at("09:00").isoformat()),
        (at("09:00").isoformat(), at("08:50").isoformat()),
    ]
    assert said[0].at == at("18:00")


def test_the_history_says_what_stood_before(company: Company, order: ServiceOrder) -> None:
    with arrives("18:00"):
        correct(company.manager, order, "arrive", "09:00")
        lines = lines_of(journal_of(company.manager, order.pk), When())
    line = next(line for line in lines if line.icon == "clock-edit")
    assert "Arrive" in line.text
    assert "10:00" in line.text
    assert "09:30" in line.aside


def test_a_technician_corrects_own_steps_alone(company: Company, order: ServiceOrder) -> None:
    theirs = company.planned(company.bert)
    with arrives("18:00"):
        tap(company.bert, theirs, "arrive", "08:30")
        for actor, one in [(company.anna, theirs), (company.bert, order)]:
            with pytest.raises(NotFound):
                correct(actor, one, "arrive", "09:00")
        company.act(company.manager, theirs, "start_work")
        assert refusal(company.bert, theirs, "start_work", "17:00") == "not_own_entry"
        with pytest.raises(NotFound):
            step_correct(actor=company.manager, entry_id=0, at=at("09:00"))


def test_what_is_not_a_technicians_to_say_has_a_code_of_its_own(
    company: Company, order: ServiceOrder
) -> None:
    with arrives("18:00"):
        assert refusal(company.anna, order, "arrive", "07:59") == "order_of_entries"
        assert refusal(company.anna, order, "arrive", "12:01") == "order_of_entries"
        with pytest.raises(Invalid):
            correct(company.anna, order, "complete", "18:01")
        entry = entry_of(order, "depart")
        with pytest.raises(Refused) as day:
            step_correct(actor=company.anna, entry_id=entry.pk, at=at("08:00").replace(day=22))
        assert day.value.code == "other_day"
        assert refusal(company.manager, order, "plan", "06:00") == "not_a_step"
        order_check(actor=company.manager, order_id=order.pk)
        assert refusal(company.anna, order, "arrive", "08:40") == "checked"
        assert refusal(company.manager, order, "arrive", "08:40") == "checked"


def test_a_manager_names_another_day_of_the_last_month(
    company: Company, order: ServiceOrder
) -> None:
    with arrives("18:00"):
        correct(company.manager, order, "depart", f"{YESTERDAY}T20:00+00:00")
    row = TimeEntry.objects.filter(visit__order=order).order_by("start").first()
    assert row is not None
    assert (row.kind, row.start.day, row.end) == ("travel", 22, entry_of(order, "arrive").at)
    assert entry_of(order, "depart").first_at == at("08:00")


def test_another_day_is_not_said_of_hours_of_more_than_a_day_or_of_long_ago(
    company: Company, order: ServiceOrder
) -> None:
    with arrives("18:00"):
        early = f"{YESTERDAY}T07:00+00:00"
        assert refusal(company.manager, order, "depart", early) == "over_a_day"
        long_ago = "2026-10-20T07:00+00:00"
        assert refusal(company.manager, order, "depart", long_ago) == "too_old"


def test_the_day_is_the_companys(company: Company) -> None:
    """23:30 and 00:30 in Brussels are two days, though one in UTC."""
    order = company.planned(hours=15)
    with arrives("23:50"):
        tap(company.anna, order, "depart", "22:40")
        assert refusal(company.anna, order, "depart", "23:10") == "other_day"
        assert correct(company.anna, order, "depart", "22:10").at == at("22:10")


def test_what_was_undone_has_no_time_to_correct(company: Company, order: ServiceOrder) -> None:
    entry = entry_of(order, "complete")
    with arrives("17:05"):
        company.act(company.manager, order, "undo")
        with pytest.raises(Refused) as refused:
            step_correct(actor=company.anna, entry_id=entry.pk, at=at("11:00"))
    assert refused.value.code == "not_a_step"


def test_a_visit_that_is_theirs_no_more_is_the_offices(company: Company) -> None:
    order = company.planned()
    with arrives("10:00"):
        tap(company.anna, order, "depart", "08:00")
        tap(company.anna, order, "turn_back", "08:10")
        company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
        assert refusal(company.anna, order, "depart", "07:50") == "visit_taken"


def test_no_hour_counts_twice_by_a_correction(company: Company, order: ServiceOrder) -> None:
    other = company.planned(hours=3)
    with arrives("17:00"):
        tap(company.anna, other, "depart", "12:10")
        tap(company.anna, other, "complete", "13:00")
        assert refusal(company.anna, other, "depart", "11:50") == "counts_twice"
        assert refusal(company.manager, order, "complete", "12:20") == "counts_twice"
        assert correct(company.anna, other, "depart", "12:00").at == at("12:00")


def test_a_step_corrected_and_the_last_one_undone_agree(company: Company) -> None:
    order = company.planned()
    with arrives("10:00"):
        tap(company.anna, order, "depart", "08:00")
        tap(company.anna, order, "arrive", "09:00")
        correct(company.manager, order, "depart", "08:20")
        company.act(company.manager, order, "undo")
    visit = Visit.objects.get(order=order)
    assert (visit.departed_at, visit.arrived_at, visit.status) == (at("08:20"), None, "en_route")
    assert hours(order) == [("travel", "08:20", "")]


def test_what_was_entered_afterwards_still_ends_after_it_starts(company: Company) -> None:
    order = company.order()
    with arrives("12:00"):
        company.act(
            company.manager,
            order,
            "complete",
            technician_id=company.anna.technician_id,
            start=at("09:00"),
            duration_minutes=60,
        )
        assert refusal(company.manager, order, "complete", "08:59") == "order_of_entries"
        correct(company.manager, order, "complete", "09:30")
    assert hours(order) == [("work", "09:00", "09:30")]
