"""Somebody falls ill: who takes each of their visits, and when. Pure: no database, no clock.

Of each visit, the first that there is: somebody else at the same time; somebody else at another
time, on that day or later; the same technician once they are back. What bars a proposal of
autoplan.py bars it here too, so what was promised to a customer is kept or the visit stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.planning.fit.autoplan import GoOn, Proposal
from callout.planning.fit.best import Unplaced, is_barred, why_not
from callout.planning.fit.cost import Option
from callout.planning.fit.explain import judged
from callout.planning.fit.held import Held, People, in_turn, least, slots_with
from callout.planning.fit.person import Absence, Fit, Person, day_of
from callout.planning.fit.slots import Search


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

    def choose(people: People, one: Held) -> Option | Unplaced:
        return _chosen(people, absent, one, now, zone)

    return in_turn(team, held, choose, zone, go_on)


def _chosen(
    people: People, absent: UUID, held: Held, now: datetime, zone: ZoneInfo
) -> Option | Unplaced:
    along = held.along(people)
    others = [one for one in people.values() if one.id != absent and one.id not in held.helper_ids]
    task = held.task
    then = (judged(Fit(one, task.job, held.start, held.end, now, zone)) for one in others)
    chosen = least(one for one in then if not is_barred(one))
    if chosen is not None:
        return chosen
    midnight = datetime.combine(day_of(held.start, zone), time(), tzinfo=zone)
    begin = max(midnight, now)
    searches = [Search.of(one, task.job, not_before=begin, zone=zone) for one in others]
    chosen = least(slots_with(searches, along, now))
    if chosen is None and absent in people:
        back = held.free(people[absent])
        searches.append(Search.of(back, task.job, not_before=begin, zone=zone))
        chosen = least(slots_with(searches[-1:], along, now))
    return chosen or why_not(searches, now)


def _away(person: Person, away: Absence) -> Person:
    absences = tuple(sorted((*person.absences, away), key=lambda one: one.start))
    return replace(person, absences=absences)
