"""Which visits a phone holds: its technician's own, of these days."""

from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    DateTimeField,
    ExpressionWrapper,
    Q,
    QuerySet,
    UUIDField,
)

from callout.accounts.zone import day_bounds, today
from callout.fieldwork.models import InboxCommand
from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared
from callout.orders import policy
from callout.orders.models import Assignment

DAYS_BACK, DAYS_AHEAD = 2, 7
ORDER = "visit__order__"


def own_work(actor: Actor) -> list[Assignment]:
    """What the technician goes on (helpers too), by its start, each with its visit and order: from
    2 days back to 7 ahead, what is still open from before, and what has entries that wait for an
    answer. `has_code` says whether the site has one; the code itself is not read.
    """
    if not actor.is_technician or actor.technician_id is None:
        return []
    start, _end = day_bounds(today() - timedelta(days=DAYS_BACK))
    _start, end = day_bounds(today() + timedelta(days=DAYS_AHEAD))
    return OWN.all(technician=actor.technician_id, start=start, end=end)


def _own() -> QuerySet[Assignment]:
    technician = Given("technician", UUIDField())
    start, end = Given("start", DateTimeField()), Given("end", DateTimeField())
    own = policy.own_assignments(technician).order_by().values("pk")
    undone = InboxCommand.objects.filter(technician=technician, outcome__in=["", "held"])
    # Each found by its own index: one condition with "or" would read the technician's whole past.
    of_these_days = Q(pk__any=ArraySubquery(own.filter(start__gte=start, start__lt=end)))
    open_before = Q(pk__any=ArraySubquery(own.filter(is_open=True, start__lt=start)))
    waits = Q(pk__any=ArraySubquery(own.filter(visit__in=undone.values("visit"))))
    rows = Assignment.objects.filter(of_these_days | open_before | waits)
    has_code = ExpressionWrapper(
        Q(**{f"{ORDER}site__access_code_encrypted__isnull": False}), output_field=BooleanField()
    )
    joined = ("customer", "site", "asset", "contact", "type", "priority")
    rows = rows.annotate(has_code=has_code).select_related(*(ORDER + one for one in joined))
    return rows.defer(f"{ORDER}site__access_code_encrypted").order_by("start", "id")


OWN = Prepared(_own)
