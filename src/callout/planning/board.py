"""The board: technicians as rows, their time across, and every visit with its course.

As many queries for two hundred technicians and a month as for one and a day.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from callout.accounts.zone import company_zone, day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.prepared import Given, Prepared
from callout.orders.lifecycle import Outcome
from callout.orders.models import Assignment
from callout.orders.policy import manager_required
from callout.orders.services.booking import LONGEST
from callout.planning.fit.course import Course, courses_of
from callout.travel.areas import place_at
from callout.travel.book import book_open
from callout.travel.estimate import travel_leg
from callout.workforce.hours import Interval
from callout.workforce.models import Technician
from callout.workforce.policy import visible_technicians
from callout.workforce.selectors import Away, technician_days
from callout.workforce.selectors.technicians import SKILLS

MOST_DAYS = 31
MOST_ROWS = 500
# What stood on the board and was taken off it again is history, not a day's work.
SHOWN = (Outcome.DONE, Outcome.HANDED_BACK, Outcome.CUSTOMER_ABSENT)
ORDER = "visit__order__"
# What is read of each visit, by the name that it has in a bar.
READ = {
    **{name: f"visit__{name}" for name in (
        "version", "status", "outcome", "pinned", "expected_end", "promise_from",
        "promise_to", "departed_at", "arrived_at", "closed_at", "vehicle_id", "order_id",
        "entered_afterwards",
    )},
    "number": f"{ORDER}number",
    "order_version": f"{ORDER}version",
    "stage": f"{ORDER}stage",
    "title": f"{ORDER}title",
    "priority_rank": f"{ORDER}priority_id",
    "due_at": f"{ORDER}due_at",
    "answered_at": f"{ORDER}answered_at",
    "absent": f"{ORDER}absent_count",
    "customer": f"{ORDER}customer__name",
    "town": f"{ORDER}site__town",
    "latitude": f"{ORDER}site__latitude",
    "longitude": f"{ORDER}site__longitude",
    "postcode": f"{ORDER}site__postcode",
    "type": f"{ORDER}type__name",
    "type_icon": f"{ORDER}type__icon",
}  # fmt: skip
OWN = ("technician_id", "role", "start", "end", "visit_id", "is_open", "allow_overlap", "seen_at")


@dataclass(slots=True)
class Bar:
    """One visit in one technician's row: what is read of it (OWN and the names of READ), and its
    course. A helper's bar is the same visit in the helper's row."""

    visit: Any
    course: Course

    @property
    def is_helper(self) -> bool:
        """Whether the technician of this row only goes along."""
        return bool(self.visit.role == Assignment.HELPER)

    @property
    def overlaps_on_purpose(self) -> bool:
        """Whether somebody has allowed it. What was only recorded afterwards was no plan."""
        return bool(self.visit.allow_overlap and not self.visit.entered_afterwards)

    @property
    def promise_broken(self) -> bool:
        """Whether the slot of what is still open begins outside what was promised."""
        one = self.visit
        if not one.is_open or one.promise_from is None or one.promise_to is None:
            return False
        return not one.promise_from <= one.start <= one.promise_to

    @property
    def target_at(self) -> datetime | None:
        """The order's response target, until somebody was there."""
        found: datetime | None = self.visit.due_at if self.visit.answered_at is None else None
        return found

    @property
    def target_late(self) -> bool:
        """Whether the slot begins after the response target."""
        return self.target_at is not None and bool(self.visit.start > self.target_at)


@dataclass(frozen=True, slots=True)
class Row:
    """A technician's hours, absences, holidays and visits in the range, in order of time."""

    technician: Technician
    hours: list[Interval]
    absences: list[Away]
    holidays: Mapping[date, str]
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Board:
    """The company's days `first` to `last`, as they are `now`."""

    first: date
    last: date
    now: datetime
    rows: list[Row]


def board_read(
    *,
    actor: Actor,
    first: date,
    days: int = 1,
    technician_ids: Sequence[UUID] = (),
    skill_id: UUID | None = None,
) -> Board:
    """The board of some days: of all technicians, or of these, or of those with a skill.

    For managers. Invalid for more than 31 days.
    """
    manager_required(actor)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid({"days": [_("Ask for 1 to %(most)d days.") % {"most": MOST_DAYS}]})
    last = first + timedelta(days=days - 1)
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    team = _team(actor, technician_ids, skill_id)
    ids = [technician.pk for technician in team]
    times = technician_days(actor=actor, technician_ids=ids, days=(first, last), span=(start, end))
    now = clock.now()
    bars = _bars(team, _ASSIGNED.all(ids=ids, start=start, end=end, floor=start - LONGEST), now)
    rows = [
        Row(
            technician=one,
            hours=times.hours.get(one.pk, []),
            absences=times.absences.get(one.pk, []),
            holidays=times.holidays.get(one.pk, {}),
            bars=bars.get(one.pk, []),
        )
        for one in team
    ]
    return Board(first, last, now, rows)


def _team(actor: Actor, ids: Sequence[UUID], skill_id: UUID | None) -> list[Technician]:
    rows = visible_technicians(actor).filter(archived_at__isnull=True)
    rows = rows.select_related("team").prefetch_related(SKILLS)
    if ids:
        rows = rows.filter(pk__in=list(ids))
    if skill_id is not None:
        rows = rows.filter(skills=skill_id)
    return list(rows.order_by("name_sort", "id")[:MOST_ROWS])


def _assigned() -> QuerySet[Assignment, Any]:
    """Whatever touches the range. A visit lasts a day at most: what starts earlier has ended."""
    shown = Q(is_open=True) | Q(visit__outcome__in=[str(one) for one in SHOWN])
    return (
        Assignment.objects.filter(
            shown,
            technician_id__any=Given("ids", UUIDField()),
            start__gt=Given("floor", DateTimeField()),
            start__lt=Given("end", DateTimeField()),
            end__gt=Given("start", DateTimeField()),
        )
        .annotate(**{name: F(path) for name, path in READ.items()})
        .order_by("technician_id", "start", "visit_id")
        .values_list(*OWN, *READ, named=True)
    )


_ASSIGNED: Prepared[Any] = Prepared(_assigned)


def _bars(team: Iterable[Technician], found: Iterable[Any], now: datetime) -> dict[UUID, list[Bar]]:
    zone = company_zone()
    days: dict[tuple[UUID, date], list[Any]] = defaultdict(list)
    for visit in found:
        days[visit.technician_id, visit.start.astimezone(zone).date()].append(visit)
    with book_open() as book:
        bases = {one.pk: place_at(one.latitude, one.longitude, one.postcode) for one in team}
        spots = {
            day: [place_at(one.latitude, one.longitude, one.postcode) for one in visits]
            for day, visits in days.items()
        }
    if book:
        book.learn((bases[who], *places) for (who, _day), places in spots.items())
    bars: dict[UUID, list[Bar]] = defaultdict(list)
    for (technician_id, day), visits in days.items():
        base, places = bases[technician_id], spots[technician_id, day]
        courses = courses_of(visits, places, base=base, now=now, travel=travel_leg)
        bars[technician_id] += [Bar(*pair) for pair in zip(visits, courses, strict=True)]
    return bars
