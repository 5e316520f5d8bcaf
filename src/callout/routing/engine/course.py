"""One technician's day: earliest times with one movable lunch, exact.

- Lunch is a stretch without work and without driving, at no place of its own. Between two orders it
  is taken before the drive or after it (while waiting for a window, too), where the route then ends
  earliest. A block that is long enough holds it; half a day's absence leaves no lunch owed.
  One in which they may drive holds it when they stand still in all of it.
- A drive stands still in a block (but those for driving) and goes on after it. Work is never split.

Later never overtakes earlier here: who is free sooner is done no later. So the earliest end after
each visit, once with lunch still owed and once with lunch had, is all that must be carried along,
and what this finds infeasible is infeasible.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from callout.routing.engine.problem import Block, Lunch, Technician, Window, joined

BEFORE, AFTER = "before", "after"
Pause = tuple[int, str]  # lunch before the drive to visit number n, or after it; last: the way back


@dataclass(frozen=True, slots=True)
class Stop:
    order_id: str
    arrive: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, on whom, by how many seconds.

    Of a route: `skills`, `only`, `late` (no window left on arrival), `fixed` (not at its second),
    `shift` (back too late), `lunch` (begun too late). Of a plan: `twice`, `must` (fell out),
    `fixed`, `unknown`. Of a technician, whatever the plan: `lunch_never`, `fixed_never`.
    """

    code: str
    technician_id: str | None = None
    order_id: str | None = None
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Route:
    """One technician's day. `wait` is neither driving, work, lunch nor block."""

    technician_id: str
    stops: tuple[Stop, ...]
    leave: int
    back: int
    lunch: int | None
    travel: int
    wait: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    order_id: str
    duration: int
    windows: tuple[Window, ...]
    fixed: bool


@dataclass(slots=True)
class Course:
    """One technician's visits in their order, with the drives to each and back."""

    who: Technician
    visits: Sequence[Visit]
    drives: Sequence[int]
    blocks: list[Window] = field(init=False)  # no work
    halts: list[Window] = field(init=False)  # no driving
    lunch: Lunch = field(init=False)
    rest: int | None = field(init=False)  # lunch had in a block

    def __post_init__(self) -> None:
        self.blocks = busy_of(self.who)
        self.halts = halts_of(self.who)
        self.lunch = self.who.lunch or _NO_LUNCH
        self.rest = lunch_in_block(self.who)

    def route(self, faults: list[Fault]) -> Route:
        if not self.visits:
            dawn = self.who.shift[0]
            return Route(self.who.id, (), dawn, dawn, None, 0, 0)
        owed = self.who.lunch is not None and self.rest is None
        pause = self._earliest() if owed else None
        if owed and pause is None:  # nowhere in time: where it hurts least
            told = min((self._told(one) for one in self._pauses()), key=hurt)
        else:
            told = self._told(pause)
        return replace(told, faults=(*faults, *told.faults))

    def _pauses(self) -> list[Pause]:
        return [(gap, side) for gap in range(len(self.drives)) for side in (BEFORE, AFTER)]

    def _earliest(self) -> Pause | None:
        """Where lunch is had so that the day ends earliest; None if there is no feasible place."""
        owed: int | None = self.who.shift[0]
        had: tuple[int, Pause] | None = None
        for gap, drive in enumerate(self.drives):
            ways = []
            if had is not None:
                ways.append((self._done(self._drive(had[0], drive), gap), had[1]))
            if owed is not None:
                arrive = self._drive(owed, drive)
                first, then = self._lunch_from(owed), self._lunch_from(arrive)
                if then is not None:
                    ways.append((self._done(then, gap), (gap, AFTER)))
                if first is not None:
                    ways.append((self._done(self._drive(first, drive), gap), (gap, BEFORE)))
                owed = self._done(arrive, gap)
            had = min(
                ((end, pause) for end, pause in ways if end is not None),
                key=lambda way: way[0],
                default=None,
            )
        return had[1] if had is not None and had[0] <= self.who.shift[1] else None

    def _lunch_from(self, free: int) -> int | None:
        """When lunch is over for who is free from then; None when it is too late for it."""
        if free > self.lunch.latest:
            return None
        return max(free, self.lunch.earliest) + self.lunch.duration

    def _drive(self, moment: int, seconds: int) -> int:
        return arrival(self.halts, moment, seconds)

    def _done(self, arrive: int | None, gap: int) -> int | None:
        """When visit number `gap` is done by who is there then; past the last, they are back."""
        if arrive is None or gap == len(self.visits):
            return arrive
        start = self._start(arrive, self.visits[gap])
        return None if start is None else start + self.visits[gap].duration

    def _start(self, arrive: int, visit: Visit) -> int | None:
        for opens, closes in visit.windows or ((arrive, _NEVER),):
            start = self._clear(max(arrive, opens), visit.duration)
            if start <= closes:
                return start
        return None

    def _clear(self, start: int, duration: int) -> int:
        """The first moment from then on at which that much work meets no block."""
        for begin, end in self.blocks:
            if start < end and start + duration > begin:
                start = end
        return start

    def _told(self, pause: Pause | None) -> Route:
        """The day with lunch had there: what is too late is done at once, and is a fault."""
        faults: list[Fault] = []
        stops: list[Stop] = []
        lunch, idle = self.rest, 0
        leave = arrive = now = self.who.shift[0]
        for gap, drive in enumerate(self.drives):
            if pause == (gap, BEFORE):
                lunch, now = self._lunched(now, faults)
            leave = self._drive(now, 1) - 1 if gap == 0 else leave
            arrive = now = self._drive(now, drive)
            if pause == (gap, AFTER):
                lunch, now = self._lunched(now, faults)
            if gap == len(self.visits):
                break
            stop = self._stop(arrive, now, self.visits[gap], faults)
            idle += self._idle(stop.arrive, stop.start, lunch)
            stops.append(stop)
            now = stop.end
        if now > self.who.shift[1]:
            faults.append(Fault("shift", self.who.id, seconds=now - self.who.shift[1]))
        travel = sum(self.drives)
        return Route(self.who.id, tuple(stops), leave, arrive, lunch, travel, idle, tuple(faults))

    def _lunched(self, free: int, faults: list[Fault]) -> tuple[int, int]:
        begin = max(free, self.lunch.earliest)
        if begin > self.lunch.latest:
            faults.append(Fault("lunch", self.who.id, seconds=begin - self.lunch.latest))
        return begin, begin + self.lunch.duration

    def _stop(self, arrive: int, free: int, visit: Visit, faults: list[Fault]) -> Stop:
        start = self._start(free, visit)
        if start is None:
            start = self._clear(free, visit.duration)
            code = "fixed" if visit.fixed else "late"
            faults.append(Fault(code, self.who.id, visit.order_id, start - visit.windows[-1][1]))
        return Stop(visit.order_id, arrive, start, start + visit.duration)

    def _idle(self, arrive: int, start: int, lunch: int | None) -> int:
        rests = list(self.blocks)
        if lunch is not None:
            rests.append((lunch, lunch + self.lunch.duration))
        idle, now = 0, arrive
        for begin, end in sorted(rests):
            idle += max(0, min(begin, start) - now)
            now = max(now, min(end, start))
        return idle + max(0, start - now)


_NEVER = 1 << 60
_NO_LUNCH = Lunch(0, _NEVER, 0)


def hurt(route: Route) -> tuple[int, int, int]:
    return len(route.faults), sum(fault.seconds for fault in route.faults), route.back


def busy_of(who: Technician) -> list[Window]:
    """When no work begins or goes on."""
    return _joined(who.blocks)


def halts_of(who: Technician) -> list[Window]:
    """When nobody drives either."""
    return _joined(one for one in who.blocks if not one.driving)


def _joined(blocks: Iterable[Block]) -> list[Window]:
    return joined((one.start, one.end) for one in blocks if one.start < one.end)


def arrival(halts: Sequence[Window], moment: int, seconds: int) -> int:
    """When who leaves then and drives so long is there: nobody drives in the halts."""
    for begin, end in halts:
        if seconds == 0 or moment + seconds <= begin:
            break
        if moment < end:
            seconds -= max(0, begin - moment)
            moment = end
    return moment + seconds


def standing_still(who: Technician) -> Iterable[Technician]:
    """The same technician, standing still for lunch in a block in which they might drive."""
    if who.lunch is None or lunch_in_block(who) is not None:
        return
    for n, block in enumerate(who.blocks):
        if block.driving:
            still = (*who.blocks[:n], replace(block, driving=False), *who.blocks[n + 1 :])
            other = replace(who, blocks=still)
            if lunch_in_block(other) is not None:
                yield other


def lunch_fits(who: Technician) -> bool:
    """Does it fit the shift, with nothing else to do?"""
    if who.lunch is None:
        return True
    begin = max(who.shift[0], who.lunch.earliest)
    return begin <= who.lunch.latest and begin + who.lunch.duration <= who.shift[1]


def lunch_in_block(who: Technician) -> int | None:
    """When they have lunch in a block that holds it; nothing is owed then."""
    if who.lunch is None:
        return None
    for opens, closes in halts_of(who):
        begin = max(opens, who.lunch.earliest, who.shift[0])
        if begin <= who.lunch.latest and begin + who.lunch.duration <= min(closes, who.shift[1]):
            return begin
    return None
