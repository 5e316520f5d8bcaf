"""The list, in pages that never skip or double a row, whatever its order and however long it is.

A sort is a sequence of segments: one condition and one order of columns that are never null in it,
each served by an index. So nulls have their exact place, and no page reads what came before it.

A page is two statements: which orders (and how many there are), asked of the orders' own columns
alone; then these orders with all that is shown of them. To sort what is joined already, PostgreSQL
would join thousands. Where the page ends is told by the first: in the second its last row may have
moved on already, and the next page would begin behind it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet, UUIDField, Value
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.paging import MOST
from callout.kernel.prepared import Given, Statement, statement_of
from callout.orders import policy
from callout.orders.columns import FURTHER
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.selectors.narrow import ALL_STAGES, Shape, orders_found, values_of
from callout.orders.selectors.rows import OrderRow, RowMaker, rows_read

T = TypeVar("T")

COUNTED = 1_000  # counts are exact up to here
IDS = Given("ids", UUIDField())
SALT = "callout.orders.list"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sorted list: which orders stand in it, and by which columns; the only stages
    that they can have; and whether they all have a slot."""

    which: Q
    order: tuple[str, ...]
    stages: tuple[str, ...] = ALL_STAGES
    started: bool = False


def _stage(stage: str, *order: str, **more: Any) -> Segment:
    return Segment(Q(stage=stage, **more), order, (stage,))


def _started(*order: str) -> Segment:
    stages = ("planned", "completed", "cancelled")
    return Segment(Q(start__isnull=False), order, stages, started=True)


_CLOSED = tuple(_stage(stage, "-closed_at", "-number") for stage in ("completed", "cancelled"))
_CLOSED_BACK = tuple(_stage(stage, "closed_at", "number") for stage in ("cancelled", "completed"))
# Who is to be planned comes first, by when it is to be answered; what was cancelled out of New
# never had a slot and comes last.
_NEW_DUE = _stage("new", "due_at", "number", due_at__isnull=False)
_NEW_UNDUE = _stage("new", "number", due_at__isnull=True)
SEGMENTS: dict[str, tuple[Segment, ...]] = {
    "number": (Segment(Q(), ("number",)),),
    "-number": (Segment(Q(), ("-number",)),),
    "start": (
        _NEW_DUE,
        _NEW_UNDUE,
        _started("start", "number"),
        _stage("cancelled", "number", start__isnull=True),
    ),
    "-start": (
        _stage("cancelled", "-number", start__isnull=True),
        _started("-start", "-number"),
        _stage("new", "-number", due_at__isnull=True),
        _stage("new", "-due_at", "-number", due_at__isnull=False),
    ),
    # Due and priority sort within the stage: what is open first, then what has ended.
    "due": (
        _NEW_DUE,
        _NEW_UNDUE,
        _stage("planned", "due_at", "number", due_at__isnull=False),
        _stage("planned", "number", due_at__isnull=True),
        *_CLOSED,
    ),
    "-due": (
        *_CLOSED_BACK,
        _stage("planned", "-number", due_at__isnull=True),
        _stage("planned", "-due_at", "-number", due_at__isnull=False),
        _stage("new", "-number", due_at__isnull=True),
        _stage("new", "-due_at", "-number", due_at__isnull=False),
    ),
    "priority": (
        _stage("new", "-priority_id", "number"),
        _stage("planned", "-priority_id", "number"),
        *_CLOSED,
    ),
    "-priority": (
        *_CLOSED_BACK,
        _stage("planned", "priority_id", "-number"),
        _stage("new", "priority_id", "-number"),
    ),
    # The columns of the Kanban: New by when it is to be answered, Planned by start, what has ended
    # by its end.
    "new": (_NEW_DUE, _NEW_UNDUE),
    "planned": (_stage("planned", "start", "number"),),
    "completed": _CLOSED[:1],
    "cancelled": _CLOSED[1:],
}


@dataclass(frozen=True, slots=True)
class OrderPage(Generic[T]):
    """Some orders of a list, the cursor of those after them (None: there are none), and how many
    the list has in all ("1,000+" above that; "" where it was not asked). `end` is the cursor of
    what would come after them, though nothing may."""

    items: list[T]
    next: str | None
    count: str = ""
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which orders, in which order: all that a statement is made from. A stage for `sort` is that
    column of the Kanban, whose days are a matter of its stage alone."""

    sight: policy.Sight
    shape: Shape
    sort: str

    @classmethod
    def of(cls, actor: Actor, wanted: OrderFilter) -> "Listing":
        """The list of a filter, in its order."""
        return cls(policy.sight_of(actor), Shape.of(wanted), wanted.sort)

    def parts(self) -> tuple[Segment, ...]:
        """The segments, without those of stages that the filter leaves out."""
        parts, asked = SEGMENTS[self.sort], set(self.shape.stages)
        return tuple(part for part in parts if not asked or asked & set(part.stages))

    def of_part(self, part: Segment) -> QuerySet[ServiceOrder]:
        """The orders of one segment, sorted."""
        rows = orders_found(self.sight, self.shape, part.stages, started=part.started)
        return rows.filter(part.which).order_by(*part.order)

    def rows(self) -> QuerySet[ServiceOrder]:
        """All of them, unsorted."""
        if self.sort not in ALL_STAGES:
            return orders_found(self.sight, self.shape)
        return orders_found(self.sight, self.shape, (self.sort,)).filter(stage=self.sort)


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
        statement = page_statement(self.listing, index, bool(after), limit, counted)
        given = {f"after_{name}": value for name, value in after}
        (row,) = statement.ask(self.values | given)
        lists = row[: len(self.parts) - index]
        ids = [(index + part, pk) for part, found in enumerate(lists) for pk in found]
        count = count_words(row[-2]) if counted else ""
        if not ids:
            return OrderPage([], None, count)
        # The cursor is that of the page's last row, in the segment where it stands.
        last_index, last = ids[:limit][-1]
        end = self.cursor(last_index, keys_read(row[-1])[last])
        items = read([pk for _part, pk in ids[:limit]])
        return OrderPage(items, end if len(ids) > limit else None, count, end)

    def cursor(self, index: int, keys: "Keys") -> str:
        """What the next page starts after: a row of the segment at `index`, by its keys."""
        values = [keys[_column(name)] for name in self.parts[index].order]
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
            columns = [_column(name) for name in self.parts[index].order]
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


@lru_cache(maxsize=1024)
def page_statement(
    listing: Listing, index: int, is_after: bool, limit: int, counted: bool
) -> Statement:
    """One row: for each segment from `index` on the ids of its first orders, one more than
    `limit` in all; then, if `counted`, how many orders the whole listing has; and the keys of the
    page's last order.

    A segment is read only when those before it did not fill the page: CASE asks no further.
    """
    given: list[str] = []
    steps: list[str] = []
    parts = listing.parts()[index:]
    for number, part in enumerate(parts):
        found = listing.of_part(part)
        if is_after and not number:
            found = found.filter(after_given(part.order))
        step, names = _array(found.values_list("pk", flat=True)[: limit + 1])
        before = " + ".join(f"cardinality(p{one}.ids)" for one in range(number))
        if before:
            froms = ", ".join(f"p{one}" for one in range(number))
            enough = f"(SELECT {before} FROM {froms}) > {limit}"  # noqa: S608
            step = f"CASE WHEN {enough} THEN '{{}}' ELSE {step} END"
        steps.append(f"p{number} AS MATERIALIZED (SELECT {step} AS ids)")
        given += names
    columns = [f"p{number}.ids" for number in range(len(parts))]
    if counted:
        count, names = _count(listing.rows())
        columns.append(count)
        given += names
    all_ids = " || ".join(f"p{number}.ids" for number in range(len(parts)))
    columns.append(_keys([f"({all_ids})"], limit))
    froms = ", ".join(f"p{number}" for number in range(len(parts)))
    sql = f"WITH {', '.join(steps)} SELECT {', '.join(columns)} FROM {froms}"  # noqa: S608
    return Statement(sql, tuple(given))


@lru_cache(maxsize=1024)
def columns_statement(listings: tuple[Listing, ...], limit: int | None) -> Statement:
    """One row: for each listing the ids of its orders, in one sequence; then for each how many it
    has. With a `limit`: one more of its first orders than that, and at the end the keys of the last
    of them. Without: those of its orders that are among the given `ids`."""
    steps: list[str] = []
    counts: list[str] = []
    given: list[str] = []
    for number, listing in enumerate(listings):
        parts = listing.parts()
        # The segments of a column differ in a null alone, which PostgreSQL puts last.
        rows = listing.rows().order_by(*(parts[0].order if parts else ("number",)))
        some = rows.filter(pk__any=IDS) if limit is None else rows[: limit + 1]
        array, names = _array(some.values_list("pk", flat=True))
        steps.append(f"c{number} AS MATERIALIZED (SELECT {array} AS ids)")
        given += names
    for listing in listings:
        count, names = _count(listing.rows())
        counts.append(count)
        given += names
    lists = [f"c{number}.ids" for number in range(len(listings))]
    keys = [] if limit is None else [_keys(lists, limit)]
    froms = ", ".join(f"c{number}" for number in range(len(listings)))
    sql = f"WITH {', '.join(steps)} SELECT {', '.join([*lists, *counts, *keys])} FROM {froms}"  # noqa: S608
    return Statement(sql, tuple(given))


Keys = Mapping[str, Any]
KEYS = ("number", "start", "due_at", "closed_at", "priority_id")


def _keys(lists: Sequence[str], limit: int) -> str:
    """By what the last order shown of each of these lists of ids is sorted, by its id."""
    last = ", ".join(f"({ids})[least({limit}, cardinality({ids}))]" for ids in lists)
    keys = ", ".join(f"'{name}', \"{name}\"" for name in KEYS)
    return (
        f"(SELECT jsonb_object_agg(id, jsonb_build_object({keys}))"  # noqa: S608
        f" FROM orders_serviceorder WHERE id = ANY (ARRAY[{last}]))"
    )


def keys_read(found: str | None) -> dict[UUID, Keys]:
    """What `_keys` answered."""
    return {UUID(pk): keys for pk, keys in json.loads(found or "{}").items()}


def count_statement(queries: Sequence[QuerySet[ServiceOrder]]) -> Statement:
    """One row: how long each of `queries` is."""
    made = [_count(rows) for rows in queries]
    names = [name for _sql, given in made for name in given]
    return Statement(f"SELECT {', '.join(sql for sql, _given in made)}", tuple(names))


def ids_and_counts_statement(
    shown: QuerySet[ServiceOrder], counted: Sequence[QuerySet[ServiceOrder]]
) -> Statement:
    """One row: the ids of `shown` in its order, then how long each of `counted` is."""
    array, given = _array(shown.values_list("pk", flat=True))
    counts = count_statement(counted)
    columns = [array, *filter(None, [counts.sql.removeprefix("SELECT ")])]
    return Statement(f"SELECT {', '.join(columns)}", (*given, *counts.given))


def _array(rows: QuerySet[ServiceOrder, Any]) -> tuple[str, tuple[str, ...]]:
    found = statement_of(rows)
    return (f"ARRAY({found.sql})", found.given) if found else ("'{}'::uuid[]", ())


def _count(rows: QuerySet[ServiceOrder]) -> tuple[str, tuple[str, ...]]:
    # Nothing of the rows is read, so that an index alone can answer; and no further than is told.
    inner = rows.order_by().annotate(one=Value(1)).values("one")[: COUNTED + 1]
    found = statement_of(inner)
    return (f"(SELECT count(*) FROM ({found.sql}) x)", found.given) if found else ("0", ())  # noqa: S608


def after_given(order: Sequence[str]) -> Q:
    """What comes after the row whose values are given as `after_<column>`, in words that the
    planner can use an index for."""
    name = _column(order[0])
    here = Given(f"after_{name}", ServiceOrder._meta.get_field(name))  # type: ignore[arg-type]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{name}__{beyond}": here})
    rest = after_given(order[1:])
    return Q(**{f"{name}__{beyond}e": here}) & (Q(**{f"{name}__{beyond}": here}) | rest)


def _column(name: str) -> str:
    return name.removeprefix("-")


def count_words(number: int) -> str:
    """The count as it is shown."""
    return str(number) if number <= COUNTED else _("1,000+")
