"""A day to optimise, as evaluator and solvers see it. Plain data.

All moments and lengths are whole seconds from one common zero (midnight of the first day). Places
are rows of the one matrix.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Window = tuple[int, int]  # from, to; both may be used
MOST_ORDERS = 2_000  # of one problem: more are not looked at
LATE_MOST = 8 * 3600  # seconds of lateness that count: later is no worse, so that all are served


def joined(spans: Iterable[Window]) -> list[Window]:
    """In order, those that touch as one."""
    told: list[Window] = []
    for begin, end in sorted(spans):
        if told and begin <= told[-1][1]:
            told[-1] = told[-1][0], max(end, told[-1][1])
        else:
            told.append((begin, end))
    return told


@dataclass(frozen=True, slots=True)
class Lunch:
    """One pause, taken between orders, at no place of its own; it may begin in `earliest` to
    `latest`, and while waiting for a window to open."""

    earliest: int
    latest: int
    duration: int


@dataclass(frozen=True, slots=True)
class Block:
    """A time in which nobody works: an absence, a pause that does not move. Driving waits too,
    unless `driving`: then they may be on the way in it (to the first customer before the hours that
    are paid, through a midday pause). A solver may take it for one without: its plans hold then."""

    start: int
    end: int
    driving: bool = False


@dataclass(frozen=True, slots=True)
class Technician:
    """One technician on one day: `id` names both.

    They leave `start` (a place; None: they are where their first order is) at `shift[0]` or later
    and are back at `end` (None: they may end anywhere) by `shift[1]`. Without `lunch` none is owed:
    it was taken, or the day is too short.
    """

    id: str
    shift: Window
    start: int | None
    end: int | None
    skills: frozenset[str] = frozenset()
    lunch: Lunch | None = None
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """A piece of work at a place, in one of its `windows` for the START of work (none: any time).

    `only`: the technicians that may have it, None for any with the skills. `held_by` has it now
    and `held_at` is when: moving it to somebody else costs `Problem.change_cost`. `must`: it is on
    somebody's day already and may not fall out of it. `urgent` counts before everything else.
    `due`: by when it should begin (its response target); see `Problem.lateness`.
    """

    id: str
    place: int
    duration: int
    windows: tuple[Window, ...] = ()
    skills: frozenset[str] = frozenset()
    urgent: bool = False
    only: frozenset[str] | None = None
    must: bool = False
    held_by: str | None = None
    held_at: int | None = None
    due: int | None = None

    def __post_init__(self) -> None:
        """Windows stand in order and apart: those who search them by halves rely on it."""
        object.__setattr__(self, "windows", tuple(joined(self.windows)))


@dataclass(frozen=True, slots=True)
class Problem:
    """Technicians, orders and the drives between their places, in seconds: `matrix[from][to]`.

    `fixed` are orders whose technician and start stand: {order: (technician, start)}; every plan
    has them there. `change_cost`: what a technician changed counts as, in seconds of driving;
    `late_cost`: what each order counts as that begins after its `due`, besides half of the time.
    """

    technicians: Sequence[Technician]
    orders: Sequence[Order]
    matrix: Sequence[Sequence[int]]
    fixed: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    change_cost: int = 0
    late_cost: int = 0

    def lateness(self, due: int | None, start: int) -> int:
        """What it counts as, in seconds of driving, that an order begins then."""
        if due is None or start <= due:
            return 0
        return self.late_cost + min(start - due, LATE_MOST) // 2

    @property
    def lateness_most(self) -> int:
        """The most that one order can count as for being late."""
        if all(one.due is None for one in self.orders):
            return 0
        return self.late_cost + LATE_MOST // 2


@dataclass(frozen=True, slots=True)
class Plan:
    """Who goes where in which order, by ids; an order in no route is not served."""

    routes: Mapping[str, tuple[str, ...]]
