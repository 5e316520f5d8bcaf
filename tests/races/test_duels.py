"""Two people on one order: exactly one wins, the other is told, the stage follows the status."""

import itertools
import threading
import time
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from callout.kernel import change
from callout.kernel.errors import Invalid, Refused, Stale
from callout.kernel.models import JournalEntry
from callout.orders.lifecycle import Status, stage_of
from callout.orders.models import ServiceOrder
from callout.orders.services import order_update
from tests.orders.conftest import Company, soon
from tests.races.conftest import together
from tests.scale import rounds

pytestmark = pytest.mark.race

# Pairs that cannot both happen to a planned order.
ENDINGS: dict[str, dict[str, Any]] = {
    "complete": {},
    "cancel": {"note": "Solved"},
    "unplan": {},
    "customer_absent": {},
}
PAIRS = list(itertools.combinations(ENDINGS, 2)) + [(ending, ending) for ending in ENDINGS]


def duel(company: Company, number: int, version: bool) -> tuple[ServiceOrder, list[Any]]:
    """Two people end a planned order at once; its row afterwards, and what they were told."""
    order = company.planned(hours=1 + number * 2)
    known = order.version if version else None

    def end(action: str) -> ServiceOrder:
        return company.act(company.manager, order, action, version=known, **ENDINGS[action])

    results = together([partial(end, action) for action in PAIRS[number % len(PAIRS)]])
    return ServiceOrder.objects.get(pk=order.pk), results


def test_of_two_that_end_the_order_they_see_one_wins(company: Company) -> None:
    for number in range(rounds(40, 1000)):
        row, results = duel(company, number, version=True)
        assert sorted(type(result).__name__ for result in results) == ["ServiceOrder", "Stale"]
        assert JournalEntry.objects.filter(entity_id=row.pk, kind__in=ENDINGS).count() == 1


def test_whoever_comes_second_meets_the_state_that_the_first_made(company: Company) -> None:
    """Without a version the table alone decides: Cancel may follow Unplan, never Complete."""
    for number in range(rounds(20, 200)):
        row, results = duel(company, number, version=False)
        winners = [result for result in results if isinstance(result, ServiceOrder)]
        told = [result for result in results if isinstance(result, Refused | Invalid)]
        assert len(winners) + len(told) == 2, results
        assert winners
        status = Status(row.technician_status) if row.technician_status else None
        assert row.stage == stage_of(status)
        entries = JournalEntry.objects.filter(entity_id=row.pk, kind__in=ENDINGS)
        assert entries.count() == len(winners)


def update(company: Company, order: ServiceOrder, words: str) -> ServiceOrder:
    return order_update(
        actor=company.manager, order_id=order.pk, version=order.version, description=words
    )


def move(company: Company, order: ServiceOrder, number: int) -> ServiceOrder:
    return company.act(
        company.manager,
        order,
        "plan" if order.stage == "new" else "unplan",
        version=order.version,
        technician_id=company.anna.technician_id,
        start=soon(5 + number),
    )


def test_of_two_that_edit_the_same_version_one_wins(company: Company) -> None:
    order = company.order()
    for number in range(rounds(50, 200)):
        order = ServiceOrder.objects.get(pk=order.pk)
        edit = partial(update, company, order, f"words {number}")
        results = together([edit, partial(move, company, order, number)])
        assert sorted(type(result).__name__ for result in results) == ["ServiceOrder", "Stale"]
        stale = next(result for result in results if isinstance(result, Stale))
        assert stale.current["version"] == order.version + 1


def test_control_without_looking_at_the_version_both_win(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "check_version", lambda row, version: None)
    order = company.order()
    results = together([partial(update, company, order, words) for words in ("one", "two")])
    assert [type(result).__name__ for result in results] == ["ServiceOrder"] * 2


def test_a_technician_is_under_way_once_however_fast_they_tap(company: Company) -> None:
    orders = [company.planned(hours=3 * number) for number in range(6)]
    results = together([partial(company.act, company.anna, order, "depart") for order in orders])
    assert sum(isinstance(result, ServiceOrder) for result in results) == 1
    assert {type(result).__name__ for result in results} == {"ServiceOrder", "Refused"}


def test_who_moves_a_visit_that_was_just_given_to_another_moves_it_for_that_one(
    company: Company,
) -> None:
    """Whose locks the second one takes is read before it waits for the first."""
    order = company.planned(hours=2)
    given, late = threading.Event(), soon(6)

    def give() -> None:
        with transaction.atomic():
            company.act(company.manager, order, "replan", technician_id=company.bert.technician_id)
            given.set()
            time.sleep(0.5)  # until the other one waits

    def move_on() -> ServiceOrder:
        assert given.wait(10)
        return company.act(company.manager, order, "replan", start=late)

    together([give, move_on])
    row = ServiceOrder.objects.get(pk=order.pk)
    assert (row.technician_id, row.start) == (company.bert.technician_id, late)
