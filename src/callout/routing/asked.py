"""What an optimisation is asked for, as the draft keeps it: plain data."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self
from uuid import UUID

Moves = Literal["order", "technician", "unplanned"]
Objective = Literal["served", "least_change"]

MOST_DAYS = 7
MOST_TECHNICIAN_DAYS = 400
LEAST_SECONDS, MOST_SECONDS = 1, 300


@dataclass(frozen=True, slots=True)
class Pinned:
    """What stays whatever else moves: visits where and when they are, visits at their time, and all
    that some technicians have."""

    visit_ids: frozenset[UUID] = frozenset()
    time_visit_ids: frozenset[UUID] = frozenset()
    technician_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days, of whom (none: everybody), and what may move: the order of each route only; also
    who goes and on which of the days; also orders that wait to be planned. Today is always planned
    from now on, each technician from where they are.

    `out` are not there any more today, `lunch_taken` had theirs. `order_ids` is which orders wait
    to be planned, chosen when it was asked.
    """

    days: tuple[date, ...]
    technician_ids: tuple[UUID, ...] = ()
    moves: Moves = "order"
    objective: Objective = "served"
    pinned: Pinned = field(default_factory=Pinned)
    relax_wishes: bool = False
    seconds: int = 10
    lunch_taken: frozenset[UUID] = frozenset()
    out: frozenset[UUID] = frozenset()
    order_ids: tuple[UUID, ...] = ()
    seed: int = 0

    def kept(self) -> dict[str, Any]:
        """As the draft's parameters."""
        return {
            "days": [day.isoformat() for day in self.days],
            "technicians": _words(self.technician_ids),
            "moves": self.moves,
            "objective": self.objective,
            "pinned_visits": _words(self.pinned.visit_ids),
            "pinned_times": _words(self.pinned.time_visit_ids),
            "pinned_technicians": _words(self.pinned.technician_ids),
            "relax_wishes": self.relax_wishes,
            "seconds": self.seconds,
            "lunch_taken": _words(self.lunch_taken),
            "out": _words(self.out),
            "orders": _words(self.order_ids),
            "seed": self.seed,
        }

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """What the draft's parameters say."""
        return cls(
            days=tuple(date.fromisoformat(day) for day in kept["days"]),
            technician_ids=tuple(_ids(kept["technicians"])),
            moves=kept["moves"],
            objective=kept["objective"],
            pinned=Pinned(
                frozenset(_ids(kept["pinned_visits"])),
                frozenset(_ids(kept["pinned_times"])),
                frozenset(_ids(kept["pinned_technicians"])),
            ),
            relax_wishes=kept["relax_wishes"],
            seconds=kept["seconds"],
            lunch_taken=frozenset(_ids(kept["lunch_taken"])),
            out=frozenset(_ids(kept["out"])),
            order_ids=tuple(_ids(kept["orders"])),
            seed=kept["seed"],
        )


def _words(ids: Any) -> list[str]:
    return [str(one) for one in ids]


def _ids(words: list[str]) -> list[UUID]:
    return [UUID(one) for one in words]
