"""A visit that is not the order's current one: its own menu, and everything in it acts on it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from callout.kernel import clock
from callout.orders.lifecycle import ACTIONS, Status, allows
from callout.orders.models import Reason, ServiceOrder, Visit
from callout.orders.selectors.offers import OF_THE_ORDER
from callout.web.office.orders.visit_menu import other_visits
from tests.office.conftest import Browser
from tests.office.test_actions import HTMX, press, typed
from tests.orders.conftest import Company, soon


@dataclass
class Two:
    """An order with Anna's visit, the current one, and Bert's two days later."""

    order: ServiceOrder
    first: Visit
    second: Visit

    def again(self) -> "Two":
        for row in (self.order, self.first, self.second):
            row.refresh_from_db()
        return self

    def menu(self, client: Client) -> dict[str, dict[str, Any]]:
        """The items of the second visit's menu, by the action in their address or their label."""
        answer = client.get(f"/orders/{self.order.number}/")
        found = other_visits(answer.wsgi_request.actor, answer.context["d"])  # type: ignore[attr-defined]
        ((visit, items),) = [one for one in found if one[0].id == self.second.pk]
        shown = f'id="visit-menu-{visit.sequence}"' in answer.content.decode()
        assert shown == bool(items)
        return {_key(item): item for item in items if "label" in item}


def _key(item: dict[str, Any]) -> str:
    path = str(item["url"]).partition("?")[0]
    return path.split("/act/")[1].strip("/") if "/act/" in path else str(item["label"])


@pytest.fixture
def two(company: Company) -> Two:
    order = company.planned()
    company.act(
        company.manager, order, "plan_another", technician_id=company.bert.technician_id,
        start=soon(50), duration_minutes=60,
    )  # fmt: skip
    order.refresh_from_db()
    return Two(order, order.visits.get(sequence=1), order.visits.get(sequence=2))


def test_its_menu_is_what_the_table_opens_for_that_visit(
    company: Company, office: Client, two: Two
) -> None:
    wanted = {
        code.replace("_", "-")
        for code, action in ACTIONS.items()
        if allows(action, Status.PLANNED, {"manager"}) and code not in OF_THE_ORDER
    }
    menu = two.menu(office)
    assert wanted == {key for key in menu if key in {one.replace("_", "-") for one in ACTIONS}}
    assert not any(item.get("why") for item in menu.values())
    assert {"Promise…", "Pin to its slot", "At another time…"} <= set(menu)


def test_a_visit_that_has_ended_has_no_menu(company: Company, office: Client, two: Two) -> None:
    company.act(company.manager, two.order, "unplan", visit_id=two.second.pk)
    assert two.menu(office) == {}


def test_while_the_current_one_is_under_way_nobody_goes_to_the_other(
    company: Company, office: Client, two: Two
) -> None:
    company.act(company.anna, two.order, "arrive")
    menu = two.menu(office)
    for code in ("depart", "arrive", "start-work"):
        assert "under way" in menu[code]["why"]
        assert press(office, two.order, code, visit_id=str(two.second.pk)).status_code == 409
    assert not menu["replan"]["why"]
    assert not menu["unplan"]["why"]


@pytest.mark.parametrize(
    ("code", "status", "outcome", "order_status"),
    [
        ("unplan", "planned", "unplanned", "planned"),
        ("depart", "en_route", None, "en_route"),
        ("start-work", "working", None, "working"),
        ("complete", "done", "done", "done"),
    ],
)
def test_a_press_in_its_menu_acts_on_it(
    company: Company, office: Client, two: Two, code: str, status: str, outcome: str | None,
    order_status: str,
) -> None:  # fmt: skip
    item = two.menu(office)[code]
    answer = office.post(item["url"], {"version": item["version"]}, headers=HTMX)
    assert answer.status_code == 200
    two.again()
    assert (two.second.status, two.second.outcome) == (status, outcome)
    assert two.order.technician_status == order_status
    assert two.first.status == "planned"


def test_it_is_re_planned_and_the_current_one_stays(
    company: Company, office: Client, two: Two
) -> None:
    url = two.menu(office)["replan"]["url"]
    asked = office.get(url, headers=HTMX)
    form = asked.context["form"]
    assert form.initial["technician_id"] == company.bert.technician_id
    assert f"visit_id={two.second.pk}" in asked.context["url"]
    given = {
        "technician_id": str(company.bert.technician_id), "start": typed(soon(80)),
        "duration_minutes": 45, "version": two.order.version,
        "helper_ids": str(company.anna.technician_id),
    }  # fmt: skip
    done = office.post(asked.context["url"], given, headers=HTMX)
    assert done.status_code == 200
    assert "Bert" in done.content.decode()
    start = two.first.start
    two.again()
    assert two.second.end - two.second.start == timedelta(minutes=45)
    assert (two.first.start, two.order.start) == (start, start)
    helpers = list(office.get(url, headers=HTMX).context["form"].initial["helper_ids"])
    assert helpers == [str(company.anna.technician_id)]


def test_nobody_was_there_is_said_of_it(company: Company, office: Client, two: Two) -> None:
    url = two.menu(office)["customer-absent"]["url"]
    asked = office.get(url, headers=HTMX)
    reason = Reason.objects.filter(kind="absent").first()
    assert reason is not None
    given = {
        "dialog": 1, "reason_id": str(reason.pk), "note": "", "version": two.order.version,
        "occurred_at": typed(clock.now()),
    }  # fmt: skip
    assert office.post(asked.context["url"], given, headers=HTMX).status_code == 200
    two.again()
    assert (two.second.outcome, two.first.is_open) == ("customer_absent", True)
    assert (two.order.stage, two.order.absent_count) == ("planned", 1)


def test_it_takes_longer_and_happened_at_another_time(
    company: Company, office: Client, two: Two
) -> None:
    item = two.menu(office)["extend"]
    office.post(item["url"], {"version": item["version"]}, headers=HTMX)
    two.again()
    assert two.second.expected_end is not None
    assert two.first.expected_end is None
    at = two.menu(office)["At another time…"]["url"]
    begun = typed(clock.now() - timedelta(minutes=30))
    given = {"action": "arrive", "occurred_at": begun, "note": "", "version": two.order.version}
    assert office.post(at, given, headers=HTMX).status_code == 200
    assert typed(two.again().second.arrived_at) == begun
    assert two.first.arrived_at is None


def test_it_is_promised_and_pinned(company: Company, office: Client, two: Two) -> None:
    promise = two.menu(office)["Promise…"]["url"]
    given = {
        "promise_from": typed(soon(49)), "promise_to": typed(soon(51)),
        "version": two.order.version,
    }  # fmt: skip
    assert office.post(promise, given, headers=HTMX).status_code == 200
    pin = two.again().menu(office)["Pin to its slot"]
    assert office.post(pin["url"], {"version": pin["version"]}, headers=HTMX).status_code == 200
    two.again()
    assert (two.second.pinned, two.first.pinned) == (True, False)
    assert (two.second.promise_from, two.first.promise_from) == (soon(49), None)
    assert "Unpin" in two.menu(office)


def test_who_is_under_way_elsewhere_is_asked_about_for_that_visit(
    company: Company, office: Client, two: Two
) -> None:
    elsewhere = company.planned(company.bert, hours=4)
    company.act(company.bert, elsewhere, "arrive")
    item = two.menu(office)["depart"]
    asked = office.post(item["url"], {"version": item["version"]}, headers=HTMX)
    assert asked.context["visit_id"] == two.second.pk
    given = {
        "version": item["version"], "visit_id": str(asked.context["visit_id"]),
        "other_action": "break",
    }  # fmt: skip
    assert office.post(asked.context["url"], given, headers=HTMX).status_code == 200
    assert two.again().second.status == "en_route"


def test_a_visit_of_another_order_is_not_there(company: Company, office: Client, two: Two) -> None:
    stranger = company.planned(company.bert, hours=20).visit_id
    for visit_id in (stranger, uuid4()):
        for code in ("depart", "unplan"):
            answer = press(office, two.order, code, visit_id=str(visit_id))
            assert answer.status_code == 404
        for place in ("act/replan", "act/customer-absent", "promise", "at"):
            path = f"/orders/{two.order.pk}/{place}/?visit_id={visit_id}"
            assert office.get(path, headers=HTMX).status_code == 404, path
    hostile = office.get(f"/orders/{two.order.pk}/act/replan/?visit_id=%27--", headers=HTMX)
    assert hostile.status_code == 422


def test_a_technician_and_nobody_have_no_say(company: Company, browser: Browser, two: Two) -> None:
    for client in (browser(company.bert), Client(headers={"Origin": "http://testserver"})):
        path = f"/orders/{two.order.pk}/act/unplan/?visit_id={two.second.pk}"
        assert client.post(path, {"version": two.order.version}).status_code in (302, 403)
    assert two.again().second.is_open
