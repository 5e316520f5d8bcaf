"""The databases that are measured are such as the application itself could have made."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from callout.config.demo.scale.company import Size, company_fill
from callout.config.demo.scale.orders import facts_of, orders_fill
from callout.kernel import clock
from callout.orders.models import Assignment, ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.lists import order_list
from callout.orders.services import Command, order_act
from callout.orders.services.settle import search_text
from tests.harness import database

pytestmark = [pytest.mark.wide, pytest.mark.usefixtures("filled")]
ORDERS = 700  # seven technicians, of whom two are free


@pytest.fixture
def filled(transactional_db: None) -> Iterator["psycopg.Connection[Any]"]:
    """A small database made by the bench, and a connection as the owner of its tables."""
    size = Size(ORDERS)
    company_fill(size)
    dsn = database.dsn("callout_owner")
    with psycopg.connect(dsn) as owner, psycopg.connect(dsn) as spare:
        last = owner.execute("SELECT last_value FROM orders_number_seq").fetchone()
        owner.commit()
        orders_fill(owner, spare, size, clock.now())
        yield owner
        owner.rollback()
        owner.execute("SELECT setval('orders_number_seq', %s)", last)


def test_no_guard_was_switched_off(filled: "psycopg.Connection[Any]") -> None:
    off = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'"
    unproved = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
    assert filled.execute(off).fetchone() == (0,)
    assert filled.execute(unproved).fetchone() == (0,)


def test_every_stage_is_there_in_the_numbers_meant() -> None:
    facts = facts_of(Size(ORDERS), clock.now())
    assert ServiceOrder.objects.count() == ORDERS
    assert ServiceOrder.objects.filter(stage="new").count() == ORDERS - facts["ahead"]
    stages = set(ServiceOrder.objects.values_list("stage", flat=True))
    assert stages == {"new", "planned", "completed", "cancelled"}
    assert Visit.objects.filter(is_open=True).exclude(status="planned").exists()


def test_orders_copy_their_visits_and_a_lie_is_refused(
    filled: "psycopg.Connection[Any]",
) -> None:
    wrong = (
        "SELECT count(*) FROM orders_serviceorder o JOIN orders_visit v ON v.id = o.visit_id WHERE"
        ' (o.id, o.technician_id, o.start, o."end", o.technician_status)'
        ' IS DISTINCT FROM (v.order_id, v.technician_id, v.start, v."end", v.status)'
    )
    assert filled.execute(wrong).fetchone() == (0,)
    lie = "UPDATE orders_serviceorder SET start = start - interval '1 hour' WHERE stage = 'planned'"
    filled.execute(lie)
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="order_copies_visit"):
        filled.commit()


def test_nobody_is_booked_twice_and_a_second_booking_is_refused(
    filled: "psycopg.Connection[Any]",
) -> None:
    twice = (
        "SELECT count(*) FROM orders_assignment a JOIN orders_assignment b"
        " ON a.technician_id = b.technician_id AND a.id < b.id AND a.is_open AND b.is_open"
        ' AND tstzrange(a.start, a."end") && tstzrange(b.start, b."end")'
    )
    assert filled.execute(twice).fetchone() == (0,)
    one = Assignment.objects.filter(is_open=True).first()
    assert one is not None
    same = Assignment.objects.filter(is_open=True).exclude(technician=one.technician_id).first()
    assert same is not None
    with pytest.raises(psycopg.errors.ExclusionViolation, match="no_double_booking"):
        filled.execute(
            'UPDATE orders_assignment SET technician_id = %s, start = %s, "end" = %s WHERE id = %s',
            [one.technician_id, one.start, one.end, same.pk],
        )


def test_the_application_searches_and_moves_them_as_its_own() -> None:
    from callout.accounts.models import User
    from callout.kernel.actor import Actor
    from callout.orders.filters import OrderFilter

    user = User.objects.get(is_manager=True)
    manager = Actor(user_id=user.pk, name=user.name, is_manager=True, door="office")
    order = ServiceOrder.objects.select_related("customer", "site", "asset").get(number=7)
    assert set(order.search.split()) >= set(search_text(order).split()) - {""}
    found = order_list(actor=manager, wanted=OrderFilter(q=order.customer.name), limit=200)
    assert order.pk in {row.id for row in found.items}

    busy = Visit.objects.filter(is_open=True).exclude(status="planned")
    free = ServiceOrder.objects.filter(technician_status="planned").exclude(
        technician__in=busy.values("technician_id")
    )
    planned = free.order_by("number")[0]
    for action, status in (("depart", "en_route"), ("undo", "planned")):
        order_act(actor=manager, order_id=planned.pk, action=action, command=Command())
        planned.refresh_from_db()
        assert planned.technician_status == status
    under_way = ServiceOrder.objects.filter(technician_status="working").order_by("number")[0]
    order_act(actor=manager, order_id=under_way.pk, action="undo", command=Command())
    under_way.refresh_from_db()
    assert under_way.technician_status == "on_site"
    assert TimelineEntry.objects.filter(order=under_way, undone_at__isnull=False).count() == 1
