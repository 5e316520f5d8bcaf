"""In which order moves are done, so that each finds its slot free: who leaves goes first. Pure.

Moves that wait for each other in a ring (two visits that swap their slots) are done together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")
Slot = tuple[UUID, datetime, datetime]  # whose, from, to


@dataclass(frozen=True, slots=True)
class Turn(Generic[T]):
    """Something that moves: the slots that it leaves and those that it takes."""

    thing: T
    leaves: tuple[Slot, ...] = ()
    takes: tuple[Slot, ...] = ()


def in_turns(turns: Sequence[Turn[T]]) -> list[list[T]]:
    """All of them, one after the other, or together where they form a ring.

    Where nothing waits for anything else the order is the one given.
    """
    waits = _waits(turns)
    return [[turns[place].thing for place in ring] for ring in _rings(waits)]


def _waits(turns: Sequence[Turn[T]]) -> list[list[int]]:
    """For each, the others that leave what it takes."""
    leaving: dict[UUID, list[tuple[int, Slot]]] = defaultdict(list)
    for place, one in enumerate(turns):
        for left in one.leaves:
            leaving[left[0]].append((place, left))
    return [
        list(
            dict.fromkeys(
                other
                for taken in one.takes
                for other, left in leaving[taken[0]]
                if other != place and left[1] < taken[2] and left[2] > taken[1]
            )
        )
        for place, one in enumerate(turns)
    ]


def _rings(waits: list[list[int]]) -> list[list[int]]:
    """Tarjan's strongly connected components: what is waited for comes before who waits.

    Without recursion: a whole team's day may be one chain of a thousand.
    """
    found: list[list[int]] = []
    seen: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    for root in range(len(waits)):
        path = [] if root in seen else [(root, iter(waits[root]))]
        while path:
            place, others = path[-1]
            if place not in seen:
                seen[place] = lowest[place] = len(seen)
                stack.append(place)
                on_stack.add(place)
            ahead = next((one for one in others if one not in seen or one in on_stack), None)
            if ahead is None:
                path.pop()
                if lowest[place] == seen[place]:
                    at = stack.index(place)
                    found.append(sorted(stack[at:]))
                    on_stack.difference_update(stack[at:])
                    del stack[at:]
                if path:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[place])
            elif ahead in seen:
                lowest[place] = min(lowest[place], seen[ahead])
            else:
                path.append((ahead, iter(waits[ahead])))
    return found
