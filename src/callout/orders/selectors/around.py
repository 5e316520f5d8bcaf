"""The orders of a customer, at a site, of an asset: what is open, and the past, however long."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet

from callout.kernel.actor import Actor
from callout.kernel.paging import Page, page
from callout.orders import policy
from callout.orders.models import OrderAsset, ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.when import When

Thing = Literal["customer", "site", "asset"]
Which = Literal["open", "past"]
# What is open by its number, what has ended by when it did: each has its index.
ORDER = {"open": ["-number"], "past": ["-closed_at", "-number"]}


@dataclass(frozen=True, slots=True)
class Around:
    """An order in one line. `place` is where, for who knows the customer, else whose it is."""

    bare_number: int
    number: str
    title: str
    status: str
    day: str
    year: int
    place: str
    technician: str
    initials: str


def orders_around(
    *,
    actor: Actor,
    thing: Thing,
    thing_id: UUID,
    which: Which,
    cursor: str | None = None,
    limit: int = 10,
) -> Page[Around]:
    """Those that are open, the last recorded first; or those that have ended, the last ended first.
    For managers."""
    policy.manager_required(actor)
    rows = _of(policy.orders_visible(actor), thing, thing_id)
    rows = rows.filter(closed_at__isnull=which == "open")
    rows = rows.select_related("customer", "site", "type", "technician").only(
        "number", "title", "technician_status", "start", "closed_at", "due_at", "received_at",
        "customer__name",
        "site__name", "site__town", "type__name", "technician__name", "technician__initials",
    )  # fmt: skip
    found = page(rows, ORDER[which], cursor=cursor, limit=limit)
    when = When()
    return Page([_line(row, thing, when) for row in found.items], found.next)


def _of(rows: QuerySet[ServiceOrder], thing: Thing, thing_id: UUID) -> QuerySet[ServiceOrder]:
    if thing != "asset":
        return rows.filter(**{thing: thing_id})
    # Each half by its own index: a condition with OR over both would read every order. And found
    # first, as an array: PostgreSQL would join a sub-query last, to every order.
    first = ServiceOrder.objects.filter(asset=thing_id).order_by().values("pk")
    more = OrderAsset.objects.filter(asset=thing_id).values("order_id")
    return rows.filter(pk__any=ArraySubquery(first.union(more, all=True)))


def _line(o: Any, thing: Thing, when: When) -> Around:
    moment = o.closed_at or o.start or o.due_at or o.received_at
    day = when.local(moment).date()
    person = o.technician
    return Around(
        bare_number=o.number,
        number=order_number(o.number),
        title=o.title or o.type.name,
        status=o.technician_status or "new",
        day=when.written(day),
        year=day.year,
        place=_place(o) if thing == "customer" else o.customer.name,
        technician=person.name if person else "",
        initials=person.initials if person else "",
    )


def _place(o: Any) -> str:
    """A site as whoever knows its customer tells it from the others: by what its name has more than
    the customer's, or by its town."""
    own: str = o.customer.name
    name: str = o.site.name
    more = name.removeprefix(own)
    if more == name or more[:1].isalnum():  # nothing of it, or a longer word: Ann, and Annexe
        return name
    return more.strip(" –-·,") or str(o.site.town) or name
