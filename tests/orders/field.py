"""A day in the field as a test tells it: what is tapped when, and when it arrives."""

from datetime import datetime
from typing import Any

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.models import ServiceOrder, TimeEntry, TimelineEntry
from callout.orders.services import Command, Placed, step_place
from tests.orders.conftest import MORNING


def at(clock_time: str) -> datetime:
    """A time of the morning's day (08:30), or a whole moment."""
    if len(clock_time) > len("08:30"):
        return datetime.fromisoformat(clock_time)
    hours, minutes = clock_time.split(":")
    return MORNING.replace(hour=int(hours), minute=int(minutes))


def arrives(when: str) -> Any:
    """As if it were that time: what is told then is received then."""
    return clock.freeze(at(when))


def tap(actor: Actor, order: ServiceOrder, action: str, when: str, **told: Any) -> Placed:
    visit_id = told.pop("visit_id", None) or order.visit_id
    assert visit_id is not None
    return step_place(
        actor=actor,
        visit_id=visit_id,
        action=action,
        command=Command(occurred_at=at(when), **told),
    )


def standing(order: ServiceOrder) -> list[tuple[str, str, str | None]]:
    """The steps of the order by true time: action, when, status after it."""
    rows = TimelineEntry.objects.filter(order=order, undone_at=None)
    rows = rows.exclude(action__in=["plan", "undo", "extend", "reopen"]).order_by("at", "id")
    return [(row.action, row.at.strftime("%H:%M"), row.status) for row in rows]


def hours(order: ServiceOrder) -> list[tuple[str, str, str]]:
    rows = TimeEntry.objects.filter(visit__order=order, derived=True).order_by("start")
    ends = [row.end.strftime("%H:%M") if row.end else "" for row in rows]
    return [(r.kind, r.start.strftime("%H:%M"), e) for r, e in zip(rows, ends, strict=True)]
