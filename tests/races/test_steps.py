"""Two phones of one technician, and the office, at the same moment: one order of things, no lie."""

from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from callout.kernel import clock
from callout.kernel.errors import CalloutError, Refused
from callout.orders.lifecycle import UNDER_WAY, Verdict, fold
from callout.orders.models import ServiceOrder, TimeEntry, TimelineEntry, Visit
from callout.orders.services import Command, Placed, step_correct, step_place, step_undo
from callout.orders.services.times import NOT_STEPS
from tests.orders.conftest import Company
from tests.races.conftest import together
from tests.scale import rounds

pytestmark = pytest.mark.race


def tap(company: Company, visit_id: UUID, action: str, minutes_ago: float) -> Placed:
    return step_place(
        actor=company.anna,
        visit_id=visit_id,
        action=action,
        command=Command(occurred_at=clock.now() - timedelta(minutes=minutes_ago)),
    )


def visit_of(order: ServiceOrder) -> UUID:
    assert order.visit_id is not None
    return order.visit_id


def is_true(order: ServiceOrder) -> list[str]:
    """Row, entries and hours agree with the steps by true time; the actions of these."""
    steps = list(
        TimelineEntry.objects.filter(order=order, undone_at=None)
        .exclude(action__in=NOT_STEPS)
        .order_by("at", "id")
    )
    folded = fold(step.action for step in steps)
    assert set(folded.verdicts) <= {Verdict.MOVES}
    assert [step.status for step in steps] == [status.value for status in folded.statuses]
    row = ServiceOrder.objects.get(pk=order.pk)
    assert row.technician_status == folded.status.value
    return [step.action for step in steps]


def hours_once(company: Company) -> None:
    rows = TimeEntry.objects.filter(
        technician=company.anna.technician_id, derived=True, kind__in=["travel", "work"]
    ).order_by("start")
    ends = [row.end or clock.now() for row in rows]
    for row, ended in zip(list(rows)[1:], ends, strict=False):
        assert row.start >= ended, "an hour counts twice"


def test_two_phones_tell_one_visit_at_once(company: Company) -> None:
    """The same tap is one entry; different ones stand by their time."""
    seen: Counter[Any] = Counter()
    for _ in range(rounds(15, 300)):
        order = company.planned()
        visit = visit_of(order)
        results = together(
            [
                partial(tap, company, visit, "depart", 50),
                partial(tap, company, visit, "depart", 49),
                partial(tap, company, visit, "arrive", 30),
                partial(tap, company, visit, "start_work", 20),
            ]
        )
        assert all(isinstance(one, Placed) for one in results), results
        actions = is_true(order)
        assert actions == ["depart", "arrive", "start_work"]
        seen[sum(one.same for one in results)] += 1
        together([partial(tap, company, visit, "complete", 10)] * 2)
        assert is_true(order) == [*actions, "complete"]
        hours_once(company)
        TimeEntry.objects.all().delete()
    assert set(seen) == {1}


def test_two_phones_on_two_visits_are_under_way_on_one(company: Company) -> None:
    for _ in range(rounds(15, 300)):
        orders = [company.planned(hours=1), company.planned(hours=3)]
        results = together([partial(tap, company, visit_of(o), "depart", 5) for o in orders])
        won = [one for one in results if isinstance(one, Placed)]
        told = [one for one in results if isinstance(one, Refused)]
        assert (len(won), len(told)) == (1, 1), results
        assert told[0].code == "under_way_elsewhere"
        rows = Visit.objects.filter(order__in=orders, status__in=list(UNDER_WAY))
        assert rows.count() == 1
        hours_once(company)
        for order in orders:
            company.act(company.manager, order, "cancel", note="Next")
        TimeEntry.objects.all().delete()


def test_a_late_tap_an_undo_a_correction_and_the_office_at_once(company: Company) -> None:
    """Whoever comes first, everything agrees afterwards, and nobody is told of a broken guard."""
    for _ in range(rounds(15, 300)):
        order = company.planned()
        visit = visit_of(order)
        first = tap(company, visit, "arrive", 9)
        assert first.entry is not None
        entry = first.entry.pk
        results = together(
            [
                partial(tap, company, visit, "depart", 20),
                partial(step_undo, actor=company.anna, entry_id=entry),
                partial(
                    step_correct,
                    actor=company.manager,
                    entry_id=entry,
                    at=clock.now() - timedelta(minutes=8),
                ),
                partial(company.act, company.manager, order, "start_work"),
            ]
        )
        for one in results:
            assert not isinstance(one, Exception) or isinstance(one, CalloutError), results
        is_true(order)
        hours_once(company)
        company.act(company.manager, order, "cancel", note="Next")
        TimeEntry.objects.all().delete()
