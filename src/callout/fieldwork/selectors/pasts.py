"""Past interventions at a site or on an asset, the last few of each, for many orders at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from callout.kernel.message import message
from callout.kernel.wire import Kept
from callout.orders.technician_selectors import PAST, past_told

Told = dict[str, Any]
Pair = tuple[UUID, UUID]  # an order that is not meant, and the site or asset

# From the site or asset to its orders by their index, for each that is asked; once for each kind.
_OF_ONE = """
(SELECT asked.order_id, asked.thing_id, past.*
FROM unnest(%s::uuid[], %s::uuid[]) AS asked(order_id, thing_id)
CROSS JOIN LATERAL (
    SELECT v.closed_at, v.start, t.name, o.title, w.name, v.outcome, v.id
    FROM orders_serviceorder o
    JOIN orders_visit v ON v.order_id = o.id
    JOIN orders_interventiontype t ON t.id = o.type_id
    JOIN workforce_technician w ON w.id = v.technician_id
    WHERE o.{column} = asked.thing_id AND o.id <> asked.order_id
      AND NOT v.is_open AND v.outcome = ANY (%s)
    ORDER BY v.closed_at DESC, v.id DESC LIMIT %s
) AS past(closed_at, start, type, title, who, outcome, id))
"""
_LATEST = Kept(
    " UNION ALL ".join(_OF_ONE.format(column=column) for column in ("site_id", "asset_id"))
    + " ORDER BY closed_at DESC, id DESC"
)


def latest(
    sites: Iterable[Pair], assets: Iterable[Pair], at_site: int, on_asset: int
) -> dict[Pair, list[Told]]:
    """The last interventions of other orders, newest first, by (order, site or asset): `at_site`
    of a site, `on_asset` of an asset.

    What it says of each is `Past`'s list of fields and no more. One query.
    """
    given: list[Any] = []
    for pairs, most in ((sites, at_site), (assets, on_asset)):
        asked = sorted(set(pairs))
        orders, things = [one for one, _thing in asked], [thing for _one, thing in asked]
        given += [orders, things, [str(one) for one in PAST], most]
    found: dict[Pair, list[Told]] = defaultdict(list)
    with message([(_LATEST, given)]) as cursor:
        for order, thing, *facts, _visit in cursor.fetchall():
            found[order, thing].append(asdict(past_told(*facts)))
    return found
