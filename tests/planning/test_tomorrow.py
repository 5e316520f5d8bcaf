"""What will fail tomorrow: read from the database by the rules, in groups, hard ones first."""

from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import at, today
from callout.customers import services as customers
from callout.customers.models import Site
from callout.kernel import clock
from callout.kernel.errors import Forbidden, NotSignedIn
from callout.orders import services as orders
from callout.orders.models import ServiceOrder
from callout.planning.tomorrow import Check, Failure, day_check
from callout.workforce import services as workforce
from callout.workforce.models import Technician, WorkingCalendar, WorkingWeek
from tests.orders.conftest import Company, company_made

FINE = {"latitude": 50.7, "longitude": 4.6}


@pytest.fixture
def company(db: None) -> Company:
    """A company in which a visit tomorrow has nothing against it."""
    company = company_made()
    Site.objects.filter(pk=company.site.pk).update(**FINE)
    company.customer.phone = "+3210112233"
    company.customer.save()
    for actor in (company.anna, company.bert):
        assert actor.technician_id
        WorkingWeek.objects.create(
            technician_id=actor.technician_id, valid_from=date(2020, 1, 1),
            days=[[["07:00", "19:00"]]] * 7,
        )  # fmt: skip
    return company


def tomorrow() -> date:
    return today() + timedelta(days=1)


def visit(company: Company, hour: float = 10, order: ServiceOrder | None = None,
          **command: Any) -> ServiceOrder:  # fmt: skip
    """A visit of an hour tomorrow, Anna's unless said otherwise."""
    begin = at(tomorrow(), time(int(hour), int(hour % 1 * 60)))
    return company.plan(order or an_hour(company), start=begin, **command)


def an_hour(company: Company, **values: Any) -> ServiceOrder:
    """An order that needs an hour, unless said otherwise."""
    return company.order(**({"duration_minutes": 60} | values))


def check(company: Company, day: date | None = None) -> Check:
    return day_check(actor=company.manager, day=day)


def found(company: Company, day: date | None = None) -> dict[str, list[Failure]]:
    return {group.kind: group.failures for group in check(company, day).groups}


def told(company: Company) -> dict[str, list[UUID]]:
    return {kind: [one.order_id for one in some] for kind, some in found(company).items()}


def elsewhere(company: Company, **values: Any) -> UUID:
    site = customers.site_create(actor=company.manager, name="Shop", **(FINE | values))
    customers.site_link(actor=company.manager, site_id=site.pk, customer_id=company.customer.pk)
    return site.pk


def test_nothing_fails_of_a_day_that_fits(company: Company) -> None:
    visit(company)
    seen = check(company)
    assert (seen.day, seen.visits, seen.count) == (tomorrow(), 1, 0)


def test_a_line_says_whose_visit_what_fails_and_what_mends_it(company: Company) -> None:
    order = visit(company, order=an_hour(company, duration_minutes=90))
    (one,) = found(company)["too_short"]
    assert (one.order_id, one.bare_number) == (order.pk, order.number)
    assert (one.customer, one.town, one.technician) == ("Boulangerie Lemaire", "Wavre", "Anna")
    assert one.words == "60 min are planned, 90 min needed"
    assert (one.mend, one.hard, one.title) == ("replan", False, "No hot water")
    assert one.slot.endswith(", 10:00–11:00")


def test_who_is_absent_or_archived_by_then_is_told_first(company: Company) -> None:
    first, second = visit(company), visit(company, hour=12, technician=company.bert)
    helped = visit(company, hour=14, technician=company.bert,
                   helper_ids=(company.anna.technician_id,))  # fmt: skip
    lacking = visit(company, hour=15.5, order=an_hour(company, duration_minutes=90))
    anna = company.anna.technician_id
    assert anna
    workforce.absence_create(
        actor=company.manager, technician_id=anna, kind="sickness",
        start=at(tomorrow(), time()), end=at(tomorrow(), time(15)),
    )  # fmt: skip
    Technician.objects.filter(pk=str(company.bert.technician_id)).update(archived_at=clock.now())
    groups = check(company).groups
    assert [(group.kind, group.hard) for group in groups] == [
        ("technician_archived", True), ("technician_absent", True), ("too_short", False),
    ]  # fmt: skip
    assert told(company) == {
        "technician_archived": [second.pk, helped.pk],
        "technician_absent": [first.pk, helped.pk],
        "too_short": [lacking.pk],
    }


def test_a_vehicle_on_two_jobs_is_told_of_both(company: Company) -> None:
    van = workforce.vehicle_create(actor=company.manager, registration="1-ABC-123")
    one = visit(company, vehicle_id=van.pk)
    two = visit(company, hour=10.5, technician=company.bert, vehicle_id=van.pk)
    visit(company, hour=12, technician=company.bert, vehicle_id=van.pk)
    assert told(company) == {"vehicle": [one.pk, two.pk]}
    assert found(company)["vehicle"][0].words.startswith("vehicle 1-ABC-123 is on SO-")


def test_travel_that_cannot_be_is_told_of_the_visit_that_comes_too_late(company: Company) -> None:
    visit(company)
    far = an_hour(company, site_id=elsewhere(company, latitude=51.3, longitude=3.2))
    assert "travel_before" not in told(company)
    visit(company, hour=11.25, order=far)
    assert told(company) == {"travel_before": [far.pk]}


def test_a_closed_site_a_missing_skill_a_promise_and_a_holiday_are_told(company: Company) -> None:
    gas = workforce.skill_create(actor=company.manager, name="Gas")
    kind = orders.type_create(actor=company.manager, values={"name": "x", "skill_ids": [gas.pk]})
    closed = visit(company, hour=9, order=an_hour(company,
        site_id=elsewhere(company, opening_hours=[[["14:00", "16:00"]]] * 7)))  # fmt: skip
    unable = visit(company, hour=11, order=an_hour(company, type_id=kind.pk))
    promised = visit(company, hour=13, promise_from=at(tomorrow(), time(8)),
                     promise_to=at(tomorrow(), time(9)))  # fmt: skip
    assert told(company) == {
        "opening": [closed.pk], "skill": [unable.pk], "promise": [promised.pk],
    }  # fmt: skip
    calendar = WorkingCalendar.objects.get(is_default=True)
    workforce.holiday_add(
        actor=company.manager, calendar_id=calendar.pk, date=tomorrow(), name="Armistice Day"
    )
    seen = found(company)["holiday"]
    assert [one.order_id for one in seen] == [closed.pk, unable.pk, promised.pk]
    assert {one.words for one in seen} == {"public holiday: Armistice Day"}


def test_an_overlap_on_purpose_is_told_where_it_was_allowed(company: Company) -> None:
    visit(company)
    second = visit(company, hour=10.5, allow_overlap=True)
    assert told(company)["overlap"] == [second.pk]


def test_no_position_and_no_phone_are_told(company: Company) -> None:
    nowhere = elsewhere(company, latitude=None, longitude=None)
    lost = visit(company, hour=9, order=an_hour(company, site_id=nowhere))
    (one,) = found(company)["no_position"]
    assert (one.order_id, one.mend, one.site_id) == (lost.pk, "site", nowhere)
    contact = customers.contact_create(
        actor=company.manager, customer_id=company.customer.pk, name="Luc", phone="010 44 55 66"
    )
    reached = visit(company, hour=11, order=an_hour(company, contact_id=contact.pk))
    called = visit(company, hour=13, order=an_hour(company, caller_phone="010 77 88 99"))
    assert "no_phone" not in told(company)
    company.customer.phone = ""
    company.customer.save()
    assert told(company)["no_phone"] == [lost.pk]
    assert {reached.pk, called.pk}.isdisjoint(told(company)["no_phone"])


def test_only_what_is_planned_for_the_day_and_has_not_begun_is_looked_at(company: Company) -> None:
    lacking = an_hour(company, duration_minutes=90)
    begin = at(tomorrow() + timedelta(days=1), time(10))
    company.plan(lacking, start=begin)
    unplanned = visit(company, hour=12, order=an_hour(company, duration_minutes=90))
    company.act(company.manager, unplanned, "unplan")
    assert check(company).visits == 0
    assert [one.order_id for one in found(company, begin.date())["too_short"]] == [lacking.pk]
    company.act(company.anna, lacking, "start_work")
    assert check(company, begin.date()).visits == 0


def test_an_order_of_several_visits_may_have_shorter_ones(company: Company) -> None:
    order = visit(company, order=an_hour(company, duration_minutes=180))
    assert list(told(company)) == ["too_short"]
    company.act(
        company.manager, order, "plan_another", technician_id=company.anna.technician_id,
        start=at(tomorrow() + timedelta(days=1), time(10)), duration_minutes=60,
    )  # fmt: skip
    assert told(company) == {}


def test_what_is_to_be_answered_that_day_and_what_was_never_closed_is_told(
    company: Company,
) -> None:
    new, other = an_hour(company), an_hour(company)
    ServiceOrder.objects.filter(pk=new.pk).update(due_at=at(tomorrow(), time(12)))
    ServiceOrder.objects.filter(pk=other.pk).update(due_at=at(today(), time(12)))
    with clock.freeze(clock.now() - timedelta(days=3)):
        old = company.planned(hours=2)
    company.act(company.anna, old, "depart")
    seen = found(company)
    assert [one.order_id for one in seen["unanswered"]] == [new.pk]
    assert (seen["unanswered"][0].status, seen["unanswered"][0].slot) == (
        "new",
        f"answer by {tomorrow():%a} 12:00",
    )
    orders.order_wait(
        actor=company.manager, order_id=new.pk, waiting_for="part",
        waiting_until=tomorrow() + timedelta(days=1),
    )  # fmt: skip
    assert "unanswered" not in found(company)
    ServiceOrder.objects.filter(pk=new.pk).update(waiting_until=tomorrow())
    assert "unanswered" in found(company)  # it comes back that day
    (one,) = seen["not_closed"]
    assert (one.order_id, one.status, one.mend) == (old.pk, "en_route", "close")
    assert one.words == "should have ended 2 d ago"


def test_the_working_day_after_now_is_the_calendar_s(company: Company) -> None:
    monday = date(2026, 11, 23)
    calendar = WorkingCalendar.objects.get(is_default=True)
    WorkingCalendar.objects.filter(pk=calendar.pk).update(
        days=[[["08:00", "17:00"]]] * 5 + [[], []]
    )
    workforce.holiday_add(
        actor=company.manager, calendar_id=calendar.pk, date=monday, name="Somebody's day"
    )
    with clock.freeze(at(date(2026, 11, 20), time(10))):
        seen = check(company)
        assert (seen.day, seen.working_day) == (date(2026, 11, 21), date(2026, 11, 24))
    WorkingCalendar.objects.filter(pk=calendar.pk).update(days=[[]] * 7)
    with clock.freeze(at(date(2026, 11, 20), time(10))):
        assert check(company).working_day == date(2026, 11, 21)


def test_it_is_for_managers(company: Company) -> None:
    with pytest.raises(Forbidden):
        day_check(actor=company.anna)
    with pytest.raises(NotSignedIn):
        day_check(actor=None)  # type: ignore[arg-type]


@pytest.mark.wide
def test_it_asks_as_much_for_one_visit_as_for_many(company: Company) -> None:
    van = workforce.vehicle_create(actor=company.manager, registration="1-ABC-123")
    visit(company, vehicle_id=van.pk)
    with CaptureQueriesContext(connection) as few:
        check(company)
    kind = orders.type_create(actor=company.manager, values={"name": "x"})
    for hour in range(11, 18):
        visit(company, hour=hour, technician=company.bert, vehicle_id=van.pk,
              helper_ids=(company.anna.technician_id,),
              order=an_hour(company, type_id=kind.pk, site_id=elsewhere(company)))  # fmt: skip
        ServiceOrder.objects.filter(pk=an_hour(company).pk).update(due_at=at(tomorrow(), time(12)))
    with CaptureQueriesContext(connection) as many:
        assert check(company).count >= 7
    assert len(many) == len(few) == 9
