"""The search column of orders, brought in line with the names that it repeats."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from callout.orders.models import ServiceOrder
from callout.orders.services.settle import search_text

AT_ONCE = 500


def orders_search_refresh(entity: str, ids: Collection[UUID]) -> int:
    """Write anew the search text of all orders of these customers, sites or assets; how many.

    No actor and no journal entry: what is searched is derived from the change that has its own,
    and an order does not change by it, so its version stays too.
    """
    rows = ServiceOrder.objects.filter(**{f"{entity}__in": list(ids)})
    pks = list(rows.order_by("pk").values_list("pk", flat=True))
    count = 0
    for begin in range(0, len(pks), AT_ONCE):
        with transaction.atomic():
            count += _refresh(pks[begin : begin + AT_ONCE])
    return count


def _refresh(pks: Collection[UUID]) -> int:
    orders = ServiceOrder.objects.select_related("customer", "site", "asset").filter(pk__in=pks)
    # Locked in the order of ids, like every change of an order: an edit meanwhile is not undone.
    changed = []
    for order in orders.order_by("pk").select_for_update(of=("self",), no_key=True):
        text = search_text(order)
        if text != order.search:
            order.search = text
            changed.append(order)
    return ServiceOrder.objects.bulk_update(changed, ["search"])
