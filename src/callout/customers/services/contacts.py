from typing import TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers import fields, policy
from callout.customers.models import Contact, SiteLink
from callout.customers.services.write import chosen, live, state, write
from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid


class ContactValues(TypedDict, total=False):
    name: str
    job: str
    email: str
    phone: str
    mobile: str
    language: str
    notes: str
    site_id: UUID | str | None


@service
def contact_create(
    *, actor: Actor, customer_id: UUID | str, **values: Unpack[ContactValues]
) -> Contact:
    """A new person to talk to at a customer, perhaps for one of its sites."""
    policy.manage(actor)
    clean = cleaned(fields.CONTACT, {"name": "", **values})
    customer = chosen("customer_id", policy.visible_customers(actor), customer_id)
    row = Contact(customer=customer, **clean)
    _site_checked(row)
    fields.contact_columns(row)
    write.create(actor, row, "contact")
    return row


@service
def contact_update(
    *, actor: Actor, contact_id: UUID, version: int, **values: Unpack[ContactValues]
) -> Contact:
    """Change the fields given; a contact stays its customer's."""
    policy.manage(actor)
    clean = cleaned(fields.CONTACT, values)
    row = row_lock(policy.visible_contacts(actor), contact_id, version)
    live(row)
    before = state(row)
    for name, value in clean.items():
        setattr(row, name, value)
    if row.site_id != before["site_id"]:
        _site_checked(row)
    fields.contact_columns(row)
    write.update(actor, row, "contact", before)
    return row


@service
def contact_archive(*, actor: Actor, contact_id: UUID, version: int | None = None) -> Contact:
    """Put a contact away."""
    policy.manage(actor)
    return write.archive(actor, policy.visible_contacts(actor), "contact", contact_id, version)


@service
def contact_restore(*, actor: Actor, contact_id: UUID, version: int | None = None) -> Contact:
    """Take a contact out of the archive."""
    policy.manage(actor)
    return write.restore(actor, policy.visible_contacts(actor), "contact", contact_id, version)


def _site_checked(row: Contact) -> None:
    if row.site_id is None:
        return
    if not SiteLink.objects.filter(site_id=row.site_id, customer_id=row.customer_id).exists():
        raise Invalid({"site_id": [_("Choose a site of this customer.")]})
