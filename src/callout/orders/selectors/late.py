"""What is late, and what is at risk of it: said here, and nowhere else.

An order is late when it is to plan and its response target has passed unanswered: the first arrival
on any of its visits answers it, whatever came of that visit. And when it is planned and the visit
runs late: nobody is there though the slot has begun or the promise has ended, or it runs over its
end and what was told of it. What waits is not late, nor what has ended. What is planned for later
than its target is at risk, and decided: it is late when its visit is.

Each twice, and a test holds them together: in Python for the rows that are shown, and as conditions
for the lists that are filtered. The conditions are written so that indexes know them: what is to
plan by its target (order_due), what is planned by its start (order_planned) or for later than its
target (order_missed), open visits by their promise (visit_promise). So no list reads all that is
planned.
"""

from datetime import date, datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, DateTimeField, F, Q

from callout.kernel.prepared import Given
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import ServiceOrder, Visit

NOT_THERE = (Status.PLANNED.value, Status.EN_ROUTE.value)
THERE = (Status.ON_SITE.value, Status.WORKING.value, Status.BREAK.value)
PROMISE_SOON = timedelta(minutes=30)  # until the promised arrival ends, and nobody has left

NOW, RISK, PROMISE, SOON = (
    Given(name, DateTimeField()) for name in ("now", "risk_until", "promise_until", "soon")
)
TODAY, TOMORROW = (Given(name, DateField()) for name in ("today", "tomorrow"))
NONE = Q(pk__isnull=True)


# --- of what is shown ----------------------------------------------------------------------------


def visit_late_since(
    status: str | None,
    start: datetime | None,
    end: datetime | None,
    expected: datetime | None,
    promise_to: datetime | None,
) -> datetime | None:
    """Since when an open visit runs late if that has passed: not there, or over its end."""
    if start is None or end is None:
        return None
    if status in NOT_THERE:
        return min(start, promise_to) if promise_to else start
    if status in THERE:
        return max(end, expected) if expected else end
    return None


def promise_left(begins: datetime | None, until: datetime | None, start: datetime) -> bool:
    """Whether a slot begins outside the arrival that was promised, if one was."""
    return begins is not None and until is not None and not begins <= start <= until


def target_counts(
    target: datetime | None,
    now: datetime,
    *,
    stage: str,
    status: str | None,
    start: datetime | None,
    waits: bool,
) -> bool:
    """Whether the response target matters now: of what is to plan and does not wait; and of what is
    planned and will miss it, or has. `target` is None once it is answered, `start` the slot's where
    the reader may know it."""
    if target is None or waits:
        return False
    if stage == Stage.NEW:
        return True
    if status not in NOT_THERE or start is None:
        return False
    return start > target or max(start, target) < now


def is_late(order: ServiceOrder, visit: Visit | None, now: datetime, day: date) -> bool:
    """Whether the order is late. `visit` is its current one, where the reader may know it; `day`
    is today."""
    since = None
    if visit is not None and visit.is_open:
        since = visit_late_since(
            visit.status, visit.start, visit.end, visit.expected_end, visit.promise_to
        )
    until = order.waiting_until
    if order.stage == Stage.NEW and not (order.waiting_for and until and until > day):
        since = order.target_at
    return since is not None and since < now


# --- of what is looked for -----------------------------------------------------------------------


def late_of(stage: Stage) -> Q:
    """The late orders of a stage."""
    return target_missed(stage) | visit_late(stage)


def target_missed(stage: Stage) -> Q:
    """To plan, and the response target has passed unanswered."""
    return _to_answer(NOW) if stage is Stage.NEW else NONE


def risk_of(stage: Stage) -> Q:
    """The same, or there is little time left. Or it is planned for later than its target, or late
    for a slot that would have met it, and nobody is there."""
    if stage is Stage.NEW:
        return _to_answer(RISK)
    if stage is Stage.PLANNED:
        misses = Q(start__gt=F("due_at")) | Q(start__lt=NOW, due_at__lt=NOW)
        return Q(technician_status__in=NOT_THERE, answered_at__isnull=True) & misses
    return NONE


def _to_answer(until: Given) -> Q:
    return Q(due_at__lt=until, answered_at__isnull=True) & waits_not(TODAY)


def visit_late(stage: Stage) -> Q:
    """Planned, and nobody there when the slot began or the promise ended; or running over."""
    if stage is not Stage.PLANNED:
        return NONE
    not_there = Q(technician_status__in=NOT_THERE)
    told = Q(visit__expected_end__isnull=True) | Q(visit__expected_end__lt=NOW)
    begun = Q(start__lt=NOW) & (not_there | Q(end__lt=NOW) & told)
    return begun | Q(visit_id__any=_promised(Q(promise_to__lt=NOW))) & not_there


def late_soon(stage: Stage, *, overnight: bool) -> Q:
    """All that becomes late between now and soon if nothing happens, and perhaps some more.
    `overnight`: midnight lies between the two, and what waits until tomorrow is back then."""
    if stage is Stage.NEW:
        found = _to_answer(SOON) & Q(due_at__gte=NOW)
        back = Q(due_at__lt=SOON, answered_at__isnull=True, waiting_until=TOMORROW)
        return found | back if overnight else found
    if stage is not Stage.PLANNED:
        return NONE
    not_there, there = Q(technician_status__in=NOT_THERE), Q(technician_status__in=THERE)
    ends = Q(end__gte=NOW, end__lt=SOON) | Q(visit__expected_end__gte=NOW)
    begun = Q(start__lt=SOON) & (Q(start__gte=NOW) & not_there | ends & there)
    return begun | Q(visit_id__any=_promised(Q(promise_to__gte=NOW, promise_to__lt=SOON)))


def promise_breaks(stage: Stage) -> Q:
    """Planned to begin outside what was promised; or nobody is there, and the promise has passed,
    or ends soon while nobody has left."""
    if stage is not Stage.PLANNED:
        return NONE
    outside = Q(start__gt=F("promise_to")) | Q(start__lt=F("promise_from"))
    soon = Q(status=Status.PLANNED, promise_to__lt=PROMISE)
    broken = _promised(outside | soon | Q(promise_to__lt=NOW))
    return Q(technician_status__in=NOT_THERE, visit_id__any=broken)


def _promised(which: Q) -> ArraySubquery:
    """The open visits with a promise of which that is so: they have an index of their own."""
    rows = Visit.objects.filter(which, is_open=True, promise_to__isnull=False)
    return ArraySubquery(rows.values("pk"))


def waits_not(day: Given | date) -> Q:
    """Waiting for nothing, or back on this day."""
    return Q(waiting_for="") | Q(waiting_until__isnull=True) | Q(waiting_until__lte=day)
