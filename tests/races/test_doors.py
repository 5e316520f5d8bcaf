"""Two people through different doors at once: no change is lost, no hour is booked twice."""

import itertools
from collections import Counter
from functools import partial

import pytest

from callout.kernel import change
from callout.orders.models import ServiceOrder
from tests.orders.conftest import Company, soon
from tests.races.conftest import together
from tests.races.doors import Doors, Told, doors_of, planned_anew
from tests.races.test_booking import overlaps, unconstrained, unlocked
from tests.scale import rounds

__all__ = ["unconstrained", "unlocked"]

pytestmark = pytest.mark.race
WRITING = ("form", "kanban", "page", "api", "drag")
PAIRS = list(itertools.combinations_with_replacement(WRITING, 2))
BOOKING = (
    "book_by_form", "book_by_page", "book_by_drop", "book_by_api", "book_by_drag", "book_by_draft",
)  # fmt: skip
ROUNDS, HOURS, WRITERS = rounds(20, 200), rounds(3, 100), rounds(20, 50)


@pytest.fixture
def doors(company: Company) -> Doors:
    return doors_of(company)


def duel(doors: Doors, order: ServiceOrder, pair: tuple[str, str], number: int) -> list[Told]:
    """Both have read the order as it is; both write at once."""
    works = [
        partial(getattr(doors, door), order, f"words {number} of writer {writer}")
        for writer, door in enumerate(pair)
    ]
    told: list[Told] = together(works)
    assert all(isinstance(one, Told) for one in told), told
    return told


def fight(doors: Doors, pairs: list[tuple[str, str]], turns: int) -> Counter[str]:
    """`turns` duels about one order; how the losers were told, by their doors."""
    company, losers = doors.company, Counter[str]()
    order = company.planned()
    for number in range(turns):
        start = soon(2 + number)
        order = planned_anew(company.manager, order, company.anna.technician_id, start)
        told = duel(doors, order, pairs[number % len(pairs)], number)
        after = ServiceOrder.objects.get(pk=order.pk)
        assert [one.won for one in told].count(True) == 1, [str(one) for one in told]
        assert after.version == order.version + 1
        losers.update(checked(one, number, after) for one in told if not one.won)
    return losers


def checked(one: Told, number: int, after: ServiceOrder) -> str:
    """The loser has been told that somebody was faster, and nothing of theirs was written."""
    assert one.status in {409, 412, 422}, str(one)
    words = one.text.lower()
    assert "in the meantime" in words or '"stale"' in words or "changed" in words, str(one)
    return one.door


def test_of_two_through_any_doors_one_wins_each_round_and_the_other_is_told(doors: Doors) -> None:
    losers = fight(doors, PAIRS, ROUNDS)
    assert losers.total() == ROUNDS


def test_control_without_the_versions_check_both_win(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change, "check_version", lambda _row, _version: None)
    with pytest.raises(AssertionError, match="form: 200"):
        fight(doors, [("form", "api")], 5)


def race(doors: Doors, hours: int, writers: int) -> Counter[str]:
    """`hours` times `writers` plan onto one hour through all doors; how it ended, by status."""
    ended: Counter[str] = Counter()
    for number in range(hours):
        start = soon(24 * (number + 1))
        names = [BOOKING[writer % len(BOOKING)] for writer in range(writers)]
        books = [getattr(doors, name)(start) for name in names]
        told: list[Told] = together(books)
        for one in told:
            assert isinstance(one, Told), one
            assert one.status < 500, str(one)
            ended["won" if one.won else "told"] += 1
            assert one.won or one.status in {409, 422}, str(one)
    return ended


def test_of_many_who_plan_onto_one_hour_through_all_doors_one_wins(doors: Doors) -> None:
    assert race(doors, HOURS, WRITERS) == {"won": HOURS, "told": HOURS * (WRITERS - 1)}
    assert overlaps() == 0


def test_control_with_the_guards_out_every_door_books_twice(
    doors: Doors, unlocked: None, unconstrained: None
) -> None:
    with pytest.raises(AssertionError):
        assert race(doors, 1, 8) == {"won": 1, "told": 7}
    assert overlaps() > 0
