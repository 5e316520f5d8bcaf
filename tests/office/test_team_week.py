"""A week of everybody at a glance: what each day holds, and what its reader may know of it."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from callout.accounts.models import User
from callout.accounts.zone import at, local, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.planning.week import Week, WeekDay, team_week
from callout.workforce.models import Absence, Holiday, Technician, WorkingCalendar, WorkingWeek
from tests.office.conftest import Browser
from tests.orders.conftest import MORNING, Company

MONDAY = date(2026, 11, 23)
PLACE = f"/team/week/?day={MONDAY}"


@pytest.fixture(autouse=True)
def monday_morning(company: Company) -> Iterator[None]:
    """A week whose days and hours are known; Anna works, Bert has no hours."""
    WorkingWeek.objects.create(
        technician_id=id_of(company.anna), valid_from="2020-01-01",
        days=[[["08:00", "12:00"], ["13:00", "17:00"]]] * 5 + [[], []],
    )  # fmt: skip
    with clock.freeze(MORNING):
        yield


def id_of(actor: Actor) -> str:
    return str(actor.technician_id)


def away(actor: Actor, start: datetime, end: datetime, kind: str = "sickness") -> Absence:
    return Absence.objects.create(technician_id=id_of(actor), start=start, end=end, kind=kind)


def anna(company: Company, actor: Actor | None = None) -> tuple[WeekDay, ...]:
    rows = team_week(actor=actor or company.manager, day=MONDAY)
    return next(row.days for row in rows if row.technician.pk == company.anna.technician_id)


def test_a_day_is_as_full_as_its_visits_are_of_the_hours_left(company: Company) -> None:
    away(company.anna, at(MONDAY, time(13)), at(MONDAY, time(23)))
    company.plan(company.order(), start=at(MONDAY, time(9)), duration_minutes=90)
    days = anna(company)
    assert (days[0].free, days[0].booked) == (240, 90)
    assert (days[1].free, days[1].booked) == (480, 0)
    assert (days[5].free, days[5].hours) == (0, [])


def test_on_a_holiday_nobody_works(company: Company) -> None:
    calendar = WorkingCalendar.objects.get(is_default=True)
    Holiday.objects.create(calendar=calendar, date=MONDAY, name="Saint Clement")
    assert (anna(company)[0].holiday, anna(company)[0].free) == ("Saint Clement", 0)


def test_a_visit_over_midnight_counts_on_both_days(company: Company) -> None:
    company.plan(company.order(), start=at(MONDAY, time(23)), duration_minutes=180)
    assert [one.booked for one in anna(company)[:3]] == [60, 120, 0]


def test_only_managers_and_oneself_see_why_and_what(company: Company) -> None:
    away(company.anna, at(MONDAY, time()), at(MONDAY, time(12)))
    company.plan(company.order(), start=at(MONDAY, time(14)), duration_minutes=60)
    for reader in (company.manager, company.anna):
        day = anna(company, reader)[0]
        assert (day.absences[0].label, day.booked, len(day.hours)) == ("Sickness", 60, 2)
    day = anna(company, company.bert)[0]
    assert (day.absences[0].label, day.absences[0].kind) == ("Absent", "")
    assert (day.hours, day.free, day.booked) == ([], None, None)


def test_the_page_says_half_days_and_leads_to_both_forms(company: Company, office: Client) -> None:
    row = away(company.anna, at(MONDAY, time(13)), at(MONDAY + timedelta(days=1), time()))
    page = office.get(PLACE).content.decode()
    assert "Sickness" in page
    assert "from 13:00" in page
    assert f"/absences/{row.pk}/edit/?day={MONDAY}&amp;to=week" in page
    new = f"/team/{company.bert.technician_id}/absences/new/?day={MONDAY + timedelta(days=2)}"
    assert new in page
    assert f'value="{MONDAY + timedelta(days=2)}"' in office.get(new).content.decode()


def test_a_technician_s_page_has_no_kind_no_load_of_others_and_no_way_to_change(
    company: Company, browser: Browser
) -> None:
    away(company.anna, at(MONDAY, time()), at(MONDAY, time(13)))
    company.plan(company.order(), start=at(MONDAY, time(14)), duration_minutes=60)
    page = browser(company.bert).get(PLACE).content.decode()
    assert "Anna" in page
    assert "Absent" in page
    for word in ("Sickness", "co-week-load", "absences/", f"/team/{company.anna.technician_id}"):
        assert word not in page
    assert page.count("is-free") == 7  # Bert's own days; when Anna is free is not said
    assert Client().get(PLACE).status_code == 302


def test_the_figure_of_home_is_the_count_of_the_absent(company: Company, office: Client) -> None:
    away(company.anna, at(MONDAY, time(13)), at(MONDAY, time(15)))
    away(company.anna, at(MONDAY, time(16)), at(MONDAY, time(17)))
    away(company.bert, at(MONDAY - timedelta(days=1), time()), at(MONDAY, time()))
    archived = Technician.objects.create(name="Gone", name_sort="gone", initials="G", search="")
    Technician.objects.filter(pk=archived.pk).update(archived_at=clock.now())
    Absence.objects.create(
        technician=archived, start=at(MONDAY, time()), end=at(MONDAY, time(9)), kind="other"
    )
    home = office.get("/home/").content.decode()
    found = re.search(r'id="home-absent" href="([^"]*)"><b>(\d+)', home)
    assert found
    listed = office.get(found[1].replace("&amp;", "&")).content.decode()
    assert found[2] == "1" == str(listed.count('<th scope="row">'))
    assert "Anna" in listed


@pytest.mark.parametrize(
    ("part", "span"),
    [("morning", ("00:00", "12:00")), ("afternoon", ("12:00", "00:00")), ("days", ("00:00",) * 2)],
)
def test_half_a_day_is_entered_by_its_name(
    company: Company, office: Client, part: str, span: tuple[str, str]
) -> None:
    path = f"/team/{company.anna.technician_id}/absences/new/?day={MONDAY}&to=week"
    fields = {"kind": "training", "part": part, "first": MONDAY, "last": MONDAY}
    answer = office.post(path, fields)
    assert answer["Location"] == f"/team/week/?day={MONDAY}"
    row = Absence.objects.get()
    assert (f"{local(row.start):%H:%M}", f"{local(row.end):%H:%M}") == span


@pytest.mark.parametrize(
    "more", [{"last": MONDAY + timedelta(days=1)}, {"first_hour": "09:00"}], ids=["days", "hours"]
)
def test_half_of_several_days_and_halves_with_hours_are_refused_in_words(
    company: Company, office: Client, more: dict[str, object]
) -> None:
    path = f"/team/{company.anna.technician_id}/absences/new/"
    fields = {"kind": "other", "part": "morning", "first": MONDAY, "last": MONDAY} | more
    answer = office.post(path, fields)
    assert answer.status_code == 422
    assert "alf a day" in answer.content.decode()
    assert not Absence.objects.exists()


@pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", ""])
def test_a_day_that_cannot_be_is_some_other(office: Client, day: str) -> None:
    assert office.get("/team/week/", {"day": day}).status_code == 200


def test_it_asks_as_much_for_everybody_as_for_two(company: Company, office: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as run:
            assert office.get(PLACE).status_code == 200
        return len(run)

    cost()
    before = cost()
    for number in range(5):
        row = Technician.objects.create(
            name=f"T{number}", name_sort=f"t{number}", initials="T", search=""
        )
        Absence.objects.create(
            technician=row, start=at(MONDAY, time(8)), end=at(MONDAY, time(9)), kind="other"
        )
    assert cost() == before <= 8


def test_today_is_where_it_begins(company: Company, office: Client) -> None:
    page = office.get("/team/week/").content.decode()
    assert f"day={today() - timedelta(days=7)}" in page
    assert f"day={today() + timedelta(days=7)}" in page


def weeks(company: Company) -> dict[str, Week]:
    rows = team_week(actor=company.manager, day=MONDAY)
    return {row.technician.name: row.week for row in rows}


def test_a_week_is_told_once_until_something_of_it_changes(company: Company) -> None:
    before = weeks(company)
    assert weeks(company) == before
    away(company.anna, at(MONDAY, time(13)), at(MONDAY, time(23)))
    after = weeks(company)
    assert after["Bert"] is before["Bert"]
    assert [len(after["Anna"].days[0].absences), len(before["Anna"].days[0].absences)] == [1, 0]
    company.plan(company.order(), start=at(MONDAY, time(9)), duration_minutes=90)
    assert weeks(company)["Anna"].days[0].booked == 90
    calendar = WorkingCalendar.objects.get(is_default=True)
    Holiday.objects.create(calendar=calendar, date=MONDAY, name="Saint Clement")
    assert weeks(company)["Anna"].days[0].holiday == "Saint Clement"
    WorkingWeek.objects.update(days=[[["09:00", "10:00"]]] * 7)
    assert weeks(company)["Anna"].days[1].free == 60


@pytest.mark.wide
def test_a_row_that_was_told_is_told_to_each_in_their_language_and_on_each_day(
    company: Company, office: Client
) -> None:
    company.plan(company.order(), start=at(MONDAY, time(9)), duration_minutes=90)

    def page(path: str = PLACE) -> str:
        return office.get(path).content.decode()

    assert "1 h 30 of 8 h planned" in page()
    assert "to=week&amp;absent" not in page()
    User.objects.update(language="fr")
    assert "1 h 30 of 8 h planned" not in page()
    assert "1 h 30 sur 8 h" in page()
    User.objects.update(language="en")
    away(company.anna, at(MONDAY, time(13)), at(MONDAY, time(23)))
    assert "to=week&amp;absent=1" in page(f"{PLACE}&absent=1")
    assert page().count('<td class="is-today') == 2
    with clock.freeze(MORNING + timedelta(days=7)):
        assert '<td class="is-today' not in page()
    Technician.objects.filter(pk=id_of(company.anna)).update(name="Annabel", team=None)
    assert ">Annabel</a>" in page()
