"""The databases that are measured are such as the application itself could have made."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from callout.accounts.models import COMPANY_ID
from callout.config.demo.scale import scaled_fill
from callout.config.demo.scale.company import Size
from callout.config.demo.scale.orders import DETAILS, SAYINGS, facts_of
from callout.customers.fields import asset_columns, customer_columns, site_columns
from callout.customers.models import Asset, Customer, Site
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.models import JournalEntry
from callout.orders.models import Assignment, ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.lists import order_list
from callout.orders.services import Command, order_act
from callout.orders.services.settle import search_text
from tests.harness import database

pytestmark = [pytest.mark.wide, pytest.mark.usefixtures("filled")]
ORDERS = 700  # seven technicians, of whom two are free
EARLIER = {"entity": "company", "entity_id": COMPANY_ID, "kind": "updated"}


@pytest.fixture
def filled(transactional_db: None) -> Iterator["psycopg.Connection[Any]"]:
    """A small database made by the bench, and a connection as the owner of its tables."""
    with psycopg.connect(database.dsn("callout_owner")) as owner:
        last = owner.execute("SELECT last_value FROM orders_number_seq").fetchone()
        owner.commit()
        JournalEntry.objects.create(at=clock.now(), actor_name="setting up", **EARLIER)
        scaled_fill(Size(ORDERS), clock.now())
        yield owner
        owner.rollback()
        owner.execute("SELECT setval('orders_number_seq', %s)", last)


def test_no_guard_was_switched_off(filled: "psycopg.Connection[Any]") -> None:
    off = "SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'"
    unproved = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
    assert filled.execute(off).fetchone() == (0,)
    assert filled.execute(unproved).fetchone() == (0,)


def test_what_is_there_already_stays(filled: "psycopg.Connection[Any]") -> None:
    assert JournalEntry.objects.get(**EARLIER).pk == JournalEntry.objects.order_by("pk")[0].pk
    assert JournalEntry.objects.count() > ORDERS


def test_each_journal_entry_has_a_transaction_of_its_own_that_is_over(
    filled: "psycopg.Connection[Any]",
) -> None:
    numbers = filled.execute(
        "SELECT count(*), count(DISTINCT xid), bool_and(xid < pg_current_xact_id()),"
        " bool_and(later) FROM (SELECT xid,"
        " xid > lag(xid, 1, '0'::xid8) OVER (ORDER BY id) AS later FROM kernel_journalentry) entry"
    ).fetchone()
    count = JournalEntry.objects.count()
    assert numbers == (count, count, True, True)


@pytest.mark.parametrize(
    ("model", "columns", "asked"),
    [
        (Customer, customer_columns, ["name_sort", "search"]),
        (Site, site_columns, ["name_sort", "search"]),
        (Asset, asset_columns, ["reference_sort", "search"]),
    ],
)
def test_sort_and_search_columns_are_what_the_application_writes(
    model: Any, columns: Any, asked: list[str]
) -> None:
    rows = list(model.objects.all())
    assert len(rows) > 100
    for row in rows:
        held = [getattr(row, name) for name in asked]
        for name in asked:
            setattr(row, name, "")
        columns(row)
        assert [getattr(row, name) for name in asked] == held
        assert all(held)
        row.full_clean(exclude=["opening_hours"], validate_unique=False)


def test_words_come_through_as_they_were_said() -> None:
    entries = JournalEntry.objects.filter(entity="service_order", kind="create")
    created = dict(entries.values_list("entity_id", "personal__description"))
    orders = dict(ServiceOrder.objects.values_list("pk", "description"))
    assert created == orders
    said = {f"{line}\n{more}".strip() for lines in SAYINGS.values() for line in lines
            for more in DETAILS}  # fmt: skip
    assert set(orders.values()) <= said
    assert any("\n" in text for text in orders.values())


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
    written = TimelineEntry.objects.filter(action="depart").order_by("-pk")
    ours, theirs = written[0], written.filter(visit__is_open=True).exclude(pk=written[0].pk)[0]
    assert ours.order_id == planned.pk
    assert shape(ours.before) == shape(theirs.before)
    under_way = ServiceOrder.objects.filter(technician_status="working").order_by("number")[0]
    order_act(actor=manager, order_id=under_way.pk, action="undo", command=Command())
    under_way.refresh_from_db()
    assert under_way.technician_status == "on_site"
    assert TimelineEntry.objects.filter(order=under_way, undone_at__isnull=False).count() == 1


def shape(before: dict[str, Any]) -> tuple[set[str], set[str], set[str]]:
    """What an entry keeps of the order and of its one visit."""
    (visit,) = before["visits"].values()
    return set(before), set(before["order"]), set(visit)
