"""The place of an order, held still while the order is written."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from callout.customers import policy
from callout.customers.models import Asset, Contact, Customer, Site
from callout.kernel import change, rows
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.kernel.message import message
from callout.kernel.wire import Kept, Part

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Place:
    """For whom and where; `asset` and `contact` may be none. `also` are the rows of what was asked
    with them."""

    customer: Customer
    site: Site
    asset: Asset | None
    contact: Contact | None
    also: list[list[tuple[Any, ...]]]


def place_hold(
    *,
    actor: Actor,
    customer_id: UUID,
    site_id: UUID | None = None,
    asset_id: UUID | None = None,
    contact_id: UUID | None = None,
    also: Sequence[Part] = (),
) -> Place:
    """The things named, all in use and belonging together; an asset gives its site.

    Call it inside the service that writes the order. The rows are held `for share` until that
    change ends: none can be archived, moved or unlinked in between, and orders do not wait for
    each other. Statements of `also` go in the same message, after it. Invalid says which cannot be;
    its code is "site_not_linked" where one tick (a `site_link`) would mend it.
    """
    change.demand()
    policy.manage(actor)
    held, more = _held(
        also, customer_id=customer_id, site_id=site_id, asset_id=asset_id, contact_id=contact_id
    )
    customer = _live("customer_id", held.customer)
    asset = _live("asset_id", held.asset) if asset_id else None
    if asset is not None and site_id not in (None, asset.site_id):
        raise Invalid({"asset_id": [_("This asset stands at another site.")]})
    if site_id is None and asset is None:
        raise Invalid({"site_id": [_("Choose a site or an asset.")]})
    site = _live("site_id", held.site)
    if not held.linked:
        words = _("%(site)s is not linked to %(customer)s yet: link it, or choose another.")
        raise Invalid(
            {"site_id": [words % {"site": site.name, "customer": customer.name}]},
            code="site_not_linked",
        )
    contact = _live("contact_id", held.contact) if contact_id else None
    if contact is not None and contact.customer_id != customer.pk:
        raise Invalid({"contact_id": [_("Choose a contact of this customer.")]})
    return Place(customer, site, asset, contact, more)


def _live(field: str, row: M | None) -> M:
    if row is None or row.archived_at is not None:  # type: ignore[attr-defined]
        raise Invalid({field: [_("Choose one that is there and not archived.")]})
    return row


@dataclass(frozen=True, slots=True)
class _Held:
    """What is there of the things named."""

    customer: Customer | None
    asset: Asset | None
    site: Site | None
    linked: bool
    contact: Contact | None


# Against change: `archive`, `move` and `unlink` lock the same rows for no key update.
LOCK = "FOR SHARE"
PARTS: dict[str, tuple[type[models.Model], list[str]]] = {
    "customer": (Customer, ["id", "name", "phone", "archived_at"]),
    "asset": (Asset, ["id", "site_id", "kind", "reference", "serial_number", "archived_at"]),
    "site": (
        Site,
        [
            *("id", "name", "street", "postcode", "town", "latitude", "longitude"),
            *("opening_hours", "archived_at"),
        ],
    ),
    "contact": (Contact, ["id", "customer_id", "archived_at"]),
}

# One statement, on the path of every new order. Each part waits for the one before, so that locks
# are taken in one order. A lock gives the row as it is once it is ours; so does the link's, which
# a plain reading would show as it was when the statement began.
HELD = """
WITH customer AS (
  SELECT {customer} FROM customers_customer WHERE id = %s {lock}
), asset AS (
  SELECT {asset} FROM customers_asset
  WHERE id = %s AND (SELECT count(*) FROM customer) >= 0 {lock}
), site AS (
  SELECT {site} FROM customers_site
  WHERE id = coalesce((SELECT site_id FROM asset), %s) {lock}
), link AS (
  SELECT id FROM customers_sitelink
  WHERE customer_id = %s AND site_id = (SELECT id FROM site) LIMIT 1 {lock}
), contact AS (
  SELECT {contact} FROM customers_contact
  WHERE id = %s AND (SELECT count(*) FROM link) >= 0 {lock}
)
SELECT customer.*, asset.*, site.*, contact.*, link.id IS NOT NULL
FROM (VALUES (1)) AS one
  LEFT JOIN customer ON true LEFT JOIN asset ON true LEFT JOIN site ON true
  LEFT JOIN link ON true LEFT JOIN contact ON true
"""
GIVEN = ("customer_id", "asset_id", "site_id", "customer_id", "contact_id")


@functools.cache
def _statement(lock: str) -> Kept:
    columns = {name: ", ".join(columns) for name, (_model, columns) in PARTS.items()}
    return Kept(HELD.format(lock=lock, **columns))


def _held(also: Sequence[Part], **ids: UUID | None) -> tuple[_Held, list[list[tuple[Any, ...]]]]:
    """The rows that these ids name, locked in the order customer, asset, site, link, contact; and
    those of `also`."""
    more = []
    with message([(_statement(LOCK), [ids[name] for name in GIVEN]), *also]) as cursor:
        (row,) = cursor.fetchall()
        for _each in also:
            cursor.nextset()
            more.append(cursor.fetchall())
    found: dict[str, Any] = {}
    for name, (model, names) in PARTS.items():
        given, row = row[: len(names)], row[len(names) :]
        found[name] = None if given[0] is None else rows.read(model, names, given)
    return _Held(linked=row[0], **found), more
