"""No lost update: writers with one version in hand, one wins each round, the others are told."""

from collections import Counter
from functools import partial

import pytest

from callout.kernel import change
from tests.api.conftest import Answer, World
from tests.api.test_repeats import anew
from tests.races.conftest import together
from tests.scale import rounds

pytestmark = pytest.mark.race
ROUNDS, WRITERS = rounds(15, 200), 2


def race(world: World, path: str, field: str, turns: int) -> Counter[int]:
    """`turns` times `WRITERS` edit the thing that they have all read; how they ended."""
    ended: Counter[int] = Counter()
    for turn in range(turns):
        etag = world.boss.get(path).etag
        works = [
            partial(anew(world.boss).patch, path, {field: f"{turn} by {writer}"}, If_Match=etag)
            for writer in range(WRITERS)
        ]
        answers: list[Answer] = together(works)
        won = [answer for answer in answers if answer.status == 200]
        now = world.boss.get(path)
        assert len(won) == 1, [answer.text for answer in answers]
        assert now.body[field] == won[0].body[field]
        for lost in (answer for answer in answers if answer.status != 200):
            assert lost.code == "stale"
            assert lost.body["current"][field] == now.body[field]
        ended.update(answer.status for answer in answers)
    return ended


def test_of_writers_of_one_order_one_wins_each_round(committed_world: World) -> None:
    path = f"/service-orders/{committed_world.anna.order}"
    ended = race(committed_world, path, "description", ROUNDS)
    assert ended == {200: ROUNDS, 412: ROUNDS * (WRITERS - 1)}


@pytest.mark.parametrize(
    ("place", "field"),
    [("customers", "alert"), ("sites", "key_notes"), ("assets", "notes"), ("contacts", "job")],
)
def test_the_same_for_every_plain_thing(committed_world: World, place: str, field: str) -> None:
    thing = getattr(committed_world.anna, place.removesuffix("s"))
    turns = max(ROUNDS // 5, 2)
    ended = race(committed_world, f"/{place}/{thing}", field, turns)
    assert ended == {200: turns, 412: turns * (WRITERS - 1)}


def test_an_edit_and_an_action_at_once_do_not_undo_each_other(committed_world: World) -> None:
    world = committed_world
    path = f"/service-orders/{world.anna.order}"
    etag = world.boss.get(path).etag
    edit, act = together(
        [
            partial(anew(world.boss).patch, path, {"description": "Edited"}, If_Match=etag),
            partial(anew(world.anna.api).post, f"{path}/actions/depart"),
        ]
    )
    now = world.boss.get(path).body
    assert act.status == 200
    assert now["technician_status"] == "en_route"
    assert edit.status in {200, 412}
    assert (now["title"] == "Edited") is (edit.status == 200)


def test_without_the_version_an_update_would_be_lost(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: without the comparison both writers win, and one is overwritten."""
    monkeypatch.setattr(change, "check_version", lambda _row, _version: None)
    path = f"/service-orders/{committed_world.anna.order}"
    with pytest.raises(AssertionError):
        race(committed_world, path, "description", 5)
