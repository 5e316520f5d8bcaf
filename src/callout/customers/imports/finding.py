"""Customers and sites that rows name, for many rows at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress

from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.models import Customer
from callout.customers.vat import vat_number
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong
from callout.kernel.text import normalise

Named = Mapping[str, list[Customer]]


def customers_named(actor: Actor, names: Iterable[str]) -> Named:
    """The customers in use of these names or VAT numbers."""
    written = {name for name in names if name}
    numbers = {name: number for name in written if (number := _number(name))}
    rows = policy.visible_customers(actor).filter(archived_at=None)
    found: dict[str, list[Customer]] = defaultdict(list)
    by_name = rows.filter(name_sort__in={sort_of(name) for name in written})
    for row in by_name.order_by("name_sort", "pk"):
        found[row.name_sort].append(row)
    if numbers:
        by_number = rows.filter(vat_number__in=set(numbers.values())).exclude(vat_number="")
        for row in by_number.order_by("name_sort", "pk"):
            found[row.vat_number].append(row)
    return found


def customer_named(named: Named, name: str) -> Customer:
    """The one that is meant. Wrong for nobody, and for several."""
    found = named.get(sort_of(name)) or named.get(_number(name)) or []
    if not found:
        words = _("There is no customer “%(name)s”. Import the customers first.")
        raise Wrong(words % {"name": name[:80]})
    if len({row.pk for row in found}) > 1:
        words = _("Several customers are called “%(name)s”. Give the VAT number instead.")
        raise Wrong(words % {"name": name[:80]})
    return found[0]


def sort_of(name: str) -> str:
    """A name as its column to sort by holds it."""
    return normalise(name)[:200]


def _number(written: str) -> str:
    """A VAT number as it is kept; "" for what is none."""
    if not any(one.isdigit() for one in written):
        return ""
    with suppress(Wrong):
        return vat_number(written, fields.home_country())
    return ""
