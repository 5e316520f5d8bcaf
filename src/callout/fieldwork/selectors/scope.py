"""Which visits a phone holds: its technician's own, of these days."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from callout.accounts.zone import day_bounds, today
from callout.fieldwork.models import InboxCommand
from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.models import Assignment

DAYS_BACK, DAYS_AHEAD = 2, 7


def own_work(actor: Actor) -> list[Assignment]:
    """What the technician goes on (helpers too), by its start: from 2 days back to 7 ahead, what
    is still open from before, and what has entries that wait for an answer."""
    if not actor.is_technician or actor.technician_id is None:
        return []
    start, _end = day_bounds(today() - timedelta(days=DAYS_BACK))
    _start, end = day_bounds(today() + timedelta(days=DAYS_AHEAD))
    undone = InboxCommand.objects.filter(visit=OuterRef("visit"), outcome__in=["", "held"])
    waits = Exists(undone.filter(technician=actor.technician_id))
    of_these_days = Q(start__gte=start, start__lt=end) | Q(is_open=True, start__lt=start)
    rows = policy.own_assignments(actor.technician_id).filter(of_these_days | Q(waits))
    return list(rows.order_by("start", "id"))
