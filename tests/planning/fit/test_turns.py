"""In which order moves are done: who leaves a slot goes before who takes it."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from callout.planning.fit.turns import Slot, Turn, in_turns
from tests.planning.fit.plain import ANNA, BERT, PATIENT, at


def slot(who: UUID, hour: float, length: float = 1) -> Slot:
    return who, at(hour), at(hour + length)


def turn(name: str, leaves: Slot | None, takes: Slot) -> Turn[str]:
    return Turn(name, (leaves,) if leaves else (), (takes,))


def test_what_waits_for_nothing_goes_in_the_order_given() -> None:
    turns = [turn("b", None, slot(ANNA, 9)), turn("a", None, slot(BERT, 9))]
    assert in_turns(turns) == [["b"], ["a"]]


def test_a_chain_is_done_from_its_end() -> None:
    turns = [
        turn("a", slot(ANNA, 8), slot(ANNA, 9)),
        turn("b", slot(ANNA, 9.5), slot(ANNA, 10)),
        turn("c", slot(ANNA, 10), slot(BERT, 9)),
    ]
    assert in_turns(turns) == [["c"], ["b"], ["a"]]


def test_a_ring_is_done_together() -> None:
    swap = [
        turn("a", slot(ANNA, 8), slot(BERT, 9)),
        turn("b", slot(BERT, 9), slot(ANNA, 8)),
        turn("c", slot(BERT, 12), slot(ANNA, 15)),
    ]
    assert in_turns(swap) == [["a", "b"], ["c"]]


def test_slots_that_touch_or_are_another_person_s_are_not_in_the_way() -> None:
    turns = [
        turn("a", None, slot(ANNA, 9)),
        turn("b", slot(ANNA, 10), slot(BERT, 8)),
        turn("c", slot(BERT, 9), slot(BERT, 12)),
    ]
    assert in_turns(turns) == [["a"], ["b"], ["c"]]


SLOTS = st.builds(slot, st.sampled_from([ANNA, BERT]), st.integers(8, 11))


@PATIENT
@given(st.lists(st.tuples(st.none() | SLOTS, SLOTS), max_size=6))
def test_whatever_moves_nobody_takes_a_slot_that_is_left_later(
    moves: list[tuple[Slot | None, Slot]],
) -> None:
    turns = [turn(str(place), *move) for place, move in enumerate(moves)]
    order = in_turns(turns)
    assert sorted(name for ring in order for name in ring) == sorted(one.thing for one in turns)
    for place, ring in enumerate(order):
        later = {name for after in order[place + 1 :] for name in after}
        for name in ring:
            _leaves, (who, start, end) = moves[int(name)]
            for other in later:
                left = moves[int(other)][0]
                assert not (left and left[0] == who and left[1] < end and left[2] > start)
