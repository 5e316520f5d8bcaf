"""The settings' pages of calendars: who opens them, a year in one press, a file."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.kernel.actor import Actor
from callout.web.office.settings_calendars import urls
from callout.workforce import services
from callout.workforce.models import Holiday, Technician, WorkingCalendar

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}
WEEK = {f"day{number}": "08:00-18:00" for number in range(5)}


@pytest.fixture
def calendar(db: None) -> WorkingCalendar:
    return WorkingCalendar.objects.get(is_default=True)


@pytest.fixture
def christmas(manager: Actor, calendar: WorkingCalendar) -> Holiday:
    return services.holiday_add(
        actor=manager, calendar_id=calendar.pk, date="2026-12-25", name="Christmas"
    )


@pytest.fixture
def addresses(calendar: WorkingCalendar, christmas: Holiday) -> list[str]:
    """Every page that is opened by GET."""
    things = {"calendar_id": calendar.pk, "holiday_id": christmas.pk}
    return [
        reverse(f"office:{one.name}", kwargs={k: things[k] for k in one.pattern.converters})
        + "?year=2026&country=DE"
        for one in urls.urlpatterns
        if not str(one.name).endswith(("archive", "restore", "remove", "default"))
    ]


def test_every_address_of_this_folder_is_for_managers() -> None:
    for pattern in urls.urlpatterns:
        assert getattr(pattern.callback, "access", "") == "manager", pattern.name


@pytest.mark.wide
def test_a_manager_opens_every_page_at_a_fair_cost(office: Client, addresses: list[str]) -> None:
    assert len(addresses) == 9
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(address).status_code == 200, address
        assert len(queries) <= 12
        assert office.get(address, headers=HX).status_code == 200, address


def test_a_technician_opens_none(field: Client, addresses: list[str]) -> None:
    for address in addresses:
        assert field.get(address).status_code == 403, address


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        assert client.get(address)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["calendar", "calendar_edit", "holidays_fill", "holiday"])
def test_what_is_not_there_is_a_404(office: Client, name: str) -> None:
    assert office.get(reverse(f"office:{name}", args=[uuid4()])).status_code == 404


def test_a_calendar_is_made_edited_made_the_default_and_put_away(
    office: Client, calendar: WorkingCalendar
) -> None:
    assert office.post(reverse("office:calendar_new"), {"name": "Lyon", **WEEK}).status_code == 302
    row = WorkingCalendar.objects.get(name="Lyon")
    edit = reverse("office:calendar_edit", args=[row.pk])
    closed = office.post(edit, {"name": "Lyon", "version": 1})
    assert closed.status_code == 422
    assert "Open on one day of the week" in closed.content.decode()
    wrong = office.post(edit, {"name": "Lyon", "version": 1, "day0": "late"})
    assert "Monday: write hours like" in wrong.content.decode()
    given = {"name": "Lyon", "version": 1, "day0": "9-12, 13-17"}
    assert office.post(edit, given).status_code == 302
    row.refresh_from_db()
    assert row.days[0] == [["09:00", "12:00"], ["13:00", "17:00"]]
    office.post(reverse("office:calendar_default", args=[row.pk]), {"version": row.version})
    calendar.refresh_from_db()
    assert not calendar.is_default
    away = reverse("office:calendar_archive", args=[calendar.pk])
    office.post(away, {"version": calendar.version})
    calendar.refresh_from_db()
    assert calendar.archived_at is not None


def test_a_year_is_filled_in_one_press_and_the_summary_told(
    office: Client, calendar: WorkingCalendar, christmas: Holiday
) -> None:
    fill = reverse("office:holidays_fill", args=[calendar.pk])
    answer = office.post(fill, {"year": "2026", "country": "BE", "region": ""}, follow=True)
    page = answer.content.decode()
    assert "11 holidays added. 1 day was a holiday already" in page
    assert "Armistice Day" in page or "Wapenstilstand" in page
    refused = office.post(fill, {"year": "1800", "country": "BE"})
    assert refused.status_code == 422
    assert "Choose a year from 2000" in refused.content.decode()


def test_the_regions_are_those_of_the_country(office: Client, calendar: WorkingCalendar) -> None:
    regions = reverse("office:holiday_regions", args=[calendar.pk])
    assert "Bayern" in office.get(regions, {"country": "DE"}).content.decode()
    assert "Bayern" not in office.get(regions, {"country": "BE"}).content.decode()
    fill = reverse("office:holidays_fill", args=[calendar.pk])
    given = {"year": "2026", "country": "DE", "region": "BY"}
    assert office.post(fill, given).status_code == 302
    assert calendar.holidays.filter(date=date(2026, 1, 6)).exists()


def test_a_file_is_read_or_refused_whole(office: Client, calendar: WorkingCalendar) -> None:
    take = reverse("office:holidays_import", args=[calendar.pk])
    good = SimpleUploadedFile("days.csv", b"2026-12-25;Christmas\n2026-12-26;Boxing Day")
    answer = office.post(take, {"file": good}, follow=True)
    assert "2 holidays added." in answer.content.decode()
    for data, words in (
        (b"2026-12-27;A\n2026-13-01;B", "Line 2"),
        (b"x" * 600_000, "512 kB at most"),
        (b"", "empty"),
    ):
        refused = office.post(take, {"file": SimpleUploadedFile("days.csv", data)})
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert office.post(take, {"without": "a file"}).status_code == 422
    assert calendar.holidays.count() == 2


def test_a_holiday_is_added_changed_and_removed(office: Client, calendar: WorkingCalendar) -> None:
    new = reverse("office:holiday_new", args=[calendar.pk])
    assert office.post(new, {"date": "2026-12-24", "name": "Eve"}).status_code == 302
    again = office.post(new, {"date": "2026-12-24", "name": "Eve"})
    assert "a holiday already" in again.content.decode()
    row = Holiday.objects.get()
    page = reverse("office:holiday", args=[row.pk])
    office.post(page, {"date": "2026-12-24", "name": "Christmas Eve", "version": 1})
    row.refresh_from_db()
    assert row.name == "Christmas Eve"
    office.post(reverse("office:holiday_remove", args=[row.pk]), {"version": row.version})
    assert not Holiday.objects.exists()


def test_a_technician_gets_a_calendar_of_their_own(
    office: Client, manager: Actor, sofie: Technician
) -> None:
    lyon = services.calendar_create(actor=manager, name="Lyon")
    address = reverse("office:technician_edit", args=[sofie.pk])
    given = {"name": "Sofie", "version": 1, "calendar_id": str(lyon.pk)}
    assert office.post(address, given).status_code == 302
    assert "Lyon" in office.get(reverse("office:technician", args=[sofie.pk])).content.decode()
    assert f'value="{lyon.pk}" selected' in office.get(address).content.decode()
