"""The board: who is on it, what stands in a row, and what is to be expected of it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import at, today
from callout.customers import paces
from callout.customers.models import Site
from callout.customers.paces import AreaPace
from callout.kernel import clock, prepared
from callout.kernel.errors import Forbidden, Invalid, NotSignedIn
from callout.orders.services import attempt_record
from callout.planning.ask import Days
from callout.planning.board import Board, board_read
from callout.planning.board_day import Bar
from callout.planning.fit.reach import drive
from callout.planning.team import persons
from callout.workforce import services as workforce
from callout.workforce.models import Technician
from tests.orders.conftest import Company, company_made, soon

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(db: None) -> Company:
    return company_made()


def board(company: Company, first: date | None = None, days: int = 3, **more: object) -> Board:
    first = first or today()
    return board_read(actor=company.manager, first=first, days=days, **more)  # type: ignore[arg-type]


def bars_of(found: Board, name: str) -> list[Bar]:
    return next(row.bars for row in found.rows if row.technician.name == name)


def test_a_visit_stands_in_its_technicians_row_and_in_the_helpers(company: Company) -> None:
    order = company.planned(hours=2, helper_ids=(company.bert.technician_id,))
    found = board(company)
    (annas,), (berts,) = bars_of(found, "Anna"), bars_of(found, "Bert")
    assert annas.visit.number == berts.visit.number == order.number
    assert annas.visit.visit_id == berts.visit.visit_id == order.visit_id
    assert (annas.is_helper, berts.is_helper) == (False, True)
    assert annas.visit.customer == "Boulangerie Lemaire"
    assert annas.visit.town == "Wavre"


def test_what_was_taken_off_it_is_not_on_it_and_what_happened_is(company: Company) -> None:
    unplanned, cancelled, done, absent = (company.planned(hours=h) for h in (1, 3, 5, 7))
    company.act(company.manager, unplanned, "unplan")
    company.act(company.manager, cancelled, "cancel", note="no")
    company.act(company.manager, done, "complete")
    company.act(company.manager, absent, "customer_absent")
    shown = {bar.visit.number: bar.visit.outcome for bar in bars_of(board(company), "Anna")}
    assert shown == {done.number: "done", absent.number: "customer_absent"}


def test_what_is_recorded_afterwards_overlaps_nothing_on_purpose(company: Company) -> None:
    began = clock.now() - timedelta(hours=2)
    recorded = company.order()
    assert company.anna.technician_id
    attempt_record(
        actor=company.manager,
        order_id=recorded.pk,
        technician_id=company.anna.technician_id,
        steps=[("arrive", began), ("hand_back", began + timedelta(hours=1))],
        finish=False,
    )
    meant = company.planned(hours=5)
    company.planned(hours=5, allow_overlap=True)
    (first, *rest) = bars_of(board(company, today() - timedelta(days=1), 4), "Anna")
    assert (first.visit.number, first.overlaps_on_purpose) == (recorded.number, False)
    shown = {bar.visit.number: bar.overlaps_on_purpose for bar in rest}
    assert (shown[meant.number], sorted(shown.values())) == (False, [False, True])


def test_a_visit_over_midnight_is_on_both_days_and_on_no_third(company: Company) -> None:
    day = today() + timedelta(days=2)
    order = company.plan(company.order(), start=at(day, time(22)), duration_minutes=4 * 60)
    for first, count in ((day, 1), (day + timedelta(days=1), 1), (day + timedelta(days=2), 0)):
        found = bars_of(board(company, first, 1), "Anna")
        assert [bar.visit.number for bar in found] == [order.number] * count


def test_a_promise_that_the_slot_breaks_is_told_while_it_is_open(company: Company) -> None:
    order = company.planned(hours=4)
    assert order.visit is not None
    visit = order.visit
    visit.promise_from, visit.promise_to = soon(1), soon(2)
    visit.save()
    (bar,) = bars_of(board(company), "Anna")
    assert bar.promise_broken
    company.act(company.manager, order, "complete")
    (bar,) = bars_of(board(company), "Anna")
    assert not bar.promise_broken


def test_hours_and_absences_stand_beside_the_visits(company: Company) -> None:
    technician_id = company.anna.technician_id
    assert technician_id is not None
    workforce.working_week_set(
        actor=company.manager,
        technician_id=technician_id,
        valid_from=today() - timedelta(days=400),
        days=[[["08:00", "16:00"]]] * 7,
    )
    away = workforce.absence_create(
        actor=company.manager, technician_id=technician_id, kind="training",
        start=soon(30), end=soon(34),
    )  # fmt: skip
    row = next(row for row in board(company).rows if row.technician.pk == technician_id)
    assert len(row.hours) == 3
    assert [absence.id for absence in row.absences] == [away.pk]
    assert row.absences[0].label == "Training"


def test_it_can_be_asked_for_some_technicians_and_for_a_skill(company: Company) -> None:
    gas = workforce.skill_create(actor=company.manager, name="gas")
    bert = company.bert.technician_id
    assert bert is not None
    workforce.technician_update(
        actor=company.manager, technician_id=bert, version=1, skill_ids=[gas.pk]
    )
    assert [row.technician.name for row in board(company).rows] == ["Anna", "Bert"]
    assert [row.technician.pk for row in board(company, skill_id=gas.pk).rows] == [bert]
    assert [row.technician.pk for row in board(company, technician_ids=[bert]).rows] == [bert]


def test_who_is_archived_has_no_row(company: Company) -> None:
    bert = company.bert.technician_id
    assert bert is not None
    workforce.technician_archive(actor=company.manager, technician_id=bert, version=1)
    assert [row.technician.name for row in board(company).rows] == ["Anna"]


@pytest.mark.parametrize("days", [0, -1, 32, 10_000])
def test_a_range_that_cannot_be_is_refused_in_words(company: Company, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        board(company, days=days)
    assert list(refused.value.fields) == ["days"]


def test_it_is_for_managers(company: Company) -> None:
    with pytest.raises(Forbidden):
        board_read(actor=company.anna, first=today())
    with pytest.raises(NotSignedIn):
        board_read(actor=None, first=today())  # type: ignore[arg-type]


def test_it_asks_as_much_for_one_visit_as_for_many(company: Company) -> None:
    company.planned(hours=1)
    with CaptureQueriesContext(connection) as few:
        board(company, days=1)
    for hours in range(3, 15, 2):
        company.planned(company.bert, hours=hours)
    with CaptureQueriesContext(connection) as many:
        board(company, days=31)
    assert len(many) == len(few) == 3


def test_the_drives_are_as_slow_as_the_area_where_they_begin_says(company: Company) -> None:
    company.planned(hours=2)
    Technician.objects.update(latitude=50.6, longitude=4.6, postcode="5030")
    Site.objects.update(latitude=50.7, longitude=4.6)

    def minutes() -> list[int]:
        (bar,) = bars_of(board(company), "Anna")
        days = Days.around(bar.visit.start, bar.visit.end)
        ids = [one for one in (company.anna.technician_id,) if one]
        (person,) = persons(company.manager, ids, days)
        assert bar.course.leg
        return [bar.course.leg.minutes, int(drive(person.base, person.stops[0].place).seconds / 60)]

    assert minutes() == [18, 18]
    paces.KEPT.keep([AreaPace("5030", 130, 25)])
    assert minutes() == [35, 35]
    paces.KEPT.keep([AreaPace("1300", 130, 25)])
    assert minutes() == [18, 18]


def test_bars_stand_in_the_order_of_their_slots_whatever_was_read_first(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = at(today() + timedelta(days=1), time(9))
    later = [timedelta(hours=3), timedelta(), timedelta(seconds=0.5), timedelta(days=1, hours=-3)]
    for one in later:
        company.plan(company.order(), start=start + one, allow_overlap=True)

    def slots() -> list[datetime]:
        return [bar.visit.start for bar in bars_of(board(company), "Anna")]

    assert slots() == [start + one for one in sorted(later)]
    read = prepared.together
    monkeypatch.setattr(
        "callout.planning.board.together", lambda *asked: [rows[::-1] for rows in read(*asked)]
    )
    assert slots() == [start + one for one in sorted(later)]
