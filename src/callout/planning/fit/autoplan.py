"""Many jobs onto many people's days, each where it costs least. Pure: no database, no clock.

One after the other: of the most pressing ones, whichever would lose most by not being given its
best place (its *regret*: what its second-best person would cost more). Each chosen slot is a stop
of its person before the next job is looked at.

A proposal is always a free slot of slots.py that best.py bars by nothing. The same question has
the same answer.
"""

from bisect import insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from callout.planning.fit.best import A_REASON, Unplaced, at_least, best_slot, why_not
from callout.planning.fit.cost import Option
from callout.planning.fit.person import Job, Person, Stop, day_of
from callout.planning.fit.reach import drive
from callout.planning.fit.slots import Search

LONG = timedelta(days=36_500)
MINUTE = timedelta(minutes=1)
OLD = -1


@dataclass(frozen=True, slots=True)
class Task:
    """A job to be placed. Of two, the one with the greater `urgency` is placed first."""

    key: UUID
    job: Job
    name: str = ""  # SO-000123
    urgency: int = 0
    order_id: UUID | None = None
    visit_id: UUID | None = None


@dataclass(slots=True)
class Proposal:
    """What became of the tasks, by their keys, and the people with the new stops on their days.

    `placed` is in the order in which the slots were taken.
    """

    placed: dict[UUID, Option]
    unplaced: dict[UUID, Unplaced]
    people: dict[UUID, Person]


@dataclass(slots=True)
class _Best:
    """Somebody's best slot for a task, None for none; right while they have so many stops.

    Where it is OLD, `score` is what none of theirs is below.
    """

    score: float
    option: Option | None
    stops: int


GoOn = Callable[[int], bool]  # told how far it is, of twice as many as there are tasks; False stops
TOGETHER = 20  # tasks that are weighed against each other at a time (bench/README.md)


def autoplan(
    people: Iterable[Person],
    tasks: Sequence[Task],
    *,
    now: datetime,
    not_before: datetime,
    zone: ZoneInfo,
    go_on: GoOn = lambda _done: True,
) -> Proposal:
    """A slot for each task where there is one. What was not reached when stopped is unplaced."""
    planner = _Planner({one.id: one for one in people}, now, not_before, zone)
    ahead = sorted(tasks, key=_pressing)
    looked: list[Task] = []
    done = 0
    while (looked or ahead) and go_on(done):
        urgency = (looked or ahead)[0].urgency
        if len(looked) < TOGETHER and ahead and ahead[0].urgency == urgency:
            task = ahead.pop(0)
            planner.look(task)
            looked.append(task)
        else:
            task, best = planner.most_regretted(looked)
            planner.take(task, best)
            looked.remove(task)
        done += 1
    found = planner.found
    for task in (*looked, *ahead):
        found.unplaced[task.key] = stopped()
    for task in tasks:
        if task.key not in found.placed and task.key not in found.unplaced:
            found.unplaced[task.key] = planner.why_not(task)
    return found


def stopped() -> Unplaced:
    """What is said of a task whose turn did not come."""
    return Unplaced("stopped", _("stopped before its turn"))


def _pressing(task: Task) -> tuple[int, timedelta, str]:
    target = task.job.target
    return -task.urgency, LONG if target is None else target - _EPOCH, task.name


_EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


class _Planner:
    def __init__(
        self, people: dict[UUID, Person], now: datetime, not_before: datetime, zone: ZoneInfo
    ) -> None:
        self.found = Proposal({}, {}, dict(people))
        self.now, self.not_before, self.zone = now, not_before, zone
        self.jobs: dict[UUID, Job] = {}
        self.bests: dict[UUID, dict[UUID, _Best]] = {}

    def look(self, task: Task) -> None:
        """Weigh everybody for it, once: whom two others beat, no further than that."""
        bests: dict[UUID, _Best] = {}
        firsts: list[float] = []
        for person in self.found.people.values():
            best = self._best(person, task, firsts[1] if len(firsts) > 1 else float("inf"))
            insort(firsts, best.score)
            bests[person.id] = best
        self.bests[task.key] = bests
        self.jobs[task.key] = task.job

    def most_regretted(self, tasks: Sequence[Task]) -> tuple[Task, Option | None]:
        """Which of them loses most where it is not given its best slot, and that slot."""
        tops = [(task, *self.top(task)) for task in tasks]
        task, best, _second = max(tops, key=lambda one: round(one[2] - one[1].score, 2))
        return task, best.option

    def top(self, task: Task) -> tuple[_Best, float]:
        """Its best slot of all, and the score of the best of somebody else."""
        bests = self.bests[task.key]
        while True:
            first, second = _two(bests)
            old = [one for one in (first, second) if one and self._is_old(one, bests[one])]
            if not old:
                break
            for one in old:
                bests[one] = self._best(self.found.people[one], task)
        if first is None:
            return NONE, float("inf")  # nothing is lost to it any more: it goes at once
        return bests[first], bests[second].score if second else bests[first].score + A_REASON

    def take(self, task: Task, chosen: Option | None) -> None:
        """Put the slot on its person's day; whatever is near it may cost less there now."""
        del self.bests[task.key]
        if chosen is None:
            return
        self.found.placed[task.key] = chosen
        person = with_stop(self.found.people[chosen.fit.person.id], task, chosen, self.zone)
        self.found.people[person.id] = person
        midnight = datetime.combine(day_of(chosen.fit.start, self.zone), time(), tzinfo=self.zone)
        for key, bests in self.bests.items():
            job, best = self.jobs[key], bests[person.id]
            if best.score == float("inf"):
                continue  # a day that is fuller has no more room
            extra = best.option.cost.extra if best.option else None
            if extra is None or drive(chosen.fit.job.place, job.place) < extra * MINUTE:
                begin = max(midnight, self.not_before)
                best.score = min(best.score, at_least(job, person.id, begin, self.now))
                best.stops = OLD

    def _is_old(self, person_id: UUID, best: _Best) -> bool:
        return best.stops != len(self.found.people[person_id].stops)

    def _best(self, person: Person, task: Task, beaten: float = float("inf")) -> _Best:
        chosen, score = best_slot(self._search(person, task.job), self.now, beaten)
        exact = chosen is not None or score == float("inf")
        return _Best(score, chosen, len(person.stops) if exact else OLD)

    def _search(self, person: Person, job: Job) -> Search:
        return Search.of(person, job, not_before=self.not_before, zone=self.zone)

    def why_not(self, task: Task) -> Unplaced:
        """In words, from the rules: what speaks against the least bad slot that there is."""
        searches = [self._search(one, task.job) for one in self.found.people.values()]
        return why_not(searches, self.now)


NONE = _Best(0.0, None, 0)


def _two(bests: dict[UUID, _Best]) -> tuple[UUID | None, UUID | None]:
    """Who is best and who is next. Of those as good, the first by name, as they are loaded."""
    first = second = None
    least = next_to = float("inf")
    for one, best in bests.items():
        if best.score < least:
            second, next_to = first, least
            first, least = one, best.score
        elif best.score < next_to:
            second, next_to = one, best.score
    return first, second


def with_stop(person: Person, task: Task, chosen: Option, zone: ZoneInfo) -> Person:
    """The person with the slot on their day."""
    fit = chosen.fit
    stops = list(person.stops)
    made = Stop(
        start=fit.start,
        end=fit.end,
        until=fit.end,
        day=day_of(fit.start, zone),
        place=fit.job.place,
        name=task.name,
        order_id=task.order_id,
        visit_id=task.visit_id,
    )
    insort(stops, made, key=lambda stop: stop.start)
    return replace(person, stops=tuple(stops))
