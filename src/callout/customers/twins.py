"""Customers that are perhaps there twice, to be looked through: see `duplicates` for the rule."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from callout.customers import policy
from callout.customers.duplicates import RANKS, reasons
from callout.customers.models import Customer
from callout.kernel.actor import Actor
from callout.kernel.paging import Page, page
from callout.kernel.searching import matching


def customers_twice(
    *, actor: Actor, q: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Customer]:
    """Customers in use that share a VAT number, phone, email, or name and postcode with another,
    by name; each row carries `why`, in words. For managers."""
    policy.manage(actor)
    rows = policy.visible_customers(actor).filter(archived_at=None)
    # Each part is a semi-join over its own index; one condition with OR would try every pair.
    first, *others = [_given(rows, names).filter(_same(names)).values("pk") for names in RANKS]
    twice = rows.filter(pk__in=first.union(*others))
    marked = twice.annotate(**{names[0] + "_twice": _same(names) for names in RANKS})
    found = page(matching(marked, q), ["name_sort", "id"], cursor=cursor, limit=limit)
    words = reasons()
    for row in found.items:
        row.why = ", ".join(  # type: ignore[attr-defined]
            words[names[0]]
            for names in RANKS
            if getattr(row, names[0] + "_twice") and all(getattr(row, name) for name in names)
        )
    return found


def _given(rows: QuerySet[Customer], names: tuple[str, ...]) -> QuerySet[Customer]:
    for name in names:
        rows = rows.exclude(**{name: ""})
    return rows


def _same(names: tuple[str, ...]) -> Any:
    """Whether another customer in use has the same values."""
    others = Customer.objects.filter(archived_at=None, **{name: OuterRef(name) for name in names})
    return Exists(_given(others, names).filter(~Q(pk=OuterRef("pk"))))
