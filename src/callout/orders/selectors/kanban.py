"""The Kanban: four columns, each in its own order, with counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.columns import FURTHER
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.selectors.list_sql import Keys, columns_statement, count_words, keys_read
from callout.orders.selectors.listing import Listing
from callout.orders.selectors.lists import Walk
from callout.orders.selectors.narrow import CLOSED_STAGES, Shape, values_of
from callout.orders.selectors.rows import OrderRow, RowMaker, rows_read
from callout.orders.words import stage_label

FIRST_CARDS = 20


@dataclass(frozen=True, slots=True)
class Column:
    """`next` is the cursor of the cards below; `older` that of those ended over 30 days ago;
    `recent` says that these are not among the cards and not counted."""

    key: str
    label: str
    count: str
    cards: list[OrderRow]
    next: str | None
    older: str | None = None
    recent: bool = False


@dataclass(frozen=True, slots=True)
class Cards:
    """Some cards as they are now, and the counts of the columns by their stage."""

    cards: list[OrderRow]
    counts: dict[str, str]


def order_kanban(*, actor: Actor, wanted: OrderFilter, limit: int = FIRST_CARDS) -> list[Column]:
    """The four columns with their first cards: one query for which and how many, one for all."""
    listings = _columns(actor, wanted)
    statement = columns_statement(tuple(listings.values()), limit)
    values = values_of(actor, wanted)
    (found,) = statement.ask(values)
    lists = dict(zip(listings, found, strict=False))
    counts = dict(zip(listings, found[len(listings) : -1], strict=True))
    keys = keys_read(found[-1])
    shown = [pk for ids in lists.values() for pk in ids[:limit]]
    rows = {row.id: row for row in rows_read(actor, shown)}
    make = RowMaker()
    columns = []
    for stage in Stage:
        ids = lists.get(stage, [])
        cards = [rows[pk] for pk in ids[:limit] if pk in rows]
        cursor = _cursor(listings[stage], values, keys[ids[:limit][-1]]) if ids else None
        more = len(ids) > limit
        recent = stage in CLOSED_STAGES and is_recent(wanted)
        columns.append(
            Column(
                key=str(stage),
                label=stage_label(stage),
                count=count_words(counts.get(stage, 0)),
                cards=make.all(cards),
                next=cursor if more else None,
                older=cursor if recent and not more else None,
                recent=recent,
            )
        )
    return columns


def _cursor(listing: Listing, values: dict[str, Any], last: Keys) -> str:
    # A column in New may change from dated to undated within the page.
    undated = listing.sort == Stage.NEW and last["due_at"] is None
    return Walk(listing, values).cursor(1 if undated else 0, last)


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
    walk = Walk(_column(actor, wanted, stage, any_age=older), values_of(actor, wanted))
    page = walk.page(cursor, limit, lambda ids: rows_read(actor, ids))
    recent = stage in CLOSED_STAGES and is_recent(wanted) and not older
    return Column(
        key=str(stage),
        label=stage_label(stage),
        count="",
        cards=RowMaker().all(page.items),
        next=page.next,
        # Nothing recent is left: the same place, with the limit of age taken away.
        older=(page.end or cursor) if recent and not page.next else None,
    )


def is_recent(wanted: OrderFilter) -> bool:
    """Whether the closed columns hold the last 30 days, for want of other days in the wanted."""
    return wanted.day in ("now", "all") and not (wanted.date_from or wanted.date_to)


def _columns(actor: Actor, wanted: OrderFilter) -> dict[Stage, Listing]:
    """The columns that the filter leaves."""
    stages = [stage for stage in Stage if not wanted.stages or str(stage) in wanted.stages]
    return {stage: _column(actor, wanted, stage) for stage in stages}


def _column(actor: Actor, wanted: OrderFilter, stage: Stage, *, any_age: bool = False) -> Listing:
    shape = replace(Shape.of(wanted), stages=())
    if stage in CLOSED_STAGES and is_recent(wanted):
        shape = replace(shape, days="all" if any_age else "recent")
    return Listing(policy.sight_of(actor), shape, str(stage))


def order_cards(*, actor: Actor, wanted: OrderFilter, ids: Sequence[UUID]) -> Cards:
    """These cards as they are now, without those that stand in no column of the filter."""
    listings = _columns(actor, wanted)
    statement = columns_statement(tuple(listings.values()), None)
    (found,) = statement.ask(values_of(actor, wanted) | {"ids": list(ids)})
    there = [pk for some in found[: len(listings)] for pk in some]
    counts = zip(listings, found[len(listings) :], strict=True)
    return Cards(
        cards=RowMaker().all(rows_read(actor, there)),
        counts={str(stage): count_words(count) for stage, count in counts},
    )


def order_rows(
    *, actor: Actor, wanted: OrderFilter, ids: Sequence[UUID], columns: Sequence[str] = ()
) -> Cards:
    """These rows as they are now, without those that the filter does not find any more; the one
    count, under "", is that of all it finds."""
    listing = Listing.of(actor, wanted)
    statement = columns_statement((listing,), None)
    ((there, count),) = statement.ask(values_of(actor, wanted) | {"ids": list(ids)})
    further = not FURTHER.isdisjoint(columns)
    make = RowMaker(sort=wanted.sort, further=further)
    rows = make.all(rows_read(actor, there, further=further))
    return Cards(rows, {"": count_words(count)})


def order_row_any(*, actor: Actor, order_id: UUID) -> OrderRow:
    """One row whatever the filter. NotFound if it is not there, or not theirs."""
    if not policy.orders_visible(actor).filter(pk=order_id).exists():
        raise NotFound
    return RowMaker().one(rows_read(actor, [order_id])[0])
