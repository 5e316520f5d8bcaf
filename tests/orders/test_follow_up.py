""" "Found something else" on the phone: a New order beside the one it was found on."""

from typing import Any
from uuid import uuid4

import pytest

from callout.customers.services import asset_archive, asset_create, customer_archive
from callout.kernel.errors import Forbidden, Invalid, NotFound, Refused
from callout.kernel.models import JournalEntry
from callout.orders.models import InterventionType, ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.history import journal_of, lines_of
from callout.orders.selectors.when import When
from callout.orders.services import order_create, order_follow_up, order_update, type_archive
from tests.orders.conftest import Company, soon


def test_it_is_new_at_the_same_place_and_points_back(company: Company) -> None:
    order = company.plan(company.order(asset_id=company.asset.pk, priority="urgent"))
    made = order_follow_up(
        actor=company.anna, order_id=order.pk, text="The flue leaks\nSeen from the roof"
    )
    row = ServiceOrder.objects.select_related("priority").get(pk=made.pk)
    assert (row.customer_id, row.site_id, row.asset_id) == (
        order.customer_id,
        order.site_id,
        company.asset.pk,
    )
    assert (row.type_id, row.priority.code, row.channel) == (order.type_id, "normal", "internal")
    assert (row.stage, row.title, row.follow_up_of_id) == ("new", "The flue leaks", order.pk)
    assert row.created_by_id == company.anna.user_id
    assert JournalEntry.objects.get(entity_id=row.pk).actor_id == company.anna.user_id


def test_only_whoever_answers_for_a_visit_of_it_or_did(company: Company) -> None:
    order = company.planned(helper_ids=(company.bert.technician_id,))
    before = ServiceOrder.objects.count()
    for actor in (company.bert, company.manager):
        with pytest.raises(NotFound):
            order_follow_up(actor=actor, order_id=order.pk, text="Something")
    with pytest.raises(NotFound):
        order_follow_up(actor=company.anna, order_id=uuid4(), text="Something")
    assert ServiceOrder.objects.count() == before
    company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
    for actor in (company.anna, company.bert):  # told late, it is told all the same
        assert order_follow_up(actor=actor, order_id=order.pk, text="Something").stage == "new"


def test_ten_a_day_and_no_more(company: Company) -> None:
    order = company.planned()
    for _ in range(10):
        order_follow_up(actor=company.anna, order_id=order.pk, text="Something")
    with pytest.raises(Refused) as refused:
        order_follow_up(actor=company.anna, order_id=order.pk, text="Something")
    assert refused.value.code == "too_many"
    assert ServiceOrder.objects.filter(follow_up_of=order).count() == 10


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 20_001])
def test_a_text_that_cannot_be_is_refused(company: Company, text: str) -> None:
    order = company.planned()
    with pytest.raises(Invalid):
        order_follow_up(actor=company.anna, order_id=order.pk, text=text)


def test_what_is_there_no_more_is_left_out_or_refused(company: Company) -> None:
    other = asset_create(actor=company.manager, site_id=company.site.pk, reference="X", kind="Fan")
    order = company.plan(company.order(asset_id=other.pk))
    company.act(company.manager, order, "complete")
    asset_archive(actor=company.manager, asset_id=other.pk, version=other.version)
    type_archive(actor=company.manager, type_id=company.kind.pk, version=company.kind.version)
    made = order_follow_up(actor=company.anna, order_id=order.pk, text="Something")
    assert made.asset_id is None
    assert made.type == InterventionType.objects.filter(archived_at=None).order_by("name")[0]
    company.act(company.manager, made, "cancel", note="Seen")
    customer_archive(
        actor=company.manager, customer_id=company.customer.pk, version=company.customer.version
    )
    with pytest.raises(Refused) as refused:
        order_follow_up(actor=company.anna, order_id=order.pk, text="Something")
    assert refused.value.code == "place_gone"


def test_otherwise_a_technician_makes_no_orders(company: Company) -> None:
    company.planned(start=soon(2))
    values: dict[str, Any] = {
        "customer_id": company.customer.pk,
        "site_id": company.site.pk,
        "type_id": company.kind.pk,
    }
    with pytest.raises(Forbidden):
        order_create(actor=company.anna, **values)


def test_each_of_the_two_says_in_its_history_which_the_other_is(company: Company) -> None:
    order = company.planned()
    made = order_follow_up(actor=company.anna, order_id=order.pk, text="The flue leaks")
    assert f"Follow-up order: {order_number(made.number)}" in history(company, order)
    assert f"Recorded as follow-up of {order_number(order.number)}" in history(company, made)
    later = company.order()
    order_update(
        actor=company.manager, order_id=later.pk, version=later.version, follow_up_of_id=order.pk
    )
    assert f"Follow-up order: {order_number(later.number)}" in history(company, order)
    assert history(company, later)[-1] == "Recorded"


def history(company: Company, order: ServiceOrder) -> list[str]:
    lines = lines_of(journal_of(company.manager, order.pk), When())
    return [line.text for line in lines if line.text]
