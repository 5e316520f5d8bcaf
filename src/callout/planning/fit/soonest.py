"""An urgent order: who is nearest and free soonest, and what would have to move. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from callout.planning.fit.cost import Option, cost
from callout.planning.fit.person import Fit, Job, Person, Stop
from callout.planning.fit.reach import in_the_way
from callout.planning.fit.reason import Reason
from callout.planning.fit.rules import HARD, reasons, skill
from callout.planning.fit.rules import hours as hours_rule
from callout.planning.fit.slots import quarter
from callout.travel.estimate import travel_leg


@dataclass(frozen=True, slots=True)
class Dash:
    """Somebody who goes as soon as they are free: when they leave, their slot, what must move.

    `option.reasons` are those that would be left once the visits of `moves` are moved.
    """

    option: Option
    free_at: datetime
    travel_minutes: int | None
    moves: list[Stop]


def soonest(
    people: Iterable[Person],
    job: Job,
    *,
    now: datetime,
    zone: ZoneInfo,
    limit: int,
) -> list[Dash]:
    """Those who are there soonest, whatever is planned; what is begun is ended first.

    Who lacks a skill, or does not work then, comes after all who do; who is absent or archived does
    not come. Among those there at the same time whoever has less to be moved comes first, and what
    is pinned counts most.
    """
    found = [_dash(one, job, now, zone) for one in people]
    return sorted((one for one in found if one), key=_order)[:limit]


def _dash(person: Person, job: Job, now: datetime, zone: ZoneInfo) -> Dash | None:
    going = [stop for stop in person.stops if stop.under_way]
    free_at = max([now, *(stop.until for stop in going)])
    here = going[-1].place if going else (person.idle and person.idle.place) or person.base
    minutes = None
    if here is not None and job.place is not None:
        minutes = travel_leg(here, job.place).minutes
    start = quarter(free_at, minutes or 0)
    fit = Fit(person, job, start, start + job.duration, now, zone)
    moves = [stop for stop in in_the_way(fit) if not stop.under_way]
    after = replace(
        fit,
        person=_without(person, moves),
        job=replace(job, helpers=tuple(_without(one, moves) for one in job.helpers)),
    )
    left = reasons(after, (*HARD, hours_rule, skill))
    if any(reason.hard for reason in left):
        return None
    return Dash(Option(fit, left, cost(fit)), free_at, minutes, moves)


def _without(person: Person, moves: list[Stop]) -> Person:
    return replace(person, stops=tuple(stop for stop in person.stops if stop not in moves))


def _order(dash: Dash) -> tuple[int, datetime, int, int, int, str]:
    fit, moves = dash.option.fit, dash.moves
    pinned = sum(stop.pinned for stop in moves)
    left: list[Reason] = dash.option.reasons
    return (
        len(left), fit.start, pinned, len(moves), dash.travel_minutes or 0, fit.person.name,
    )  # fmt: skip
