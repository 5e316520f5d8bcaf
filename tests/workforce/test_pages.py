"""The office's pages of this room: manager, technician, nobody; what is typed is kept."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from callout.accounts.zone import local, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import TimeEntry
from callout.orders.services import time_entry_add
from callout.web.office.team import urls
from callout.workforce import services
from callout.workforce.models import Absence, Skill, Team, Technician, Vehicle, WorkingWeek

pytestmark = pytest.mark.django_db

HX = {"HX-Request": "true"}


@pytest.fixture
def van(manager: Actor) -> Vehicle:
    return services.vehicle_create(actor=manager, registration="1-ABC-234", name="Van 1")


@pytest.fixture
def gas(manager: Actor) -> Skill:
    return services.skill_create(actor=manager, name="Gas")


@pytest.fixture
def north(manager: Actor) -> Team:
    return services.team_create(actor=manager, name="North")


@pytest.fixture
def ill(manager: Actor, sofie: Technician) -> Absence:
    return services.absence_create(
        actor=manager,
        technician_id=sofie.pk,
        kind="sickness",
        start="2026-02-02T00:00+01:00",
        end="2026-02-04T00:00+01:00",
    )


@pytest.fixture
def worked(manager: Actor, sofie: Technician) -> TimeEntry:
    end = clock.now() - timedelta(hours=1)
    return time_entry_add(
        actor=manager, technician_id=sofie.pk, kind="work", start=end - timedelta(hours=1), end=end
    )


@pytest.fixture
def addresses(
    sofie: Technician, van: Vehicle, gas: Skill, north: Team, ill: Absence, worked: TimeEntry
) -> list[str]:
    """Every page that is opened by GET, on things that are there."""
    things = {
        "technician_id": sofie.pk,
        "vehicle_id": van.pk,
        "skill_id": gas.pk,
        "team_id": north.pk,
        "absence_id": ill.pk,
        "time_entry_id": worked.pk,
    }
    return [
        reverse(f"office:{pattern.name}", kwargs={k: things[k] for k in pattern.pattern.converters})
        for pattern in urls.urlpatterns
        if not str(pattern.name).endswith(("archive", "restore", "remove"))
    ]


# Who works shows to everybody, to each what they may know of it: tests/office/test_team_week.py.
TO_ALL = "team_week"


def test_every_address_of_this_folder_is_for_managers_but_the_week() -> None:
    for pattern in urls.urlpatterns:
        access = "anybody" if pattern.name == TO_ALL else "manager"
        assert getattr(pattern.callback, "access", "") == access, pattern.name


def test_a_manager_opens_every_page(office: Client, addresses: list[str]) -> None:
    assert len(addresses) > 12
    for address in addresses:
        assert office.get(address).status_code == 200, address
        assert office.get(address, headers=HX).status_code == 200, address


@pytest.mark.wide
def test_no_page_asks_more_than_12_questions(office: Client, addresses: list[str]) -> None:
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        assert len(queries) <= 12, (address, [query["sql"][:90] for query in queries])


def test_a_technician_opens_none_but_the_week(field: Client, addresses: list[str]) -> None:
    week = reverse(f"office:{TO_ALL}")
    for address in addresses:
        expected = 200 if address == week else 403
        assert field.get(address).status_code == expected, address


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client: Client, addresses: list[str]) -> None:
    for address in addresses:
        assert client.get(address)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name", ["technician", "vehicle", "skill", "team_edit", "absence_edit", "week_set"]
)
def test_what_is_not_there_is_a_404(office: Client, name: str) -> None:
    assert office.get(reverse(f"office:{name}", args=[uuid4()])).status_code == 404


def test_a_technician_is_created_with_skills_vehicle_and_week(
    office: Client, van: Vehicle, gas: Skill
) -> None:
    given = {"name": "Bart Peeters", "skill_ids": [str(gas.pk)], "vehicle_id": str(van.pk)}
    answer = office.post(reverse("office:technician_new"), given)
    row = Technician.objects.get()
    assert answer["Location"] == reverse("office:technician", args=[row.pk])
    assert (row.initials, row.vehicle, list(row.skills.all())) == ("BP", van, [gas])
    assert WorkingWeek.objects.filter(technician=row).exists()


def test_of_a_company_without_skills_the_form_says_so(office: Client, manager: Actor) -> None:
    page = reverse("office:technician_new")
    assert "No skills yet" in office.get(page).content.decode()
    services.skill_create(actor=manager, name="Gas")
    assert "No skills yet" not in office.get(page).content.decode()


def test_a_home_base_of_a_country_alone_is_none(office: Client, manager: Actor) -> None:
    bases: list[tuple[dict[str, Any], str]] = [
        ({}, "<span>–</span>"),
        ({"town": "Leuven"}, "<span>Leuven</span>"),
    ]
    for base, said in bases:
        row = services.technician_create(actor=manager, name="Tom Tech", **base)
        page = office.get(reverse("office:technician", args=[row.pk])).content.decode()
        assert said in page.partition("Home base")[2].partition("</dl>")[0]


def test_what_was_typed_stays_when_a_field_is_wrong(office: Client) -> None:
    given = {"name": "Bart", "phone": "12", "town": "Boom"}
    answer = office.post(reverse("office:technician_new"), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "too few or too many digits" in page
    assert 'value="Boom"' in page
    assert not Technician.objects.exists()


def test_the_slower_of_two_managers_keeps_what_they_typed(
    office: Client, manager: Actor, sofie: Technician
) -> None:
    services.technician_update(actor=manager, technician_id=sofie.pk, version=1, town="Boom")
    address = reverse("office:technician_edit", args=[sofie.pk])
    given = {"name": "Slower", "version": 1, "user_id": str(sofie.user_id)}
    answer = office.post(address, given)
    assert answer.status_code == 422
    assert "Somebody changed this in the meantime" in answer.content.decode()
    assert 'value="Slower"' in answer.content.decode()
    sofie.refresh_from_db()
    assert (sofie.name, sofie.town) == ("Sofie De Smet", "Boom")


def test_hours_are_typed_by_day(office: Client, sofie: Technician) -> None:
    address = reverse("office:week_set", args=[sofie.pk])
    typed = {"valid_from": "2030-01-07", "day0": "7-15.30", "day1": "7h30-12h, 13:00–16:00"}
    wrong = office.post(address, {**typed, "day2": "later"})
    assert wrong.status_code == 422
    assert "Wednesday: write hours like" in wrong.content.decode()
    assert 'value="later"' in wrong.content.decode()
    office.post(address, typed)
    week = WorkingWeek.objects.get(valid_from="2030-01-07")
    assert week.days[:2] == [[["07:00", "15:30"]], [["07:30", "12:00"], ["13:00", "16:00"]]]
    shown = office.get(reverse("office:technician", args=[sofie.pk])).content.decode()
    assert "07:30–12:00, 13:00–16:00" in shown


def absence(office: Client, sofie: Technician, **given: Any) -> Any:
    values = {"kind": "holiday", "first": "2026-07-06", "last": "2026-07-10", **given}
    address = reverse("office:absence_new", args=[sofie.pk])
    return office.post(address, values, follow=True)


def test_whole_days_of_absence_are_the_companys_days(office: Client, sofie: Technician) -> None:
    absence(office, sofie)
    row = Absence.objects.get()
    assert row.start.isoformat() == "2026-07-05T22:00:00+00:00"
    assert row.end.isoformat() == "2026-07-10T22:00:00+00:00"


def test_an_absence_is_shown_as_it_was_entered(office: Client, sofie: Technician) -> None:
    day = f"{today() + timedelta(days=7):%Y-%m-%d}"
    absence(office, sofie, first=day, last=day)
    row = Absence.objects.get()
    page = reverse("office:technician", args=[sofie.pk])
    whole = date_format(local(row.start), "j M Y")
    assert f"<small>{whole}</small>" in office.get(page).content.decode()
    Absence.objects.all().delete()
    absence(office, sofie, first=day, last=day, first_hour="13:00", last_hour="15:30")
    assert f"{whole}, 13:00–15:30" in office.get(page).content.decode()


def test_a_new_absence_begins_with_today(office: Client, sofie: Technician) -> None:
    form = office.get(reverse("office:absence_new", args=[sofie.pk])).context["form"]
    assert (form["first"].value(), form["last"].value()) == (today(), today())


def test_hours_of_absence_are_kept_by_an_edit(office: Client, sofie: Technician) -> None:
    absence(office, sofie, last="2026-07-06", first_hour="13:00", last_hour="15:30")
    row = Absence.objects.get()
    assert row.start.isoformat() == "2026-07-06T11:00:00+00:00"
    address = reverse("office:absence_edit", args=[row.pk])
    initial = office.get(address).context["form"].initial
    office.post(address, {k: "" if v is None else v for k, v in initial.items()} | {"note": "x"})
    again = Absence.objects.get()
    assert (again.start, again.end, again.note) == (row.start, row.end, "x")


def test_a_second_absence_over_the_first_is_refused_in_words(
    office: Client, sofie: Technician
) -> None:
    absence(office, sofie)
    answer = absence(office, sofie, first="2026-07-08", last="2026-07-08")
    assert answer.status_code == 422
    assert "is absent already: 6 Jul 2026" in answer.content.decode()
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"first": "0000-00-00"}, {"first": "0001-01-01"}, {"last": "9999-12-31"}, {"kind": "x"}],
)
def test_days_that_cannot_be_are_no_500(
    office: Client, sofie: Technician, wrong: dict[str, str]
) -> None:
    assert absence(office, sofie, **wrong).status_code == 422
    assert not Absence.objects.exists()


def test_a_refusal_is_said_on_the_page(
    office: Client, manager: Actor, sofie: Technician, van: Vehicle
) -> None:
    services.technician_update(actor=manager, technician_id=sofie.pk, version=1, vehicle_id=van.pk)
    address = reverse("office:vehicle_archive", args=[van.pk])
    answer = office.post(address, {"version": 1}, follow=True)
    assert "own vehicle of Sofie De Smet" in answer.content.decode()


def test_a_button_without_its_version_changes_nothing(office: Client, gas: Skill) -> None:
    assert office.post(reverse("office:skill_archive", args=[gas.pk])).status_code == 428
    gas.refresh_from_db()
    assert gas.archived_at is None


def test_what_a_manager_may_a_technician_may_not(field: Client, sofie: Technician) -> None:
    for pattern in urls.urlpatterns:
        ids = dict.fromkeys(pattern.pattern.converters, sofie.pk)
        address = reverse(f"office:{pattern.name}", kwargs=ids)
        assert field.post(address, {"version": 1, "name": "Me"}).status_code in (403, 405)
    assert Technician.objects.get().name == "Sofie De Smet"
