"""Customers and their contacts."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from callout.customers import policy, selectors, services
from callout.customers.models import Contact, Customer
from callout.kernel.actor import Actor
from callout.kernel.paging import Page
from callout.web.api.kinds import Body, Created, Linked, Search, Shape, Text
from callout.web.api.links import link, linked
from callout.web.api.resource import Resource, routes

KindCode = Literal["company", "person"]

# --- customers -----------------------------------------------------------------------------------


class CustomerOut(Created):
    """Who orders. A technician reads those of own work, without the fields for (managers)."""

    kind: KindCode
    name: str
    email: str
    phone: str = Field(description="E.164", examples=["+3210123456"])
    language: str
    alert: str = Field(description="To be shown wherever the customer is chosen.")
    street: str
    postcode: str
    town: str
    country: str
    archived_at: datetime | None
    vat_number: str = Field("", description="(managers)")
    bill_to: Linked | None = Field(None, description="(managers) Who pays, where another does.")
    notes: str = Field("", description="(managers)")


class CustomerList(Shape):
    items: list[CustomerOut]
    next: str | None


class CustomerPatch(Body):
    kind: KindCode = "company"
    name: Text = ""
    vat_number: Text = ""
    email: Text = ""
    phone: Text = Field("", description="One without +... is of the company's country.")
    language: Text = ""
    alert: Text = ""
    bill_to_id: UUID | None = None
    street: Text = ""
    postcode: Text = ""
    town: Text = ""
    country: Text = Field("", description="Two letters", examples=["BE"])
    notes: Text = ""


class CustomerNew(CustomerPatch):
    name: Text


CUSTOMER = (
    *("version", "kind", "name", "email", "phone", "language", "alert"),
    *("street", "postcode", "town", "country", "archived_at"),
)


def customer_shown(actor: Actor, row: Customer) -> CustomerOut:
    """A customer for this reader."""
    fields: dict[str, Any] = {"id": row.pk, **{name: getattr(row, name) for name in CUSTOMER}}
    if policy.sees_all_fields(actor):
        more = {"vat_number": row.vat_number, "notes": row.notes, "bill_to": linked(row.bill_to)}
        fields |= more
    return CustomerOut(**fields)


def _customers_found(actor: Actor, search: Search) -> Page[CustomerOut]:
    page = selectors.customer_list(
        actor=actor, q=search.q, archived=search.archived, cursor=search.cursor, limit=search.limit
    )
    return Page([customer_shown(actor, row) for row in page.items], page.next)


def _customer(actor: Actor, pk: UUID) -> CustomerOut:
    detail = selectors.customer_detail(actor=actor, customer_id=pk)
    return customer_shown(actor, detail.customer)


customers = routes(
    Resource(
        place="/customers",
        tag="Customers",
        one="a customer",
        search=Search,
        listed=CustomerList,
        shape=CustomerOut,
        new=CustomerNew,
        patch=CustomerPatch,
        find=_customers_found,
        read=_customer,
        create=lambda actor, values: services.customer_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.customer_update(
            actor=actor, customer_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.customer_archive(
            actor=actor, customer_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.customer_restore(
            actor=actor, customer_id=pk, version=version
        ),
        archive_words="Refused (409) while it has open work or pays for others. Its history stays.",
    )
)

# --- contacts ------------------------------------------------------------------------------------


class ContactOut(Created):
    """A person to talk to."""

    customer: Linked
    name: str
    job: str
    email: str
    phone: str
    mobile: str
    language: str
    archived_at: datetime | None
    site: Linked | None = Field(None, description="(managers)")
    notes: str = Field("", description="(managers)")


class ContactList(Shape):
    items: list[ContactOut]
    next: str | None


class ContactPatch(Body):
    site_id: UUID | None = Field(None, description="A site of the customer.")
    name: Text = ""
    job: Text = ""
    email: Text = ""
    phone: Text = ""
    mobile: Text = ""
    language: Text = ""
    notes: Text = ""


class ContactNew(ContactPatch):
    customer_id: UUID
    name: Text


class ContactSearch(Search):
    customer_id: UUID | None = None
    site_id: UUID | None = None


CONTACT = ("version", "name", "job", "email", "phone", "mobile", "language", "archived_at")


def contact_shown(actor: Actor, row: Contact) -> ContactOut:
    """A contact for this reader."""
    fields: dict[str, Any] = {name: getattr(row, name) for name in CONTACT}
    if policy.sees_all_fields(actor):
        fields |= {"site": linked(row.site), "notes": row.notes}
    return ContactOut(id=row.pk, customer=link(row.customer), **fields)


def _contacts_found(actor: Actor, search: ContactSearch) -> Page[ContactOut]:
    page = selectors.contact_list(
        actor=actor,
        q=search.q,
        customer_id=search.customer_id,
        site_id=search.site_id,
        archived=search.archived,
        cursor=search.cursor,
        limit=search.limit,
    )
    return Page([contact_shown(actor, row) for row in page.items], page.next)


contacts = routes(
    Resource(
        place="/contacts",
        tag="Contacts",
        one="a contact",
        search=ContactSearch,
        listed=ContactList,
        shape=ContactOut,
        new=ContactNew,
        patch=ContactPatch,
        find=_contacts_found,
        read=lambda actor, pk: contact_shown(
            actor, selectors.contact_detail(actor=actor, contact_id=pk)
        ),
        create=lambda actor, values: services.contact_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.contact_update(
            actor=actor, contact_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.contact_archive(
            actor=actor, contact_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.contact_restore(
            actor=actor, contact_id=pk, version=version
        ),
    )
)
