"""A late report that happened: a past visit with its true times, which may finish the order."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from callout.kernel import clock
from callout.kernel.errors import CalloutError, Forbidden, Invalid
from callout.kernel.models import JournalEntry
from callout.orders.lifecycle import Status
from callout.orders.models import ServiceOrder, TimeEntry, TimelineEntry, Visit
from callout.orders.selectors.history import journal_of, lines_of
from callout.orders.selectors.when import When
from callout.orders.selectors.whole import order_whole
from callout.orders.services import attempt_record, order_check, step_correct
from tests.orders.conftest import Company
from tests.orders.field import arrives, at, hours, standing, tap
from tests.orders.test_undo import picture

pytestmark = pytest.mark.usefixtures("morning")

DAY = [("arrive", "08:30"), ("start_work", "08:40"), ("break", "09:30"), ("complete", "10:00")]


def happened(
    company: Company,
    order: ServiceOrder,
    steps: Sequence[tuple[str, str]] = DAY,
    *,
    finish: bool = False,
    **told: Any,
) -> Visit:
    given: dict[str, Any] = {"actor": company.manager, "technician_id": company.anna.technician_id}
    return attempt_record(
        order_id=order.pk,
        steps=[(action, at(when)) for action, when in steps],
        finish=finish,
        **(given | told),
    )


def own_hours(company: Company) -> list[tuple[str, str, str]]:
    rows = TimeEntry.objects.filter(technician=company.anna.technician_id, derived=True)
    return [
        (row.kind, row.start.strftime("%H:%M"), row.end.strftime("%H:%M") if row.end else "")
        for row in rows.order_by("start")
    ]


@pytest.mark.wide
@pytest.mark.parametrize(
    "ways",
    [
        [],
        ["plan"],
        ["plan", "depart"],
        ["plan", "arrive"],
        ["plan", "start_work"],
        ["plan", "start_work", "break"],
        ["plan", "complete"],
        ["plan", "cancel"],
    ],
)
@pytest.mark.parametrize("finish", [False, True])
def test_from_every_status_it_stays_or_is_done(
    company: Company, ways: list[str], finish: bool
) -> None:
    """The row of the table: any status, to the same or Done."""
    order = company.order()
    with arrives("06:00"):
        for action in ways:
            if action == "plan":
                company.plan(order, company.bert, hours=30)
            else:
                company.act(company.manager, order, action, note="Why")
    order.refresh_from_db()
    was = order.technician_status
    with arrives("17:00"):
        if finish and was in (Status.DONE, Status.CANCELLED):
            with pytest.raises(CalloutError) as refused:
                happened(company, order, finish=True)
            assert refused.value.code == "action_not_open"
            return
        visit = happened(company, order, finish=finish)
    order.refresh_from_db()
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.is_open, visit.entered_afterwards) == (False, True)
    assert (visit.arrived_at, visit.work_started_at) == (at("08:30"), at("08:40"))
    assert (visit.start, visit.end, visit.closed_at) == (at("08:30"), at("10:00"), at("10:00"))
    assert own_hours(company) == [
        ("work", "08:30", "09:30"),
        ("break", "09:30", "10:00"),
    ]
    if finish:
        assert (order.technician_status, order.visit_id) == ("done", visit.pk)
        assert (order.closed_at, visit.outcome, visit.status) == (at("10:00"), "done", "done")
        assert not Visit.objects.filter(order=order, is_open=True).exists()
    else:
        assert order.technician_status == was
        ended = was in (Status.DONE, Status.CANCELLED)
        said = ("done", "done") if ended else ("handed_back", "break")
        assert (visit.outcome, visit.status) == said
        assert order.visit_id != visit.pk


@pytest.mark.parametrize(
    ("last", "outcome"),
    [
        ("complete", "done"),
        ("hand_back", "handed_back"),
        ("customer_absent", "customer_absent"),
        ("cancel", "cancelled"),
        ("break", "handed_back"),  # nobody has said how it ended
    ],
)
@pytest.mark.parametrize("ended", ["cancel", "complete"])
def test_of_an_order_that_has_ended_the_attempt_ends_as_was_tapped(
    company: Company, ended: str, last: str, outcome: str
) -> None:
    order = company.planned(company.bert)
    company.act(company.manager, order, ended, note="Why")
    order.refresh_from_db()
    was = (order.stage, order.technician_status, order.visit_id, order.closed_at)
    with arrives("17:00"):
        visit = happened(company, order, [DAY[0], (last, "10:00")])
    order.refresh_from_db()
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.outcome, visit.closed_at, visit.is_open) == (outcome, at("10:00"), False)
    assert (order.stage, order.technician_status, order.visit_id, order.closed_at) == was
    with arrives("17:01"):
        company.act(company.manager, order, "undo")
    order.refresh_from_db()
    assert (order.stage, order.technician_status, order.visit_id, order.closed_at) == was


def test_undo_takes_the_visit_and_its_hours_away_and_gives_all_else_back(company: Company) -> None:
    order = company.planned(company.bert)
    before = picture(order)
    with arrives("17:00"):
        happened(company, order, finish=True)
        assert picture(order) != before
        company.act(company.manager, order, "undo")
    after = picture(order)
    assert after["visits"].pop()["outcome"] == "unplanned"
    after["helpers"].pop()
    assert after == before
    assert own_hours(company) == []


def test_what_the_office_ended_meanwhile_ends_where_the_late_report_begins(
    company: Company,
) -> None:
    """The customer cancelled by phone while the technician, without a signal, was at the door."""
    order = company.planned()
    with arrives("08:00"):
        tap(company.anna, order, "depart", "08:00")
    visit = order.visit_id
    with arrives("09:00"):
        company.act(company.manager, order, "cancel", note="By phone")
    assert hours(order) == [("travel", "08:00", "09:00")]
    with arrives("17:00"):
        happened(company, order)
        expected = [
            ("travel", "08:00", "08:30"),
            ("work", "08:30", "09:30"),
            ("break", "09:30", "10:00"),
        ]
        assert own_hours(company) == expected
        first = TimelineEntry.objects.get(visit=visit, action="depart")
        step_correct(actor=company.manager, entry_id=first.pk, at=at("08:10"))
        assert own_hours(company)[0] == ("travel", "08:10", "08:30")
    # The manager thinks better of it: all is as it was.
    with arrives("17:05"):
        company.act(company.manager, order, "undo")
    assert own_hours(company) == [("travel", "08:10", "09:00")]


def test_hours_that_count_already_are_refused(company: Company) -> None:
    order, other = company.planned(company.bert), company.planned()
    with arrives("17:00"):
        tap(company.anna, other, "start_work", "09:00")
        tap(company.anna, other, "complete", "09:20")
        before = picture(order)
        with pytest.raises(CalloutError) as refused:
            happened(company, order)
        assert refused.value.code == "counts_twice"
        assert picture(order) == before
        happened(company, order, [("arrive", "09:20"), ("complete", "10:00")])


def test_a_checked_order_takes_no_attempt(company: Company) -> None:
    order = company.planned()
    with arrives("17:00"):
        company.act(company.manager, order, "complete")
        order_check(actor=company.manager, order_id=order.pk)
        with pytest.raises(CalloutError) as refused:
            happened(company, order)
        assert refused.value.code == "checked"


@pytest.mark.parametrize(
    ("steps", "finish", "outcome", "status"),
    [
        ([("arrive", "08:30"), ("customer_absent", "08:50")], False, "customer_absent", "on_site"),
        ([("arrive", "08:30"), ("customer_absent", "08:50")], True, "done", "done"),
        ([("arrive", "08:30"), ("cancel", "08:50")], False, "handed_back", "on_site"),
        ([("depart", "08:00"), ("arrive", "08:30")], False, "handed_back", "on_site"),
        ([("depart", "08:00"), ("arrive", "08:30")], True, "done", "done"),
        ([("complete", "10:00")], False, "handed_back", "planned"),
        ([("complete", "10:00"), ("arrive", "10:30")], True, "done", "done"),
    ],
)
def test_it_ends_as_it_was_told_unless_it_finishes_the_order(
    company: Company, steps: list[tuple[str, str]], finish: bool, outcome: str, status: str
) -> None:
    order = company.order()
    with arrives("17:00"):
        visit = Visit.objects.get(pk=happened(company, order, steps, finish=finish).pk)
    assert (visit.outcome, visit.status) == (outcome, status)
    order.refresh_from_db()
    assert order.absent_count == (1 if outcome == "customer_absent" else 0)


def test_what_makes_no_sense_is_passed_over(company: Company) -> None:
    order = company.order()
    steps = [("resume", "08:00"), ("arrive", "08:30"), ("arrive", "08:40"), ("dance", "08:50")]
    with arrives("17:00"):
        visit = happened(company, order, [*steps, ("complete", "09:00")], note="They called")
    assert standing(order)[:2] == [
        ("arrive", "08:30", "on_site"),
        ("hand_back", "09:00", "on_site"),
    ]
    assert Visit.objects.get(pk=visit.pk).closing_note == "They called"
    said = JournalEntry.objects.get(entity_id=order.pk, kind="apply_late_report")
    assert said.personal == {"note": "They called"}
    assert str(company.anna.technician_id) in said.audience


def test_what_cannot_be_is_refused(company: Company) -> None:
    order = company.order()
    with arrives("12:00"):
        for steps in ([], [("resume", "08:00")], [("arrive", "12:01")], [("extend", "08:00")]):
            with pytest.raises(Invalid):
                happened(company, order, steps)
        with pytest.raises(Invalid):
            happened(company, order, technician_id=company.site.pk)
        for actor in (company.anna, company.bert):
            with pytest.raises(Forbidden):
                happened(company, order, actor=actor)
    assert not Visit.objects.exists()


def test_over_a_day_old_and_long_it_is_still_recorded(company: Company) -> None:
    order = company.order()
    with clock.freeze(at("08:00") + timedelta(days=60)):
        long = [("arrive", at("08:00")), ("complete", at("09:00") + timedelta(days=1))]
        visit = attempt_record(
            actor=company.manager,
            order_id=order.pk,
            technician_id=company.anna.technician_id,  # type: ignore[arg-type]
            steps=long,
            finish=True,
        )
    visit = Visit.objects.get(pk=visit.pk)
    assert visit.end - visit.start == timedelta(days=1)
    assert visit.closed_at == at("09:00") + timedelta(days=1)


def test_it_reads_in_the_history_and_is_no_button(company: Company) -> None:
    order = company.planned()
    with arrives("12:00"):
        assert (
            "apply_late_report" not in order_whole(actor=company.manager, order_id=order.pk).actions
        )
        happened(company, order)
        lines = lines_of(journal_of(company.manager, order.pk), When())
    line = next(line for line in lines if line.icon == "clock-check")
    assert "Anna" in line.text
