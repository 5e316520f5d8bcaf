"""When an order is to be answered: its response target."""

from datetime import datetime, timedelta

from callout.accounts.zone import local
from callout.kernel.actor import Actor
from callout.orders.models import Priority
from callout.workforce.hours import after
from callout.workforce.selectors import opening_hours


def due_at(actor: Actor, priority: Priority, received_at: datetime) -> datetime | None:
    """`received_at` and the priority's hours: around the clock, or within the working hours of the
    company's default calendar as it stands now. None for no target."""
    if not priority.response_hours:
        return None
    length = timedelta(hours=priority.response_hours)
    if not priority.working_hours_only:
        return received_at + length
    opening = opening_hours(actor=actor, first=local(received_at).date())
    if opening is None:
        return received_at + length
    return after(received_at, length, opening.week, opening.holidays)
