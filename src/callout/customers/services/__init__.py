"""Every change of this room, one function each: actor first, one transaction, one journal entry."""

from callout.customers.services.areas import (
    area_archive,
    area_create,
    area_restore,
    area_update,
)
from callout.customers.services.assets import (
    asset_archive,
    asset_create,
    asset_move,
    asset_restore,
    asset_update,
)
from callout.customers.services.codes import site_code_read, site_code_set
from callout.customers.services.contacts import (
    contact_archive,
    contact_create,
    contact_restore,
    contact_update,
)
from callout.customers.services.customers import (
    customer_archive,
    customer_create,
    customer_create_with_site,
    customer_restore,
    customer_update,
)
from callout.customers.services.links import site_create_linked, site_link, site_unlink
from callout.customers.services.places import Place, place_hold
from callout.customers.services.sites import (
    site_archive,
    site_create,
    site_restore,
    site_update,
)

__all__ = [
    "Place",
    "area_archive",
    "area_create",
    "area_restore",
    "area_update",
    "asset_archive",
    "asset_create",
    "asset_move",
    "asset_restore",
    "asset_update",
    "contact_archive",
    "contact_create",
    "contact_restore",
    "contact_update",
    "customer_archive",
    "customer_create",
    "customer_create_with_site",
    "customer_restore",
    "customer_update",
    "place_hold",
    "site_archive",
    "site_code_read",
    "site_code_set",
    "site_create",
    "site_create_linked",
    "site_link",
    "site_restore",
    "site_unlink",
    "site_update",
]
