"""Somebody falls ill: who takes each of their visits, and when. Pure: no database, no clock.

Of each visit, the first that there is: somebody else at the same time; somebody else at another
time, on that day or later; the same technician once they are back. What bars a proposal of
autoplan.py bars it here too, so what was promised to a customer is kept or the visit stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.planning.fit.autoplan import (
    GoOn,
    Proposal,
    Task,
    Unplaced,
    best_slot,
    is_barred,
    score_of,
    stopped,
    why_not,
    with_stop,
)
from callout.planning.fit.cost import Option
from callout.planning.fit.explain import judged
from callout.planning.fit.person import Absence, Fit, Person, day_of
from callout.planning.fit.rules import HARD, hours, reasons
from callout.planning.fit.slots import Search


@dataclass(frozen=True, slots=True)
class Held:
    """A planned visit that its technician cannot hold: its slot, and who goes along on it."""

    task: Task
    start: datetime
    end: datetime
    helper_ids: tuple[UUID, ...] = ()


def relieved(
    people: Iterable[Person],
    absent: UUID,
    away: Absence,
    held: Sequence[Held],
    *,
    now: datetime,
    zone: ZoneInfo,
    go_on: GoOn = lambda _done: True,
) -> Proposal:
    """What each visit of `absent` in the absence `away` could become."""
    team = {one.id: one for one in people}
    if absent in team:
        team[absent] = _away(team[absent], away)
    found = Proposal({}, {}, team)
    for number, one in enumerate(sorted(held, key=lambda one: (-one.task.urgency, one.start))):
        if not go_on(number):
            found.unplaced[one.task.key] = stopped()
            continue
        chosen = _chosen(found.people, absent, one, now, zone)
        if isinstance(chosen, Unplaced):
            found.unplaced[one.task.key] = chosen
            continue
        found.placed[one.task.key] = chosen
        if absent in found.people:
            found.people[absent] = found.people[absent].without({one.task.visit_id})
        for who in (chosen.fit.person.id, *one.helper_ids):
            if who in found.people:
                without = found.people[who].without({one.task.visit_id})
                found.people[who] = with_stop(without, one.task, chosen, zone)
    return found


def _chosen(
    people: dict[UUID, Person], absent: UUID, held: Held, now: datetime, zone: ZoneInfo
) -> Option | Unplaced:
    along = [people[one].without({held.task.visit_id}) for one in held.helper_ids if one in people]
    others = [one for one in people.values() if one.id != absent and one.id not in held.helper_ids]
    task = held.task
    then = (judged(Fit(one, task.job, held.start, held.end, now, zone)) for one in others)
    fits = [one for one in then if not is_barred(one)]
    if not fits:
        midnight = datetime.combine(day_of(held.start, zone), time(), tzinfo=zone)
        begin = max(midnight, now)
        searches = [Search.of(one, task.job, not_before=begin, zone=zone) for one in others]
        fits = _slots(searches, along, now)
        if not fits and absent in people:
            back = people[absent].without({held.task.visit_id})
            searches.append(Search.of(back, task.job, not_before=begin, zone=zone))
            fits = _slots(searches[-1:], along, now)
        if not fits:
            return why_not(searches, now)
    return min(fits, key=lambda one: (score_of(one), one.fit.start, one.fit.person.name))


def _slots(searches: Sequence[Search], along: Sequence[Person], now: datetime) -> list[Option]:
    """The best slot of each, at which those who go along can come too."""
    found = []
    for search in searches:
        chosen, _score = best_slot(search, now, takes=lambda one: _come_along(along, one))
        if chosen is not None:
            found.append(chosen)
    return found


def _come_along(along: Sequence[Person], one: Option) -> bool:
    fits = (replace(one.fit, person=person) for person in along)
    return not any(reasons(fit, (*HARD, hours)) for fit in fits)


def _away(person: Person, away: Absence) -> Person:
    absences = tuple(sorted((*person.absences, away), key=lambda one: one.start))
    return replace(person, absences=absences)
