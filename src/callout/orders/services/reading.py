"""All that an action asks of an order before it begins, in one message: the path of every tap."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import CharField, QuerySet, UUIDField

from callout.kernel import change
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.prepared import Asked, Given, Prepared, together
from callout.orders import policy
from callout.orders.lifecycle import UNDER_WAY, Action
from callout.orders.models import Reason, ServiceOrder, TimelineEntry, Visit
from callout.orders.services import booking
from callout.orders.services.command import Command
from callout.orders.services.settle import ASSIGNMENTS, ORDER, visits_of
from callout.orders.services.times import DERIVED, STEPS
from callout.workforce.models import Technician


def _locked(sight: policy.Sight) -> QuerySet[ServiceOrder]:
    seen = policy.orders_picked(sight, Given("technician", UUIDField()))
    # The words of its search are long, and no action reads or writes them.
    rows = seen.defer("search").filter(pk=ORDER)
    return rows.select_for_update(no_key=True, of=("self",))


LOCKED = {sight: Prepared(partial(_locked, sight)) for sight in policy.SIGHTS}
# Where the technicians who answer for open visits of an order are under way.
OTHERS = Prepared(
    lambda: (
        Visit.objects.filter(
            technician__in=Visit.objects.filter(order=ORDER, is_open=True).values("technician"),
            is_open=True,
            status__in=sorted(UNDER_WAY),
        )
        .select_related("order", "technician")
        .only("order_id", "technician_id", "order__number", "technician__name")
        .order_by("pk")
    )
)
LAST = Prepared(lambda: TimelineEntry.objects.filter(order=ORDER).order_by("-id")[:1])
REASON = Prepared(
    lambda: Reason.objects.filter(
        pk=Given("reason", UUIDField()), kind=Given("kind", CharField()), archived_at__isnull=True
    )
)


@dataclass(slots=True)
class Found:
    """What there is. `steps`, `hours`, `others` and `last` only where they were asked for."""

    order: ServiceOrder  # locked
    visits: list[Visit]
    technicians: dict[UUID, Technician] = field(default_factory=dict)  # locked before it
    steps: list[TimelineEntry] = field(default_factory=list)
    hours: list[tuple[Any, ...]] | None = None  # DERIVED of the order
    others: list[Visit] = field(default_factory=list)
    last: TimelineEntry | None = None
    reason: Reason | None = None  # of the command, if the action offers it


def order_read(
    actor: Actor,
    order_id: UUID,
    action: Action,
    command: Command,
    *,
    steps: bool,
    sight: policy.Sight | None = None,
    also: UUID | None = None,
) -> Found:
    """NotFound for an order that is not the actor's.

    Where the command names nobody, the technicians are locked here: those who go on open visits,
    before the order, as everywhere; and `also`. `steps`: the action happens on a visit.
    `sight` is the actor's unless somebody has looked already at whose the order is.
    """
    change.demand()
    here = {"order": order_id}
    asked: dict[str, Asked] = {}
    if command.technician_id is None and not command.helper_ids:
        asked["technicians"] = booking.going_ask(order_id, also)
    sight = sight or policy.sight_of(actor)
    asked["orders"] = LOCKED[sight].ask(technician=actor.technician_id, **here)
    asked["assignments"] = ASSIGNMENTS.ask(**here)
    if steps or action.code == "undo":
        asked["steps"] = STEPS.ask(**here)
    if steps:
        asked["others"] = OTHERS.ask(**here)
        asked["hours"] = DERIVED.ask(**here)
    if action.code == "undo":
        asked["last"] = LAST.ask(**here)
    if command.reason_id is not None:
        kind = action.takes_reason or "-"
        asked["reasons"] = REASON.ask(reason=command.reason_id, kind=kind)
    found: dict[str, list[Any]] = dict(zip(asked, together(*asked.values()), strict=True))
    if not found["orders"]:
        raise NotFound
    return Found(
        order=found["orders"][0],
        visits=visits_of(found["assignments"]),
        technicians={row.pk: row for row in found.get("technicians", [])},
        steps=found.get("steps", []),
        hours=found.get("hours"),
        others=found.get("others", []),
        last=next(iter(found.get("last", [])), None),
        reason=next(iter(found.get("reasons", [])), None),
    )
