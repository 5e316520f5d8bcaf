"""Small days drawn at random, and the plain way to tell what is true of them."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import strategies as st

from callout.routing.engine.problem import Block, Lunch, Order, Problem, Technician

HOURS = st.integers(0, 30)


@st.composite
def technicians(draw: st.DrawFn, name: str, places: int) -> Technician:
    opens = draw(st.integers(0, 8))
    place = st.one_of(st.none(), st.integers(0, places - 1))
    earliest = draw(st.integers(4, 16))
    lunch = Lunch(earliest, earliest + draw(st.integers(0, 8)), draw(st.integers(1, 4)))
    blocks = draw(st.lists(st.tuples(HOURS, st.integers(1, 6), st.booleans()), max_size=2))
    return Technician(
        id=name,
        shift=(opens, opens + draw(st.integers(8, 32))),
        start=draw(place),
        end=draw(place),
        skills=draw(st.frozensets(st.sampled_from("AB"))),
        lunch=draw(st.one_of(st.none(), st.just(lunch))),
        blocks=tuple(Block(begin, begin + length, drive) for begin, length, drive in blocks),
    )


@st.composite
def orders(draw: st.DrawFn, name: str, places: int, names: Sequence[str]) -> Order:
    windows = draw(st.lists(st.tuples(HOURS, st.integers(0, 10)), max_size=2))
    return Order(
        id=name,
        place=draw(st.integers(0, places - 1)),
        duration=draw(st.integers(1, 6)),
        windows=tuple((begin, begin + length) for begin, length in windows),
        skills=draw(st.frozensets(st.sampled_from("AB"), max_size=1)),
        urgent=draw(st.booleans()),
        only=draw(st.one_of(st.none(), st.just(frozenset(names[:1])))),
        held_by=draw(st.one_of(st.none(), st.sampled_from(list(names)))),
    )


@st.composite
def problems(
    draw: st.DrawFn,
    people: int = 2,
    count: int = 4,
    *,
    fixed: bool = False,
    must: bool = False,
    places: int = 4,
) -> Problem:
    names = [f"T{n}" for n in range(draw(st.integers(1, people)))]
    matrix = [
        [0 if a == b else draw(st.integers(0, 5)) for b in range(places)] for a in range(places)
    ]
    them = [draw(technicians(name, places)) for name in names]
    todo = [draw(orders(f"O{n}", places, names)) for n in range(draw(st.integers(1, count)))]
    if must:
        todo = [replace(one, must=draw(st.booleans())) for one in todo]
    stands = {}
    if fixed and draw(st.booleans()):
        stands["O0"] = (draw(st.sampled_from(names)), draw(HOURS))
    return Problem(them, todo, matrix, stands, draw(st.integers(0, 4)))


@st.composite
def due(draw: st.DrawFn, problems: st.SearchStrategy[Problem]) -> Problem:
    """The same, some of it to begin by a moment."""
    problem = draw(problems)
    moments = st.one_of(st.none(), HOURS)
    todo = [replace(one, due=draw(moments)) for one in problem.orders]
    return replace(problem, orders=todo, late_cost=draw(st.integers(0, 8)))


def back_by_hand(problem: Problem, who: Technician, order_ids: Sequence[str]) -> int | None:
    """When the last of it (drives, work, lunch) is over at best: every second of lunch is tried,
    and the clock is walked second by second. None: it cannot be done within the shift."""
    ends = []
    for lunch in _lunches(who):
        for still in (None, *(one for one in who.blocks if one.driving)):
            end = _walked(problem, who, order_ids, lunch, still)
            if end is not None and end <= who.shift[1]:
                ends.append(end)
    return min(ends, default=None)


def _lunches(who: Technician) -> Iterator[range]:
    if who.lunch is None:
        yield range(0)
        return
    for begin in range(max(who.lunch.earliest, who.shift[0]), who.lunch.latest + 1):
        if begin + who.lunch.duration <= who.shift[1]:
            yield range(begin, begin + who.lunch.duration)


def _walked(
    problem: Problem, who: Technician, order_ids: Sequence[str], lunch: range, still: Block | None
) -> int | None:
    idle = {second for one in who.blocks for second in range(one.start, one.end)}
    blocked = {
        second
        for one in who.blocks
        if one is still or not one.driving
        for second in range(one.start, one.end)
    }
    resting = set() if set(lunch) <= blocked else set(lunch)  # lunch in a block stops nobody
    now, here = who.shift[0], who.start
    for one in order_ids:
        order = next(each for each in problem.orders if each.id == one)
        now = _driven(problem, now, here, order.place, blocked, resting)
        start = _begun(problem, order, now, idle | resting)
        if start is None:
            return None
        now, here = start + order.duration, order.place
    now = _driven(problem, now, here, who.end, blocked, resting)
    return max(now, lunch.stop) if resting else now


def _driven(
    problem: Problem,
    now: int,
    here: int | None,
    there: int | None,
    blocked: set[int],
    resting: set[int],
) -> int:
    seconds = 0 if here is None or there is None else problem.matrix[here][there]
    if seconds == 0:
        return now
    for leave in itertools.count(now):
        left, clock = seconds, leave
        while left:
            left -= clock not in blocked
            clock += 1
        if not resting & set(range(leave, clock)):
            return clock
    raise AssertionError


def _begun(problem: Problem, order: Order, now: int, busy: set[int]) -> int | None:
    fixed = problem.fixed.get(order.id)
    windows = ((fixed[1], fixed[1]),) if fixed else order.windows or ((0, 200),)
    for start in range(now, 200):
        inside = start > 0 and start in busy and start - 1 in busy
        if order.duration == 0 and inside:
            continue  # nobody starts, not even a moment's work, amid a pause
        if set(range(start, start + order.duration)) & busy:
            continue
        if any(opens <= start <= closes for opens, closes in windows):
            return start
    return None
