"""Hours: travel, work and breaks, of an order and of a technician's week; and by hand."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from callout.accounts.zone import day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.orders import policy
from callout.orders.lifecycle import Outcome
from callout.orders.models import Assignment, TimeEntry
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When
from callout.orders.words import time_kinds

MOST = 300
VISITS_BACK = timedelta(days=31)  # how old a visit may be that hours are still entered for
MOST_VISITS = 100


@dataclass(frozen=True, slots=True)
class Hours:
    """One entry. `order` and `bare_number` are "" and 0 without a visit."""

    id: UUID
    version: int
    kind: str
    label: str
    technician: str
    initials: str
    visit: str
    order: str
    bare_number: int
    span: str
    hours: str
    length: str
    running: bool
    by_hand: bool
    note: str


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """All entries, the latest first, and the sum of each kind."""

    entries: list[Hours]
    sums: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DayTimes:
    """One day of a technician's week."""

    heading: str
    entries: list[Hours]


@dataclass(frozen=True, slots=True)
class WeekTimes:
    """A technician's week, Monday to Sunday, the days that have hours; the sum of each kind."""

    first: date
    last: date
    days: list[DayTimes]
    sums: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody on a visit, for whom hours may be entered."""

    visit_id: UUID
    technician_id: UUID
    visit: str
    name: str
    start: datetime


def order_times(*, actor: Actor, order_id: UUID, when: When) -> OrderTimes:
    """The hours of an order that `actor` sees; a technician's own only."""
    rows = policy.times_visible(actor).filter(
        visit__order=order_id, visit__order__in=policy.orders_visible(actor)
    )
    found = list(_reading(rows).order_by("-start", "-id")[:MOST])
    return OrderTimes(entries=[_hours(row, when) for row in found], sums=_sums(found, when))


def week_times(*, actor: Actor, technician_id: UUID, day: date, when: When) -> WeekTimes:
    """The hours of a technician in the week of `day`, by the company's days."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    rows = policy.times_visible(actor).filter(
        technician=technician_id, start__gte=start, start__lt=end
    )
    found = list(_reading(rows).order_by("start", "id")[:MOST])
    by_day: dict[date, list[TimeEntry]] = defaultdict(list)
    for row in found:
        by_day[when.local(row.start).date()].append(row)
    return WeekTimes(
        first=first,
        last=last,
        days=[
            DayTimes(when.heading(one), [_hours(row, when) for row in rows])
            for one, rows in by_day.items()
        ],
        sums=_sums(found, when),
    )


def time_entry_get(*, actor: Actor, time_entry_id: UUID) -> TimeEntry:
    """One entry that `actor` sees, with its technician, visit and order."""
    row = _reading(policy.times_visible(actor)).filter(pk=time_entry_id).first()
    if row is None:
        raise NotFound
    return row


def time_entry_page(
    *,
    actor: Actor,
    technician_id: UUID | None = None,
    order_id: UUID | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TimeEntry]:
    """Hours that `actor` sees, the latest first; those that begin in `start` to `end`."""
    rows = _reading(policy.times_visible(actor))
    asked = {
        "technician": technician_id,
        "visit__order": order_id,
        "start__gte": start,
        "start__lt": end,
    }
    rows = rows.filter(**{name: value for name, value in asked.items() if value is not None})
    return page(rows, ("-start", "-id"), cursor=cursor, limit=limit)


def times_over(*, actor: Actor, entry: TimeEntry, when: When) -> list[str]:
    """Other hours of the same technician in the same time, in words: they would count twice."""
    rows = policy.times_visible(actor).filter(technician=entry.technician_id)
    rows = rows.filter(Q(end__isnull=True) | Q(end__gt=entry.start), start__lt=entry.end)
    labels = time_kinds()
    return [
        " ".join(word for word in (labels[row.kind], _span(row, when), _order(row)) if word)
        for row in _reading(rows.exclude(pk=entry.pk)).order_by("start")[:5]
    ]


def goers(*, actor: Actor, order_id: UUID) -> list[Goer]:
    """Who went or goes on the order's visits: the current visit first, the responsible first."""
    policy.manager_required(actor)
    rows = Assignment.objects.filter(
        visit__order=order_id, visit__order__in=policy.orders_visible(actor)
    ).exclude(visit__outcome=Outcome.UNPLANNED)
    found = sorted(rows.select_related("visit__order", "technician"), key=_first_who_answers)
    return [
        Goer(
            visit_id=row.visit_id,
            technician_id=row.technician_id,
            name=row.technician.name,
            visit=_("Visit %(count)d") % {"count": row.visit.sequence},
            start=row.visit.start,
        )
        for row in found
    ]


def _first_who_answers(row: Assignment) -> tuple[bool, int, bool, str]:
    visit = row.visit
    elsewhere = visit.pk != visit.order.visit_id
    return elsewhere, -visit.sequence, row.role != Assignment.RESPONSIBLE, row.technician.name


def visits_of(*, actor: Actor, technician_id: UUID) -> list[tuple[UUID, str]]:
    """The visits of the last month that a technician went on, in words, the latest first."""
    policy.manager_required(actor)
    now = clock.now()
    rows = policy.own_assignments(technician_id).filter(start__gt=now - VISITS_BACK, start__lte=now)
    when = When()
    return [
        (row.visit_id, _visit_words(row, when))
        for row in rows.select_related("visit__order__customer").order_by("-start")[:MOST_VISITS]
    ]


def _visit_words(row: Assignment, when: When) -> str:
    order = row.visit.order
    return f"{order_number(order.number)} {order.customer.name} · {when.full(row.start)}"


def _reading(rows: QuerySet[TimeEntry]) -> QuerySet[TimeEntry]:
    return rows.select_related("technician", "visit__order").defer(
        "visit__order__search", "visit__order__description", "visit__order__title"
    )


def _sums(rows: Iterable[TimeEntry], when: When) -> list[tuple[str, str]]:
    sums: dict[str, timedelta] = defaultdict(timedelta)
    for row in rows:
        sums[row.kind] += (row.end or clock.now()) - row.start
    kinds = [(kind, label) for kind, label in time_kinds().items() if kind in sums]
    return [(label, when.span(sums[kind], least=0)) for kind, label in kinds]


def _hours(row: TimeEntry, when: When) -> Hours:
    end = row.end or clock.now()
    visit = row.visit
    return Hours(
        id=row.pk,
        version=row.version,
        kind=row.kind,
        label=time_kinds()[row.kind],
        technician=row.technician.name,
        initials=row.technician.initials,
        visit=_("Visit %(count)d") % {"count": visit.sequence} if visit else "",
        order=_order(row),
        bare_number=visit.order.number if visit else 0,
        span=_span(row, when),
        hours=f"{when.time(row.start)}–{when.time(row.end)}" if row.end else when.time(row.start),
        length=when.span(end - row.start, least=0),
        running=row.end is None,
        by_hand=not row.derived,
        note=row.note,
    )


def _span(row: TimeEntry, when: When) -> str:
    return when.slot_full(row.start, row.end) if row.end else when.full(row.start)


def _order(row: TimeEntry) -> str:
    return order_number(row.visit.order.number) if row.visit else ""
