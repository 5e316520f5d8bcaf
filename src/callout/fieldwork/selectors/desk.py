"""What else the office's desk shows: commands that are held, and how much there is to look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, QuerySet, Value

from callout.accounts.device_selectors import UNSENT_OLD, devices_waiting, waiting_rows
from callout.accounts.models import Device
from callout.fieldwork.models import InboxCommand, LateReport, VisitPhoto
from callout.fieldwork.selectors.beside import MISSING_FOR, missing_rows, photos_missing
from callout.fieldwork.selectors.late import Report, late_reports, late_reports_decided
from callout.fieldwork.selectors.said import Line, lines_of
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared, together
from callout.orders import policy
from callout.orders.models import Note
from callout.orders.numbers import order_number
from callout.orders.selectors.beside import notes_on_desk, on_desk

HELD_FOR = timedelta(hours=1)
MOST = 100


@dataclass(frozen=True, slots=True)
class Held:
    """A command that could not be carried out yet: a fault of ours, tried again by itself."""

    line: Line
    number: str  # of the order, "" where it names none of theirs
    bare_number: int
    technician: str
    phone: str
    received_at: datetime
    tries: int
    code: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that waits for somebody in the office, and what was decided lately."""

    reports: list[Report]
    notes: list[Note]
    held: list[Held]
    photos: list[VisitPhoto]
    phones: list[Device]
    decided: list[Report]

    @property
    def count(self) -> int:
        """How much there is to look at."""
        lists = (self.reports, self.notes, self.held, self.photos, self.phones)
        return sum(len(one) for one in lists)


def desk(*, actor: Actor) -> Desk:
    """For managers. A number of queries that nothing grows."""
    policy.manager_required(actor)
    return Desk(
        reports=late_reports(actor=actor),
        notes=notes_on_desk(actor=actor),
        held=_held(),
        photos=photos_missing(actor=actor),
        phones=devices_waiting(actor=actor),
        decided=late_reports_decided(actor=actor),
    )


def desk_count(*, actor: Actor) -> int:
    """The same count, for every page's frame: one message of five counts, each by a partial index
    of what is open (of phones, of which there are few, by reading them all)."""
    policy.manager_required(actor)
    now = clock.now()
    moments = {
        "now": now,
        "held": now - HELD_FOR,
        "missing": now - MISSING_FOR,
        "unsent": now - UNSENT_OLD,
    }
    return sum(sum(rows) for rows in together(*(one.ask(**moments) for one in COUNTS)))


def _moment(name: str) -> Given:
    return Given(name, DateTimeField())


def _counted(make: Callable[[], "QuerySet[Any]"]) -> Prepared[int]:
    """How many rows there are; no row at all for none."""
    return Prepared(
        lambda: (
            make()
            .order_by()
            .annotate(one=Value(1))
            .values("one")
            .annotate(count=Count("pk"))
            .values_list("count", flat=True)
        )
    )


def _held_rows(before: Any) -> "QuerySet[InboxCommand]":
    return InboxCommand.objects.filter(outcome__in=["", "held"], received_at__lt=before)


COUNTS = (
    _counted(lambda: LateReport.objects.filter(decided_at=None)),
    _counted(on_desk),
    _counted(lambda: _held_rows(_moment("held"))),
    _counted(lambda: missing_rows(_moment("missing"))),
    _counted(lambda: waiting_rows(_moment("now"), _moment("unsent"))),
)


def _held() -> list[Held]:
    rows = (
        _held_rows(clock.now() - HELD_FOR)
        .select_related("user", "device", "visit__order")
        .order_by("received_at")
    )
    found = {row.pk: row for row in rows[:MOST]}
    return [_held_view(found[line.id], line) for line in lines_of(found.values())]


def _held_view(row: InboxCommand, line: Line) -> Held:
    order = row.visit.order if row.visit else None
    return Held(
        line=line,
        number=order_number(order.number) if order else "",
        bare_number=order.number if order else 0,
        technician=row.user.name,
        phone=row.device.name,
        received_at=row.received_at,
        tries=row.tries,
        code=row.code,
    )
