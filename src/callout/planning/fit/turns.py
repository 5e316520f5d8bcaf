"""In which order moves are done, so that each finds its slot free: who leaves goes first. Pure.

Moves that wait for each other in a ring (two visits that swap their slots) are done together.
"""

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
    waits = [
        [place for place, other in enumerate(turns) if other is not one and _frees(other, one)]
        for one in turns
    ]
    return [[turns[place].thing for place in ring] for ring in _rings(waits)]


def _frees(other: Turn[T], one: Turn[T]) -> bool:
    return any(
        left[0] == taken[0] and left[1] < taken[2] and left[2] > taken[1]
        for left in other.leaves
        for taken in one.takes
    )


def _rings(waits: list[list[int]]) -> list[list[int]]:
    """Tarjan's strongly connected components: what is waited for comes before who waits."""
    found: list[list[int]] = []
    seen: dict[int, int] = {}
    lowest: dict[int, int] = {}
    stack: list[int] = []

    def visit(place: int) -> None:
        seen[place] = lowest[place] = len(seen)
        stack.append(place)
        for other in waits[place]:
            if other not in seen:
                visit(other)
                lowest[place] = min(lowest[place], lowest[other])
            elif other in stack:
                lowest[place] = min(lowest[place], seen[other])
        if lowest[place] == seen[place]:
            at = stack.index(place)
            found.append(sorted(stack[at:]))
            del stack[at:]

    for place in range(len(waits)):
        if place not in seen:
            visit(place)
    return found
