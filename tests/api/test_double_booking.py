"""No double booking through the API: new orders, plans and edits onto one hour at once."""

from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.api.conftest import Answer, World, soon
from tests.api.test_repeats import anew
from tests.races.conftest import together
from tests.races.test_booking import overlaps
from tests.scale import rounds

pytestmark = pytest.mark.race
ROUNDS, WRITERS = rounds(2, 100), rounds(12, 50)


def made(world: World, hours: float) -> Any:
    """A new order for Anna at that hour."""
    body = world.new_body(
        technician_id=str(world.anna.technician.pk), start=soon(hours).isoformat()
    )
    return partial(anew(world.boss).post, "/service-orders", body)


def planned(world: World, hours: float) -> Any:
    """An order in New, planned for Anna at that hour."""
    body = {"technician_id": str(world.anna.technician.pk), "start": soon(hours).isoformat()}
    path = f"/service-orders/{world.order().pk}/actions/plan"
    return partial(anew(world.boss).post, path, body)


def edited(world: World, hours: float) -> Any:
    """An order in New, given to Anna at that hour by an edit."""
    body = {"technician_id": str(world.anna.technician.pk), "start": soon(hours).isoformat()}
    path = f"/service-orders/{world.order().pk}"
    return partial(anew(world.boss).patch, path, body, If_Match='"1"')


def test_of_many_writers_for_one_hour_one_wins_each_round(committed_world: World) -> None:
    ended: Counter[tuple[int, str]] = Counter()
    for number in range(ROUNDS):
        hours = 24 * (number + 45)  # after the one absence that Anna has
        doors = [made, planned, edited]
        works = [doors[turn % 3](committed_world, hours) for turn in range(WRITERS)]
        answers: list[Answer] = together(works)
        assert all(isinstance(answer, Answer) for answer in answers), answers
        won = [answer for answer in answers if answer.status < 300]
        assert len(won) == 1
        ended.update((a.status, a.code) for a in answers if a.status >= 300)
    assert ended == {(409, "overlap"): ROUNDS * (WRITERS - 1)}
    assert overlaps() == 0
