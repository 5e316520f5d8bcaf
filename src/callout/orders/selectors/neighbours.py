"""Where an order stands in a filtered list: its place, and the numbers before and after it."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.db.models import Q, UUIDField

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.prepared import Given, Prepared, Statement, statement_of
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.selectors.list_sql import COUNTED, count_statement, count_words
from callout.orders.selectors.listing import Listing, Segment, after_given
from callout.orders.selectors.narrow import values_of

COLUMNS = ("number", "stage", "start", "due_at", "closed_at", "priority_id")


@dataclass(frozen=True, slots=True)
class Beside:
    """`place` is "" where it is not within what is counted; numbers None at the ends."""

    place: str
    count: str
    before: int | None
    after: int | None


def neighbours_of(*, actor: Actor, wanted: OrderFilter, order_id: UUID) -> Beside | None:
    """None for an order that the filter does not find; NotFound if it is not the actor's."""
    listing, values = Listing.of(actor, wanted), values_of(actor, wanted)
    order = _order(listing).first(**values, order=order_id)
    if order is None:
        if not policy.orders_visible(actor).filter(pk=order_id).exists():
            raise NotFound
        return None
    there = {f"after_{name}": getattr(order, name) for name in COLUMNS}
    back = replace(listing, sort=_turned(listing.sort))
    statement = _beside(listing, _index(listing, order), back, _index(back, order))
    ((following, before, count, ahead),) = statement.ask(values | there)
    return Beside(
        place=str(ahead + 1) if ahead <= COUNTED else "",
        count=count_words(count),
        before=before,
        after=following,
    )


@lru_cache(maxsize=256)
def _order(listing: Listing) -> Prepared[Any]:
    """Where one order stands, if the listing has it."""
    one = Given("order", UUIDField())
    return Prepared(lambda: listing.rows().filter(pk=one).values_list(*COLUMNS, named=True))


@lru_cache(maxsize=256)
def _beside(listing: Listing, index: int, back: Listing, back_index: int) -> Statement:
    """One row: the numbers after and before, how long the list is, and how many come before."""
    following, behind = _first(listing, index), _first(back, back_index)
    earlier = Q(pk__isnull=True)
    for number, part in enumerate(back.parts()[back_index:]):
        earlier |= part.which if number else part.which & after_given(part.order)
    counts = count_statement([listing.rows(), listing.rows().filter(earlier)])
    sql = f"SELECT {following.sql}, {behind.sql}, {counts.sql.removeprefix('SELECT ')}"
    return Statement(sql, following.given + behind.given + counts.given)


def _first(listing: Listing, index: int) -> Statement:
    """The number that comes first in the segments from `index` on, after the given order."""
    texts: list[str] = []
    given: tuple[str, ...] = ()
    for number, part in enumerate(listing.parts()[index:]):
        rows = listing.of_part(part)
        if not number:
            rows = rows.filter(after_given(part.order))
        found = statement_of(rows.values_list("number", flat=True)[:1])
        if found:
            texts.append(f"({found.sql})")
            given += found.given
    return Statement(f"COALESCE({', '.join([*texts, 'NULL'])})", given)


def _index(listing: Listing, order: Any) -> int:
    """The segment in which the order stands."""
    parts = listing.parts()
    return next(index for index, part in enumerate(parts) if _stands_in(part, order))


def _turned(sort: str) -> str:
    return sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"


def _stands_in(part: Segment, order: Any) -> bool:
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
