"""Orders with all that belongs to them, for programs: visits, linked things, the actions open now.

As many queries for a page of orders as for one. What is not a technician's business (others'
planned work) is not in what they get: see policy.visit_is_seen.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import JSONObject

from callout.accounts.models import User
from callout.customers.models import Asset
from callout.kernel.actor import Actor
from callout.kernel.change import and_read
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.guards import is_built_on
from callout.orders.models import Assignment, OrderAsset, ServiceOrder, TimelineEntry, Visit
from callout.orders.selectors.lists import order_page
from callout.orders.selectors.reading import AboutOrder, ask_about, read_about
from callout.orders.selectors.rows import plan_is_seen
from callout.orders.services.settle import CACHE
from callout.orders.services.undo import undo_refusal

# What is read of each linked thing: what it is called. Technician and vehicle of the current visit
# come with the visits, people's names by sub-queries: each join costs planning time.
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
    more_assets: list[Asset]
    actions: list[str]
    people: dict[UUID, str]


def order_whole(*, actor: Actor, order_id: UUID) -> OrderWhole:
    """One order. NotFound if it is not there, or not the actor's."""
    return _whole(actor, read_about(actor, order_id, WHOLE, GOING))


def order_whole_after(*, actor: Actor, changed: Callable[[], ServiceOrder]) -> OrderWhole:
    """The order that a service has made or changed, as that left it: for a manager read in the
    message that ends the change."""
    if not actor.is_manager:
        return order_whole(actor=actor, order_id=changed().pk)
    _order, found = and_read(changed, lambda order: ask_about(order.pk, WHOLE, GOING))
    return _whole(actor, found)


def _whole(actor: Actor, found: list[list[Any]]) -> OrderWhole:
    orders, going = found
    if not orders:
        raise NotFound
    return _wholes(actor, orders, going)[0]


WHOLE = AboutOrder(
    lambda actor, order_id: _reading(policy.orders_visible(actor).filter(pk=order_id), actor)
)
GOING = AboutOrder(lambda actor, order_id: _going(actor, Q(visit__order=order_id)))


def order_whole_list(
    *, actor: Actor, wanted: OrderFilter, cursor: str | None = None, limit: int = 50
) -> Page[OrderWhole]:
    """A page of the list, in the filter's order. Invalid for a wrong cursor, limit or text."""

    def read(ids: list[UUID]) -> list[ServiceOrder]:
        rows = _reading(ServiceOrder.objects.filter(pk__in=ids), actor)
        found = {row.pk: row for row in rows}
        return [found[one] for one in ids if one in found]

    found = order_page(actor=actor, wanted=wanted, cursor=cursor, limit=limit, read=read)
    going = _going(actor, Q(visit__order__in=[order.pk for order in found.items]))
    return Page(_wholes(actor, found.items, going), found.next)


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
    """With the linked things, and what else is read of an order in the same statement.

    `last_entry` is what Undo would take back, `people` who made and checked it, `more` says whether
    there are more assets.
    """
    last = TimelineEntry.objects.filter(order=OuterRef("pk")).order_by("-id")
    last = last.annotate(built_on=is_built_on("visit_id", "at"))
    facts = ("action", "actor_id", "recorded_at", "built_on")
    entry = JSONObject(**{name: name for name in facts})
    people = User.objects.filter(Q(pk=OuterRef("created_by_id")) | Q(pk=OuterRef("checked_by_id")))
    names = [f"{thing}__{field}" for thing, fields in LINKED.items() for field in fields]
    return (
        rows.annotate(
            plan_seen=plan_is_seen(policy.sight_of(actor), actor.technician_id),
            last_entry=Subquery(last.values(entry=entry)[:1]),
            people=ArraySubquery(people.values(known=JSONObject(id="id", name="name"))),
            more=Exists(OrderAsset.objects.filter(order=OuterRef("pk"))),
        )
        .select_related(*LINKED)
        .only(*OWN, *names)
    )


def _wholes(actor: Actor, orders: list[Any], going: Iterable[Assignment]) -> list[OrderWhole]:
    visits = _visits_of(going)
    prefetch_related_objects([order for order in orders if order.more], MORE)
    return [
        OrderWhole(
            order=order,
            visits=visits[order.pk],
            visit=_current(order, visits[order.pk]),
            more_assets=[row.asset for row in order.more_assets.all()] if order.more else [],
            actions=_actions(actor, order),
            people=_people(order) if actor.is_manager else {},
        )
        for order in orders
    ]


MORE = Prefetch(
    "more_assets",
    queryset=OrderAsset.objects.select_related("asset").order_by("asset__reference_sort", "id"),
)


def _current(order: Any, visits: list[Visit]) -> Visit | None:
    seen = order.plan_seen or order.closed_at is not None
    return next((visit for visit in visits if seen and visit.pk == order.visit_id), None)


def _people(order: Any) -> dict[UUID, str]:
    return {UUID(person["id"]): person["name"] for person in order.people}


def _visits_of(going: Iterable[Assignment]) -> dict[UUID, list[Visit]]:
    """The visits of each order that the reader sees, in their order, with who goes."""
    found: dict[UUID, dict[UUID, Visit]] = defaultdict(dict)
    for row in going:
        visit = found[row.visit.order_id].setdefault(row.visit_id, row.visit)
        visit.__dict__.setdefault(CACHE, {}).setdefault("assignments", []).append(row)
        if row.role == Assignment.RESPONSIBLE:
            visit.technician = row.technician
    return defaultdict(list, {order: list(visits.values()) for order, visits in found.items()})


def _going(actor: Actor, of: Q) -> QuerySet[Assignment]:
    """Who goes on which visits of orders, with the visits that `actor` sees."""
    rows = Assignment.objects.filter(of, policy.visit_is_seen(actor, "visit__"))
    return (
        rows.select_related("technician", "visit__vehicle", "visit__reason")
        .defer("technician__search", "visit__vehicle__search")
        .order_by("visit__order_id", "visit__sequence", "technician__name_sort", "id")
    )


def _visits(actor: Actor, order_ids: Iterable[UUID]) -> QuerySet[Visit]:
    return _visits_seen(actor).filter(order_id__in=order_ids).order_by("order_id", "sequence")


def _visits_seen(actor: Actor) -> QuerySet[Visit]:
    who = Assignment.objects.select_related("technician").order_by("technician__name_sort", "id")
    return (
        Visit.objects.filter(policy.visit_is_seen(actor))
        .select_related("technician", "vehicle", "reason")
        .prefetch_related(Prefetch("assignments", queryset=who))
    )


def _actions(actor: Actor, order: Any) -> list[str]:
    last = order.last_entry
    undoable = not (last and last["built_on"]) and undo_refusal(actor, _last(last), order) == ""
    return policy.actions_for(actor, order, order.technician_id, undoable)


@dataclass(frozen=True, slots=True)
class _Last:
    """An order's last step. Not its visit: whether anything is built on that was asked with it."""

    action: str
    actor_id: UUID | None
    recorded_at: datetime
    at: datetime
    visit_id: None = None


def _last(entry: dict[str, str] | None) -> _Last | None:
    if entry is None:
        return None
    recorded = datetime.fromisoformat(entry["recorded_at"])
    actor = UUID(entry["actor_id"]) if entry["actor_id"] else None
    return _Last(entry["action"], actor, recorded, recorded)
