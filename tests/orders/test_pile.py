"""The to-plan pile: what stands in it, in which order, narrowed by what."""

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callout.accounts.zone import at, today
from callout.customers import services as customers
from callout.kernel import clock
from callout.kernel.errors import Forbidden, Invalid, NotSignedIn
from callout.orders import services as orders
from callout.orders.models import ServiceOrder
from callout.orders.selectors import list_sql
from callout.orders.selectors.pile import Pile, pile_read
from callout.workforce import services as workforce
from tests.orders.conftest import Company, soon


def pile(company: Company, **asked: Any) -> Pile:
    return pile_read(actor=company.manager, **asked)


def ids(found: Pile) -> list[UUID]:
    return [one.id for one in found.orders]


def due(order: ServiceOrder, hours: float | None) -> ServiceOrder:
    """The same with a response target so many hours from now, or none."""
    moment = None if hours is None else soon(hours)
    ServiceOrder.objects.filter(pk=order.pk).update(due_at=moment)
    return order


def waiting(company: Company, days: int, **values: Any) -> ServiceOrder:
    order = company.order(**values)
    ServiceOrder.objects.filter(pk=order.pk).update(
        waiting_for="part", waiting_until=today() + timedelta(days=days)
    )
    return order


def elsewhere(company: Company, postcode: str) -> UUID:
    site = customers.site_create(actor=company.manager, name="Shop", postcode=postcode)
    customers.site_link(actor=company.manager, site_id=site.pk, customer_id=company.customer.pk)
    return site.pk


def test_the_most_urgent_comes_first_then_what_is_to_be_answered_first(company: Company) -> None:
    later = due(company.order(), 9)
    never = due(company.order(), None)
    sooner = due(company.order(), 3)
    again = due(company.order(), 9)
    urgent = due(company.order(priority="urgent"), 30)
    low = due(company.order(priority="low"), 1)
    assert ids(pile(company)) == [one.pk for one in (urgent, sooner, later, again, never, low)]


def test_only_what_is_new_is_to_be_planned(company: Company) -> None:
    new, back = company.order(), company.planned(hours=2)
    company.planned(hours=4)
    company.act(company.manager, company.order(), "cancel", note="no")
    company.act(company.manager, company.planned(hours=6), "complete")
    company.act(company.manager, back, "customer_absent")
    found = pile(company)
    assert set(ids(found)) == {new.pk, back.pk}
    assert {one.id: one.absent for one in found.orders} == {new.pk: 0, back.pk: 1}


def test_what_waits_stands_in_its_own_tab_until_its_day(company: Company) -> None:
    new, waits, back = company.order(), waiting(company, 2), waiting(company, 0)
    found = pile(company)
    assert set(ids(found)) == {new.pk, back.pk}
    assert found.counts == {"to_plan": "2", "waiting": "1"}
    (one,) = pile(company, tab="waiting").orders
    assert one.id == waits.pk
    assert one.waiting.startswith("part until ")


def test_all_that_planning_it_needs_is_said(company: Company) -> None:
    gas = workforce.skill_create(actor=company.manager, name="Gas")
    car = workforce.vehicle_create(actor=company.manager, registration="1-ABC-123", name="Van")
    orders.type_update(
        actor=company.manager, type_id=company.kind.pk, version=company.kind.version,
        values={"skill_ids": [gas.pk]},
    )  # fmt: skip
    day = today() + timedelta(days=3)
    order = company.order(
        duration_minutes=90, proposed_vehicle_id=car.pk, wish_not_before=at(day, time()),
        wish_due=at(day + timedelta(days=1), time()), wish_from=time(9), wish_to=time(12),
    )  # fmt: skip
    due(order, 2)
    with clock.freeze(soon(0)):
        (one,) = pile(company).orders
    assert (one.customer, one.town, one.postcode) == ("Boulangerie Lemaire", "Wavre", "1300")
    assert (one.title, one.type, one.duration_minutes) == ("No hot water", "Breakdown", 90)
    assert one.skill_ids == (gas.pk,)
    assert one.vehicle == "1-ABC-123 Van"
    assert one.wish.endswith(f"{day.day} {day:%b}, 09:00–12:00")
    assert (one.left, one.at_risk) == ("2 h left", True)
    with clock.freeze(soon(3)):
        assert pile(company).orders[0].left == "1 h overdue"


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({}, ""),
        ({"wish_from": time(9)}, "from 09:00 on"),
        ({"wish_to": time(16, 30)}, "until 16:30"),
    ],
)
def test_a_wish_is_said_as_people_say_it(
    company: Company, wish: dict[str, Any], words: str
) -> None:
    company.order(**wish)
    assert pile(company).orders[0].wish == words


def test_it_is_narrowed_by_what_a_type_needs_by_type_by_text_and_by_number(
    company: Company,
) -> None:
    gas = workforce.skill_create(actor=company.manager, name="Gas")
    kind = orders.type_create(
        actor=company.manager, values={"name": "Gas leak", "skill_ids": [gas.pk]}
    )
    plain, leak = company.order(), company.order(type_id=kind.pk, description="Smells of gas")
    assert ids(pile(company, skill_id=gas.pk)) == [leak.pk]
    assert ids(pile(company, skill_id=UUID(int=7))) == []
    assert ids(pile(company, type_id=company.kind.pk)) == [plain.pk]
    assert ids(pile(company, search="smells")) == [leak.pk]
    assert ids(pile(company, search=str(plain.number))) == [plain.pk]
    assert pile(company, search="smells").counts == {"to_plan": "1", "waiting": "0"}


def test_it_is_narrowed_by_area(company: Company) -> None:
    here = company.order()
    there = company.order(site_id=elsewhere(company, "1911"))
    company.order(site_id=elsewhere(company, ""))
    for postcodes, found in (("1300-1399", [here]), ("19*", [there]), ("1*", [here, there])):
        area = customers.area_create(actor=company.manager, name=postcodes, postcodes=postcodes)
        assert set(ids(pile(company, area_id=area.pk))) == {one.pk for one in found}
    with pytest.raises(Invalid) as refused:
        pile(company, area_id=UUID(int=7))
    assert list(refused.value.fields) == ["area_id"]


def test_it_is_narrowed_to_what_is_at_risk(company: Company) -> None:
    late, close = due(company.order(), -3), due(company.order(), 3.9)
    due(company.order(), 4.1)
    due(company.order(), None)
    due(waiting(company, 4), -3)
    found = pile(company, at_risk=True)
    assert ids(found) == [late.pk, close.pk]
    assert {one.at_risk for one in found.orders} == {True}
    assert found.counts == {"to_plan": "2", "waiting": "0"}


def test_a_text_too_short_to_look_up_is_refused_in_words(company: Company) -> None:
    with pytest.raises(Invalid) as refused:
        pile(company, search="x")
    assert list(refused.value.fields) == ["q"]


def test_a_thousand_are_counted_and_so_many_shown(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_sql, "COUNTED", 2)
    shown = [company.order() for _index in range(3)]
    found = pile(company, limit=2, search="no hot")
    assert ids(found) == [one.pk for one in shown[:2]]
    assert found.counts["to_plan"] == "1,000+"


def test_it_is_for_managers(company: Company) -> None:
    company.order()
    with pytest.raises(Forbidden):
        pile_read(actor=company.anna)
    with pytest.raises(NotSignedIn):
        pile_read(actor=None)  # type: ignore[arg-type]


def test_it_asks_as_much_for_one_order_as_for_many(company: Company) -> None:
    area = customers.area_create(actor=company.manager, name="Wavre", postcodes="13*")
    company.order()
    with CaptureQueriesContext(connection) as few:
        pile(company, area_id=area.pk)
    for _index in range(6):
        company.order(site_id=elsewhere(company, f"13{_index}0"), priority="high")
    with CaptureQueriesContext(connection) as many:
        assert len(pile(company, area_id=area.pk).orders) == 7
    assert len(many) == len(few) == 4
    with CaptureQueriesContext(connection) as plain:
        pile(company)
    assert len(plain) == 2
