"""The list, in pages that never skip or double a row, whatever its order and however long it is.

A sort is a sequence of segments: one condition and one order of columns that are never null in it,
each served by an index. So nulls have their exact place, and no page reads what came before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.paging import MOST, Page
from callout.orders.filters import OrderFilter
from callout.orders.models import ServiceOrder
from callout.orders.selectors.narrow import orders_found
from callout.orders.selectors.rows import OrderRow, RowMaker, row_values

T = TypeVar("T")

COUNTED = 1_000  # counts are exact up to here
SALT = "callout.orders.list"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sorted list: which orders stand in it, and by which columns."""

    which: Q
    order: tuple[str, ...]
    stage: str = ""


def _stage(stage: str, *order: str, **more: Any) -> Segment:
    return Segment(Q(stage=stage, **more), order, stage)


_CLOSED = tuple(_stage(stage, "-closed_at", "-number") for stage in ("completed", "cancelled"))
_CLOSED_BACK = tuple(_stage(stage, "closed_at", "number") for stage in ("cancelled", "completed"))
# Who is to be planned comes first, by when it is to be answered; what was cancelled out of New
# never had a slot and comes last.
_NEW_DUE = _stage("new", "due_at", "number", due_at__isnull=False)
_NEW_UNDUE = _stage("new", "number", due_at__isnull=True)
_NEVER = Q(stage="cancelled", start__isnull=True)
SEGMENTS: dict[str, tuple[Segment, ...]] = {
    "number": (Segment(Q(), ("number",)),),
    "-number": (Segment(Q(), ("-number",)),),
    "start": (
        _NEW_DUE,
        _NEW_UNDUE,
        Segment(Q(start__isnull=False), ("start", "number")),
        Segment(_NEVER, ("number",), "cancelled"),
    ),
    "-start": (
        Segment(_NEVER, ("-number",), "cancelled"),
        Segment(Q(start__isnull=False), ("-start", "-number")),
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
}


def order_list(
    *, actor: Actor, wanted: OrderFilter, cursor: str | None = None, limit: int = 50
) -> Page[OrderRow]:
    """A page of the list as prepared rows. Invalid for a wrong cursor, limit or text."""
    which = orders_found(actor, wanted)
    # A text may find thousands, which PostgreSQL would join before it sorts: first which, then all.
    rows = row_values(ServiceOrder.objects.all() if wanted.q else which, actor)
    found = order_page(
        rows=rows,
        wanted=wanted,
        cursor=cursor,
        limit=limit,
        which=which if wanted.q else None,
    )
    return Page(RowMaker(sort=wanted.sort).all(found.items), found.next)


def order_page(
    *,
    rows: QuerySet[ServiceOrder, T],
    wanted: OrderFilter,
    cursor: str | None,
    limit: int,
    which: QuerySet[ServiceOrder] | None = None,
) -> Page[T]:
    """A page of `rows`, as instances or values, in the order of `wanted`.

    They are narrowed by it already, or else `which` are the orders that are, and may be seen.
    """
    if not 1 <= limit <= MOST:
        raise Invalid({"limit": [_("Ask for 1 to %(most)d rows.") % {"most": MOST}]})
    return Walk(rows, segments_of(wanted), wanted.sort, which).page(cursor, limit)


def segments_of(wanted: OrderFilter) -> tuple[Segment, ...]:
    """The parts of the list, without those of stages that the filter leaves out."""
    parts = SEGMENTS[wanted.sort]
    if not wanted.stages:
        return parts
    return tuple(part for part in parts if not part.stage or part.stage in wanted.stages)


class Walk(Generic[T]):
    """Walks through the segments of a list from a cursor on."""

    def __init__(
        self,
        rows: QuerySet[ServiceOrder, T],
        parts: Sequence[Segment],
        name: str,
        which: QuerySet[ServiceOrder] | None = None,
    ):
        self.rows, self.parts, self.name, self.which = rows, parts, name, which

    def page(self, cursor: str | None, limit: int) -> Page[T]:
        index, values = self._read(cursor) if cursor else (0, [])
        found: list[T] = []
        last = index
        while len(found) <= limit and index < len(self.parts):
            part = self.parts[index]
            within = part.which & after(part.order, values) if values else part.which
            more = self._read_part(part, within, limit + 1 - len(found))
            # The cursor is that of the page's last row, which may stand in an earlier segment.
            last = index if more and len(found) < limit else last
            found += more
            values, index = [], index + 1
        if len(found) <= limit:
            return Page(found, None)
        return Page(found[:limit], self.cursor(last, found[limit - 1]))

    def _read_part(self, part: Segment, within: Q, most: int) -> list[T]:
        if self.which is None:
            return list(self.rows.filter(within).order_by(*part.order)[:most])
        found = self.which.filter(within).order_by(*part.order).values_list("pk", flat=True)
        ids = list(found[:most])  # as values: a sub-query would be joined last, to everything
        return list(self.rows.filter(pk__in=ids).order_by(*part.order)) if ids else []

    def cursor(self, index: int, row: T) -> str:
        """What the next page starts after: a row of the segment at `index`."""
        values = [_written(getattr(row, _column(name))) for name in self.parts[index].order]
        return signing.dumps([self.name, self._mark(index), *values], salt=SALT)

    def _mark(self, index: int) -> str:
        """Names a segment by what it is, so that a cursor outlives a change of the stages asked."""
        part = self.parts[index]
        return f"{part.stage}:{','.join(part.order)}"

    def _read(self, cursor: str) -> tuple[int, list[Any]]:
        try:
            name, mark, *values = signing.loads(cursor, salt=SALT)
            marks = [self._mark(index) for index in range(len(self.parts))]
            index = marks.index(mark)
            if name != self.name or len(values) != len(self.parts[index].order):
                raise signing.BadSignature
            return index, [
                ServiceOrder._meta.get_field(_column(field)).to_python(value)  # type: ignore[union-attr]
                for field, value in zip(self.parts[index].order, values, strict=True)
            ]
        except (signing.BadSignature, ValidationError, ValueError, TypeError):
            # `from None`: what a stranger sent is not for the log.
            words = _("This page is not known. Start the list again.")
            raise Invalid({"cursor": [words]}) from None


def after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Row comparison in words that the planner can use an index for."""
    name, value = _column(order[0]), values[0]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(order) == 1:
        return Q(**{f"{name}__{beyond}": value})
    rest = after(order[1:], values[1:])
    return Q(**{f"{name}__{beyond}e": value}) & (Q(**{f"{name}__{beyond}": value}) | rest)


def _column(name: str) -> str:
    return name.removeprefix("-")


def _written(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def order_count(*, actor: Actor, wanted: OrderFilter) -> str:
    """How many orders the filter finds: exact to 1,000, then "1,000+"."""
    return counted([orders_found(actor, wanted)])[0]


def counted(lists: Sequence[QuerySet[ServiceOrder]]) -> list[str]:
    """How long each of `lists` is, in one query, each read no further than it is told."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in lists:
        # Nothing of the rows is read, so that an index alone can answer.
        inner = rows.order_by().annotate(one=Value(1)).values("one")[: COUNTED + 1]
        sql, values = inner.query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) x)")  # noqa: S608 - Django's own SQL
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone()
    return [count_words(number) for number in found]


def count_words(number: int) -> str:
    """The count as it is shown."""
    return str(number) if number <= COUNTED else _("1,000+")
