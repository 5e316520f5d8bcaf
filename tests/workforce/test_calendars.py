"""Working calendars: one default, whose holidays count for whom, and who may change them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.workforce import selectors, services
from callout.workforce.models import Holiday, Technician, WorkingCalendar, WorkingWeek
from callout.workforce.services.calendars import OFFICE_WEEK

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, SUNDAY = date(2026, 12, 21), date(2026, 12, 22), date(2026, 12, 27)


@pytest.fixture
def company(db: None) -> WorkingCalendar:
    """The default, as every installation has it."""
    return WorkingCalendar.objects.get(is_default=True)


@pytest.fixture(autouse=True)
def here_for_long(sofie: Technician, yassine: Technician) -> None:
    """They have worked since before the days that are named here, whenever this runs."""
    WorkingWeek.objects.update(valid_from="2020-01-06")


@pytest.fixture
def bavaria(manager: Actor) -> WorkingCalendar:
    return services.calendar_create(actor=manager, name="Bavaria")


def free(manager: Actor, calendar: WorkingCalendar, day: date, name: str = "Free") -> Holiday:
    return services.holiday_add(actor=manager, calendar_id=calendar.pk, date=day, name=name)


def works_by(manager: Actor, technician: Technician, calendar: WorkingCalendar | None) -> None:
    technician.refresh_from_db()
    services.technician_update(
        actor=manager,
        technician_id=technician.pk,
        version=technician.version,
        calendar_id=calendar.pk if calendar else None,
    )


def days_worked(manager: Actor, *technicians: Technician) -> list[set[date]]:
    """The days of the week before Christmas on which each works."""
    found = selectors.technician_hours(
        actor=manager, technician_ids=[t.pk for t in technicians], first=MONDAY, last=SUNDAY
    )
    return [{start.date() for start, _end in found[t.pk]} for t in technicians]


def test_a_new_company_has_a_default_from_monday_to_friday(company: WorkingCalendar) -> None:
    assert (company.days, company.holidays.count()) == (OFFICE_WEEK, 0)


def test_nobody_works_on_a_holiday_of_their_calendar(
    manager: Actor,
    sofie: Technician,
    yassine: Technician,
    company: WorkingCalendar,
    bavaria: WorkingCalendar,
) -> None:
    week = {MONDAY + timedelta(days=number) for number in range(5)}
    assert days_worked(manager, sofie, yassine) == [week, week]
    free(manager, company, MONDAY)
    free(manager, bavaria, TUESDAY)
    assert days_worked(manager, sofie, yassine) == [week - {MONDAY}, week - {MONDAY}]
    works_by(manager, sofie, bavaria)
    assert days_worked(manager, sofie, yassine) == [week - {TUESDAY}, week - {MONDAY}]
    works_by(manager, sofie, None)
    assert days_worked(manager, sofie) == [week - {MONDAY}]
    # With absences in one message, as planning asks: the same.
    found = selectors.technician_days(
        actor=manager,
        technician_ids=[sofie.pk],
        days=(MONDAY, SUNDAY),
        span=(datetime(2026, 12, 21, tzinfo=UTC), datetime(2026, 12, 27, tzinfo=UTC)),
    )
    assert {start.date() for start, _end in found.hours[sofie.pk]} == week - {MONDAY}
    assert list(found.holidays[sofie.pk]) == [MONDAY]


def test_a_holiday_is_told_by_name_for_whose_it_is(
    manager: Actor,
    technician: Actor,
    stranger: Actor,
    sofie: Technician,
    yassine: Technician,
    company: WorkingCalendar,
    bavaria: WorkingCalendar,
) -> None:
    free(manager, company, MONDAY, "Company day")
    free(manager, company, date(2027, 1, 1), "Later")
    free(manager, bavaria, TUESDAY, "Bavaria day")
    works_by(manager, yassine, bavaria)
    asked = {"technician_ids": [sofie.pk, yassine.pk], "first": MONDAY, "last": SUNDAY}
    for actor in (manager, technician):
        found = selectors.technician_holidays(actor=actor, **asked)  # type: ignore[arg-type]
        assert found == {sofie.pk: {MONDAY: "Company day"}, yassine.pk: {TUESDAY: "Bavaria day"}}
    with pytest.raises(Forbidden):
        selectors.technician_holidays(actor=stranger, **asked)  # type: ignore[arg-type]


def test_hours_cost_as_many_messages_with_many_holidays_and_technicians(
    manager: Actor,
    sofie: Technician,
    yassine: Technician,
    company: WorkingCalendar,
) -> None:
    days_worked(manager, sofie)  # the company's zone is read
    with CaptureQueriesContext(connection) as few:
        days_worked(manager, sofie)
    for number in range(5):
        free(manager, company, MONDAY + timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        selectors.technician_hours(
            actor=manager, technician_ids=[sofie.pk, yassine.pk], first=MONDAY, last=SUNDAY
        )
    assert len(few) == len(many) == 1


# --- the default -------------------------------------------------------------------------------


def test_another_calendar_becomes_the_default_and_the_old_one_is_it_no_more(
    manager: Actor, company: WorkingCalendar, bavaria: WorkingCalendar
) -> None:
    row = services.calendar_make_default(actor=manager, calendar_id=bavaria.pk, version=1)
    assert (row.is_default, row.version) == (True, 2)
    assert WorkingCalendar.objects.get(is_default=True) == bavaria
    entry = JournalEntry.objects.latest("id")
    assert (entry.kind, entry.facts["instead_of"]) == ("make_default", [str(company.pk)])
    with pytest.raises(Refused, match="default already"):
        services.calendar_make_default(actor=manager, calendar_id=bavaria.pk)
    with pytest.raises(Refused, match="company's default"):
        services.calendar_archive(actor=manager, calendar_id=bavaria.pk)
    services.calendar_archive(actor=manager, calendar_id=company.pk)
    with pytest.raises(Refused, match="archived"):
        services.calendar_make_default(actor=manager, calendar_id=company.pk)


def whole(*changes: Callable[[], object]) -> None:
    """All of it in one transaction, which ends as a commit would."""
    with transaction.atomic(), connection.cursor() as cursor:
        for change in changes:
            change()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_the_database_keeps_that_one_calendar_is_the_default(
    company: WorkingCalendar, bavaria: WorkingCalendar
) -> None:
    old = WorkingCalendar.objects.filter(pk=company.pk)
    new = WorkingCalendar.objects.filter(pk=bavaria.pk)
    with pytest.raises(IntegrityError, match="default_once"):
        whole(lambda: new.update(is_default=True))
    with pytest.raises(IntegrityError, match="one calendar is the default"):
        whole(lambda: old.update(is_default=False))
    with pytest.raises(IntegrityError, match="one calendar is the default"):
        whole(old.delete)
    with pytest.raises(IntegrityError, match="default_in_use"):
        whole(lambda: old.update(archived_at="2026-01-01T00:00Z"))
    whole(lambda: old.update(is_default=False), lambda: new.update(is_default=True))


def test_a_calendar_that_a_technician_works_by_is_not_put_away(
    manager: Actor, sofie: Technician, bavaria: WorkingCalendar
) -> None:
    works_by(manager, sofie, bavaria)
    with pytest.raises(Refused, match="1 technician works by it"):
        services.calendar_archive(actor=manager, calendar_id=bavaria.pk)
    works_by(manager, sofie, None)
    services.calendar_archive(actor=manager, calendar_id=bavaria.pk)
    with pytest.raises(Invalid, match="not archived"):
        works_by(manager, sofie, bavaria)
    with pytest.raises(Refused, match="archived"):
        free(manager, bavaria, MONDAY)


# --- what is refused ---------------------------------------------------------------------------


def test_what_cannot_be_is_told_beside_its_field(manager: Actor, company: WorkingCalendar) -> None:
    for values, field, words in (
        ({"name": ""}, "name", "Fill this in"),
        ({"name": "COMPANY"}, "name", "of this name already"),
        ({"name": "A", "days": [[]] * 7}, "days", "Open on one day"),
        ({"name": "A", "days": [[]]}, "days", "seven days"),
        ({"name": "A", "days": [[["09:00", "08:00"]]] * 7}, "days", "not after the start"),
    ):
        with pytest.raises(Invalid, match=words) as refused:
            services.calendar_create(actor=manager, **values)
        assert list(refused.value.fields) == [field]
    free(manager, company, MONDAY)
    before = JournalEntry.objects.count()
    for day, name, field in (
        (MONDAY, "Again", "date"),
        (TUESDAY, "", "name"),
        (TUESDAY, "x" * 81, "name"),
        ("2026-02-30", "x", "date"),
        ("1066-10-14", "x", "date"),
        (None, "x", "date"),
    ):
        with pytest.raises(Invalid) as refused:
            services.holiday_add(actor=manager, calendar_id=company.pk, date=day, name=name)
        assert list(refused.value.fields) == [field]
    assert JournalEntry.objects.count() == before


def test_a_holiday_is_moved_renamed_and_taken_away(
    manager: Actor, company: WorkingCalendar
) -> None:
    row, other = free(manager, company, MONDAY), free(manager, company, SUNDAY)
    moved = services.holiday_update(
        actor=manager, holiday_id=row.pk, version=1, date=TUESDAY, name="Moved"
    )
    assert (moved.date, moved.name, moved.version) == (TUESDAY, "Moved", 2)
    with pytest.raises(Stale):
        services.holiday_update(actor=manager, holiday_id=row.pk, version=1, name="Late")
    with pytest.raises(Invalid, match="a holiday already"):
        services.holiday_update(actor=manager, holiday_id=other.pk, version=1, date=TUESDAY)
    services.holiday_remove(actor=manager, holiday_id=row.pk, version=2)
    entry = JournalEntry.objects.latest("id")
    assert (entry.kind, entry.facts["date"]) == ("holiday_remove", TUESDAY.isoformat())
    with pytest.raises(NotFound):
        services.holiday_remove(actor=manager, holiday_id=row.pk)


@pytest.mark.parametrize("who", ["technician", "stranger"])
def test_only_a_manager_changes_calendars_and_holidays(
    who: str,
    manager: Actor,
    company: WorkingCalendar,
    bavaria: WorkingCalendar,
    request: pytest.FixtureRequest,
) -> None:
    actor, row = request.getfixturevalue(who), free(manager, company, MONDAY)
    before = JournalEntry.objects.count()
    of = {"actor": actor, "calendar_id": bavaria.pk}
    attempts: list[Callable[[], object]] = [
        lambda: services.calendar_create(actor=actor, name="Mine"),
        lambda: services.calendar_update(**of, version=1, name="Mine"),
        lambda: services.calendar_make_default(**of),
        lambda: services.calendar_archive(**of),
        lambda: services.calendar_restore(**of),
        lambda: services.holiday_add(**of, date=MONDAY, name="Mine"),
        lambda: services.holiday_update(actor=actor, holiday_id=row.pk, version=1, name="Mine"),
        lambda: services.holiday_remove(actor=actor, holiday_id=row.pk),
        lambda: services.holidays_fill(**of, year=2026, country="BE"),
        lambda: services.holidays_import(**of, name="a.csv", data=b"2026-12-26;Mine"),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()
    assert JournalEntry.objects.count() == before


def test_who_works_here_reads_calendars_and_a_stranger_none(
    manager: Actor, technician: Actor, stranger: Actor, company: WorkingCalendar
) -> None:
    row = free(manager, company, MONDAY)
    for actor in (manager, technician):
        assert selectors.calendar_list(actor=actor).items == [company]
        found = selectors.holiday_list(actor=actor, calendar_id=company.pk, year=2026)
        assert found.items == [row]
    assert selectors.calendar_list(actor=stranger).items == []
    with pytest.raises(NotFound):
        selectors.holiday_list(actor=stranger, calendar_id=company.pk)
    with pytest.raises(NotFound):
        selectors.holiday_detail(actor=stranger, holiday_id=row.pk)
    with pytest.raises(Forbidden):
        selectors.opening_hours(actor=stranger, first=MONDAY)


# --- many at once ------------------------------------------------------------------------------


def test_a_year_of_a_country_is_filled_once_and_what_is_there_stays(
    manager: Actor, company: WorkingCalendar
) -> None:
    free(manager, company, date(2026, 7, 21), "Ours")
    fill = {"actor": manager, "calendar_id": company.pk, "year": 2026, "country": "BE"}
    done = services.holidays_fill(**fill)  # type: ignore[arg-type]
    assert (done.added, done.there) == (11, 1)
    names = dict(company.holidays.values_list("date", "name"))
    assert names[date(2026, 12, 25)] == "Christmas Day"
    assert names[date(2026, 7, 21)] == "Ours"
    again = services.holidays_fill(**fill)  # type: ignore[arg-type]
    assert (again.added, again.there) == (0, 12)


def test_a_region_has_holidays_of_its_own(manager: Actor, bavaria: WorkingCalendar) -> None:
    services.holidays_fill(
        actor=manager, calendar_id=bavaria.pk, year=2026, country="DE", region="BY"
    )
    assert bavaria.holidays.filter(date=date(2026, 1, 6)).exists()  # not in Berlin


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"country": "BEL"}, "country"),
        ({"country": ""}, "country"),
        ({"region": "BY"}, "region"),
        ({"year": 1999}, "year"),
        ({"year": 2101}, "year"),
        ({"country": "SS", "year": 2005}, "year"),  # there was no South Sudan
    ],
)
def test_a_year_that_cannot_be_filled_changes_nothing(
    manager: Actor, company: WorkingCalendar, asked: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.holidays_fill(
            actor=manager,
            calendar_id=company.pk,
            **({"year": 2026, "country": "BE"} | asked),  # type: ignore[arg-type]
        )
    assert list(refused.value.fields) == [field]
    assert not Holiday.objects.exists()


def test_a_file_is_taken_whole_and_told_in_the_journal(
    manager: Actor, company: WorkingCalendar
) -> None:
    free(manager, company, date(2026, 12, 25), "Ours")
    data = b"Date;Name\n25/12/2026;Christmas\n2026-12-26;Boxing Day\n"
    done = services.holidays_import(
        actor=manager, calendar_id=company.pk, name="days.csv", data=data
    )
    assert (done.added, done.there) == (1, 1)
    entry = JournalEntry.objects.latest("id")
    assert (entry.kind, entry.facts["dates"]) == ("holidays_import", ["2026-12-26"])
    assert company.holidays.get(date=date(2026, 12, 25)).name == "Ours"
    with pytest.raises(Invalid, match="Line 2"):
        services.holidays_import(
            actor=manager,
            calendar_id=company.pk,
            name="days.csv",
            data=b"2026-12-31;Eve\n2026-02-30;Never",
        )
    assert company.holidays.count() == 2
