"""Planned visits that get another place, one after the other. Pure: no database, no clock."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.planning.fit.autoplan import GoOn, Proposal, Task, stopped, with_stop
from callout.planning.fit.best import Unplaced, best_slot, score_of
from callout.planning.fit.cost import Option
from callout.planning.fit.person import Person
from callout.planning.fit.rules import HARD, hours, reasons
from callout.planning.fit.slots import Search

People = dict[UUID, Person]


@dataclass(frozen=True, slots=True)
class Held:
    """A planned visit: its slot, who holds it, and who goes along on it."""

    task: Task
    start: datetime
    end: datetime
    technician_id: UUID
    helper_ids: tuple[UUID, ...] = ()

    def along(self, people: People) -> list[Person]:
        """Those who go along, with this visit off their days."""
        return [self.free(people[one]) for one in self.helper_ids if one in people]

    def free(self, person: Person) -> Person:
        """The person with this visit off their days: it is not in its own way."""
        return person.without({self.task.visit_id})


def in_turn(
    people: People,
    held: Iterable[Held],
    choose: Callable[[People, Held], Option | Unplaced],
    zone: ZoneInfo,
    go_on: GoOn,
) -> Proposal:
    """What `choose` finds for each, the most urgent first: what one takes, the next has not."""
    found = Proposal({}, {}, people)
    for number, one in enumerate(sorted(held, key=lambda one: (-one.task.urgency, one.start))):
        chosen = choose(found.people, one) if go_on(number) else stopped()
        if isinstance(chosen, Unplaced):
            found.unplaced[one.task.key] = chosen
            continue
        found.placed[one.task.key] = chosen
        if one.technician_id in people:
            people[one.technician_id] = one.free(people[one.technician_id])
        for who in (chosen.fit.person.id, *one.helper_ids):
            if who in people:
                people[who] = with_stop(one.free(people[who]), one.task, chosen, zone)
    return found


def slots_with(
    searches: Sequence[Search],
    along: Sequence[Person],
    now: datetime,
    takes: Callable[[Option], bool] = lambda _one: True,
) -> list[Option]:
    """The best slot of each, at which those who go along can come too."""
    found = []
    for search in searches:
        chosen, _score = best_slot(
            search, now, takes=lambda one: takes(one) and come_along(along, one)
        )
        if chosen is not None:
            found.append(chosen)
    return found


def come_along(along: Sequence[Person], one: Option) -> bool:
    """Whether they are there at that time, and free."""
    fits = (replace(one.fit, person=person) for person in along)
    return not any(reasons(fit, (*HARD, hours)) for fit in fits)


def least(options: Iterable[Option]) -> Option | None:
    """The best of them; among equals what begins sooner, and then the name."""
    return min(
        options,
        key=lambda one: (score_of(one), one.fit.start, one.fit.person.name),
        default=None,
    )
