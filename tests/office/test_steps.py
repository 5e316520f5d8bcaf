"""The time of a step corrected on the order's page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from callout.accounts.zone import local
from callout.kernel import clock
from callout.orders.models import ServiceOrder, TimelineEntry
from callout.orders.services import order_check
from tests.orders.conftest import Company

HTMX = {"HX-Request": "true"}


@pytest.fixture
def order(company: Company) -> ServiceOrder:
    """Anna departed half an hour ago and arrived ten minutes ago, on the second."""
    order = company.planned()
    now = clock.now()
    company.act(company.anna, order, "depart", occurred_at=now - timedelta(minutes=30))
    return company.act(company.anna, order, "arrive", occurred_at=now - timedelta(minutes=10))


def entry(order: ServiceOrder, action: str = "arrive") -> TimelineEntry:
    return TimelineEntry.objects.get(order=order, action=action)


def typed(moment: datetime) -> str:
    return f"{local(moment):%Y-%m-%dT%H:%M}"


def send(office: Client, step: TimelineEntry, at: str, **more: Any) -> Any:
    given = {"at": at, "version": step.at.isoformat(), **more}
    return office.post(f"/orders/steps/{step.pk}/?on=page&tab=time", given, headers=HTMX)


def test_the_time_tab_lists_the_steps_each_with_its_correction(
    office: Client, order: ServiceOrder
) -> None:
    page = office.get(f"/orders/{order.pk}/tab/time/", headers=HTMX).content.decode()
    for action, label in (("depart", "Depart"), ("arrive", "Arrive")):
        assert f"/orders/steps/{entry(order, action).pk}/" in page
        assert f"Correct the time of {label}" in page
    dialog = office.get(f"/orders/steps/{entry(order).pk}/?on=page", headers=HTMX)
    assert typed(entry(order).at) in dialog.content.decode()


def test_a_time_is_corrected_and_the_first_one_shown_beside(
    office: Client, order: ServiceOrder
) -> None:
    before = entry(order)
    answer = send(office, before, typed(before.at - timedelta(minutes=5)))
    assert answer.status_code == 200, answer.content.decode()
    assert "Time corrected" in answer.content.decode()
    after = entry(order)
    assert after.first_at == before.at
    assert typed(after.at) == typed(before.at - timedelta(minutes=5))
    page = office.get(f"/orders/{order.pk}/tab/time/", headers=HTMX).content.decode()
    assert "corrected, before" in page


def test_the_same_minute_is_the_same_time(office: Client, order: ServiceOrder) -> None:
    before = entry(order)
    assert send(office, before, typed(before.at)).status_code == 200
    assert (entry(order).at, entry(order).first_at) == (before.at, None)


def test_what_is_refused_stands_in_the_dialog(office: Client, order: ServiceOrder) -> None:
    before = entry(order)
    answer = send(office, before, typed(before.at - timedelta(minutes=25)))
    assert answer.status_code == 422
    assert "stay in their order" in answer.content.decode()
    assert send(office, before, "never").status_code == 422
    assert entry(order).at == before.at


def test_who_was_overtaken_is_told_and_decides(office: Client, order: ServiceOrder) -> None:
    before = entry(order)
    wanted = typed(before.at - timedelta(minutes=3))
    send(office, before, typed(before.at - timedelta(minutes=5)))
    between = entry(order).at
    answer = send(office, before, wanted)
    assert answer.status_code == 422
    assert between.isoformat() in answer.content.decode()
    assert entry(order).at == between
    assert send(office, entry(order), wanted).status_code == 200
    assert typed(entry(order).at) == wanted


def test_a_checked_order_offers_none(company: Company, office: Client, order: ServiceOrder) -> None:
    company.act(company.manager, order, "complete")
    order_check(actor=company.manager, order_id=order.pk)
    page = office.get(f"/orders/{order.pk}/tab/time/", headers=HTMX).content.decode()
    assert "Correct the time of" not in page
    before = entry(order)
    answer = send(office, before, typed(before.at - timedelta(minutes=5)))
    assert answer.status_code == 422
    assert entry(order).at == before.at
