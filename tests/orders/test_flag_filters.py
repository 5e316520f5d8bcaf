"""The filters by what a row is marked by (late, absent, waiting), and by town."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from callout.customers.models import Site
from callout.kernel import clock
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder, Visit
from callout.orders.selectors import order_kanban, order_list
from callout.orders.selectors.choices import towns
from callout.orders.services import order_wait
from tests.orders.conftest import Company


def found(company: Company, query: str) -> list[int]:
    wanted = OrderFilter.parse(QueryDict(query))
    numbers = [row.bare_number for row in order_list(actor=company.manager, wanted=wanted).items]
    columns = order_kanban(actor=company.manager, wanted=wanted)
    cards = [card.bare_number for column in columns for card in column.cards]
    assert sorted(cards) == sorted(numbers), "list and Kanban find the same"
    return sorted(numbers)


def test_what_is_past_its_slot_its_promise_or_its_target_is_late(company: Company) -> None:
    now = clock.now()
    told_of = company.planned(company.anna, hours=0)
    company.act(company.manager, told_of, "arrive")
    company.act(company.manager, told_of, "extend", duration_minutes=120)
    running_over = company.planned(company.bert, hours=0)
    company.act(company.manager, running_over, "arrive")
    begun_late = company.planned(company.anna, hours=1)
    promised = company.planned(company.bert, hours=6)
    Visit.objects.filter(order=promised.pk).update(
        promise_from=now, promise_to=now + timedelta(hours=1)
    )
    overdue, waits = company.order(), company.order()
    ServiceOrder.objects.filter(pk__in=[overdue.pk, waits.pk]).update(
        due_at=now + timedelta(hours=1)
    )
    order_wait(actor=company.manager, order_id=waits.pk, waiting_for="part",
               waiting_until=(now + timedelta(days=3)).date())  # fmt: skip
    company.order()
    company.planned(company.bert, hours=8)

    with clock.freeze(now + timedelta(hours=1.5)):
        assert found(company, "late=true") == [
            running_over.number, begun_late.number, promised.number, overdue.number
        ]  # fmt: skip


def test_what_has_ended_is_not_late(company: Company) -> None:
    order = company.planned(hours=1)
    with clock.freeze(clock.now() + timedelta(hours=2)):
        assert found(company, "late=true") == [order.number]
        company.act(company.manager, order, "complete")
        assert found(company, "late=true") == []


def test_absent_is_what_is_back_because_nobody_was_there(company: Company) -> None:
    back, again = company.planned(hours=2), company.planned(hours=4)
    for order in (back, again):
        company.act(company.manager, order, "customer_absent")
    company.plan(again, hours=6)
    company.order()
    assert found(company, "absent=true") == [back.number]


def test_a_town_is_one_or_several_and_goes_with_the_days(company: Company) -> None:
    order = company.order()
    town = Site.objects.get(pk=company.site.pk).town
    assert town
    assert found(company, f"town={town}") == [order.number]
    assert found(company, f"town=Nowhere,{town}") == [order.number]
    assert found(company, "town=Nowhere") == []
    assert found(company, f"town={town}&day=overdue") == []


def test_towns_are_found_without_their_accents(company: Company) -> None:
    Site.objects.filter(pk=company.site.pk).update(town="Liège")
    assert towns(company.manager, "lie") == ["Liège"]
    assert towns(company.manager, "gent") == []


@pytest.mark.parametrize("query", ["late=true", "absent=true", "town=Gent,Liège", "waiting=back"])
def test_the_address_is_written_as_it_is_read(query: str) -> None:
    wanted = OrderFilter.parse(QueryDict(query))
    assert wanted == OrderFilter.parse(QueryDict(wanted.query().removeprefix("?")))
    assert wanted.narrows
