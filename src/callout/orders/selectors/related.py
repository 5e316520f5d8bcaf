"""What stands around an order: the past of its asset, open orders at the place, its follow-ups."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, Value

from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.models import ServiceOrder
from callout.orders.numbers import order_number
from callout.orders.selectors.reading import AboutOrder, OrderId, of_order
from callout.orders.selectors.when import When

MOST = 6
COLUMNS = (
    *("id", "number", "title", "technician_status", "stage", "start", "closed_at", "due_at"),
    *("type__name", "technician__name", "technician__initials"),
)


@dataclass(frozen=True, slots=True)
class Other:
    """Another order in one line."""

    id: UUID
    bare_number: int
    number: str
    title: str
    status: str
    day: str
    technician: str
    initials: str


@dataclass(slots=True)
class Related:
    """`past`: what ended at the asset (without one, at the site); `open`: what is open there."""

    past: list[Other] = field(default_factory=list)
    open: list[Other] = field(default_factory=list)
    follow_ups: list[Other] = field(default_factory=list)
    past_goes_on: bool = False


def related_of(found: Iterable[Any], when: When) -> Related:
    """All three, of the rows that AROUND reads for somebody; a technician's others are not among
    them."""
    related = Related()
    for values in found:
        getattr(related, values.kind).append(_other(values, when))
    related.past_goes_on = len(related.past) == MOST
    del related.past[MOST - 1 :]
    return related


def _around(actor: Actor, order: OrderId) -> QuerySet[ServiceOrder, Any]:
    site, asset = of_order(order, "site"), of_order(order, "asset")
    others = policy.orders_visible(actor).exclude(pk=order)
    ended = others.filter(closed_at__isnull=False).order_by("-closed_at", "-number")
    only_site = of_order(order, "site", asset=None)
    is_open = others.filter(stage__in=["new", "planned"]).order_by("-number")
    is_open = is_open.filter(Q(site=site) | Q(asset=asset))
    is_open = is_open.exclude(follow_up_of=order)  # they stand there as what they are
    follow_ups = others.filter(follow_up_of=order).order_by("-number")
    return _tagged(ended.filter(asset=asset), "past").union(  # type: ignore[no-any-return]
        _tagged(ended.filter(site=only_site), "past"),
        _tagged(is_open, "open"),
        _tagged(follow_ups, "follow_ups"),
        all=True,
    )


AROUND = AboutOrder(_around)


def _tagged(rows: QuerySet[ServiceOrder], kind: str) -> Any:
    tag = Value(kind, output_field=CharField())
    return rows.annotate(kind=tag).values_list(*COLUMNS, "kind", named=True)[:MOST]


def _other(o: Any, when: When) -> Other:
    moment = o.closed_at or o.start or o.due_at
    return Other(
        id=o.id,
        bare_number=o.number,
        number=order_number(o.number),
        title=o.title or o.type__name,
        status=o.technician_status or "new",
        day=when.written(when.local(moment).date()) if moment else "",
        technician=_short(o.technician__name),
        initials=o.technician__initials or "",
    )


def _short(name: str | None) -> str:
    """ "Sofie D." of Sofie De Smet, as her initials are SD: who it was, in little room."""
    words = (name or "").split()
    return f"{words[0]} {words[1][0]}." if len(words) > 1 else " ".join(words)
