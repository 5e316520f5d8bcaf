"""The map's page, and the table that says the same: their filters, words, doors and cost."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callout.accounts.zone import at, today
from callout.config.env import Env, map_origin
from callout.customers import services as customers
from callout.customers.models import Site
from callout.kernel import clock
from callout.workforce import services as workforce
from callout.workforce.models import Technician, WorkingWeek
from tests.office.conftest import Browser
from tests.orders.conftest import Company

MAP, TABLE = "/map/", "/map/table/"


@pytest.fixture(autouse=True)
def noon(db: None) -> Iterator[None]:
    """So that some hours before and after are the same day."""
    with clock.freeze(at(today(), time(11))):
        yield


def shown(client: Client, path: str = TABLE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def placed(company: Company) -> None:
    Site.objects.filter(pk=company.site.pk).update(latitude=50.7, longitude=4.6)
    Technician.objects.filter(name="Anna").update(latitude=50.8, longitude=4.3)


def test_list_kanban_and_map_keep_the_same_filter_in_their_addresses(office: Client) -> None:
    query = "?day=tomorrow&stage=planned,completed&priority=urgent"
    for place in ("/orders/", "/orders/kanban/", MAP, TABLE):
        body = shown(office, place + query)
        for tab in ("/orders/", "/orders/kanban/", MAP):
            assert f'href="{tab}{query.replace("&", "&amp;")}"' in body


def test_the_page_tells_its_script_which_day_and_what_to_ask(
    company: Company, office: Client
) -> None:
    query = f"?day=tomorrow&technician={company.anna.technician_id},none&type={company.kind.pk}"
    settings = office.get(MAP + query).context["settings"]
    assert settings["day"] == f"{today() + timedelta(days=1)}"
    assert settings["query"] == {
        "technician_id": f"{company.anna.technician_id},none",
        "type_id": str(company.kind.pk),
    }
    asked = office.get("/api/v1/planning/map", {"day": settings["day"], **settings["query"]})
    assert asked.status_code == 200


def test_a_team_and_an_area_are_chosen_by_their_names_and_kept_in_the_address(
    company: Company, office: Client
) -> None:
    team = workforce.team_create(actor=company.manager, name="North")
    area = customers.area_create(actor=company.manager, name="Coast", postcodes="84*")
    for name, one in (("team", team), ("area", area)):
        choices = shown(office, f"/orders/filter/{name}/?view=map")
        assert f'href="/map/?{name}={one.pk}"' in choices
        answer = office.get(f"{MAP}?{name}={one.pk}")
        assert f'<b class="co-ell">{one.name}</b>' in answer.content.decode()
        asked = answer.context["settings"]["query"]
        assert asked == {f"{name}_id": str(one.pk)}
        assert office.get("/api/v1/planning/map", asked).status_code == 200


def test_the_day_chip_offers_one_day_and_the_address_keeps_it(office: Client) -> None:
    body = shown(office, "/orders/filter/day/?view=map")
    assert ('name="from"' in body, 'name="to"' in body) == (True, False)
    assert 'action="/map/"' in body
    body = shown(office, f"{MAP}?from=2026-12-01")
    assert "01 Dec 2026" in body
    assert 'href="/orders/?from=2026-12-01&amp;to=2026-12-01"' in body
    assert "Without Day" not in body


def test_a_choice_of_the_tables_filter_leads_to_the_table(company: Company, office: Client) -> None:
    body = shown(office, "/orders/filter/priority/?view=table")
    assert 'href="/map/table/?priority=urgent"' in body


def test_without_a_script_the_page_leads_to_its_table(office: Client) -> None:
    body = shown(office, f"{MAP}?priority=urgent")
    assert (
        '<noscript><p class="co-notice"><a class="co-link" href="/map/table/?priority=urgent">'
        in body
    )


def test_the_table_says_what_the_map_shows(company: Company, office: Client) -> None:
    placed(company)
    first, second = company.planned(hours=2), company.planned(hours=4)
    company.planned(company.bert, hours=7, helper_ids=(company.anna.technician_id,))
    waiting = company.order(priority="urgent")
    body = shown(office)
    rows = [f'href="/orders/{one.number}/"' for one in (first, second, waiting)]
    assert body.index(rows[0]) < body.index(rows[1]) < body.index(rows[2])
    assert "13:00–14:00" in body
    assert "3 stops · " in body
    assert "goes along" in body
    assert "Back home: " in body
    assert "Travel is an estimate: straight line × 1.3 at 50 km/h" in body
    assert reverse("office:map_soonest", args=[waiting.pk]) in body
    assert f"/orders/{first.pk}/menu/" in body


def test_late_visits_and_missing_positions_are_told(company: Company, office: Client) -> None:
    order = company.planned(hours=1)
    body = shown(office)
    assert "Without a position" in body
    assert "no position" in body
    assert reverse("office:site_edit", args=[company.site.pk]) in body
    assert order.start is not None
    with clock.freeze(order.start + timedelta(minutes=40)):
        assert "+40 min" in shown(office)


def test_who_works_and_goes_nowhere_is_named(company: Company, office: Client) -> None:
    assert "No visits that day" in shown(office)
    WorkingWeek.objects.create(
        technician_id=str(company.bert.technician_id), valid_from="2020-01-01",
        days=[[["00:00", "24:00"]]] * 7,
    )  # fmt: skip
    assert "Without a visit: Bert" in shown(office)


def test_what_people_typed_is_escaped_in_its_rows(company: Company, office: Client) -> None:
    company.customer.name = "<b>Lemaire</b>"
    company.customer.save()
    company.planned(hours=1)
    company.order(description="<script>alert(1)</script>")
    body = shown(office)
    assert "&lt;b&gt;Lemaire&lt;/b&gt;" in body
    assert "<b>Lemaire</b>" not in body
    assert "<script>alert" not in body


def test_who_is_nearest_is_told_with_a_way_to_plan_it(company: Company, office: Client) -> None:
    placed(company)
    for actor in (company.anna, company.bert):
        WorkingWeek.objects.create(
            technician_id=str(actor.technician_id), valid_from="2020-01-01",
            days=[[["00:00", "24:00"]]] * 7,
        )  # fmt: skip
    in_the_way = company.planned(hours=0.25)
    order = company.order(priority="urgent")
    body = shown(office, f"/map/soonest/{order.pk}/")
    assert body.index("Bert") < body.index("Anna")
    assert "Free now" in body
    assert "Would have to move:" in body
    assert f"SO-{in_the_way.number:06d}" in body
    assert f"/orders/{order.pk}/act/plan/?pick={company.bert.technician_id}%40" in body
    assert office.get(f"/map/soonest/{uuid4()}/").status_code == 404


def test_it_is_for_managers(company: Company, browser: Browser, client: Client) -> None:
    order = company.planned(hours=1)
    anna = browser(company.anna)
    for path in (MAP, TABLE, f"/map/soonest/{order.pk}/"):
        assert anna.get(path).status_code == 403
        assert client.get(path).status_code == 302


@pytest.mark.parametrize("query", ["?stage=old", "?technician=7", "?from=2026-13-01", "?q=a"])
def test_an_address_that_cannot_be_is_told_in_words(office: Client, query: str) -> None:
    assert office.get(TABLE + query).status_code == 422
    assert office.get(MAP + query).status_code in {200, 422}


def test_the_table_asks_as_much_for_a_full_day_as_for_one_visit(
    company: Company, office: Client
) -> None:
    company.planned(hours=1)
    company.order()
    shown(office)
    with CaptureQueriesContext(connection) as few:
        shown(office)
    for hours in range(2, 10, 2):
        company.planned(company.bert, hours=hours)
        company.order()
    with CaptureQueriesContext(connection) as many:
        shown(office)
    assert len(many) == len(few) <= 12


# --- what is drawn under it ----------------------------------------------------------------------


def asked_of(answer: Any) -> str:
    policy: str = answer.headers["Content-Security-Policy"]
    return next(one.strip() for one in policy.split(";") if "connect-src" in one)


def test_the_map_asks_nobody_outside_unless_a_style_is_set(office: Client) -> None:
    assert asked_of(office.get(MAP)) == "connect-src 'self'"
    style = "https://maps.example.com:8443/a/style.json"
    with override_settings(MAP_STYLE=style, MAP_ORIGIN=map_origin(style)):
        answer = office.get(MAP)
        assert asked_of(answer) == "connect-src 'self' https://maps.example.com:8443"
        assert answer.context["settings"]["style"] == style
        for other in (TABLE, "/orders/", "/planning/"):
            assert asked_of(office.get(other)) == "connect-src 'self'"


@pytest.mark.parametrize(
    ("style", "origin"),
    [
        ("", ""),
        ("/tiles/belgium.pmtiles", ""),
        ("https://Maps.example.com/style.json?key=1", "https://maps.example.com"),
        ("http://localhost:8080/be.pmtiles", "http://localhost:8080"),
    ],
)
def test_of_a_style_its_origin_is_told(style: str, origin: str) -> None:
    assert map_origin(style) == origin


@pytest.mark.parametrize(
    "style",
    [
        "//maps.example.com/style.json", "maps.example.com/style.json", "ftp://a.example/x",
        "https://user:secret@maps.example.com/x", "https:///x", "https://a.example;script-src/x",
        "https://a.example 'unsafe-inline'/x", "javascript:alert(1)", "https://*/x",
    ],
)  # fmt: skip
def test_a_style_that_is_no_address_is_refused_in_words(style: str) -> None:
    env = Env({"CALLOUT_MAP_STYLE": style})
    assert env.parsed("CALLOUT_MAP_STYLE", "", map_origin, "Set it.") == ""
    assert [problem.name for problem in env.problems] == ["CALLOUT_MAP_STYLE"]
