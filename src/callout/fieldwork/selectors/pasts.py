"""Past interventions at a site or on an asset, the last few of each, for many orders at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import connection

from callout.orders.models import Visit
from callout.orders.technician_selectors import PAST, past_of

Told = dict[str, Any]
Pair = tuple[UUID, UUID]  # an order that is not meant, and the site or asset

_LATEST = """
SELECT asked.order_id, asked.thing_id, past.id
FROM unnest(%(orders)s::uuid[], %(things)s::uuid[]) AS asked(order_id, thing_id)
CROSS JOIN LATERAL (
    SELECT v.id, v.closed_at
    FROM orders_serviceorder o JOIN orders_visit v ON v.order_id = o.id
    WHERE o.{column} = asked.thing_id AND o.id <> asked.order_id
      AND NOT v.is_open AND v.outcome = ANY (%(outcomes)s)
    ORDER BY v.closed_at DESC, v.id DESC LIMIT %(most)s
) AS past
ORDER BY past.closed_at DESC, past.id DESC
"""
COLUMNS = ("site_id", "asset_id")


def latest(column: str, pairs: Iterable[Pair], most: int) -> dict[Pair, list[Told]]:
    """The last `most` interventions of other orders, newest first, by (order, site or asset).

    What it says of each is `Past`'s list of fields and no more. Two queries.
    """
    if column not in COLUMNS:
        raise ValueError(column)
    asked = sorted(set(pairs))
    if not asked:
        return {}
    given: dict[str, Any] = {
        "orders": [order for order, _thing in asked],
        "things": [thing for _order, thing in asked],
        "outcomes": [str(one) for one in PAST],
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LATEST.replace("{column}", column), given)
        found = cursor.fetchall()
    told = _told({visit for _order, _thing, visit in found})
    rows: dict[Pair, list[Told]] = defaultdict(list)
    for order, thing, visit in found:
        rows[order, thing].append(told[visit])
    return rows


def _told(ids: set[UUID]) -> dict[UUID, Told]:
    rows = Visit.objects.filter(pk__in=ids).select_related("order__type", "technician")
    return {visit.pk: asdict(past_of(visit)) for visit in rows}


def attempts(visits: Sequence[Visit]) -> dict[UUID, list[tuple[UUID, Told]]]:
    """Past visits of these orders, oldest first: (visit, what is told of it) by order."""
    rows = Visit.objects.filter(
        order__in={visit.order_id for visit in visits}, is_open=False, outcome__in=PAST
    ).select_related("order__type", "technician")
    found: dict[UUID, list[tuple[UUID, Told]]] = defaultdict(list)
    for row in rows.order_by("start", "sequence"):
        found[row.order_id].append((row.pk, asdict(past_of(row))))
    return found
