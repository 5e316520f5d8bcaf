"""Many dispatchers, one technician, one hour: one wins, the rest is told, nothing overlaps."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from callout.orders.models import ServiceOrder
from callout.orders.services import acting, booking
from callout.workforce.models import Technician
from tests.orders.conftest import Company, soon
from tests.races.conftest import together
from tests.scale import rounds

pytestmark = pytest.mark.race
ROUNDS, WRITERS = rounds(4, 100), rounds(20, 50)
OVERLAPS = """
    SELECT count(*) FROM orders_assignment a JOIN orders_assignment b
      ON a.technician_id = b.technician_id AND a.id < b.id AND a.is_open AND b.is_open
     AND NOT a.allow_overlap AND NOT b.allow_overlap
     AND tstzrange(a."start", a."end") && tstzrange(b."start", b."end")
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        row = cursor.fetchone()
    return int(row[0])


def race(company: Company) -> Counter[str]:
    """`ROUNDS` times `WRITERS` plan orders of their own onto the same hour; how they ended."""
    ended: Counter[str] = Counter()
    for number in range(ROUNDS):
        start = soon(24 * (number + 1))
        orders = [company.order() for _ in range(WRITERS)]
        plans = [partial(company.plan, order, start=start) for order in orders]
        for result in together(plans):
            ended["won" if isinstance(result, ServiceOrder) else type(result).__name__] += 1
    return ended


def test_one_writer_wins_each_round_and_the_others_are_told(company: Company) -> None:
    ended = race(company)
    assert ended == {"won": ROUNDS, "Refused": ROUNDS * (WRITERS - 1)}
    assert overlaps() == 0


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services without their locks and without looking for an overlap."""

    def without_lock(ids: Any, **_others: Any) -> Any:
        return {row.pk: row for row in Technician.objects.filter(pk__in=set(ids))}

    monkeypatch.setattr(acting, "technicians_lock", without_lock)
    monkeypatch.setattr(booking, "overlap_check", lambda *a, **k: None)


def test_without_our_locks_the_database_still_refuses(company: Company, unlocked: None) -> None:
    ended = race(company)
    assert overlaps() == 0
    # Without the locks writers deadlock, which is why we take them; nobody is told a lie.
    assert set(ended) <= {"won", "Refused", "OperationalError"}
    assert ended["won"] <= ROUNDS


@pytest.fixture
def unconstrained(owner_dsn: str) -> Iterator[None]:
    """The table without its exclusion constraint; with it again when the test is over."""
    named = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
    with psycopg.connect(owner_dsn, autocommit=True) as owner:
        definition = owner.execute(named, ["no_double_booking"]).fetchone()
        assert definition
        owner.execute("ALTER TABLE orders_assignment DROP CONSTRAINT no_double_booking")
        yield
        # What overlaps now is let be, by name, so that the constraint can come back.
        owner.execute("UPDATE orders_visit SET allow_overlap = true")
        owner.execute(
            f"ALTER TABLE orders_assignment ADD CONSTRAINT no_double_booking {definition[0]}"
        )


def test_control_with_both_guards_out_bookings_do_overlap(
    company: Company, unlocked: None, unconstrained: None
) -> None:
    race(company)
    assert overlaps() > 0


def test_raw_sql_cannot_book_twice_either(company: Company) -> None:
    company.planned()
    other = company.planned(technician=company.bert)
    with pytest.raises(IntegrityError, match="no_double_booking"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_assignment SET technician_id = %s WHERE technician_id = %s",
            [company.anna.technician_id, other.technician_id],
        )


def test_neighbours_may_swap_their_slots_in_one_change(company: Company) -> None:
    """Half way they overlap; the constraint is deferrable so that the whole counts."""
    first, second = company.planned(hours=1), company.planned(hours=2)
    swap = 'UPDATE orders_visit SET "start" = %s, "end" = %s WHERE order_id = %s'
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(swap, [second.start, second.end, first.pk])
        cursor.execute(swap, [first.start, first.end, second.pk])
        copied = 'UPDATE orders_serviceorder SET "start" = %s, "end" = %s WHERE id = %s'
        cursor.execute(copied, [second.start, second.end, first.pk])
        cursor.execute(copied, [first.start, first.end, second.pk])
    assert overlaps() == 0
