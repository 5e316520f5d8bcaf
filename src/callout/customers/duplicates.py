"""Is this customer known already? Asked while a new one is typed; a warning, never a refusal."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.models import Contact, Customer
from callout.customers.vat import vat_number as vat_as_kept
from callout.kernel import checks
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong
from callout.kernel.searching import typed

MOST = 5
# What they share, the surest first.
RANKS = (("vat_number",), ("phone",), ("email",), ("name_sort", "postcode"))


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A customer that is likely the same one, and why in words."""

    customer: Customer
    reason: str


def customer_duplicates(
    *,
    actor: Actor,
    phone: str = "",
    vat_number: str = "",
    email: str = "",
    name: str = "",
    postcode: str = "",
    country: str = "",
    besides: UUID | None = None,
) -> list[Duplicate]:
    """Customers with the same VAT number, phone, email, or name and postcode, the surest first.

    Values are as typed: what is not complete yet matches nothing. `besides` is the customer being
    edited. For managers; everybody else is told nothing.
    """
    if not policy.sees_all_fields(actor):
        return []
    home = country or fields.home_country()
    rows = policy.visible_customers(actor).filter(archived_at=None)
    return _found(
        rows.exclude(pk=besides) if besides else rows,
        vat_number=_kept(lambda value: vat_as_kept(value, home), vat_number),
        phone=_kept(fields.PHONE, phone),
        email=_kept(checks.email, email),
        name_sort=typed(name)[:200],
        postcode=_kept(fields.ADDRESS["postcode"], postcode).upper(),
    )


def duplicates_of(*, actor: Actor, customer: Customer) -> list[Duplicate]:
    """The same of a customer that is there, for its page."""
    return customer_duplicates(
        actor=actor,
        phone=customer.phone,
        vat_number=customer.vat_number,
        email=customer.email,
        name=customer.name,
        postcode=customer.postcode,
        country=customer.country,
        besides=customer.pk,
    )


def _found(rows: QuerySet[Customer], **kept: str) -> list[Duplicate]:
    """One query of as many parts as there are values to compare, each by its own index."""
    parts = [
        _part(rows.filter(**given), rank)
        for rank, names in enumerate(RANKS)
        if all((given := {name: kept[name] for name in names}).values())
    ]
    if number := kept["phone"]:
        parts.append(_by_contact(rows, number))
    if not parts:
        return []
    first, *others = parts
    found: dict[UUID, Duplicate] = {}
    for row in sorted(first.union(*others, all=True), key=lambda row: row.rank):
        found.setdefault(row.pk, Duplicate(row, _reason(row)))
    return list(found.values())[:MOST]


def _part(rows: QuerySet[Customer], rank: int, person: Any = None) -> QuerySet[Any]:
    person = person or Value("", output_field=CharField())
    return rows.annotate(rank=Value(rank), person=person)[:MOST]


def _by_contact(customers: QuerySet[Customer], number: str) -> QuerySet[Any]:
    same = Contact.objects.filter(Q(phone=number) | Q(mobile=number), archived_at=None)
    named = same.filter(customer=OuterRef("pk")).order_by("pk").values("name")[:1]
    mine = customers.filter(pk__in=same.values("customer"))
    return _part(mine, len(RANKS), Subquery(named))


def _reason(row: Any) -> str:
    if row.person:
        return _("same phone as its contact %(name)s") % {"name": row.person}
    return reasons()[RANKS[row.rank][0]]


def reasons() -> dict[str, str]:
    """Why two customers seem to be one, by the first column that they share."""
    return {
        "vat_number": _("same VAT number"),
        "phone": _("same phone"),
        "email": _("same email"),
        "name_sort": _("same name and postcode"),
    }


def _kept(check: Callable[[str], str], value: str) -> str:
    """The value as it would be kept; "" while it is not a value yet."""
    with suppress(Wrong):
        return str(check(value))
    return ""
