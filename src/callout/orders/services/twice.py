"""No hour counts twice: what a technician does on one visit against what they did on others."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import DateTimeField, Q, UUIDField
from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.errors import Refused
from callout.kernel.prepared import Asked, Given, Prepared
from callout.orders.models import TimeEntry, Visit
from callout.orders.numbers import order_number
from callout.orders.services.times import Span

COUNTS = (TimeEntry.TRAVEL, TimeEntry.WORK)
LONGEST = timedelta(days=32)  # no step is dated further back than a month
ELSEWHERE = Prepared(
    lambda: (
        TimeEntry.objects.filter(
            technician=Given("technician", UUIDField()),
            derived=True,
            kind__in=COUNTS,
            start__gt=Given("earliest", DateTimeField()),
        )
        .filter(Q(end__isnull=True) | Q(end__gt=Given("start", DateTimeField())))
        .exclude(visit=Given("visit", UUIDField()))
        .select_related("visit__order")
        .only("start", "end", "visit__order_id", "visit__order__number")
        .order_by("start")
    )
)


def elsewhere_ask(visit: Visit, spans: Iterable[Span]) -> Asked:
    """Asks for the hours of the visit's technician on other visits, since its own began."""
    begun = min((start for _who, _kind, start, _end in spans), default=clock.now())
    return ELSEWHERE.ask(
        technician=visit.technician_id, visit=visit.pk, start=begun, earliest=begun - LONGEST
    )


def twice_check(
    visit: Visit, before: Iterable[Span], after: Iterable[Span], elsewhere: list[TimeEntry]
) -> None:
    """Refused where the visit's hours, as they are `after`, lie over hours on other visits more
    than they did `before`: what was so already is nobody's fault now."""
    was, now = _counted(visit, before), _counted(visit, after)
    for other in elsewhere:
        theirs = (other.start, other.end or clock.now())
        if _shared(now, theirs) > _shared(was, theirs) and other.visit is not None:
            number = order_number(other.visit.order.number)
            raise Refused(
                _("At that time %(number)s was under way: no hour counts twice.")
                % {"number": number},
                code="counts_twice",
                order_id=str(other.visit.order_id),
                order_number=number,
            )


def _counted(visit: Visit, spans: Iterable[Span]) -> list[tuple[datetime, datetime]]:
    now = clock.now()
    return [
        (start, end or now)
        for who, kind, start, end in spans
        if who == visit.technician_id and kind in COUNTS
    ]


def _shared(
    spans: Iterable[tuple[datetime, datetime]], theirs: tuple[datetime, datetime]
) -> timedelta:
    common = (min(end, theirs[1]) - max(start, theirs[0]) for start, end in spans)
    return sum((one for one in common if one > timedelta()), timedelta())
