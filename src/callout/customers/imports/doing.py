"""One row done, by the services of every other door."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from callout.customers.imports.judge_assets import Ready as ReadyAsset
from callout.customers.imports.judge_customers import Ready as ReadyCustomer
from callout.customers.imports.judge_customers import contact_known
from callout.customers.imports.judge_sites import Ready as ReadySite
from callout.customers.models import Asset, Contact, Customer, ImportKind, Site
from callout.customers.services import (
    asset_create,
    asset_update,
    contact_create,
    customer_create,
    customer_create_with_site,
    customer_update,
    site_create_linked,
    site_update,
)
from callout.kernel.actor import Actor

Done = tuple[UUID, str]  # what it became, and its name
Options = Mapping[str, Any]


def _customer(
    actor: Actor, ready: ReadyCustomer, target: UUID | None, fields: set[str], options: Options
) -> Done:
    """A customer with its contact, or what is new of one that is there."""
    if target is None:
        whole = bool(ready.customer.street and ready.customer.town)
        if options.get("with_site") and whole:
            customer, _site = customer_create_with_site(actor=actor, **ready.given)
        else:
            customer = customer_create(actor=actor, **ready.given)
    else:
        customer = Customer.objects.get(pk=target)
        if changed := _changed(ready.given, fields):
            customer = customer_update(
                actor=actor, customer_id=target, version=customer.version, **changed
            )
    if ready.contact:
        there = list(Contact.objects.filter(customer=customer, archived_at=None))
        if not contact_known(there, ready.contact):
            contact_create(actor=actor, customer_id=customer.pk, **ready.contact)
    return customer.pk, customer.name


def _site(
    actor: Actor, ready: ReadySite, target: UUID | None, fields: set[str], options: Options
) -> Done:
    del options
    if target is None:
        site = site_create_linked(
            actor=actor, customer_id=ready.customer.pk, role=ready.role, **ready.given
        )
    else:
        version = Site.objects.values_list("version", flat=True).get(pk=target)
        changed = _changed(ready.given, fields)
        site = site_update(actor=actor, site_id=target, version=version, **changed)
    return site.pk, site.name


def _asset(
    actor: Actor, ready: ReadyAsset, target: UUID | None, fields: set[str], options: Options
) -> Done:
    del options
    if target is None:
        asset = asset_create(actor=actor, site_id=ready.site.pk, **ready.given)
    else:
        version = Asset.objects.values_list("version", flat=True).get(pk=target)
        changed = _changed(ready.given, fields)
        asset = asset_update(actor=actor, asset_id=target, version=version, **changed)
    return asset.pk, str(asset)


def _changed(given: Mapping[str, Any], fields: set[str]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in fields}


DOERS: Mapping[str, Callable[..., Done]] = {
    ImportKind.CUSTOMERS: _customer,
    ImportKind.SITES: _site,
    ImportKind.ASSETS: _asset,
}
