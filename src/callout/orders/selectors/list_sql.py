"""The statements of lists, each made once: which orders a page has, how many there are in all, and
where the page ends. They read the orders' own columns alone.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, UUIDField, Value
from django.utils.translation import gettext as _

from callout.kernel.prepared import Given, Statement, statement_of
from callout.orders.models import ServiceOrder
from callout.orders.selectors.listing import Listing, after_given

COUNTED = 1_000  # counts are exact up to here
IDS = Given("ids", UUIDField())


@lru_cache(maxsize=1024)
def page_statement(
    listing: Listing, index: int, is_after: bool, limit: int, counted: bool
) -> Statement:
    """One row: for each segment from `index` on the ids of its first orders, one more than
    `limit` in all; then, if `counted`, how many orders the whole listing has (else 0); and the keys
    of the page's last order.

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
    count, names = _count(listing.rows()) if counted else ("0", ())
    columns.append(count)
    given += names
    all_ids = " || ".join(f"p{number}.ids" for number in range(len(parts)))
    columns.append(_keys([f"({all_ids})"], limit))
    froms = ", ".join(f"p{number}" for number in range(len(parts)))
    sql = f"WITH {', '.join(steps)} SELECT {', '.join(columns)} FROM {froms}"  # noqa: S608
    return Statement(sql, tuple(given), kept=not given or listing.is_one_persons)


@lru_cache(maxsize=1024)
def few_statement(listing: Listing, limit: int) -> Statement:
    """The same row of the first page with its count, where the listing has COUNTED orders at most:
    they are looked up once, for the page and the count. Where it has more, the count alone holds.

    They have the name of the orders' table: in PostgreSQL that means what is looked up in all that
    comes after it, and in the looking up itself the table.
    """
    parts = listing.parts()
    looked = statement_of(_looked_up(listing)[: COUNTED + 1])
    if looked is None:
        return Statement(f"SELECT {'ARRAY[]::uuid[], ' * len(parts)}0, NULL", kept=True)
    columns = ", ".join(("id", "stage", *KEYS))
    steps = [f"orders_serviceorder ({columns}) AS MATERIALIZED ({looked.sql})"]
    for number, part in enumerate(parts):
        of_part = ServiceOrder.objects.filter(part.which).order_by(*part.order)
        step, _given = _array(of_part.values_list("pk", flat=True)[: limit + 1])
        steps.append(f"p{number} AS MATERIALIZED (SELECT {step} AS ids)")
    lists = [f"p{number}.ids" for number in range(len(parts))]
    all_ids = f"({' || '.join(lists)})"
    count = "(SELECT count(*) FROM orders_serviceorder)"
    shown = ", ".join([*lists, count, _keys([all_ids], limit)])
    froms = ", ".join(f"p{number}" for number in range(len(parts)))
    sql = f"WITH {', '.join(steps)} SELECT {shown} FROM {froms}"  # noqa: S608
    return Statement(sql, looked.given)


def _looked_up(listing: Listing) -> QuerySet[ServiceOrder, Any]:
    """All orders of the listing, with what sorts them; not sorted themselves: where there are fewer
    than the planner expects, it would walk through all of a million numbers to find the first."""
    shown = ("pk", "stage", *KEYS)
    if listing.shape.text:
        return listing.rows().order_by().values_list(*shown)
    # Days lie elsewhere in each stage: together no index serves them.
    made = [listing.of_part(part).order_by().values_list(*shown) for part in listing.parts()]
    return made[0].union(*made[1:], all=True) if made[1:] else made[0]


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
    # To plan a Kanban without a filter took half as long as to read it.
    return Statement(sql, tuple(given), kept=all(one.is_plain_column for one in listings))


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


def count_words(number: int) -> str:
    """The count as it is shown."""
    return str(number) if number <= COUNTED else _("1,000+")
