"""Several visits moved at once: what the rules say of each when all others are where they shall be.

Asked of the database in as many messages for fifty moves as for one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.orders.models import ServiceOrder, Visit
from callout.orders.numbers import order_number
from callout.planning import loading, team
from callout.planning.answer_selectors import ask_of_move
from callout.planning.ask import Ask, Days
from callout.planning.fit.person import Fit, Job, Person, Ride, Stop, day_of
from callout.planning.fit.reason import Reason
from callout.planning.fit.rules import FURTHEST, reasons
from callout.planning.roads import roads_learn
from callout.travel.book import book_open
from callout.workforce.models import Technician

APART = timedelta(days=62)  # what is dragged together stands on one board


@dataclass(frozen=True, slots=True)
class Move:
    """One visit in its new slot: `visit_id`, or a first one where that is None."""

    order_id: UUID
    version: int
    technician_id: UUID
    start: datetime
    minutes: int
    visit_id: UUID | None = None
    allow_overlap: bool = False

    @property
    def end(self) -> datetime:
        """When the slot ends."""
        return self.start + timedelta(minutes=self.minutes)


Change = Callable[[Person], Person]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A move with all that speaks against it. `change` makes people as the other moves leave
    them."""

    move: Move
    order: ServiceOrder
    ask: Ask
    fit: Fit
    reasons: list[Reason]
    change: Change

    @property
    def hard(self) -> bool:
        """Whether it is refused."""
        return any(one.hard for one in self.reasons)

    @property
    def breaks_promise(self) -> bool:
        """Whether the slot leaves what was promised to the customer."""
        return any(one.code == "promise" for one in self.reasons)


def judge(
    actor: Actor,
    technicians: Mapping[UUID, Technician],
    moves: Sequence[tuple[Move, ServiceOrder, Visit | None]],
) -> list[Judgement]:
    """What the rules say of each. `moves` come with their (locked) orders and visits, and
    `technicians` are those named."""
    asks = [ask_of_move(order, visit, move.minutes) for move, order, visit in moves]
    days = _days([move for move, _order, _visit in moves])
    with book_open() as book:
        jobs = loading.jobs_of(actor, asks, days)
    places = [
        _place(move, order, ask, job, days, technicians[move.technician_id])
        for (move, order, _visit), ask, job in zip(moves, asks, jobs, strict=True)
    ]
    moving = {one.moving for one in asks if one.moving}
    going = set[UUID]().union(*(place.going for place in places))
    with book_open(book):
        people = {one.id: one for one in team.persons(actor, going, days, moving=moving)}
    roads_learn(book, people.values(), [job.place for job in jobs], moving=True)
    rides = _rides(places, days, moving)
    found = []
    for nth, (move, order, _visit) in enumerate(moves):
        change = _changed([*places[:nth], *places[nth + 1 :]], moving)
        person = replace(change(people[move.technician_id]), rides=rides[nth])
        helpers = tuple(change(people[one]) for one in asks[nth].helper_ids if one in people)
        fit = Fit(
            person, replace(jobs[nth], helpers=helpers), move.start, move.end,
            clock.now(), days.zone, move.allow_overlap,
        )  # fmt: skip
        found.append(Judgement(move, order, asks[nth], fit, reasons(fit), change))
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a move puts its visit: who goes and who drives, with which vehicle, and as a stop of
    theirs."""

    going: set[UUID]
    driver: UUID
    vehicle: UUID | None
    stop: Stop


def _days(moves: Sequence[Move]) -> Days:
    # What is past, or years away, is refused for that alone: its days need not be known.
    now = clock.now()
    starts = [min(max(move.start, now), now + FURTHEST) for move in moves]
    if max(starts) - min(starts) > APART:
        words = _("Move visits of two months at most at once.")
        raise Invalid({"moves": [words]})
    longest = timedelta(minutes=max(move.minutes for move in moves))
    return Days.around(min(starts), max(starts) + longest)


def _place(
    move: Move, order: ServiceOrder, ask: Ask, job: Job, days: Days, technician: Technician
) -> _Place:
    stop = Stop(
        start=move.start,
        end=move.end,
        until=move.end,
        day=day_of(move.start, days.zone),
        place=job.place,
        name=order_number(order.number),
        order_id=order.pk,
        visit_id=move.visit_id,
    )
    vehicle = ask.vehicle_id or ask.keeps.get(technician.pk, technician.vehicle_id)
    return _Place({technician.pk, *ask.helper_ids}, technician.pk, vehicle, stop)


def _rides(places: Sequence[_Place], days: Days, moving: set[UUID]) -> list[tuple[Ride, ...]]:
    """For each place, when others drive its vehicle: on visits that stay, and where the other
    moves put theirs."""
    vehicles = {place.vehicle for place in places if place.vehicle}
    staying = team.rides(vehicles, days, moving=moving)
    drivers = {(place.vehicle, place.driver) for place in places if place.vehicle}
    names = team.registrations(vehicles) if len(drivers) > len(vehicles) else {}
    moved = [(place, _ride(place, names)) for place in places if place.vehicle in names]
    return [
        (
            *(ride for driver, ride in staying.get(one.vehicle, ()) if driver != one.driver),
            *(
                ride
                for other, ride in moved
                if other.vehicle == one.vehicle and other.driver != one.driver
            ),
        )
        for one in places
    ]


def _ride(place: _Place, names: Mapping[UUID | None, str]) -> Ride:
    stop = place.stop
    return Ride(stop.start, stop.end, names[place.vehicle], stop.name, stop.order_id, stop.visit_id)


def _changed(others: Sequence[_Place], moving: set[UUID]) -> Change:
    """What becomes of people when the visits `moving` are where the `others` say. (In which
    vehicles is left out: of what would help instead, that only warns.)"""

    def change(person: Person) -> Person:
        kept = [stop for stop in person.stops if stop.visit_id not in moving]
        new = [other.stop for other in others if person.id in other.going]
        return replace(
            person,
            stops=tuple(sorted([*kept, *new], key=lambda stop: stop.start)),
            rides=tuple(ride for ride in person.rides if ride.visit_id not in moving),
        )

    return change
