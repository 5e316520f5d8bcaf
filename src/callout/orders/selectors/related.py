"""What stands around an order: the past of its asset, open orders at the place, its follow-ups."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, QuerySet, UUIDField, Value

from callout.kernel.actor import Actor
from callout.kernel.prepared import Given, Prepared
from callout.orders import policy
from callout.orders.models import ServiceOrder
from callout.orders.numbers import order_number
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


def related_of(actor: Actor, order: ServiceOrder, when: When) -> Related:
    """All three in one query; a technician's others are not among them."""
    sight, has_asset = policy.sight_of(actor), order.asset_id is not None
    found = _around(sight, has_asset).all(
        order=order.pk, site=order.site_id, asset=order.asset_id, me=actor.technician_id
    )
    related = Related()
    for values in found:
        getattr(related, values.kind).append(_other(values, when))
    related.past_goes_on = len(related.past) == MOST
    del related.past[MOST - 1 :]
    return related


@lru_cache
def _around(sight: policy.Sight, has_asset: bool) -> Prepared[Any]:
    return Prepared(lambda: _rows(sight, has_asset))


def _rows(sight: policy.Sight, has_asset: bool) -> QuerySet[ServiceOrder, Any]:
    order, site, asset, me = (Given(name, UUIDField()) for name in ("order", "site", "asset", "me"))
    others = policy.orders_picked(sight, me).exclude(pk=order)
    at_place = Q(asset=asset) if has_asset else Q(site=site)
    here = Q(site=site) | Q(asset=asset) if has_asset else Q(site=site)
    past = others.filter(at_place, closed_at__isnull=False).order_by("-closed_at", "-number")
    is_open = others.filter(here, stage__in=["new", "planned"]).order_by("-number")
    is_open = is_open.exclude(follow_up_of=order)  # they stand there as what they are
    follow_ups = others.filter(follow_up_of=order).order_by("-number")
    return _tagged(past, "past").union(  # type: ignore[no-any-return]
        _tagged(is_open, "open"), _tagged(follow_ups, "follow_ups"), all=True
    )


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
