"""A list of late orders knows beforehand what becomes late: an open screen shows it then."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict

from callout.accounts.zone import day_bounds, today
from callout.kernel import clock
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder, Visit
from callout.orders.selectors import coming, order_list
from callout.orders.selectors.coming import orders_coming
from callout.orders.selectors.narrow import Shape, values_of
from tests.harness.statistics import taken_for_large
from tests.orders.conftest import Company, soon

pytestmark = pytest.mark.usefixtures("morning")
MINUTE = timedelta(minutes=1)


def asked(query: str) -> OrderFilter:
    return OrderFilter.parse(QueryDict(query), day="all")


def told(company: Company, query: str = "late=true") -> dict[UUID, datetime]:
    found = orders_coming(actor=company.manager, wanted=asked(query))
    assert found
    return dict(found.orders)


def due(order: ServiceOrder, minutes: float) -> ServiceOrder:
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=clock.now() + minutes * MINUTE)
    return order


@pytest.mark.parametrize("query", ["late=true", "day=overdue"])
def test_what_is_to_answer_or_begins_in_half_an_hour_is_told_with_its_moment(
    company: Company, query: str
) -> None:
    answer, begin = due(company.order(), 20), company.planned(hours=0.25)
    for out_of_it in (due(company.order(), 40), due(company.order(), -5)):
        assert out_of_it.pk not in told(company, query)
    company.planned(company.bert, hours=3)
    assert told(company, query) == {answer.pk: clock.now() + 20 * MINUTE, begin.pk: soon(0.25)}
    assert set(told(company, f"{query}&stage=new")) == {answer.pk}


def test_it_follows_where_the_visit_stands_and_what_was_promised(company: Company) -> None:
    order = company.planned(hours=0.25)
    visits = Visit.objects.filter(order=order)
    visits.update(promise_from=soon(0), promise_to=clock.now() + 5 * MINUTE)
    assert told(company) == {order.pk: clock.now() + 5 * MINUTE}
    with clock.freeze(soon(1)):
        order = company.act(company.manager, order, "start_work")
        assert told(company) == {order.pk: soon(0.25)}, "the end of its hour"
        visits.update(expected_end=soon(0.4))
        assert told(company) == {order.pk: soon(0.4)}
        visits.update(expected_end=soon(4))
        assert told(company) == {}


def test_what_waits_is_told_for_the_midnight_at_which_it_is_back(company: Company) -> None:
    """A screen that hangs on a wall shows it in the morning."""
    midnight, _end = day_bounds(today() + timedelta(days=1))
    over, coming_due, later = (company.order() for _n in range(3))
    for order, until in ((over, 1), (coming_due, 1), (later, 2)):
        ServiceOrder.objects.filter(pk=order.pk).update(
            waiting_for="parts", waiting_until=today() + timedelta(days=until),
            due_at=midnight + (10 * MINUTE if order == coming_due else -60 * MINUTE),
        )  # fmt: skip
    with clock.freeze(midnight - 31 * MINUTE):
        assert told(company) == {}
    with clock.freeze(midnight - 5 * MINUTE):
        assert told(company) == {over.pk: midnight, coming_due.pk: midnight + 10 * MINUTE}
    with clock.freeze(midnight):
        assert told(company) == {coming_due.pk: midnight + 10 * MINUTE}
        (row,) = order_list(actor=company.manager, wanted=asked("late=true")).items
        assert row.id == over.pk


def test_other_lists_are_told_nothing_and_ask_nothing(company: Company) -> None:
    for query in ("", "at_risk=true", "priority=high", "needs=promise"):
        assert orders_coming(actor=company.manager, wanted=asked(query)) is None
    due(company.order(), 20)
    assert told(company, "late=true&stage=completed") == {}


def test_where_very_much_comes_at_once_a_shorter_while_is_told(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coming, "MOST", 2)
    coming._statement.cache_clear()
    orders = [due(company.order(), minutes) for minutes in (3, 6, 12, 25)]
    found = orders_coming(actor=company.manager, wanted=asked("late=true"))
    coming._statement.cache_clear()
    assert found
    assert found.until == clock.now() + 7.5 * MINUTE
    assert dict(found.orders).keys() == {one.pk for one in orders[:2]}


def test_all_that_comes_at_the_same_moment_is_told_however_much_it_is(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As at eight, where everybody begins."""
    monkeypatch.setattr(coming, "MOST", 2)
    coming._statement.cache_clear()
    orders = [due(company.order(), minutes) for minutes in (0.5, 0.5, 0.5, 0.5, 2)]
    found = told(company)
    coming._statement.cache_clear()
    assert found.keys() == {one.pk for one in orders[:4]}


@pytest.mark.parametrize("overnight", [False, True])
def test_it_is_looked_up_and_nothing_is_read_through(company: Company, overnight: bool) -> None:
    due(company.order(), 20)
    taken_for_large("orders_serviceorder", "orders_visit")
    wanted = asked("late=true")
    statement = coming._statement("all", replace(Shape.of(wanted), late=False), overnight=overnight)
    assert statement
    given = {"soon": soon(0.5), "tomorrow": today() + timedelta(days=1)}
    values = statement.filled(values_of(company.manager, wanted) | given)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.sql}", list(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
