"""The Kanban: four columns, each in its own order, with counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import ServiceOrder
from callout.orders.selectors.lists import Segment, Walk, counted
from callout.orders.selectors.narrow import CLOSED_STAGES, days_of, narrowed, orders_found
from callout.orders.selectors.rows import OrderRow, RowMaker, row_values
from callout.orders.words import stage_label

FIRST_CARDS = 20
RECENT = timedelta(days=30)
# New by when it is to be answered, Planned by start, what has ended by its end.
PARTS: dict[Stage, tuple[Segment, ...]] = {
    Stage.NEW: (
        Segment(Q(due_at__isnull=False), ("due_at", "number")),
        Segment(Q(due_at__isnull=True), ("number",)),
    ),
    Stage.PLANNED: (Segment(Q(), ("start", "number")),),
    Stage.COMPLETED: (Segment(Q(), ("-closed_at", "-number")),),
    Stage.CANCELLED: (Segment(Q(), ("-closed_at", "-number")),),
}
# One order for the whole column; PostgreSQL puts nulls last when it ascends.
WHOLE: dict[Stage, tuple[str, ...]] = {stage: parts[0].order for stage, parts in PARTS.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """`next` is the cursor of the cards below; `older` that of those ended over 30 days ago."""

    key: str
    label: str
    count: str
    cards: list[OrderRow]
    next: str | None
    older: str | None = None


def order_kanban(*, actor: Actor, wanted: OrderFilter, limit: int = FIRST_CARDS) -> list[Column]:
    """The four columns with their first cards: one query for all cards, one for all counts."""
    stages = [stage for stage in Stage if not wanted.stages or str(stage) in wanted.stages]
    lists = {stage: column_orders(actor, wanted, stage) for stage in stages}
    counts = dict(zip(stages, counted(list(lists.values())), strict=True))
    found: dict[str, list[Any]] = defaultdict(list)
    first, *rest = [
        row_values(rows, actor).order_by(*WHOLE[stage])[: limit + 1]
        for stage, rows in lists.items()
    ]
    for values in first.union(*rest, all=True) if rest else first:
        found[values.stage].append(values)
    make = RowMaker()
    return [
        _column(stage, wanted, counts.get(stage, "0"), found[str(stage)], limit, make)
        for stage in Stage
    ]


def _column(
    stage: Stage, wanted: OrderFilter, count: str, found: list[Any], limit: int, make: RowMaker
) -> Column:
    walk: Walk[Any] = Walk(ServiceOrder.objects.none(), PARTS[stage], str(stage))
    cards = found[:limit]
    more = len(found) > limit
    # A column in New may change from dated to undated within the page.
    here = 1 if cards and stage is Stage.NEW and cards[-1].due_at is None else 0
    cursor = walk.cursor(here, cards[-1]) if cards else None
    recent = stage in CLOSED_STAGES and is_recent(wanted)
    return Column(
        key=str(stage),
        label=stage_label(stage),
        count=count,
        cards=make.all(cards),
        next=cursor if more else None,
        older=cursor if recent and not more else None,
    )


def order_column(
    *,
    actor: Actor,
    wanted: OrderFilter,
    stage: Stage,
    cursor: str,
    older: bool = False,
    limit: int = FIRST_CARDS,
) -> Column:
    """The cards of one column below `cursor`; with `older` those of any age. Counts nothing."""
    rows = row_values(column_orders(actor, wanted, stage, any_age=older), actor)
    page: Page[Any] = Walk(rows, PARTS[stage], str(stage)).page(cursor, limit)
    recent = stage in CLOSED_STAGES and is_recent(wanted) and not older
    return Column(
        key=str(stage),
        label=stage_label(stage),
        count="",
        cards=RowMaker().all(page.items),
        next=page.next,
        # Nothing recent is left: the same place, with the limit of age taken away.
        older=_older(page, cursor, stage) if recent and not page.next else None,
    )


def _older(page: Page[Any], cursor: str, stage: Stage) -> str:
    walk: Walk[Any] = Walk(ServiceOrder.objects.none(), PARTS[stage], str(stage))
    return walk.cursor(0, page.items[-1]) if page.items else cursor


def is_recent(wanted: OrderFilter) -> bool:
    """Whether the closed columns hold the last 30 days, for want of other days in the wanted."""
    return wanted.day in ("now", "all") and not (wanted.date_from or wanted.date_to)


def column_orders(
    actor: Actor, wanted: OrderFilter, stage: Stage, *, any_age: bool = False
) -> QuerySet[ServiceOrder]:
    """The orders of one column."""
    rows = narrowed(policy.orders_visible(actor), wanted).filter(stage=str(stage))
    if stage not in CLOSED_STAGES or not is_recent(wanted):
        return rows.filter(days_of(wanted, stage))
    return rows if any_age else rows.filter(closed_at__gte=clock.now() - RECENT)


def order_cards(*, actor: Actor, wanted: OrderFilter, ids: Sequence[UUID]) -> list[OrderRow]:
    """These cards as they are now; those that stand in no column of the filter are left out."""
    stages = [stage for stage in Stage if not wanted.stages or str(stage) in wanted.stages]
    first, *rest = [
        row_values(column_orders(actor, wanted, stage).filter(pk__in=ids), actor)
        for stage in stages
    ]
    return RowMaker().all(first.union(*rest, all=True) if rest else first)


def order_rows(*, actor: Actor, wanted: OrderFilter, ids: Sequence[UUID]) -> list[OrderRow]:
    """These rows as they are now; those that the filter does not find any more are left out."""
    rows = orders_found(actor, wanted).filter(pk__in=ids)
    return RowMaker(sort=wanted.sort).all(row_values(rows, actor))


def order_row_any(*, actor: Actor, order_id: UUID) -> OrderRow:
    """One row whatever the filter. NotFound if it is not there, or not theirs."""
    values = row_values(policy.orders_visible(actor).filter(pk=order_id), actor).first()
    if values is None:
        raise NotFound
    return RowMaker().one(values)


def column_counts(*, actor: Actor, wanted: OrderFilter) -> dict[str, str]:
    """The counts of the four columns, in one query."""
    stages = [stage for stage in Stage if not wanted.stages or str(stage) in wanted.stages]
    found = counted([column_orders(actor, wanted, stage) for stage in stages])
    return {str(stage): count for stage, count in zip(stages, found, strict=True)}
