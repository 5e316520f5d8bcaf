from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.customers import fields, policy
from callout.customers.models import Customer, LinkRole, Site
from callout.customers.services.links import site_link
from callout.customers.services.sites import site_create
from callout.customers.services.write import live, state, write
from callout.kernel.actor import Actor
from callout.kernel.change import constraint_means, row_lock, rows_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused


class CustomerValues(TypedDict, total=False):
    kind: str
    name: str
    vat_number: str
    email: str
    phone: str
    language: str
    alert: str
    bill_to_id: UUID | str | None
    street: str
    postcode: str
    town: str
    country: str
    notes: str


constraint_means(
    "customer_bill_to_other",
    lambda: Invalid({"bill_to_id": [_("A customer that pays for itself needs no payer.")]}),
)


@service
def customer_create(*, actor: Actor, **values: Unpack[CustomerValues]) -> Customer:
    """A new customer. A likely duplicate is the form's to warn of, not ours to refuse."""
    policy.manage(actor)
    row = Customer(**cleaned(fields.CUSTOMER, {"name": "", **values}))
    _payer_held(actor, None, row.bill_to_id)
    _complete(row)
    write.create(actor, row, "customer")
    return row


@service
def customer_create_with_site(
    *,
    actor: Actor,
    site_name: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    **values: Unpack[CustomerValues],
) -> tuple[Customer, Site]:
    """A new customer and, at the same address, its first site ("work is done at this address")."""
    customer = customer_create(actor=actor, **values)
    if not (customer.street and customer.town):
        missing = "town" if customer.street else "street"
        raise Invalid({missing: [_("Work is done at this address: fill it in.")]})
    site = site_create(
        actor=actor,
        name=site_name or customer.name,
        street=customer.street,
        postcode=customer.postcode,
        town=customer.town,
        country=customer.country,
        latitude=latitude,
        longitude=longitude,
    )
    site_link(actor=actor, site_id=site.pk, customer_id=customer.pk, role=LinkRole.OCCUPANT)
    return customer, site


@service
def customer_update(
    *, actor: Actor, customer_id: UUID, version: int, **values: Unpack[CustomerValues]
) -> Customer:
    """Change the fields given; the others stay."""
    policy.manage(actor)
    clean = cleaned(fields.CUSTOMER, values)
    if clean.get("bill_to_id"):
        _payer_held(actor, customer_id, clean["bill_to_id"])
    row = row_lock(policy.visible_customers(actor), customer_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    _complete(row)
    write.update(actor, row, "customer", before)
    return row


@service
def customer_archive(*, actor: Actor, customer_id: UUID, version: int | None = None) -> Customer:
    """Put a customer away. Refused while it has open work, or pays for others."""
    policy.manage(actor)
    row = row_lock(policy.visible_customers(actor), customer_id, version)
    billed = row.billed_customers.filter(archived_at=None).count()
    if billed:
        words = ngettext(
            "It pays for %(count)d other customer. Choose another payer there first.",
            "It pays for %(count)d other customers. Choose another payer there first.",
            billed,
        )
        raise Refused(words % {"count": billed}, code="in_use")
    return write.archive(actor, policy.visible_customers(actor), "customer", customer_id, version)


@service
def customer_restore(*, actor: Actor, customer_id: UUID, version: int | None = None) -> Customer:
    """Take a customer out of the archive."""
    policy.manage(actor)
    return write.restore(actor, policy.visible_customers(actor), "customer", customer_id, version)


def _complete(row: Customer) -> None:
    fields.address_checked(row)
    fields.vat_checked(row)
    fields.customer_columns(row)


def _payer_held(actor: Actor, customer_id: UUID | None, payer_id: UUID | None) -> None:
    """Lock the customer (None for a new one) and its payer, so that neither turns into a chain."""
    ids = [one for one in (customer_id, payer_id) if one is not None]
    found = {row.pk: row for row in rows_lock(policy.visible_customers(actor).filter(pk__in=ids))}
    if payer_id is not None:
        _payer_checked(found.get(payer_id), customer_id)


def _payer_checked(payer: Customer | None, customer_id: UUID | None) -> None:
    if payer is None or payer.archived_at is not None:
        words = _("Choose a customer that is not archived.")
    elif payer.pk == customer_id:
        words = _("A customer that pays for itself needs no payer.")
    elif payer.bill_to is not None:
        words = _("%(payer)s is billed to %(other)s itself. Choose %(other)s.") % {
            "payer": payer.name,
            "other": payer.bill_to.name,
        }
    elif customer_id and Customer.objects.filter(bill_to_id=customer_id).exists():
        words = _("This customer pays for others, so it must pay for itself.")
    else:
        return
    raise Invalid({"bill_to_id": [words]})
