"""Late is one thing: what a row shows, a filter finds and a figure counts are the same."""

import random
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.http import QueryDict

from callout.accounts.zone import today
from callout.kernel import clock
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder, Visit
from callout.orders.selectors import order_kanban, order_list
from callout.orders.selectors.coming import orders_coming
from callout.orders.selectors.counts import order_counts
from callout.orders.selectors.late import is_late
from callout.orders.selectors.list_sql import page_statement
from callout.orders.selectors.listing import Listing
from callout.orders.selectors.narrow import values_of
from callout.orders.selectors.pile import pile_read
from callout.orders.selectors.rows import OrderRow
from callout.planning.selectors import ask_for_order
from tests.harness.statistics import taken_for_large
from tests.orders.conftest import Company, soon
from tests.scale import rounds

pytestmark = pytest.mark.usefixtures("morning")


def rows(company: Company, query: str = "") -> list[OrderRow]:
    wanted = OrderFilter.parse(QueryDict(query), day="all")
    return order_list(actor=company.manager, wanted=wanted, limit=200).items


def found(company: Company, query: str) -> set[int]:
    """What list and Kanban have of a filter, and as many as its figure says."""
    wanted = OrderFilter.parse(QueryDict(query), day="all")
    numbers = {row.bare_number for row in rows(company, query)}
    columns = order_kanban(actor=company.manager, wanted=wanted, limit=100)
    assert {card.bare_number for column in columns for card in column.cards} == numbers
    assert order_counts(actor=company.manager, wanted=[wanted]) == [str(len(numbers))]
    return numbers


def due(order: ServiceOrder, hours: float) -> None:
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=soon(hours))


def fresh(order: ServiceOrder) -> ServiceOrder:
    return ServiceOrder.objects.get(pk=order.pk)


# --- what answers a target -----------------------------------------------------------------------


def test_who_was_there_has_answered_though_the_customer_was_absent(company: Company) -> None:
    order = company.planned(hours=1)
    due(order, 2)
    with clock.freeze(clock.now() + timedelta(hours=1.5)):
        company.act(company.anna, order, "customer_absent")
        assert fresh(order).answered_at == clock.now()
    with clock.freeze(clock.now() + timedelta(hours=5)):
        (row,) = rows(company)
        assert (row.stage, row.is_late, row.countdown, row.absent) == ("new", False, None, 1)
        assert row.slot.startswith("answered ")
        for query in ("late=true", "day=overdue", "at_risk=true", "needs=target"):
            assert found(company, query) == set(), query
        (one,) = pile_read(actor=company.manager).orders
        assert (one.due_at, one.left, one.at_risk) == (None, "", False)
        assert ask_for_order(fresh(order)).due_at is None
        # Another visit may be late anew, of its own slot; not of a target that is met.
        company.plan(order, hours=2)
        assert found(company, "late=true") == found(company, "at_risk=true") == set()
    with clock.freeze(clock.now() + timedelta(hours=8)):
        assert found(company, "late=true") == found(company, "needs=visit") == {order.number}
        assert found(company, "needs=target") == set()


def test_an_arrival_that_is_taken_back_or_corrected_is_followed(company: Company) -> None:
    order = company.planned(hours=1)
    due(order, 2)
    with clock.freeze(clock.now() + timedelta(hours=3)):
        company.act(company.manager, order, "depart")
        assert fresh(order).answered_at is None
        company.act(company.manager, order, "arrive")
        assert fresh(order).answered_at == clock.now()
        assert found(company, "at_risk=true") == set()
        company.act(company.manager, order, "undo")
        assert fresh(order).answered_at is None
        assert found(company, "at_risk=true") == {order.number}
        company.act(company.manager, order, "start_work")
        company.act(company.manager, order, "hand_back", note="A part")
        first = fresh(order).answered_at
    with clock.freeze(clock.now() + timedelta(hours=9)):
        company.plan(order, hours=1)
        company.act(company.manager, order, "arrive")
        assert fresh(order).answered_at == first, "the first arrival counts"


def test_work_that_was_entered_afterwards_and_taken_back_has_answered_nothing(
    company: Company,
) -> None:
    order = company.order()
    company.act(
        company.manager, order, "complete", technician_id=company.anna.technician_id,
        start=soon(-2), duration_minutes=60,
    )  # fmt: skip
    assert fresh(order).answered_at == soon(-2)
    company.act(company.manager, order, "undo")
    assert (fresh(order).stage, fresh(order).answered_at) == ("new", None)


def test_one_who_never_came_has_not_answered(company: Company) -> None:
    order = company.planned(hours=1)
    company.act(company.anna, order, "depart")
    company.act(company.anna, order, "hand_back", note="The van broke down")
    assert fresh(order).answered_at is None


def test_what_was_there_before_there_was_a_column_is_answered_by_the_migration(
    company: Company,
) -> None:
    absent, handed_back, done, taken_back = (company.planned(hours=1 + nth) for nth in range(4))
    with clock.freeze(clock.now() + timedelta(hours=1.5)):
        company.act(company.manager, absent, "customer_absent")
        for action in ("arrive", "start_work", "hand_back"):
            company.act(company.manager, handed_back, action, note="A part")
        company.act(company.manager, done, "complete")
        for action in ("arrive", "undo"):
            company.act(company.manager, taken_back, action)
    entered = company.order()
    company.act(
        company.manager, entered, "complete", technician_id=company.anna.technician_id,
        start=soon(-2), duration_minutes=60,
    )  # fmt: skip
    company.act(company.manager, entered, "undo")
    before = dict(ServiceOrder.objects.values_list("pk", "answered_at"))
    assert sum(at is not None for at in before.values()) == 3
    ServiceOrder.objects.update(answered_at=None)
    migration = import_module("callout.orders.migrations.0011_answered")
    with connection.cursor() as cursor:
        cursor.execute(migration.ANSWERED)
    assert dict(ServiceOrder.objects.values_list("pk", "answered_at")) == before


# --- what is late --------------------------------------------------------------------------------


def test_what_is_planned_for_after_its_target_is_at_risk_and_not_late(company: Company) -> None:
    order = company.planned(hours=5)
    due(order, 2)
    for hours in (0, 3):
        with clock.freeze(clock.now() + timedelta(hours=hours)):
            assert found(company, "at_risk=true") == {order.number}
            assert found(company, "late=true") == found(company, "needs=target") == set()
            (row,) = rows(company)
            assert not row.is_late
            assert row.countdown
            assert (row.countdown.words, row.countdown.tone) == ("3 h after target", "soon")
    with clock.freeze(clock.now() + timedelta(hours=5.5)):
        assert found(company, "late=true") == found(company, "needs=visit") == {order.number}


def test_a_promise_that_has_passed_is_late_by_the_time_since(company: Company) -> None:
    order = company.planned(hours=6)
    Visit.objects.filter(order=order).update(promise_from=soon(0), promise_to=soon(1))
    with clock.freeze(clock.now() + timedelta(hours=1.5)):
        (row,) = rows(company)
        assert row.late == "+30 min"
        assert found(company, "needs=visit") == {order.number}


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("needs=target&stage=new", "Index Cond: (due_at <"),
        # Of open visits, or of open visits with a promise: whichever is smaller.
        ("needs=visit&stage=planned", "using visit_"),
        ("needs=promise&stage=planned", "using visit_"),
        ("late=true&stage=planned", "using visit_"),
    ],
)
def test_what_is_late_is_looked_up_and_nothing_is_read_through(
    company: Company, query: str, index: str
) -> None:
    company.planned(hours=2)
    taken_for_large("orders_serviceorder", "orders_visit")
    wanted = OrderFilter.parse(QueryDict(query), day="all")
    statement = page_statement(Listing.of(company.manager, wanted), 0, False, 50, True)
    values = statement.filled(values_of(company.manager, wanted))
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.sql}", list(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan, plan
    assert "Seq Scan" not in plan


@pytest.mark.wide
@pytest.mark.parametrize("seed", range(rounds(3, 40)))
def test_whatever_stands_there_every_place_calls_the_same_orders_late(
    company: Company, seed: int
) -> None:
    dice = random.Random(seed)
    now = clock.now()

    def near(spread: float = 8) -> datetime:
        return now + timedelta(minutes=dice.randrange(-60 * 4, int(60 * spread), 5))

    for nth in range(24):
        order = company.order()
        if dice.random() < 0.6:
            who = (company.anna, company.bert)[nth % 2]
            company.plan(order, who, hours=0.25 + nth / 2, duration_minutes=30)
            there = dice.choice(["planned", "planned", "break"])
            promised = near() if dice.random() < 0.5 else None
            Visit.objects.filter(order=order).update(
                status=there,
                expected_end=dice.choice([None, near(16)]),
                promise_from=promised,
                promise_to=promised and promised + timedelta(hours=1),
            )
            ServiceOrder.objects.filter(pk=order.pk).update(technician_status=there)
        elif dice.random() < 0.4:
            ServiceOrder.objects.filter(pk=order.pk).update(
                waiting_for="part", waiting_until=today() + timedelta(days=dice.randrange(-1, 2))
            )
        ServiceOrder.objects.filter(pk=order.pk).update(
            due_at=dice.choice([None, near(), near(), near()]),
            answered_at=dice.choice([None, None, near()]),
        )
    seen: set[tuple[bool, str]] = set()
    for hours in (0, 2.5, 6.25, 30):
        with clock.freeze(now + timedelta(hours=hours)):
            every = rows(company)
            late = {row.bare_number for row in every if row.is_late}
            assert found(company, "late=true") == late
            assert found(company, "day=overdue") == late
            assert found(company, "needs=target") | found(company, "needs=visit") == late
            assert found(company, "needs=visit") == {row.bare_number for row in every if row.late}
            toned = {
                row.bare_number for row in every
                if row.countdown and (row.countdown.tone or row.stage == "planned")
            }  # fmt: skip
            assert found(company, "at_risk=true") == toned
            orders = ServiceOrder.objects.select_related("visit")
            assert {
                one.number for one in orders if is_late(one, one.visit, clock.now(), today())
            } == late
            pile = {one.bare_number for one in pile_read(actor=company.manager).orders
                    if one.at_risk}  # fmt: skip
            new = {row.bare_number for row in every if row.stage == "new"}
            assert pile == toned & new
            coming = orders_coming(actor=company.manager, wanted=OrderFilter(day="all", late=True))
            assert coming
            with clock.freeze(coming.until):
                then = {row.id for row in rows(company) if row.is_late}
            now_late = {row.id for row in every if row.is_late}
            assert then - now_late == dict(coming.orders).keys()
            seen |= {(row.is_late, row.stage) for row in every}
    assert len(seen) == 4, "the dice have made each kind"
