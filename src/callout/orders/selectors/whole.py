"""Orders with all that belongs to them, for programs: visits, linked things, the actions open now.

As many queries for a page of orders as for one. What is not a technician's business (others'
planned work) is not in what they get: see `OrderWhole.plan_seen` and policy.visit_is_seen.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.models import Assignment, OrderAsset, ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.lists import order_page
from callout.orders.selectors.narrow import orders_found
from callout.orders.selectors.rows import plan_is_seen
from callout.orders.services.undo import undo_refusal

LINKED = (
    *("customer", "site", "asset", "contact", "type", "priority", "technician"),
    *("visit__vehicle", "proposed_vehicle", "follow_up_of", "created_by", "checked_by"),
)


@dataclass(frozen=True, slots=True)
class OrderWhole:
    """One order as `actor` may read it. `actions` are the codes open to them now."""

    order: ServiceOrder
    visits: list[Visit]
    actions: list[str]
    plan_seen: bool


def order_whole(*, actor: Actor, order_id: UUID) -> OrderWhole:
    """One order. NotFound if it is not there, or not the actor's."""
    found = _with_links(policy.orders_visible(actor).filter(pk=order_id), actor)
    if not found:
        raise NotFound
    return _wholes(actor, found)[0]


def order_whole_list(
    *, actor: Actor, wanted: OrderFilter, cursor: str | None = None, limit: int = 50
) -> Page[OrderWhole]:
    """A page of the list, in the filter's order. Invalid for a wrong cursor, limit or text."""
    rows = _reading(orders_found(actor, wanted), actor)
    page = order_page(rows=rows, wanted=wanted, cursor=cursor, limit=limit)
    return Page(_wholes(actor, page.items), page.next)


def visit_list(*, actor: Actor, order_id: UUID) -> list[Visit]:
    """The visits of an order that `actor` sees, in their order."""
    order_seen(actor=actor, order_id=order_id)
    return list(_visits(actor, [order_id]).select_related("order"))


def order_seen(*, actor: Actor, order_id: UUID) -> None:
    """NotFound unless the order is there for `actor`."""
    if not policy.orders_visible(actor).filter(pk=order_id).exists():
        raise NotFound


def _reading(rows: QuerySet[ServiceOrder], actor: Actor) -> QuerySet[ServiceOrder]:
    more = OrderAsset.objects.select_related("asset").order_by("asset__reference_sort", "id")
    return (
        rows.annotate(plan_seen=plan_is_seen(actor))
        .select_related(*LINKED)
        .defer("search", "site__access_code_encrypted", "follow_up_of__search")
        .prefetch_related(Prefetch("more_assets", queryset=more))
    )


def _with_links(rows: QuerySet[ServiceOrder], actor: Actor) -> list[ServiceOrder]:
    return list(_reading(rows, actor))


def _wholes(actor: Actor, orders: list[ServiceOrder]) -> list[OrderWhole]:
    ids = [order.pk for order in orders]
    visits: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in _visits(actor, ids):
        visits[visit.order_id].append(visit)
    last = _last_entries(ids)
    return [
        OrderWhole(
            order=order,
            visits=visits[order.pk],
            actions=_actions(actor, order, last.get(order.pk)),
            plan_seen=order.plan_seen or order.closed_at is not None,  # type: ignore[attr-defined]
        )
        for order in orders
    ]


def _visits(actor: Actor, order_ids: Iterable[UUID]) -> QuerySet[Visit]:
    who = Assignment.objects.select_related("technician").order_by("technician__name_sort", "id")
    return (
        Visit.objects.filter(policy.visit_is_seen(actor), order_id__in=order_ids)
        .distinct()
        .select_related("technician", "vehicle", "reason", "promised_by")
        .prefetch_related(Prefetch("assignments", queryset=who))
        .order_by("order_id", "sequence")
    )


def _last_entries(ids: list[UUID]) -> dict[UUID, TimelineEntry]:
    """The newest entry of each order: what Undo would take back."""
    rows = TimelineEntry.objects.filter(order_id__in=ids).order_by("order_id", "-id")
    return {entry.order_id: entry for entry in rows.distinct("order_id")}


def _actions(actor: Actor, order: ServiceOrder, last: TimelineEntry | None) -> list[str]:
    undoable = undo_refusal(actor, last, order) == ""
    return policy.actions_for(actor, order, order.technician_id, undoable)
