"""Where a technician was: kept only on duty and with consent, seen by managers, forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from callout.accounts.models import Device
from callout.fieldwork.models import Position
from callout.fieldwork.selectors.beside import order_field, position_words
from callout.fieldwork.services.positions import positions_add
from callout.fieldwork.tasks import positions_purge
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Forbidden
from callout.orders.models import Visit
from callout.orders.selectors.when import When
from tests.fieldwork.recording import visit_of
from tests.orders.conftest import Company

MINUTE = timedelta(minutes=1)


@pytest.fixture
def start() -> datetime:
    return clock.now() - timedelta(hours=3)


def phone(actor: Actor, consent: datetime | None) -> Actor:
    """The actor, on a phone that may say where it is since then."""
    row = Device.objects.create(
        user_id=str(actor.user_id), secret_hash=str(uuid4()), name="Phone",
        last_seen_at=clock.now(), expires_at=clock.now() + timedelta(days=1),
        position_consent_at=consent,
    )  # fmt: skip
    return Actor(
        user_id=actor.user_id, name=actor.name, door="technician", is_technician=True,
        technician_id=actor.technician_id, device_id=row.pk,
    )  # fmt: skip


def a_morning(company: Company, start: datetime) -> Visit:
    """En route from 0, working from 20, a break from 40 to 60, done at 80 minutes."""
    order = company.order()
    with clock.freeze(start - timedelta(hours=1)):
        company.plan(order, start=start, duration_minutes=60)
    visit = visit_of(order)
    for minutes, action in ((0, "depart"), (20, "start_work"), (40, "break"), (60, "resume"),
                            (80, "complete")):  # fmt: skip
        with clock.freeze(start + minutes * MINUTE):
            company.act(company.anna, order, action)
    return visit


def point(visit: Any, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "visit": str(visit), "at": at.isoformat(), "latitude": 50.7, "longitude": 4.6,
        "accuracy": 12.5, **more,
    }  # fmt: skip


def kept_minutes(start: datetime) -> list[float]:
    rows = Position.objects.order_by("at").values_list("at", flat=True)
    return [(at - start) / MINUTE for at in rows]


def test_only_time_under_way_is_kept_and_no_minute_of_a_break(
    company: Company, start: datetime
) -> None:
    visit = a_morning(company, start)
    anna = phone(company.anna, start - timedelta(days=1))
    minutes = [-10, 0, 10, 39, 40, 50, 59, 60, 79, 80, 120]
    points = [point(visit.pk, start + one * MINUTE) for one in minutes]
    counted = positions_add(actor=anna, points=points)
    assert kept_minutes(start) == [0, 10, 39, 60, 79]
    assert (counted.kept, counted.dropped) == (5, 6)
    positions_add(actor=anna, points=points)  # sent again
    assert Position.objects.count() == 5


def test_nothing_is_kept_without_consent_or_from_before_it(
    company: Company, start: datetime
) -> None:
    visit = a_morning(company, start)
    points = [point(visit.pk, start + one * MINUTE) for one in (5, 15, 25)]
    for who in (company.anna, phone(company.anna, None)):
        assert positions_add(actor=who, points=points).kept == 0
    stolen = phone(company.bert, start)  # somebody else's phone is no consent of hers
    forged = Actor(
        user_id=company.anna.user_id, name="Anna", door="technician", is_technician=True,
        technician_id=company.anna.technician_id, device_id=stolen.device_id,
    )  # fmt: skip
    assert positions_add(actor=forged, points=points).kept == 0
    later = phone(company.anna, start + 20 * MINUTE)
    assert positions_add(actor=later, points=points).kept == 1


def test_on_others_visits_and_missing_ones_nothing_is_kept(
    company: Company, start: datetime
) -> None:
    visit = a_morning(company, start)
    bert = phone(company.bert, start - timedelta(days=1))
    points = [point(pk, start + 10 * MINUTE) for pk in (visit.pk, uuid4())]
    assert positions_add(actor=bert, points=points).dropped == 2


@pytest.mark.wide
@pytest.mark.parametrize(
    "odd",
    [
        {"latitude": 91}, {"latitude": "x"}, {"latitude": None}, {"longitude": float("nan")},
        {"longitude": float("inf")}, {"at": "yesterday"}, {"at": None},
        {"at": "9999-12-31T23:59:59Z"},
        {"visit": "x"}, {"visit": None}, {"accuracy": -1}, {"accuracy": []}, {"latitude": True},
    ],
    ids=str,
)  # fmt: skip
def test_a_point_that_cannot_be_is_let_go_and_the_others_stay(
    company: Company, start: datetime, odd: dict[str, Any]
) -> None:
    visit = a_morning(company, start)
    anna = phone(company.anna, start - timedelta(days=1))
    good = point(visit.pk, start + 11 * MINUTE)
    bad = {**point(visit.pk, start + 10 * MINUTE), **odd}
    assert positions_add(actor=anna, points=[bad, good]).kept == 1


def test_a_phone_s_wrong_clock_is_set_right(company: Company, start: datetime) -> None:
    visit = a_morning(company, start)
    anna = phone(company.anna, start - timedelta(days=1))
    fast = timedelta(days=2)
    points = [point(visit.pk, start + 10 * MINUTE + fast)]
    assert positions_add(actor=anna, points=points).kept == 0
    assert positions_add(actor=anna, points=points, offset=-fast).kept == 1
    assert kept_minutes(start) == [10]


def test_managers_see_the_last_of_who_is_on_duty_and_nobody_else_sees_any(
    company: Company, start: datetime
) -> None:
    a_morning(company, start)
    order = company.planned(company.bert)
    visit = visit_of(order)
    with clock.freeze(start):
        company.act(company.bert, order, "depart")
    bert = phone(company.bert, start - timedelta(days=1))
    positions_add(
        actor=bert,
        points=[
            point(visit.pk, start + one * MINUTE, latitude=50 + one / 100) for one in (1, 9, 5)
        ],
    )
    found = order_field(actor=company.manager, order_id=order.pk).position
    assert position_words(found, None, When()).startswith("50.09")
    for who in (company.anna, company.bert):
        with pytest.raises(Forbidden):
            order_field(actor=who, order_id=order.pk)
    company.act(company.bert, order, "break")
    assert order_field(actor=company.manager, order_id=order.pk).position is None
    assert position_words(None, None, When()) == ""


def test_positions_are_forgotten_after_sixty_days(company: Company, start: datetime) -> None:
    visit = a_morning(company, start)
    anna = phone(company.anna, start - timedelta(days=1))
    positions_add(actor=anna, points=[point(visit.pk, start + 10 * MINUTE)])
    with clock.freeze(start + timedelta(days=59)):
        assert positions_purge(0) == 0
    with clock.freeze(start + timedelta(days=61)):
        assert positions_purge(0) == 1
    assert not Position.objects.exists()
