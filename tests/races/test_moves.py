"""Several dispatchers drag at once: one wins, the others are told, nothing is overwritten."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from callout.kernel.errors import CalloutError, Refused, Stale
from callout.orders.models import ServiceOrder, Visit
from callout.planning import placing
from callout.planning.judging import Move
from callout.planning.placing import NotPlaced, Placed, visits_place
from callout.planning.taking_back import visits_place_undo
from callout.workforce.models import WorkingWeek
from tests.orders.conftest import Company, company_made, soon
from tests.races.conftest import together
from tests.races.test_booking import overlaps
from tests.scale import rounds

pytestmark = pytest.mark.race
ROUNDS = rounds(8, 100)


@pytest.fixture
def company(transactional_db: None) -> Company:
    """Everybody works around the clock, so that no drag asks anything."""
    company = company_made()
    for who in (company.anna, company.bert):
        WorkingWeek.objects.create(
            technician_id=str(who.technician_id), valid_from="2020-01-01",
            days=[[["00:00", "24:00"]]] * 7,
        )  # fmt: skip
    return company


def move(order: ServiceOrder, hours: float, technician: Any) -> Move:
    """The order as it is now, dragged to that hour."""
    order = ServiceOrder.objects.get(pk=order.pk)
    return Move(
        order_id=order.pk, version=order.version, visit_id=order.visit_id,
        technician_id=technician.technician_id, start=soon(hours), minutes=60,
    )  # fmt: skip


def drag(company: Company, *moves: Move) -> Any:
    return partial(visits_place, actor=company.manager, moves=moves, confirmed=True)


def ended(results: list[Any]) -> list[str]:
    """How each ended: "won", or the code of what it was told. Anything else is no answer."""
    for one in results:
        assert isinstance(one, Placed | ServiceOrder | CalloutError), repr(one)
        assert not isinstance(one, CalloutError) or one.message
    return sorted(one.code if isinstance(one, CalloutError) else "won" for one in results)


def test_two_orders_dragged_onto_one_slot_one_wins_and_the_other_is_told(company: Company) -> None:
    seen: Counter[str] = Counter()
    for number in range(ROUNDS):
        new, planned = company.order(), company.planned(hours=5000 + 2 * number)
        hours = 24 * (number + 1)
        results = together(
            [drag(company, move(one, hours, company.anna)) for one in (new, planned)]
        )
        assert ended(results) == ["refused_plan", "won"]
        (told,) = (one for one in results if isinstance(one, NotPlaced))
        assert "overlap" in {one.code for one in told.reasons}
        assert told.remedies
        seen.update(ended(results))
    assert seen == {"won": ROUNDS, "refused_plan": ROUNDS}
    assert overlaps() == 0


def duel(company: Company, number: int) -> list[Any]:
    """Two drag the same visit, to two places."""
    order = company.planned(hours=5000 + 2 * number)
    first = move(order, 24 * number + 24, company.anna)
    second = move(order, 24 * number + 30, company.bert)
    return together([drag(company, first), drag(company, second)])


def test_one_visit_dragged_by_two_one_wins_and_the_other_is_overtaken(company: Company) -> None:
    for number in range(ROUNDS):
        results = duel(company, number)
        assert ended(results) == ["stale", "won"]
        (won,) = (one for one in results if isinstance(one, Placed))
        (lost,) = (one for one in results if isinstance(one, Stale))
        assert "Re-planned for" in lost.message
        assert lost.current["version"] == won.done[0].version


def test_without_the_version_the_first_drag_would_be_overwritten(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    monkeypatch.setattr(placing, "check_version", lambda _row, _version: None)
    assert ended(duel(company, 0)) == ["won", "won"]


def test_a_visit_dragged_to_somebody_else_while_its_technician_departs(company: Company) -> None:
    for number in range(ROUNDS):
        order = company.planned(hours=5000 + 2 * number)
        away = drag(company, move(order, 24 * number + 24, company.bert))
        results = together([away, partial(company.act, company.anna, order, "depart")])
        visit = Visit.objects.get(order=order)
        if isinstance(results[0], Placed):
            assert ended(results) == ["not_found", "won"]
            assert (visit.status, visit.technician_id) == ("planned", company.bert.technician_id)
        else:
            assert ended(results) == ["stale", "won"]
            assert (visit.status, visit.technician_id) == ("en_route", company.anna.technician_id)
            company.act(company.manager, order, "cancel", note="Next round")


def test_the_same_visits_dragged_in_opposite_order_never_wait_for_each_other(
    company: Company,
) -> None:
    row = [company.planned(hours=5000 + 2 * number) for number in range(4)]
    other = [
        company.planned(technician=company.bert, hours=5000 + 2 * number) for number in range(4)
    ]
    for number in range(ROUNDS):
        moves = [
            move(one, 24 * number + 24 + 2 * nth, who)
            for who, orders in ((company.bert, row), (company.anna, other))
            for nth, one in enumerate(orders)
        ]
        row, other = other, row
        results = together([drag(company, *moves), drag(company, *reversed(moves))])
        assert ended(results) == ["stale", "won"]
    assert overlaps() == 0


def test_a_drag_and_its_undo_at_once(company: Company) -> None:
    for number in range(ROUNDS):
        order = company.planned(hours=5000 + 2 * number)
        placed = drag(company, move(order, 24 * number + 24, company.anna))()
        again = drag(company, move(order, 24 * number + 30, company.bert))
        undo = partial(visits_place_undo, actor=company.manager, done=placed.done)
        results = together([again, undo])
        assert ended(results)[-1] == "won"
        assert ended(results)[0] in {"stale", "built_on"}
        assert all(not isinstance(one, Refused) or "since" in one.message for one in results)
