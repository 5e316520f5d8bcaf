"""Is this customer known already? Asked while a new one is typed; a warning, never a refusal."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.models import Contact, Customer
from callout.customers.vat import vat_number as vat_as_kept
from callout.kernel import checks
from callout.kernel.actor import Actor
from callout.kernel.checks import Wrong
from callout.kernel.searching import typed

MOST = 5


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
    home = country or fields.home_country()
    number = _kept(fields.PHONE, phone)
    address = _kept(checks.email, email)
    rows = policy.visible_customers(actor).exclude(pk=besides) if besides else None
    rows = policy.visible_customers(actor) if rows is None else rows
    if not policy.sees_all_fields(actor):
        return []
    found: dict[UUID, Duplicate] = {}
    for condition, reason in (
        (Q(vat_number=_kept(lambda v: vat_as_kept(v, home), vat_number)), _("same VAT number")),
        (Q(phone=number), _("same phone")),
        (Q(email=address), _("same email")),
        (
            Q(name_sort=typed(name)[:200], postcode=postcode.strip().upper()),
            _("same name and postcode"),
        ),
    ):
        if all(value for _field, value in condition.children):  # type: ignore[misc]
            for customer in rows.filter(condition, archived_at=None)[:MOST]:
                found.setdefault(customer.pk, Duplicate(customer, reason))
    for contact in _contacts(rows, number):
        words = _("same phone as its contact %(name)s") % {"name": contact.name}
        found.setdefault(contact.customer_id, Duplicate(contact.customer, words))
    return list(found.values())[:MOST]


def _contacts(customers: QuerySet[Customer], number: str) -> list[Contact]:
    if not number:
        return []
    same = Contact.objects.filter(Q(phone=number) | Q(mobile=number), archived_at=None)
    mine = same.filter(customer__in=customers.filter(archived_at=None))
    return list(mine.select_related("customer")[:MOST])


def _kept(check: Callable[[str], str], value: str) -> str:
    """The value as it would be kept; "" while it is not a value yet."""
    with suppress(Wrong):
        return str(check(value))
    return ""
