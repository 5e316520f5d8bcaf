"""Where an order stands in a filtered list: its place, and the numbers before and after it."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Q, QuerySet

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.selectors.lists import (
    SEGMENTS,
    Segment,
    after,
    counted,
    segments_of,
)
from callout.orders.selectors.narrow import orders_found


@dataclass(frozen=True, slots=True)
class Beside:
    """`place` is "" where it is not within what is counted; numbers None at the ends."""

    place: str
    count: str
    before: int | None
    after: int | None


def neighbours_of(*, actor: Actor, wanted: OrderFilter, order_id: UUID) -> Beside | None:
    """None for an order that the filter does not find; NotFound if it is not the actor's."""
    rows = orders_found(actor, wanted)
    order = rows.filter(pk=order_id).first()
    if order is None:
        if not policy.orders_visible(actor).filter(pk=order_id).exists():
            raise NotFound
        return None
    back = wanted.but(sort=_turned(wanted.sort))
    earlier = _behind(rows, segments_of(back), order)
    count, ahead = counted([rows, rows.filter(earlier[1])])
    return Beside(
        place=str(int(ahead) + 1) if ahead.isdigit() else "",
        count=count,
        before=_first(earlier[0]),
        after=_first(_behind(rows, segments_of(wanted), order)[0]),
    )


def _turned(sort: str) -> str:
    turned = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    if turned not in SEGMENTS:
        raise KeyError(turned)
    return turned


def _behind(
    rows: QuerySet[ServiceOrder], parts: tuple[Segment, ...], order: ServiceOrder
) -> tuple[list[QuerySet[ServiceOrder]], Q]:
    """What comes after `order` in the sequence of `parts`: one list per part, and all in one Q."""
    lists: list[QuerySet[ServiceOrder]] = []
    behind = Q(pk__isnull=True)
    here = next(i for i, part in enumerate(parts) if _stands_in(part, order))
    for index, part in enumerate(parts[here:], here):
        which = part.which
        if index == here:
            values = [getattr(order, name.removeprefix("-")) for name in part.order]
            which = which & after(part.order, values)
        lists.append(rows.filter(which).order_by(*part.order))
        behind |= which
    return lists, behind


def _stands_in(part: Segment, order: ServiceOrder) -> bool:
    """Whether the part's condition holds for `order`: columns that are null or not, and a stage."""
    holds = True
    for lookup, value in _conditions(part.which):
        column, _mark, test = lookup.partition("__")
        here = getattr(order, column)
        holds = holds and (((here is None) == value) if test == "isnull" else here == value)
    return holds


def _conditions(which: Q) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for child in which.children:
        found += _conditions(child) if isinstance(child, Q) else [cast(tuple[str, Any], child)]
    return found


def _first(lists: list[QuerySet[ServiceOrder]]) -> int | None:
    for rows in lists:
        found = rows.values_list("number", flat=True).first()
        if found is not None:
            return found
    return None
