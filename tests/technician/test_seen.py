"""The office sees what a technician has seen: noted when they open the visit on their phone."""

from datetime import timedelta

import pytest

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.models import JournalEntry
from callout.orders.models import Assignment, ServiceOrder
from callout.orders.services import order_see
from tests.orders.conftest import Company


def seen(order: ServiceOrder, who: Actor) -> bool:
    row = Assignment.objects.get(visit__order=order, technician=who.technician_id, is_open=True)
    return row.seen_at is not None


def noted(order: ServiceOrder) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(entity_id=order.pk, kind="see"))


def test_the_first_look_is_noted_and_no_later_one(company: Company) -> None:
    order = company.planned()
    assert not seen(order, company.anna)
    for _look in range(3):
        order_see(actor=company.anna, order_id=order.pk)
    assert seen(order, company.anna)
    (entry,) = noted(order)
    assert entry.actor_id == company.anna.user_id
    assert entry.facts["visits"] == [str(order.visit_id)]
    assert entry.audience == []  # a hint for the office: on no phone does anything change


def test_no_form_of_the_office_is_out_of_date_by_it(company: Company) -> None:
    order = company.planned()
    order_see(actor=company.anna, order_id=order.pk)
    assert ServiceOrder.objects.get(pk=order.pk).version == order.version


def test_helpers_and_who_answers_for_it_see_each_for_themselves(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    order_see(actor=company.bert, order_id=order.pk)
    assert (seen(order, company.anna), seen(order, company.bert)) == (False, True)
    order_see(actor=company.anna, order_id=order.pk)
    assert (seen(order, company.anna), len(noted(order))) == (True, 2)


def test_what_is_planned_anew_is_not_seen_yet(company: Company) -> None:
    order = company.planned()
    order_see(actor=company.anna, order_id=order.pk)
    company.act(company.manager, order, "replan", start=clock.now() + timedelta(hours=5))
    assert not seen(order, company.anna)
    order_see(actor=company.anna, order_id=order.pk)
    assert seen(order, company.anna)
    company.act(company.manager, order, "undo")
    assert not seen(order, company.anna)


def test_the_office_and_strangers_see_nothing_for_anybody(company: Company) -> None:
    order = company.planned()
    for actor in (company.manager, company.bert):
        with pytest.raises(NotFound):
            order_see(actor=actor, order_id=order.pk)
    assert not seen(order, company.anna)
    assert noted(order) == []


def test_what_has_ended_is_not_noted(company: Company) -> None:
    order = company.planned()
    company.act(company.anna, order, "complete")
    order_see(actor=company.anna, order_id=order.pk)
    assert noted(order) == []
