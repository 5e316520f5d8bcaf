"""The days of technicians as the slot rules ask for them, loaded in two messages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, UUIDField

from callout.accounts.zone import at, company_zone, day_bounds, local
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared
from callout.orders.models import Assignment
from callout.orders.services.booking import LONGEST
from callout.planning.slots import Question, Stop, Window
from callout.travel.estimate import Place, place, travel_estimate
from callout.workforce.models import Technician
from callout.workforce.selectors import technician_days


@dataclass(frozen=True, slots=True)
class Wish:
    """When the customer would like it: not before, and hours of the day (either may be open)."""

    not_before: datetime | None = None
    hour_from: time | None = None
    hour_to: time | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One technician's working hours and what is taken of them, from `first` to `last` day."""

    technician: Technician
    hours: list[tuple[datetime, datetime]]
    stops: list[Stop]

    def question(
        self, *, minutes: int, not_before: datetime, where: Place | None, wish: Wish
    ) -> Question:
        """What the slot rules are asked for a job of `minutes` at `where`."""
        duration = timedelta(minutes=minutes)
        return Question(
            windows=list(_windows(self.hours, duration, wish)),
            stops=self.stops,
            duration=duration,
            not_before=max(not_before, wish.not_before or not_before),
            place=where,
            base=place(self.technician.latitude, self.technician.longitude),
            travel=travel_estimate,
        )


def agendas(
    actor: Actor, technicians: Iterable[Technician], first: date, last: date
) -> dict[UUID, Agenda]:
    """The agendas of `technicians` for the company's days `first` to `last`, in two messages."""
    rows = list(technicians)
    ids = [row.pk for row in rows]
    start, end = day_bounds(first)[0], day_bounds(last)[1]
    hours, absences = technician_days(
        actor=actor, technician_ids=ids, days=(first, last), span=(start, end)
    )
    stops: dict[UUID, list[Stop]] = {one: [] for one in ids}
    for technician_id, spans in absences.items():
        for span in spans:
            stops[technician_id].append(Stop(local(span.start).date(), span.start, span.end, None))
    zone = company_zone()
    for technician_id, begin, finish, expected, latitude, longitude in _assigned(ids, start, end):
        # What is known to take longer is taken longer.
        until = max(finish, expected or finish)
        day = begin.astimezone(zone).date()
        stops[technician_id].append(Stop(day, begin, until, place(latitude, longitude)))
    return {
        row.pk: Agenda(row, hours.get(row.pk, []), sorted(stops[row.pk], key=lambda s: s.start))
        for row in rows
    }


def _assigned(ids: list[UUID], start: datetime, end: datetime) -> Iterable[tuple[Any, ...]]:
    """Technician, start, end, expected end and position of what is open: plain, as it is many."""
    # A visit lasts a day at most: what starts earlier than that has ended.
    return ASSIGNED.all(ids=ids, earliest=start - LONGEST, end=end)


ASSIGNED = Prepared(
    lambda: Assignment.objects.filter(
        technician__any=Given("ids", UUIDField()),
        is_open=True,
        start__gt=Given("earliest", DateTimeField()),
        start__lt=Given("end", DateTimeField()),
    ).values_list(
        *("technician_id", "start", "end", "visit__expected_end"),
        *("visit__order__site__latitude", "visit__order__site__longitude"),
    )
)


def _windows(
    hours: list[tuple[datetime, datetime]], duration: timedelta, wish: Wish
) -> Iterable[Window]:
    """Windows for a job: the working hours, or the whole day where no part of it is long enough.

    A job longer than the morning and the afternoon spans the lunch between them.
    """
    days: dict[date, list[tuple[datetime, datetime]]] = {}
    for start, end in hours:
        days.setdefault(local(start).date(), []).append((start, end))
    for day, spans in sorted(days.items()):
        if all(end - start < duration for start, end in spans):
            spans = [(min(start for start, _ in spans), max(end for _, end in spans))]
        earliest = at(day, wish.hour_from) if wish.hour_from else spans[0][0]
        latest = at(day, wish.hour_to) if wish.hour_to else max(end for _, end in spans)
        for start, end in spans:
            yield Window(day, start, end, earliest, latest)
