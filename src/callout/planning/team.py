"""Technicians as the rules see them, with what they work and do on some days: in four messages,
however many they are."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, UUIDField

from callout.accounts.company import company
from callout.accounts.zone import day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared, together
from callout.orders.lifecycle import Status
from callout.orders.models import Assignment, Visit
from callout.orders.numbers import order_number
from callout.planning.ask import Ask, Days
from callout.planning.fit.person import LONGEST, Absence, Idle, Person, Ride, Stop, joined
from callout.travel.areas import place_at
from callout.travel.estimate import Place
from callout.workforce.models import Technician, Vehicle
from callout.workforce.selectors import technician_days


def everybody(actor: Actor, days: Days, also: UUID | None = None) -> list[Person]:
    """All who can be planned by name, each with their own vehicle, and `also` one who perhaps
    cannot: for many jobs at once."""
    rows = TEAM.all(also=[also] if also else [])
    own = {pk: vehicle_id for vehicle_id, pk, *_rest in rows}
    return with_days(actor, [_person(*row) for _vehicle_id, *row in rows], days, vehicles=own)


def candidates(
    actor: Actor,
    days: Days,
    ask: Ask,
    *,
    only: UUID | None = None,
    also: UUID | None = None,
) -> list[Person]:
    """All who can be planned by name, and `also` one who perhaps cannot; or `only` one. And the
    helpers asked for, whoever they are."""
    if only:
        rows = CHOSEN.all(ids=[only, *ask.helper_ids])
    else:
        rows = TEAM.all(also=[one for one in (also, *ask.helper_ids) if one])
    own = {pk: vehicle_id for vehicle_id, pk, *_rest in rows}
    people = [_person(*row) for _vehicle_id, *row in rows]
    takes = {one: ask.vehicle_id or kept for one, kept in {**own, **ask.keeps}.items()}
    if only:
        takes = {only: takes.get(only)}
    moving = [ask.moving] if ask.moving else []
    return with_days(actor, people, days, moving=moving, vehicles=takes)


def persons(
    actor: Actor, ids: Iterable[UUID], days: Days, *, moving: Collection[UUID] = ()
) -> list[Person]:
    """These technicians, archived ones too. The visits `moving` are not among their stops."""
    rows = CHOSEN.all(ids=list(ids))
    return with_days(actor, [_person(*row) for _vehicle_id, *row in rows], days, moving=moving)


def _person(
    pk: UUID,
    name: str,
    initials: str,
    town: str,
    latitude: float | None,
    longitude: float | None,
    postcode: str,
    archived_at: datetime | None,
    skills: list[UUID],
) -> Person:
    return Person(
        id=pk, name=name, initials=initials, town=town, skills=frozenset(skills),
        base=place_at(latitude, longitude, postcode), archived=archived_at is not None,
    )  # fmt: skip


def with_days(
    actor: Actor,
    people: Iterable[Person],
    days: Days,
    *,
    moving: Collection[UUID] = (),
    vehicles: Mapping[UUID, UUID | None] | None = None,
) -> list[Person]:
    """The same people with hours, absences, holidays and stops of these days, and what else is
    planned with the `vehicles` that they would take: two messages."""
    people = list(people)
    ids = [one.id for one in people]
    start, end = days.span
    known = technician_days(
        actor=actor, technician_ids=ids, days=(days.first, days.last), span=(start, end)
    )
    takes = {one: vehicle for one, vehicle in (vehicles or {}).items() if vehicle}
    times = Counter(takes.values())
    now = clock.now()
    midnight = day_bounds(now.astimezone(days.zone).date())[0]
    assigned, driven, ended = together(
        ASSIGNED.ask(ids=ids, **_reach(days)),
        DRIVEN.ask(
            vehicles=list(times),
            # Where only its owner would take it, the owner's visits are in nobody's way.
            shared=[one for one, count in times.items() if count > 1 or len(times) == 1],
            **_reach(days),
        ),
        ENDED.ask(ids=ids, earliest=midnight - LONGEST, midnight=midnight),
    )
    last = {one: there for one, *position in ended if (there := place_at(*position))}
    stops = _stops(ids, days, assigned, moving)
    driving = _rides(driven, moving)
    return [
        replace(
            one,
            hours=joined(known.hours.get(one.id, [])),
            absences=tuple(
                Absence(away.start, away.end, away.label) for away in known.absences.get(one.id, ())
            ),
            holidays=known.holidays.get(one.id, {}),
            stops=tuple(stops[one.id]),
            idle=_idle(one, stops[one.id], last.get(one.id), now),
            rides=tuple(
                ride for driver, ride in driving.get(takes.get(one.id), ()) if driver != one.id
            ),
        )
        for one in people
    ]


def person_of(technician: Technician) -> Person:
    """Of a row that is there already; its skills are not asked."""
    return Person(
        id=technician.pk,
        name=technician.name,
        base=place_at(technician.latitude, technician.longitude, technician.postcode),
        archived=technician.archived_at is not None,
    )


def _idle(person: Person, stops: Iterable[Stop], last: Place | None, now: datetime) -> Idle | None:
    """Who is on a visit, or should be, comes from there: that stop says it."""
    if any(stop.under_way or stop.start <= now < stop.until for stop in stops):
        return None
    return Idle(now, last or person.base, at_home=last is None)


def _stops(
    ids: list[UUID], days: Days, assigned: Iterable[Any], moving: Collection[UUID]
) -> Mapping[UUID, list[Stop]]:
    firm = company()
    stops: dict[UUID, list[Stop]] = {one: [] for one in ids}
    for technician_id, begin, finish, expected, *rest in assigned:
        visit_id, status, pinned, order_id, number, *position = rest
        if visit_id in moving:
            continue
        stops[technician_id].append(
            Stop(
                start=begin,
                end=finish,
                # What is known to take longer is taken longer.
                until=max(finish, expected or finish),
                day=begin.astimezone(days.zone).date(),
                place=place_at(*position),
                name=order_number(number, firm),
                order_id=order_id,
                visit_id=visit_id,
                pinned=pinned,
                under_way=status != Status.PLANNED,
            )
        )
    return stops


def _reach(days: Days) -> dict[str, datetime]:
    """When what can touch these days begins."""
    start, end = days.span
    return {"earliest": start - 3 * LONGEST, "end": end + LONGEST}


def rides(
    vehicles: Iterable[UUID], days: Days, *, moving: Collection[UUID] = ()
) -> Mapping[UUID | None, list[tuple[UUID, Ride]]]:
    """All that is planned with these vehicles, with who drives, but for the visits `moving`."""
    ids = list(vehicles)
    return _rides(DRIVEN.all(vehicles=ids, shared=ids, **_reach(days)), moving)


def registrations(vehicles: Iterable[UUID]) -> Mapping[UUID | None, str]:
    """What these vehicles are called."""
    rows = Vehicle.objects.filter(pk__in=list(vehicles))
    return dict(rows.values_list("pk", "registration"))


def _rides(
    driven: Iterable[Any], moving: Collection[UUID]
) -> Mapping[UUID | None, list[tuple[UUID, Ride]]]:
    """Of each vehicle who drives it when."""
    firm = company()
    found: dict[UUID | None, list[tuple[UUID, Ride]]] = defaultdict(list)
    for vehicle_id, vehicle, driver, begin, finish, visit_id, order_id, number in driven:
        if visit_id not in moving:
            name = order_number(number, firm)
            ride = Ride(begin, finish, vehicle, name, order_id, visit_id)
            found[vehicle_id].append((driver, ride))
    return found


# --- the statements, made once -------------------------------------------------------------------

IDS = Given("ids", UUIDField())
WHERE = ("latitude", "longitude", "postcode")  # as `place_at` takes them
ROW = (
    "vehicle_id",
    *("id", "name", "initials", "town", *WHERE),
    *("archived_at", "has"),
)
Rows = QuerySet[Any, tuple[Any, ...]]


def _people() -> Rows:
    has = Technician.skills.through.objects.filter(technician=OuterRef("pk"))
    rows = Technician.objects.annotate(has=ArraySubquery(has.values("skill_id")))
    return rows.order_by("name_sort", "id").values_list(*ROW)


TEAM = Prepared(
    lambda: _people().filter(Q(archived_at__isnull=True) | Q(pk__any=Given("also", UUIDField())))
)
CHOSEN = Prepared(lambda: _people().filter(pk__any=IDS))
EARLIEST, END = Given("earliest", DateTimeField()), Given("end", DateTimeField())
ASSIGNED = Prepared(
    lambda: (
        Assignment.objects.filter(
            technician__any=IDS,
            is_open=True,
            start__gt=EARLIEST,
            start__lt=END,
        )
        .order_by("start", "id")
        .values_list(
            *("technician_id", "start", "end", "visit__expected_end"),
            *("visit_id", "visit__status", "visit__pinned"),
            *("visit__order_id", "visit__order__number"),
            *(f"visit__order__site__{name}" for name in WHERE),
        )
    )
)
DRIVEN = Prepared(
    lambda: (
        Visit.objects.filter(
            Q(vehicle_id__any=Given("shared", UUIDField())) | ~Q(technician__vehicle=F("vehicle")),
            vehicle_id__any=Given("vehicles", UUIDField()),
            is_open=True,
            start__gt=EARLIEST,
            start__lt=END,
        )
        .order_by("start", "id")
        .values_list(
            *("vehicle_id", "vehicle__registration", "technician_id", "start", "end"),
            *("id", "order_id", "order__number"),
        )
    )
)
ENDED = Prepared(
    lambda: (
        Visit.objects.filter(
            technician__any=IDS,
            start__gt=Given("earliest", DateTimeField()),
            closed_at__gte=Given("midnight", DateTimeField()),
            arrived_at__isnull=False,
        )
        .order_by("closed_at")
        .values_list("technician_id", *(f"order__site__{name}" for name in WHERE))
    )
)
