"""The page of what will fail: a line with what mends it, its days, and who may open it."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from callout.accounts.zone import at, today
from callout.customers.models import Site
from callout.kernel import clock
from callout.workforce.models import Technician, WorkingWeek
from tests.office.conftest import Browser
from tests.orders.conftest import Company

PLACE = "/planning/tomorrow/"


@pytest.fixture(autouse=True)
def nothing_is_missing(company: Company) -> None:
    """A position, a phone, and hours around the clock."""
    Site.objects.filter(pk=company.site.pk).update(latitude=50.7, longitude=4.6)
    company.customer.phone = "+3210112233"
    company.customer.save()
    for actor in (company.anna, company.bert):
        assert actor.technician_id
        WorkingWeek.objects.create(
            technician_id=actor.technician_id, valid_from="2020-01-01",
            days=[[["00:00", "24:00"]]] * 7,
        )  # fmt: skip


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{PLACE}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_line_leads_to_what_mends_it(company: Company, office: Client) -> None:
    Site.objects.filter(pk=company.site.pk).update(latitude=None, longitude=None)
    order = company.order(duration_minutes=60)
    order = company.plan(order, start=at(today() + timedelta(days=1), time(10)))
    Technician.objects.filter(pk=str(company.anna.technician_id)).update(archived_at=clock.now())
    page = shown(office, f"?day={today() + timedelta(days=1)}")
    assert f"SO-{order.number:06d}" in page
    assert page.index("Technician archived") < page.index("No position")
    assert reverse("office:site_edit", args=[company.site.pk]) in page
    assert reverse("office:technician", args=[company.anna.technician_id]) in page
    assert reverse("office:order", args=[order.number]) in page
    assert "Archived, takes no more work" in page
    assert "1 visit looked at" in page


def test_a_day_of_which_nothing_fails_says_so(company: Company, office: Client) -> None:
    assert "Nothing will fail tomorrow" in shown(office)
    later = today() + timedelta(days=5)
    page = shown(office, f"?day={later}")
    assert "Nothing will fail that day" in page
    assert f"?day={later + timedelta(days=1)}" in page
    assert f"?day={later - timedelta(days=1)}" in page


def test_at_the_ends_of_time_there_is_no_further_day(office: Client) -> None:
    assert "?day=2200-01-01" not in shown(office, "?day=2199-12-31")
    assert "?day=1899-12-31" not in shown(office, "?day=1900-01-01")


@pytest.mark.parametrize("day", ["x", "2026-02-30", "0001-01-01"])
def test_a_day_that_is_none_is_refused_in_words(office: Client, day: str) -> None:
    assert office.get(f"{PLACE}?day={day}").status_code in (400, 422)


def test_it_is_for_managers(company: Company, browser: Browser) -> None:
    assert browser(company.anna).get(PLACE).status_code == 403
    assert Client().get(PLACE).status_code == 302
