"""What the rules ask, loaded as plain rows: a board in four messages, however many are on it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from callout.accounts.company import company
from callout.accounts.zone import company_zone, day_bounds
from callout.customers.models import Site
from callout.customers.policy import visible_sites
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.hours import Week
from callout.kernel.prepared import Given, Prepared, together
from callout.orders.lifecycle import Outcome, Status
from callout.orders.models import Assignment, InterventionType, Visit
from callout.orders.numbers import order_number
from callout.orders.policy import manager_required
from callout.planning.person import LONGEST, Absence, Interval, Job, Person, Stop, joined
from callout.planning.question import Question
from callout.travel.estimate import Place, place
from callout.workforce.hours import worked
from callout.workforce.models import Skill, Technician
from callout.workforce.selectors import technician_days

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Ask:
    """The job to find a slot for, before or after there is an order.

    `moving` is the visit that a new slot replaces: it is not in its own way. Its helpers come
    along; `pinned` and `begun` are what it is.
    """

    site_id: UUID
    duration_minutes: int
    type_id: UUID | None = None
    not_before: datetime | None = None
    wish_not_before: datetime | None = None
    wish_due: datetime | None = None
    wish_from: time | None = None
    wish_to: time | None = None
    due_at: datetime | None = None
    promise_from: datetime | None = None
    promise_to: datetime | None = None
    moving: UUID | None = None
    helper_ids: tuple[UUID, ...] = ()
    pinned: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The company's days that are looked at, and one at either side, for nights."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def around(cls, start: datetime, end: datetime) -> "Days":
        """Those of a span of time."""
        zone, one = company_zone(), timedelta(days=1)
        return cls(start.astimezone(zone).date() - one, end.astimezone(zone).date() + one, zone)

    @property
    def span(self) -> Interval:
        """From the first midnight to the last."""
        return day_bounds(self.first)[0], day_bounds(self.last)[1]


def question(
    actor: Actor,
    ask: Ask,
    days: Days,
    *,
    not_before: datetime,
    only: UUID | None = None,
    also: Collection[UUID] = (),
) -> Question:
    """Of everybody who can be planned (and `also` those who perhaps cannot), or of `only` one.

    As many messages for two hundred people as for one.
    """
    manager_required(actor)
    job = job_of(actor, ask, days)
    people = team(
        actor, days,
        only=[only, *ask.helper_ids] if only else (), also=[*also, *ask.helper_ids],
        moving=[ask.moving] if ask.moving else (),
    )  # fmt: skip
    job = replace(job, helpers=tuple(one for one in people if one.id in ask.helper_ids))
    if only is None:
        asked = [one for one in people if not one.archived or one.id in also]
    else:
        asked = [one for one in people if one.id == only]
    return Question(days.zone, job, asked, clock.now(), not_before)


def team(
    actor: Actor,
    days: Days,
    *,
    only: Collection[UUID] = (),
    also: Collection[UUID] = (),
    moving: Collection[UUID] = (),
) -> list[Person]:
    """All who can be planned by name, and `also` those who perhaps cannot; or `only` some.

    The visits `moving` are not among their stops.
    """
    rows = CHOSEN.all(ids=list(only)) if only else TEAM.all(ids=list(also))
    people = [
        Person(
            id=pk, name=name, initials=initials, town=town, base=place(latitude, longitude),
            skills=frozenset(skills), archived=archived_at is not None,
        )
        for pk, name, initials, town, latitude, longitude, archived_at, skills in rows
    ]  # fmt: skip
    return with_days(actor, people, days, moving=moving)


def with_days(
    actor: Actor, people: Iterable[Person], days: Days, *, moving: Collection[UUID] = ()
) -> list[Person]:
    """The same people with hours, absences and stops of these days: two messages."""
    people = list(people)
    ids = [one.id for one in people]
    start, end = days.span
    hours, absences = technician_days(
        actor=actor, technician_ids=ids, days=(days.first, days.last), span=(start, end)
    )
    stops = _stops(ids, days, moving)
    return [
        Person(
            id=one.id, name=one.name, initials=one.initials, town=one.town, base=one.base,
            skills=one.skills, archived=one.archived, hours=joined(hours.get(one.id, [])),
            absences=tuple(
                Absence(away.start, away.end, away.label) for away in absences.get(one.id, ())
            ),
            stops=tuple(stops[one.id]),
        )
        for one in people
    ]  # fmt: skip


def person_of(technician: Technician) -> Person:
    """Of a row that is there already; its skills are not asked."""
    return Person(
        id=technician.pk,
        name=technician.name,
        base=place(technician.latitude, technician.longitude),
        archived=technician.archived_at is not None,
    )


def _stops(ids: list[UUID], days: Days, moving: Collection[UUID]) -> Mapping[UUID, list[Stop]]:
    start, end = days.span
    firm = company()
    stops: dict[UUID, list[Stop]] = {one: [] for one in ids}
    rows = ASSIGNED.all(ids=ids, earliest=start - 3 * LONGEST, end=end + LONGEST)
    for technician_id, begin, finish, expected, *rest in rows:
        visit_id, status, pinned, order_id, number, latitude, longitude = rest
        if visit_id in moving:
            continue
        stops[technician_id].append(
            Stop(
                start=begin,
                end=finish,
                # What is known to take longer is taken longer.
                until=max(finish, expected or finish),
                day=begin.astimezone(days.zone).date(),
                place=place(latitude, longitude),
                name=order_number(number, firm),
                order_id=order_id,
                visit_id=visit_id,
                pinned=pinned,
                under_way=status != Status.PLANNED,
            )
        )
    return stops


def job_of(actor: Actor, ask: Ask, days: Days) -> Job:
    """The job of a question: site, the skills that its type needs, who has been there."""
    site = visible_sites(actor).filter(pk=ask.site_id).first()
    if site is None:
        raise Invalid({"site_id": [_("Choose a site or an asset.")]})
    skills, known = together(SKILLS.ask(type=ask.type_id or NOBODY), KNOWN.ask(site=ask.site_id))
    return replace(
        job_at(ask, days, site),
        skills=dict(skills),
        known=frozenset(technician_id for (technician_id,) in known),
    )


def jobs_of(actor: Actor, asks: Collection[Ask], days: Days) -> list[Job]:
    """The jobs of several questions. Who has been there is left out: nothing is refused for it."""
    sites = {one.pk: one for one in visible_sites(actor).filter(pk__in={a.site_id for a in asks})}
    needed: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    types = [one.type_id for one in asks if one.type_id]
    for type_id, skill_id, name in NEEDED.all(types=types):
        needed[type_id][skill_id] = name
    return [
        replace(job_at(ask, days, sites[ask.site_id]), skills=needed[ask.type_id or NOBODY])
        for ask in asks
    ]


def job_at(ask: Ask, days: Days, site: Site) -> Job:
    """The same as far as it bears on which slots are free: nothing is asked."""
    return Job(
        duration=timedelta(minutes=ask.duration_minutes),
        place=place(site.latitude, site.longitude),
        open=_open(site.opening_hours, days),
        wish_not_before=ask.wish_not_before,
        wish_due=ask.wish_due,
        wish_from=ask.wish_from,
        wish_to=ask.wish_to,
        target=ask.due_at,
        promise_from=ask.promise_from,
        promise_to=ask.promise_to,
        pinned=ask.pinned,
        begun=ask.begun,
    )


def _open(week: Week | None, days: Days) -> tuple[Interval, ...] | None:
    return None if week is None else joined(worked([(days.first, week)], days.first, days.last))


def last_places(ids: list[UUID], zone: ZoneInfo, now: datetime) -> dict[UUID, Place]:
    """Where each was last on a visit that has ended today."""
    midnight = day_bounds(now.astimezone(zone).date())[0]
    rows = ENDED.all(ids=ids, earliest=midnight - LONGEST, midnight=midnight)
    found = {one: place(latitude, longitude) for one, latitude, longitude in rows}
    return {one: there for one, there in found.items() if there is not None}


# --- the statements, made once -------------------------------------------------------------------

IDS = Given("ids", UUIDField())
ROW = ("id", "name", "initials", "town", "latitude", "longitude", "archived_at", "has")
Rows = QuerySet[Any, tuple[Any, ...]]


def _people() -> Rows:
    has = Technician.skills.through.objects.filter(technician=OuterRef("pk"))
    rows = Technician.objects.annotate(has=ArraySubquery(has.values("skill_id")))
    return rows.order_by("name_sort", "id").values_list(*ROW)


TEAM = Prepared(lambda: _people().filter(Q(archived_at__isnull=True) | Q(pk__any=IDS)))
CHOSEN = Prepared(lambda: _people().filter(pk__any=IDS))
ASSIGNED = Prepared(
    lambda: (
        Assignment.objects.filter(
            technician__any=IDS,
            is_open=True,
            start__gt=Given("earliest", DateTimeField()),
            start__lt=Given("end", DateTimeField()),
        )
        .order_by("start", "id")
        .values_list(
            *("technician_id", "start", "end", "visit__expected_end"),
            *("visit_id", "visit__status", "visit__pinned"),
            *("visit__order_id", "visit__order__number"),
            *("visit__order__site__latitude", "visit__order__site__longitude"),
        )
    )
)
SKILLS = Prepared(
    lambda: (
        Skill.objects.filter(
            pk__in=InterventionType.skills.through.objects.filter(
                interventiontype=Given("type", UUIDField())
            ).values("skill_id")
        )
        .order_by("name_sort")
        .values_list("id", "name")
    )
)
NEEDED = Prepared(
    lambda: (
        InterventionType.skills.through.objects.filter(
            interventiontype__any=Given("types", UUIDField())
        )
        .order_by("skill__name_sort")
        .values_list("interventiontype_id", "skill_id", "skill__name")
    )
)
KNOWN = Prepared(
    lambda: (
        Visit.objects.filter(order__site=Given("site", UUIDField()), outcome=Outcome.DONE.value)
        .order_by()
        .values_list("technician_id")
        .distinct()
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
        .values_list("technician_id", "order__site__latitude", "order__site__longitude")
    )
)
