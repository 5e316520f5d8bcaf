"""The list, in pages that never skip or double a row, whatever its order and however long it is.

A page is two statements: which orders (and how many there are), asked of the orders' own columns
alone; then these orders with all that is shown of them. To sort what is joined already, PostgreSQL
would join thousands. Where the page ends is told by the first: in the second its last row may have
moved on already, and the next page would begin behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.paging import MOST
from callout.kernel.prepared import Statement, statement_of
from callout.orders import policy
from callout.orders.columns import FURTHER
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.selectors.list_sql import (
    COUNTED,
    IDS,
    Keys,
    count_words,
    few_statement,
    keys_read,
    page_statement,
)
from callout.orders.selectors.listing import Listing, column_of
from callout.orders.selectors.narrow import Shape, orders_found, values_of
from callout.orders.selectors.rows import OrderRow, RowMaker, rows_read

T = TypeVar("T")

SALT = "callout.orders.list"


@dataclass(frozen=True, slots=True)
class OrderPage(Generic[T]):
    """Some orders of a list, the cursor of those after them (None: there are none), and how many
    the list has in all ("1,000+" above that; "" where it was not asked). `end` is the cursor of
    what would come after them, though nothing may."""

    items: list[T]
    next: str | None
    count: str = ""
    end: str | None = None


def order_list(
    *,
    actor: Actor,
    wanted: OrderFilter,
    cursor: str | None = None,
    limit: int = 50,
    counted: bool = False,
    columns: Sequence[str] = (),
) -> OrderPage[OrderRow]:
    """A page of the list as prepared rows, with what these columns show. Invalid for a wrong
    cursor, limit or text."""
    further = not FURTHER.isdisjoint(columns)

    def read(ids: list[UUID]) -> list[Any]:
        return rows_read(actor, ids, further=further)

    found = order_page(
        actor=actor, wanted=wanted, cursor=cursor, limit=limit, read=read, counted=counted
    )
    make = RowMaker(sort=wanted.sort, further=further)
    return OrderPage(make.all(found.items), found.next, found.count)


def order_page(
    *,
    actor: Actor,
    wanted: OrderFilter,
    cursor: str | None,
    limit: int,
    read: Callable[[list[UUID]], list[T]],
    counted: bool = False,
) -> OrderPage[T]:
    """A page of the orders that `actor` sees and `wanted` asks for.

    `read` gets their ids and answers them in that order.
    """
    if not 1 <= limit <= MOST:
        raise Invalid({"limit": [_("Ask for 1 to %(most)d rows.") % {"most": MOST}]})
    walk = Walk(Listing.of(actor, wanted), values_of(actor, wanted))
    return walk.page(cursor, limit, read, counted=counted)


def orders_among(*, actor: Actor, wanted: OrderFilter, ids: Sequence[UUID]) -> set[UUID]:
    """Those of `ids` that `actor` sees and `wanted` asks for. Invalid for a text without a word."""
    statement = _among_statement(policy.sight_of(actor), Shape.of(wanted))
    if statement is None:
        return set()
    return {pk for (pk,) in statement.ask(values_of(actor, wanted) | {"ids": list(ids)})}


@lru_cache(maxsize=1024)
def _among_statement(sight: policy.Sight, shape: Shape) -> Statement | None:
    rows = orders_found(sight, shape).filter(pk__any=IDS)
    return statement_of(rows.order_by().values_list("pk", flat=True))


# For each segment its first orders; how many there are in all, where that is asked; keys.
Page = tuple[Sequence[Sequence[UUID]], int, str | None]


def _page(found: list[tuple[Any, ...]]) -> Page:
    ((*lists, count, keys),) = found
    return lists, count, keys


class Walk:
    """Walks through the segments of a listing from a cursor on."""

    def __init__(self, listing: Listing, values: dict[str, Any]):
        self.listing, self.values, self.parts = listing, values, listing.parts()

    def page(
        self,
        cursor: str | None,
        limit: int,
        read: Callable[[list[UUID]], list[T]],
        *,
        counted: bool = False,
    ) -> OrderPage[T]:
        """The `limit` orders after `cursor`."""
        index, after = self._read(cursor) if cursor else (0, [])
        first = counted and not cursor
        lists, number, keys = self._first(limit) if first else self._asked(index, after, limit)
        count = count_words(number) if counted else ""
        ids = [(index + part, pk) for part, found in enumerate(lists) for pk in found]
        if not ids:
            return OrderPage([], None, count)
        # The cursor is that of the page's last row, in the segment where it stands.
        last_index, last = ids[:limit][-1]
        end = self.cursor(last_index, keys_read(keys)[last])
        items = read([pk for _part, pk in ids[:limit]])
        return OrderPage(items, end if len(ids) > limit else None, count, end)

    def _first(self, limit: int) -> Page:
        """The first page and the count: what is few is looked up once for both."""
        if not self.listing.may_be_few:
            return self._asked(0, [], limit, counted=True)
        lists, number, keys = _page(few_statement(self.listing, limit).ask(self.values))
        if number > COUNTED:
            lists, _none, keys = self._asked(0, [], limit)
        return lists, number, keys

    def _asked(
        self, index: int, after: list[tuple[str, Any]], limit: int, *, counted: bool = False
    ) -> Page:
        statement = page_statement(self.listing, index, bool(after), limit, counted)
        given = {f"after_{name}": value for name, value in after}
        return _page(statement.ask(self.values | given))

    def cursor(self, index: int, keys: Keys) -> str:
        """What the next page starts after: a row of the segment at `index`, by its keys."""
        values = [keys[column_of(name)] for name in self.parts[index].order]
        return signing.dumps([self.listing.sort, self._mark(index), *values], salt=SALT)

    def _mark(self, index: int) -> str:
        """Names a segment by what it is, so that a cursor outlives a change of the stages asked."""
        part = self.parts[index]
        return f"{','.join(part.stages)}:{','.join(part.order)}"

    def _read(self, cursor: str) -> tuple[int, list[tuple[str, Any]]]:
        try:
            name, mark, *values = signing.loads(cursor, salt=SALT)
            marks = [self._mark(index) for index in range(len(self.parts))]
            index = marks.index(mark)
            columns = [column_of(name) for name in self.parts[index].order]
            if name != self.listing.sort or len(values) != len(columns):
                raise signing.BadSignature
            return index, [
                (column, ServiceOrder._meta.get_field(column).to_python(value))  # type: ignore[union-attr]
                for column, value in zip(columns, values, strict=True)
            ]
        except (signing.BadSignature, ValidationError, ValueError, TypeError):
            # `from None`: what a stranger sent is not for the log.
            words = _("This page is not known. Start the list again.")
            raise Invalid({"cursor": [words]}) from None
