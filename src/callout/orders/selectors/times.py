"""The hours of an order: travel, work and breaks of everybody who was on it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.models import TimeEntry
from callout.orders.selectors.when import When

MOST = 300


@dataclass(frozen=True, slots=True)
class Hours:
    """One entry."""

    kind: str
    label: str
    technician: str
    initials: str
    span: str
    length: str
    running: bool
    by_hand: bool
    note: str


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """All entries, the latest first, and the sum of each kind."""

    entries: list[Hours]
    sums: list[tuple[str, str]]


def order_times(*, actor: Actor, order_id: UUID, when: When) -> OrderTimes:
    """The hours of an order that `actor` sees; a technician's own only."""
    rows = TimeEntry.objects.filter(
        visit__order=order_id, visit__order__in=policy.orders_visible(actor)
    )
    if not actor.is_manager:
        rows = rows.filter(technician=actor.technician_id)
    found = list(rows.select_related("technician").order_by("-start", "-id")[:MOST])
    labels = kind_labels()
    sums: dict[str, timedelta] = defaultdict(timedelta)
    for row in found:
        sums[row.kind] += (row.end or clock.now()) - row.start
    return OrderTimes(
        entries=[_hours(row, when, labels) for row in found],
        sums=[(labels[kind], when.span(sums[kind])) for kind in labels if kind in sums],
    )


def _hours(row: TimeEntry, when: When, labels: dict[str, str]) -> Hours:
    end = row.end or clock.now()
    return Hours(
        kind=row.kind,
        label=labels[row.kind],
        technician=row.technician.name,
        initials=row.technician.initials,
        span=when.slot_full(row.start, end) if row.end else when.full(row.start),
        length=when.span(end - row.start),
        running=row.end is None,
        by_hand=not row.derived,
        note=row.note,
    )


def kind_labels() -> dict[str, str]:
    """Kinds of time, in the order of a day."""
    return {
        TimeEntry.TRAVEL: _("Travel"),
        TimeEntry.WORK: _("Work"),
        TimeEntry.BREAK: _("Break"),
        TimeEntry.OTHER: _("Other"),
    }
