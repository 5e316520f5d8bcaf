"""Orders with all that belongs to them, for programs: visits, linked things, the actions open now.

As many queries for a page of orders as for one. What is not a technician's business (others'
planned work) is not in what they get: see policy.visit_is_seen.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from callout.accounts.selectors import user_names
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.models import Assignment, OrderAsset, ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.lists import order_page
from callout.orders.selectors.rows import plan_is_seen
from callout.orders.services.undo import undo_refusal

# What is read of each linked thing: what it is called. Technician and vehicle of the current visit
# come with the visits, people's names in one query for all: each join costs planning time.
LINKED = {
    "customer": ["name"],
    "site": ["name"],
    "asset": ["kind", "reference"],
    "contact": ["name"],
    "type": ["name"],
    "priority": ["code", "label"],
    "proposed_vehicle": ["name", "registration"],
    "follow_up_of": ["number"],
}
OWN = [field.name for field in ServiceOrder._meta.concrete_fields if field.name != "search"]


@dataclass(frozen=True, slots=True)
class OrderWhole:
    """One order as `actor` may read it. `actions` are the codes open to them now, `visit` is the
    current one unless it is not their business, `people` the names of who made and checked it."""

    order: ServiceOrder
    visits: list[Visit]
    visit: Visit | None
    actions: list[str]
    people: dict[UUID, str]


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

    def read(ids: list[UUID]) -> list[ServiceOrder]:
        found = {row.pk: row for row in _with_links(ServiceOrder.objects.filter(pk__in=ids), actor)}
        return [found[one] for one in ids if one in found]

    found = order_page(actor=actor, wanted=wanted, cursor=cursor, limit=limit, read=read)
    return Page(_wholes(actor, found.items), found.next)


def visit_list(*, actor: Actor, order_id: UUID) -> list[Visit]:
    """The visits of an order that `actor` sees, in their order."""
    order_seen(actor=actor, order_id=order_id)
    return list(_visits(actor, [order_id]).select_related("order"))


def visit_page(
    *,
    actor: Actor,
    order_id: UUID | None = None,
    technician_id: UUID | None = None,
    is_open: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Visit]:
    """Visits of all the orders that `actor` sees, the latest made first, each with its order.

    `technician_id`: those on which this technician goes, as responsible or helper.
    """
    rows = _visits_anywhere(actor)
    rows = rows.select_related("technician", "vehicle", "reason", "order")
    rows = rows.defer("order__search", "order__description")
    if order_id is not None:
        rows = rows.filter(order=order_id)
    if technician_id is not None:
        goes = Assignment.objects.filter(visit=OuterRef("pk"), technician=technician_id)
        rows = rows.filter(Exists(goes))
    if is_open is not None:
        rows = rows.filter(is_open=is_open)
    # By id, which is by when it was made: sorted by start it would have to read them all.
    return page(rows, ("-id",), cursor=cursor, limit=limit)


def visit_get(*, actor: Actor, visit_id: UUID) -> Visit:
    """One visit that `actor` sees, with its order."""
    rows = _visits_anywhere(actor).select_related("technician", "vehicle", "reason", "order")
    visit = rows.filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    return visit


def _visits_anywhere(actor: Actor) -> QuerySet[Visit]:
    rows = _visits_seen(actor)
    return rows if actor.is_manager else rows.filter(order__in=policy.orders_visible(actor))


def order_seen(*, actor: Actor, order_id: UUID) -> None:
    """NotFound unless the order is there for `actor`."""
    if not policy.orders_visible(actor).filter(pk=order_id).exists():
        raise NotFound


def _reading(rows: QuerySet[ServiceOrder], actor: Actor) -> QuerySet[ServiceOrder]:
    more = OrderAsset.objects.select_related("asset").order_by("asset__reference_sort", "id")
    names = [f"{thing}__{field}" for thing, fields in LINKED.items() for field in fields]
    return (
        rows.annotate(plan_seen=plan_is_seen(policy.sight_of(actor), actor.technician_id))
        .select_related(*LINKED)
        .only(*OWN, *names)
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
    people = _people(actor, orders)
    return [
        OrderWhole(
            order=order,
            visits=visits[order.pk],
            visit=_current(order, visits[order.pk]),
            actions=_actions(actor, order, last.get(order.pk)),
            people=people,
        )
        for order in orders
    ]


def _current(order: ServiceOrder, visits: list[Visit]) -> Visit | None:
    seen = order.plan_seen or order.closed_at is not None  # type: ignore[attr-defined]
    return next((visit for visit in visits if seen and visit.pk == order.visit_id), None)


def _people(actor: Actor, orders: list[ServiceOrder]) -> dict[UUID, str]:
    if not actor.is_manager:
        return {}
    ids = {order.created_by_id for order in orders} | {order.checked_by_id for order in orders}
    return user_names(actor=actor, ids=[one for one in ids if one is not None])


def _visits(actor: Actor, order_ids: Iterable[UUID]) -> QuerySet[Visit]:
    return _visits_seen(actor).filter(order_id__in=order_ids).order_by("order_id", "sequence")


def _visits_seen(actor: Actor) -> QuerySet[Visit]:
    who = Assignment.objects.select_related("technician").order_by("technician__name_sort", "id")
    return (
        Visit.objects.filter(policy.visit_is_seen(actor))
        .select_related("technician", "vehicle", "reason")
        .prefetch_related(Prefetch("assignments", queryset=who))
    )


def _last_entries(ids: list[UUID]) -> dict[UUID, TimelineEntry]:
    """The newest entry of each order: what Undo would take back."""
    rows = TimelineEntry.objects.filter(order_id__in=ids).order_by("order_id", "-id")
    return {entry.order_id: entry for entry in rows.distinct("order_id")}


def _actions(actor: Actor, order: ServiceOrder, last: TimelineEntry | None) -> list[str]:
    undoable = undo_refusal(actor, last, order) == ""
    return policy.actions_for(actor, order, order.technician_id, undoable)
