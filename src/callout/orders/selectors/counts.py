"""How many: of lists, as each of them counts itself; and what was completed on each day."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from callout.accounts.zone import company_zone, day_bounds
from callout.kernel.actor import Actor
from callout.kernel.prepared import Statement
from callout.orders import policy
from callout.orders.filters import OrderFilter
from callout.orders.lifecycle import Stage
from callout.orders.models import ServiceOrder
from callout.orders.selectors.list_sql import count_statement, count_words
from callout.orders.selectors.listing import Listing
from callout.orders.selectors.narrow import values_of


def order_counts(*, actor: Actor, wanted: Sequence[OrderFilter]) -> list[str]:
    """How many orders each of these lists has, in its own words. One query for all of them."""
    made = [_statement(Listing.of(actor, one)) for one in wanted]
    given = [made.filled(values_of(actor, one)) for made, one in zip(made, wanted, strict=True)]
    with connection.cursor() as cursor:
        sql = ", ".join(one.sql.removeprefix("SELECT ") for one in made)
        cursor.execute(f"SELECT {sql}", [value for values in given for value in values])
        row: Sequence[int] = cursor.fetchone() or ()
    return [count_words(count) for count in row]


@lru_cache(maxsize=256)
def _statement(listing: Listing) -> Statement:
    return count_statement([listing.rows()])


def completed_by_day(*, actor: Actor, first: date, last: date) -> dict[date, int]:
    """How many orders of these days (their slots') are completed now; no day for none. For
    managers. It is the count of the list of that day, so each figure can lead there."""
    policy.manager_required(actor)
    rows: QuerySet[ServiceOrder] = ServiceOrder.objects.filter(
        stage=Stage.COMPLETED.value,
        start__gte=day_bounds(first)[0],
        start__lt=day_bounds(last)[1],
    )
    by_day = rows.order_by().annotate(day=TruncDate("start", tzinfo=company_zone()))
    return dict(by_day.values("day").annotate(count=Count("pk")).values_list("day", "count"))
