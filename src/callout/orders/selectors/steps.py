"""The steps of an order's visits, as they truly happened: what a correction names."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.orders import policy
from callout.orders.models import TimelineEntry
from callout.orders.selectors.when import When
from callout.orders.selectors.whole import order_seen
from callout.orders.services.times import NOT_STEPS
from callout.orders.words import action_label


def step_list(
    *, actor: Actor, order_id: UUID, cursor: str | None = None, limit: int = 50
) -> Page[TimelineEntry]:
    """What stands, by true time. A technician gets the steps of the visits they answered for."""
    order_seen(actor=actor, order_id=order_id)
    rows = steps_standing(actor).filter(order=order_id).select_related("actor")
    return page(rows, ("at", "id"), cursor=cursor, limit=limit)


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as a list says it, each text ready to print; `before` is its first time."""

    id: int
    label: str
    status: str
    at: str
    before: str
    who: str
    visit: str


def steps_shown(*, actor: Actor, order_id: UUID, when: When) -> list[StepShown]:
    """All that stands on the order, by true time; nothing of one that is not the actor's."""
    rows = steps_standing(actor).filter(order__in=policy.orders_visible(actor), order=order_id)
    rows = rows.select_related("actor", "visit")
    return [_shown(row, when) for row in rows.order_by("at", "id")]


def _shown(row: TimelineEntry, when: When) -> StepShown:
    return StepShown(
        id=row.pk,
        label=action_label(row.action),
        status=row.status or "",
        at=when.full(row.at),
        before=when.time(row.first_at) if row.first_at else "",
        who=row.actor.name if row.actor else "",
        visit=_("Visit %(count)d") % {"count": row.visit.sequence} if row.visit else "",
    )


def step_get(*, actor: Actor, entry_id: int) -> TimelineEntry:
    """One of an order that `actor` sees."""
    rows = steps_standing(actor).filter(order__in=policy.orders_visible(actor))
    row = rows.filter(pk=entry_id).first()
    if row is None:
        raise NotFound
    return row


def steps_standing(actor: Actor) -> QuerySet[TimelineEntry]:
    """Of all orders: narrow it."""
    rows = TimelineEntry.objects.filter(visit__isnull=False, undone_at=None)
    rows = rows.exclude(action__in=NOT_STEPS).defer("before")
    return rows if actor.is_manager else rows.filter(technician=actor.technician_id)
