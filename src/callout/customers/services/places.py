"""The place of an order, held still while the order is written."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import connection, models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.customers import policy
from callout.customers.models import Asset, Contact, Customer, Site, SiteLink
from callout.kernel import change
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Place:
    """For whom and where; `asset` and `contact` may be none."""

    customer: Customer
    site: Site
    asset: Asset | None
    contact: Contact | None


def place_hold(
    *,
    actor: Actor,
    customer_id: UUID,
    site_id: UUID | None = None,
    asset_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> Place:
    """The things named, all in use and belonging together; an asset gives its site.

    Call it inside the service that writes the order. The rows are held `for share` until that
    change ends: none can be archived, moved or unlinked in between, and orders do not wait for
    each other. Invalid says which cannot be; its code is "site_not_linked" where one tick (a
    `site_link`) would mend it.
    """
    change.demand()
    customer = _held("customer_id", policy.visible_customers(actor), customer_id)
    asset = _held("asset_id", policy.visible_assets(actor), asset_id) if asset_id else None
    if asset is not None and site_id not in (None, asset.site_id):
        raise Invalid({"asset_id": [_("This asset stands at another site.")]})
    where = asset.site_id if asset is not None else site_id
    if where is None:
        raise Invalid({"site_id": [_("Choose a site or an asset.")]})
    site = _held("site_id", policy.visible_sites(actor), where)
    if not SiteLink.objects.filter(site=site, customer=customer).exists():
        words = _("%(site)s is not linked to %(customer)s yet.")
        raise Invalid(
            {"site_id": [words % {"site": site.name, "customer": customer.name}]},
            code="site_not_linked",
        )
    return Place(customer, site, asset, _contact(actor, customer, contact_id))


def _contact(actor: Actor, customer: Customer, contact_id: UUID | None) -> Contact | None:
    if contact_id is None:
        return None
    contact = _held("contact_id", policy.visible_contacts(actor), contact_id)
    if contact.customer_id != customer.pk:
        raise Invalid({"contact_id": [_("Choose a contact of this customer.")]})
    return contact


def _held(field: str, rows: QuerySet[M], pk: UUID) -> M:
    """The row, locked against change: `archive` and `move` lock it for no key update."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(rows.model._meta.db_table)
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [pk])  # noqa: S608
    row = rows.filter(pk=pk).first()
    if row is None or row.archived_at is not None:  # type: ignore[attr-defined]
        raise Invalid({field: [_("Choose one that is there and not archived.")]})
    return row
