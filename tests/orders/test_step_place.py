"""What a phone tells late goes where it truly happened, or is refused with a stable code."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.company import KEPT
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders import guards
from callout.orders.models import ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.history import journal_of, lines_of
from callout.orders.selectors.when import When
from callout.orders.services import Placed, order_check
from tests.orders.conftest import MORNING, Company
from tests.orders.field import arrives, at, hours, standing, tap

pytestmark = pytest.mark.usefixtures("morning")


def refusal(actor: Actor, order: ServiceOrder, action: str, when: str, **told: Any) -> str:
    """The code that it is refused with; nothing is written."""
    before = (JournalEntry.objects.count(), standing(order))
    with pytest.raises(Refused) as refused:
        tap(actor, order, action, when, **told)
    assert (JournalEntry.objects.count(), standing(order)) == before
    return refused.value.code


def test_a_day_told_in_the_evening_stands_as_it_was(company: Company) -> None:
    order = company.planned()
    with arrives("17:00"):
        for action, when in [
            ("depart", "08:00"),
            ("arrive", "08:30"),
            ("start_work", "08:40"),
            ("break", "10:00"),
            ("resume", "10:15"),
            ("complete", "12:00"),
        ]:
            placed = tap(company.anna, order, action, when)
            assert placed.entry is not None
            assert (placed.same, placed.entry.action, placed.entry.at) == (False, action, at(when))
    assert hours(order) == [
        ("travel", "08:00", "08:30"),
        ("work", "08:30", "10:00"),
        ("break", "10:00", "10:15"),
        ("work", "10:15", "12:00"),
    ]
    order.refresh_from_db()
    assert (order.stage, order.closed_at) == ("completed", at("12:00"))
    heard = JournalEntry.objects.filter(entity_id=order.pk, kind="arrive").get()
    assert (heard.at, heard.recorded_at) == (at("08:30"), at("17:00"))


def test_a_tap_of_what_holds_is_the_same_and_keeps_its_time(company: Company) -> None:
    order = company.planned()
    with arrives("09:30"):
        first = tap(company.anna, order, "arrive", "08:30")
        again = tap(company.anna, order, "arrive", "09:00")
        assert again.same
        assert again.entry == first.entry
    assert standing(order) == [("arrive", "08:30", "on_site")]
    assert JournalEntry.objects.filter(entity_id=order.pk, kind="arrive").count() == 1


def test_tapped_on_two_phones_the_first_to_come_has_said_it(company: Company) -> None:
    order = company.planned()
    with arrives("09:30"):
        first = tap(company.anna, order, "arrive", "08:30")
        assert tap(company.anna, order, "arrive", "08:28") == Placed(True, first.entry)
    assert standing(order) == [("arrive", "08:30", "on_site")]


@pytest.mark.parametrize("pressed", ["08:10", "07:55"])
def test_the_technicians_own_tap_takes_the_place_of_the_offices(
    company: Company, pressed: str
) -> None:
    order = company.planned()
    with arrives(pressed):
        company.act(company.manager, order, "depart")
    with arrives("09:00"):
        placed = tap(company.anna, order, "depart", "08:00")
    entry = TimelineEntry.objects.get(order=order, action="depart")
    assert placed == Placed(False, entry)
    assert (entry.at, entry.first_at) == (at("08:00"), at(pressed))
    assert entry.actor_id == company.anna.user_id
    visit = Visit.objects.get(order=order)
    assert visit.departed_at == at("08:00")
    assert hours(order) == [("travel", "08:00", "")]
    said = JournalEntry.objects.get(entity_id=order.pk, kind="correct")
    assert said.facts["was"] == at(pressed).isoformat()
    assert said.facts["own_tap"] is True
    assert said.at == at("08:00")


def test_a_step_that_others_follow_goes_between_them(company: Company) -> None:
    order = company.planned()
    with arrives("09:30"):
        company.act(company.manager, order, "arrive")
        company.act(company.manager, order, "break")
        company.act(company.manager, order, "resume")
    with arrives("11:00"):
        placed = tap(company.anna, order, "depart", "08:00")
        assert placed.entry is not None
        assert placed.entry.pk is not None
        assert tap(company.anna, order, "arrive", "09:00").entry is not None
        tap(company.anna, order, "start_work", "09:10")
    assert standing(order) == [
        ("depart", "08:00", "en_route"),
        ("arrive", "09:00", "on_site"),
        ("start_work", "09:10", "working"),
        ("break", "09:30", "break"),
        ("resume", "09:30", "working"),
    ]
    visit = Visit.objects.get(order=order)
    assert (visit.departed_at, visit.arrived_at) == (at("08:00"), at("09:00"))
    order.refresh_from_db()
    assert (visit.status, order.technician_status) == ("working", "working")


def test_what_would_unseat_a_step_is_refused(company: Company) -> None:
    order = company.planned()
    with arrives("09:30"):
        tap(company.anna, order, "depart", "08:00")
        tap(company.anna, order, "arrive", "08:30")
    with arrives("11:00"):
        assert refusal(company.anna, order, "break", "08:10") == "action_not_open"
        assert refusal(company.anna, order, "complete", "08:10") == "action_not_open"
        assert refusal(company.anna, order, "resume", "09:00") == "action_not_open"


def test_before_the_own_closing_it_is_still_placed_and_after_it_not(company: Company) -> None:
    order = company.planned()
    with arrives("13:00"):
        tap(company.anna, order, "start_work", "08:40")
        closing = tap(company.anna, order, "complete", "12:00")
        tap(company.anna, order, "depart", "08:00")
        assert tap(company.anna, order, "complete", "12:05") == Placed(True, closing.entry)
        assert tap(company.anna, order, "complete", "11:55") == Placed(True, closing.entry)
        assert refusal(company.anna, order, "break", "12:10") == "action_not_open"
        assert tap(company.anna, order, "extend", "11:00", duration_minutes=15) == Placed(
            True, None
        )
    assert hours(order) == [("travel", "08:00", "08:40"), ("work", "08:40", "12:00")]
    order.refresh_from_db()
    assert (order.stage, order.closed_at) == ("completed", at("12:00"))


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("complete", "visit_closed_by_other"),
        ("hand_back", "visit_closed_by_other"),
        ("customer_absent", "visit_closed_by_other"),
        ("cancel", "order_cancelled"),
    ],
)
def test_what_somebody_else_has_closed_is_closed(company: Company, what: str, code: str) -> None:
    order = company.planned()
    with arrives("09:00"):
        tap(company.anna, order, "arrive", "08:30")
    visit_id = order.visit_id
    with arrives("10:00"):
        company.act(company.manager, order, what, note="By phone")
    with arrives("11:00"):
        for action, when in [("depart", "08:00"), (what, "09:50"), ("break", "10:30")]:
            told = {"visit_id": visit_id, "note": "Because"}
            assert refusal(company.anna, order, action, when, **told) == code


def test_what_was_unplanned_is_late_whatever_its_time(company: Company) -> None:
    order = company.planned()
    visit_id = order.visit_id
    company.act(company.manager, order, "unplan")
    with arrives("09:00"):
        assert (
            refusal(company.anna, order, "depart", "08:00", visit_id=visit_id) == "visit_unplanned"
        )


def test_what_was_given_to_another_is_late_whatever_its_time(company: Company) -> None:
    order = company.planned()
    with arrives("10:00"):
        company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    with arrives("11:00"):
        assert refusal(company.anna, order, "depart", "08:00") == "visit_taken"
        assert tap(company.bert, order, "depart", "10:30").same is False


def test_a_moved_slot_alone_makes_nothing_late(company: Company) -> None:
    order = company.planned()
    with arrives("08:00"):
        company.act(company.manager, order, "replan", start=at("15:00"))
    with arrives("09:00"):
        assert tap(company.anna, order, "depart", "07:30").same is False


def test_a_checked_order_takes_nothing_more(company: Company) -> None:
    order = company.planned()
    with arrives("10:00"):
        tap(company.anna, order, "complete", "09:00")
        order_check(actor=company.manager, order_id=order.pk)
        assert refusal(company.anna, order, "depart", "08:00") == "checked"


def test_to_a_stranger_there_is_no_such_visit_and_a_helper_may_not(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    other = company.planned(hours=3)
    with arrives("09:00"):
        with pytest.raises(Forbidden):
            tap(company.bert, order, "depart", "08:00")
        with pytest.raises(NotFound):
            tap(company.bert, other, "depart", "08:00")
        with pytest.raises(NotFound):
            tap(company.manager, order, "depart", "08:00")
        for action in ("plan", "reopen", "undo", "dance"):
            with pytest.raises(NotFound):
                tap(company.anna, order, action, "08:00")
    assert standing(order) == []


def test_no_hour_counts_twice(company: Company) -> None:
    first, second = company.planned(), company.planned(hours=3)
    with arrives("12:00"):
        tap(company.anna, first, "start_work", "08:00")
        assert refusal(company.anna, second, "depart", "09:00") == "under_way_elsewhere"
        tap(company.anna, first, "complete", "10:00")
        assert refusal(company.anna, second, "depart", "09:00") == "counts_twice"
        tap(company.anna, second, "depart", "10:00")
        tap(company.anna, second, "complete", "11:00")
        # And the earlier visit is not stretched over the later one.
        assert tap(company.anna, first, "depart", "07:30").same is False
        assert refusal(company.anna, second, "arrive", "09:59") == "counts_twice"


def test_what_the_technician_was_under_way_on_ends_or_pauses_first(company: Company) -> None:
    first, second = company.planned(), company.planned(hours=3)
    with arrives("12:00"):
        tap(company.anna, first, "start_work", "08:00")
        tap(
            company.anna,
            second,
            "depart",
            "10:00",
            other_action="complete",
            other_at=at("09:50"),
        )
    assert hours(first) == [("work", "08:00", "09:50")]
    assert hours(second) == [("travel", "10:00", "")]


def test_a_time_that_cannot_be_is_for_the_office_to_say(company: Company) -> None:
    first, second = company.planned(), company.planned(hours=3)
    with arrives("12:00"):
        tap(company.anna, first, "start_work", "11:00")
        told = {"other_action": "complete", "other_at": at("10:00")}
        assert refusal(company.anna, second, "depart", "11:30", **told) == "time_cannot_be"
    with clock.freeze(MORNING + timedelta(days=40)):
        assert refusal(company.anna, first, "break", "12:00") == "too_old"


def test_an_extend_counts_from_when_it_was_tapped(company: Company) -> None:
    order = company.planned()
    with arrives("12:00"):
        tap(company.anna, order, "extend", "07:30", duration_minutes=15)
    assert Visit.objects.get(order=order).expected_end == at("09:15")
    entry = TimelineEntry.objects.get(order=order, action="extend")
    assert entry.minutes == 15
    line = next(one for one in lines_of(journal_of(company.manager, order.pk), When()) if one.aside)
    assert line.aside == "+15 min"


def test_what_was_so_already_does_not_stop_the_day(company: Company) -> None:
    """The office entered a past visit over the technician's hours: their taps go on."""
    order, past = company.planned(), company.order()
    with arrives("12:00"):
        tap(company.anna, order, "start_work", "08:00")
        company.act(
            company.manager,
            past,
            "complete",
            technician_id=company.anna.technician_id,
            start=at("09:00"),
            duration_minutes=30,
        )
        assert tap(company.anna, order, "complete", "11:00").same is False


def test_complete_waits_for_what_upper_rooms_require_of_a_technician(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "completing_guards", [lambda _visit: "Two lines are open."])
    order, other = company.planned(), company.planned(hours=3)
    with arrives("12:00"):
        assert refusal(company.anna, order, "complete", "11:00") == "not_ready"
        tap(company.anna, order, "arrive", "08:30")
        with pytest.raises(Refused, match="Two lines"):
            company.act(company.anna, order, "complete")
        company.act(company.manager, order, "complete")
        company.act(company.anna, other, "cancel", note="Not needed")


def test_an_undo_takes_a_step_out_from_between(company: Company) -> None:
    order = company.planned()
    with arrives("09:00"):
        company.act(company.manager, order, "arrive")
    with arrives("10:00"):
        tap(company.anna, order, "depart", "08:00")
        company.act(company.manager, order, "undo")
    assert standing(order) == [("arrive", "09:00", "on_site")]
    visit = Visit.objects.get(order=order)
    assert (visit.departed_at, visit.status) == (None, "on_site")
    assert hours(order) == [("work", "09:00", "")]


def test_a_late_day_costs_no_more_for_a_long_timeline(company: Company) -> None:
    """The number of messages to the database does not grow with what stands on the visit."""

    counts = []
    for technician, turns in ((company.anna, 1), (company.bert, 15)):
        order = company.planned(technician)
        with arrives("08:30"):
            company.act(company.manager, order, "arrive")
        with arrives("09:00"):
            for _ in range(turns):
                company.act(company.manager, order, "break")
                company.act(company.manager, order, "resume")
        KEPT.forget()  # the company is read anew after some seconds: here by both
        with arrives("10:00"), CaptureQueriesContext(connection) as queries:
            tap(technician, order, "depart", "08:10")
        counts.append(len(queries))
    assert counts[0] == counts[1]
