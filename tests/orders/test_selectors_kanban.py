"""The Kanban: its columns, their orders and counts, the cards below."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.prepared import statement_of
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import ServiceOrder
from callout.orders.selectors import (
    Column,
    order_cards,
    order_column,
    order_kanban,
    order_row_any,
    order_rows,
)
from callout.orders.selectors.listing import Listing, after_given
from callout.orders.selectors.narrow import Shape, values_of
from callout.orders.selectors.rows import rows_read
from tests.harness.statistics import taken_for_large
from tests.orders.conftest import Company

ALL = OrderFilter(day="all")


def columns(company: Company, wanted: OrderFilter = ALL, limit: int = 20) -> dict[str, Column]:
    found = order_kanban(actor=company.manager, wanted=wanted, limit=limit)
    return {column.key: column for column in found}


def ended(company: Company, days: int) -> ServiceOrder:
    """An order cancelled so many days ago."""
    order = company.order()
    company.act(company.manager, order, "cancel", note="no")
    ServiceOrder.objects.filter(pk=order.pk).update(closed_at=clock.now() - timedelta(days=days))
    return order


def test_each_card_stands_in_the_column_of_its_stage(company: Company) -> None:
    new, planned = company.order(), company.planned()
    done = company.planned(company.bert)
    company.act(company.manager, done, "complete")
    cancelled = ended(company, 1)
    found = {
        key: ([card.id for card in column.cards], column.count)
        for key, column in columns(company).items()
    }
    assert found == {
        "new": ([new.pk], "1"),
        "planned": ([planned.pk], "1"),
        "completed": ([done.pk], "1"),
        "cancelled": ([cancelled.pk], "1"),
    }


def test_new_stands_by_due_and_planned_by_start_and_ended_by_end(company: Company) -> None:
    low, urgent = company.order(priority="low"), company.order(priority="urgent")
    never = company.order(priority="urgent")
    ServiceOrder.objects.filter(pk=never.pk).update(due_at=None)
    late, early = company.planned(hours=9), company.planned(hours=3)
    long_ago, lately = ended(company, 9), ended(company, 2)
    found = columns(company)
    assert [card.id for card in found["new"].cards] == [urgent.pk, low.pk, never.pk]
    assert [card.id for card in found["planned"].cards] == [early.pk, late.pk]
    assert [card.id for card in found["cancelled"].cards] == [lately.pk, long_ago.pk]
    for column in found.values():
        assert [card.sort for card in column.cards] == sorted(card.sort for card in column.cards)


def test_more_cards_come_below_without_a_gap(company: Company) -> None:
    for index in range(7):
        order = company.order(priority=["low", "urgent"][index % 2])
        if index > 3:
            ServiceOrder.objects.filter(pk=order.pk).update(due_at=None)
    whole = [card.id for card in columns(company)["new"].cards]
    column = columns(company, limit=2)["new"]
    seen = [card.id for card in column.cards]
    while column.next:
        column = order_column(
            actor=company.manager, wanted=ALL, stage=Stage.NEW, cursor=column.next, limit=2
        )
        seen += [card.id for card in column.cards]
    assert seen == whole
    assert len(seen) == 7


def test_what_ended_over_30_days_ago_comes_when_asked_for(company: Company) -> None:
    recent, old, older = ended(company, 1), ended(company, 31), ended(company, 90)
    column = columns(company)["cancelled"]
    assert ([card.id for card in column.cards], column.count) == ([recent.pk], "1")
    assert column.next is None
    assert column.older is not None
    below = order_column(
        actor=company.manager,
        wanted=ALL,
        stage=Stage.CANCELLED,
        cursor=column.older,
        older=True,
    )
    assert [card.id for card in below.cards] == [old.pk, older.pk]


def test_the_days_before_are_offered_once_the_recent_ones_are_all_shown(company: Company) -> None:
    for days in (1, 2, 3, 40):
        ended(company, days)
    column = columns(company, limit=2)["cancelled"]
    assert column.next is not None
    assert column.older is None
    below = order_column(
        actor=company.manager, wanted=ALL, stage=Stage.CANCELLED, cursor=column.next, limit=2
    )
    assert len(below.cards) == 1
    assert below.older is not None


def test_a_card_that_the_filter_leaves_out_is_not_there(company: Company) -> None:
    order = company.order()
    kept = OrderFilter.parse(QueryDict("stage=new"))
    asked: dict[str, Any] = {"actor": company.manager, "ids": [order.pk]}
    assert [card.stage for card in order_cards(wanted=kept, **asked).cards] == ["new"]
    assert [row.stage for row in order_rows(wanted=kept, **asked).cards] == ["new"]
    company.plan(order)
    assert order_cards(wanted=kept, **asked).cards == []
    assert order_rows(wanted=kept, **asked).cards == []
    assert [card.stage for card in order_cards(wanted=ALL, **asked).cards] == ["planned"]


def test_a_stranger_gets_no_card(company: Company) -> None:
    order = company.planned()
    assert order_cards(actor=company.bert, wanted=ALL, ids=[order.pk]).cards == []
    assert all(not column.cards for column in order_kanban(actor=company.bert, wanted=ALL))
    with pytest.raises(NotFound):
        order_row_any(actor=company.bert, order_id=order.pk)


def test_all_columns_are_two_queries_whatever_they_hold(company: Company) -> None:
    for _round in range(5):
        company.order()
        ended(company, 1)
    order_kanban(actor=company.manager, wanted=ALL)  # the company's own row is kept
    with CaptureQueriesContext(
        connection,
    ) as queries:
        order_kanban(actor=company.manager, wanted=ALL)
    assert len(queries) == 2


def test_late_is_who_should_have_begun_or_ended(company: Company) -> None:
    order = company.planned(hours=1)
    with clock.freeze(clock.now() + timedelta(hours=1, minutes=25)):
        assert columns(company)["planned"].cards[0].late == "+25 min"
        company.act(company.anna, order, "arrive")
        assert columns(company)["planned"].cards[0].late == ""
        # Unless something happens: a screen that stays open asks again then.
        assert columns(company)["planned"].cards[0].late_since == order.end
    with clock.freeze(clock.now() + timedelta(hours=2, minutes=10)):
        assert columns(company)["planned"].cards[0].late == "+10 min"
        company.act(company.anna, order, "extend", duration_minutes=30)
        assert columns(company)["planned"].cards[0].late == ""


def test_a_card_says_what_a_dispatcher_decides_by(company: Company) -> None:
    order = company.order(priority="urgent", asset_id=company.asset.pk)
    card = columns(company)["new"].cards[0]
    assert card.number == f"SO-{order.number:06d}"
    assert (card.customer, card.town) == ("Boulangerie Lemaire", "Wavre")
    assert (card.title, card.type, card.type_icon) == ("No hot water", "Breakdown", "bolt")
    assert card.slot.startswith("answer by ")
    assert (card.priority, card.status, card.technician) == ("urgent", "new", "")


UNPLANNED = dict.fromkeys(("technician_status", "visit", "technician", "start", "end"))


def test_a_card_that_leaves_while_its_column_is_read_takes_none_with_it(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first, last, below = (company.planned(hours=2 + 2 * number) for number in range(3))

    def moved(actor: Actor, ids: Sequence[UUID]) -> list[Any]:
        ServiceOrder.objects.filter(pk=last.pk).update(**UNPLANNED)
        return rows_read(actor, ids)

    monkeypatch.setattr("callout.orders.selectors.kanban.rows_read", moved)
    cursor = columns(company, limit=2)["planned"].next
    assert cursor
    rest = order_column(actor=company.manager, wanted=ALL, stage=Stage.PLANNED, cursor=cursor)
    assert below.pk in [card.id for card in rest.cards]


@pytest.mark.parametrize("days", ["day=all", "day=now", "from=2020-01-01&to=2199-12-31"])
def test_the_next_planned_cards_are_read_in_the_order_of_the_column_s_index(
    company: Company, days: str
) -> None:
    """What is late stands first: in the index of all slots the past of years lies between."""
    company.planned(hours=2)
    taken_for_large("orders_serviceorder")
    wanted = OrderFilter.parse(QueryDict(days))
    column = Listing("all", Shape.of(wanted), "planned")
    (part,) = column.parts()
    rows = column.of_part(part).filter(after_given(part.order))
    statement = statement_of(rows.values_list("pk", flat=True)[:21])
    assert statement is not None
    values = values_of(company.manager, wanted) | {"after_start": clock.now(), "after_number": 1}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.sql}", statement.filled(values))
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using order_planned on" in plan, plan
    assert "Sort" not in plan, plan
