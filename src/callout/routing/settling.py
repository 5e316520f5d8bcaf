"""What planning's own rules say of a whole plan, and the plan without what they bar. Pure.

The engine's plan holds by the evaluator; this is the second opinion, so that all that is proposed
can be applied. What is barred stays where it is, which may bar others in turn.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from callout.planning.fit.person import Fit, Person, Stop, day_of
from callout.planning.fit.reason import Reason
from callout.planning.fit.rules import reasons
from callout.routing.loading import Work
from callout.routing.windows import promise_missed

BARRED = {"hours", "holiday", "skill", "promise", "opening", "vehicle", "pinned"}
WISHED = {"wish"}
DRIVEN = {"travel_before", "travel_after"}


@dataclass(frozen=True, slots=True)
class Slot:
    """Whose, from, to."""

    technician_id: UUID
    start: datetime
    end: datetime


@dataclass(slots=True)
class Settled:
    """What moves, and what does not after all, with why; and everybody's days as they would be."""

    moves: dict[str, Slot]
    barred: dict[str, Reason]
    people: dict[UUID, Person]


def settled(
    people: Iterable[Person],
    works: Mapping[str, Work],
    moves: Mapping[str, Slot],
    *,
    now: datetime,
    zone: ZoneInfo,
    bars: frozenset[str],
) -> Settled:
    """The moves that hold together. `bars` are the reasons that count besides what is refused."""
    team = {one.id: one for one in people}
    found = Settled(dict(moves), {}, team)
    allowed = {key: _before(team, works[key], now, zone) for key in moves}
    while True:
        found.people = placed(team, works, found.moves, zone)
        wrong = {}
        for key, slot in found.moves.items():
            work = works[key]
            person = found.people[slot.technician_id]
            without = person.without({work.visit.pk if work.visit else UUID(key)})
            fit = Fit(without, work.job, slot.start, slot.end, now, zone)
            for reason in reasons(fit):
                again = reason.code in allowed[key] and not _worse(reason, work, slot, now)
                if reason.hard or (reason.code in bars and not again):
                    wrong[key] = reason
                    break
        if not wrong:
            return found
        for key, reason in wrong.items():
            del found.moves[key]
            found.barred[key] = reason


def _worse(reason: Reason, work: Work, slot: Slot, now: datetime) -> bool:
    """Whether a promise that is missed where the visit stands would be missed by more. Of what has
    passed its time already, the engine knows how soon it can be."""
    visit, begin, end = work.visit, work.job.promise_from, work.job.promise_to
    if reason.code != "promise" or visit is None or begin is None or end is None:
        return False
    return slot.start < min(visit.start, begin) or slot.start > max(visit.start, end, now) > now


def placed(
    team: Mapping[UUID, Person],
    works: Mapping[str, Work],
    moves: Mapping[str, Slot],
    zone: ZoneInfo,
) -> dict[UUID, Person]:
    """Everybody's days with what moves where it shall be."""
    moving = {work.visit.pk for key in moves if (work := works[key]).visit is not None}
    added: dict[UUID, list[Stop]] = defaultdict(list)
    for key, slot in moves.items():
        work = works[key]
        added[slot.technician_id].append(
            Stop(
                start=slot.start,
                end=slot.end,
                until=slot.end,
                day=day_of(slot.start, zone),
                place=work.job.place,
                name=work.name,
                order_id=work.order.pk,
                visit_id=work.visit.pk if work.visit else UUID(key),
            )
        )
    return {
        one.id: replace(
            one,
            stops=tuple(
                sorted(
                    [*(s for s in one.stops if s.visit_id not in moving), *added[one.id]],
                    key=lambda stop: stop.start,
                )
            ),
        )
        for one in team.values()
    }


def _before(team: Mapping[UUID, Person], work: Work, now: datetime, zone: ZoneInfo) -> set[str]:
    """What spoke against the visit where it is: somebody decided so, and it may be so again. So may
    a promise be missed that is over by now."""
    visit = work.visit
    if visit is None or visit.technician_id not in team:
        return set()
    person = team[visit.technician_id].without({visit.pk})
    fit = Fit(person, work.job, visit.start, visit.end, now, zone)
    over = promise_missed(work.job, held_at=visit.start, now=now)
    return {one.code for one in reasons(fit)} - DRIVEN | ({"promise"} if over else set())
