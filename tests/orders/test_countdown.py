"""How a response target stands: for what it is told, in which words and tone."""

from datetime import UTC, datetime, timedelta

import pytest

from callout.kernel import clock
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.selectors import order_kanban, order_list
from callout.orders.selectors.countdown import countdown
from callout.orders.selectors.when import When
from tests.orders.conftest import Company

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def told(minutes: float, stage: str = "new", status: str | None = None,
         start: float | None = None, *, waits: bool = False) -> tuple[str, str]:  # fmt: skip
    """Of a target so many minutes from now, and a slot that begins at `start` hours from now."""
    found = countdown(
        When(NOW), NOW + timedelta(minutes=minutes), stage=stage, status=status,
        start=None if start is None else NOW + timedelta(hours=start), waits=waits,
    )  # fmt: skip
    return (found.words, found.tone) if found else ("", "")


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("minutes", "words", "tone"),
    [
        (2 * 24 * 60 + 90, "2 d left", ""),
        (24 * 60 - 1, "23 h left", ""),
        (9 * 60 + 59, "9 h 59 left", ""),
        (4 * 60, "4 h left", ""),
        (4 * 60 - 1, "3 h 59 left", "soon"),
        (59.9, "59 min left", "soon"),
        (0.5, "1 min left", "soon"),
        (0, "1 min left", "soon"),
        (-0.5, "1 min overdue", "late"),
        (-60, "1 h overdue", "late"),
        (-3 * 24 * 60, "3 d overdue", "late"),
    ],
)
def test_what_is_to_plan_counts_down_and_on(minutes: float, words: str, tone: str) -> None:
    assert told(minutes) == (words, tone)


@pytest.mark.usefixtures("db")
def test_what_waits_has_ended_or_will_meet_its_target_has_none() -> None:
    nothing = ("", "")
    assert told(-60, waits=True) == nothing
    assert told(60, "planned", "planned", 0.5) == nothing
    assert told(60, "planned", "planned") == nothing  # a slot that is not the reader's to know
    assert told(-60, "planned", "working", -2) == nothing
    assert told(-60, "completed", "done", 2) == nothing
    when = When(NOW)
    found = countdown(when, None, stage="new", status=None, start=None, waits=False)
    assert found is None


@pytest.mark.usefixtures("db")
def test_what_is_planned_for_later_or_is_late_for_its_slot_has_one() -> None:
    assert told(60, "planned", "planned", 2) == ("1 h after target", "soon")
    assert told(-60, "planned", "en_route", 2) == ("3 h after target", "soon")
    assert told(-10, "planned", "planned", -1) == ("10 min after target", "soon")


def test_the_filter_finds_just_what_has_a_tone(company: Company) -> None:
    """List and Kanban, and the words on them, agree of each order."""
    for index, minutes in enumerate((-300, -20, 30, 200, 239, 250, 900)):
        for order in (company.order(), company.planned(hours=400 + 2 * index)):
            due = clock.now() + timedelta(minutes=minutes)
            ServiceOrder.objects.filter(pk=order.pk).update(due_at=due)
    for hours, minutes in ((1, 120), (5, 120), (7, 500)):
        order = company.planned(company.bert, hours=hours)
        due = clock.now() + timedelta(minutes=minutes)
        ServiceOrder.objects.filter(pk=order.pk).update(due_at=due)
    for later in (0, 1.5, 3, 10):
        with clock.freeze(clock.now() + timedelta(hours=later)):
            every = order_list(actor=company.manager, wanted=OrderFilter(), limit=100).items
            toned = {row.id for row in every if row.countdown and row.countdown.tone}
            toned |= {row.id for row in every if row.countdown and row.stage == "planned"}
            wanted = OrderFilter(at_risk=True)
            found = order_list(actor=company.manager, wanted=wanted, limit=100).items
            assert {row.id for row in found} == toned
            columns = order_kanban(actor=company.manager, wanted=wanted, limit=100)
            assert {card.id for column in columns for card in column.cards} == toned
