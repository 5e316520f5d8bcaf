"""Search-as-you-type boxes of this room: a few lines, each with what tells it from the others."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.customers import fields, hooks, policy
from callout.customers.models import Asset, Contact, Customer, CustomerKind, Site, SiteLink
from callout.kernel.actor import Actor
from callout.kernel.checks import phone_shown
from callout.kernel.searching import Choice, ranked, typed

FEW = 8


def customer_search(*, actor: Actor, q: str = "", limit: int = FEW) -> list[Choice]:
    """Customers by name, town, VAT number, email or phone: "Wavre · 3 sites · 5 assets"."""
    rows = policy.visible_customers(actor).filter(archived_at=None)
    found = ranked(rows, q, "name_sort", limit)
    ids = [row.pk for row in found]
    ends = hooks.subline_ends(actor, "customer", ids)
    sites, assets = _site_counts(ids), _asset_counts(ids)
    return [
        Choice(
            id=row.pk,
            label=row.name,
            detail=_joined(
                [*_customer_line(row, sites.get(row.pk, 0), assets.get(row.pk, 0)), *ends[row.pk]]
            ),
            icon="user" if row.kind == CustomerKind.PERSON else "building",
            kind=row.kind,
        )
        for row in found
    ]


def contact_search(
    *, actor: Actor, customer_id: UUID | None, q: str = "", limit: int = FEW
) -> list[Choice]:
    """Contacts of one customer; of none while no customer is chosen."""
    if customer_id is None:
        return []
    rows = policy.visible_contacts(actor).filter(customer=customer_id, archived_at=None)
    found = ranked(rows.select_related("site"), q, "name_sort", limit)
    return [
        Choice(id=row.pk, label=row.name, detail=_contact_line(row), icon="user") for row in found
    ]


def site_search(*, actor: Actor, q: str = "", limit: int = FEW) -> list[Choice]:
    """All sites, whoever they belong to."""
    rows = policy.visible_sites(actor).filter(archived_at=None)
    return _site_choices(ranked(rows, q, "name_sort", limit))


def asset_search(*, actor: Actor, q: str = "", limit: int = FEW) -> list[Choice]:
    """All assets, by reference, kind, maker, model or serial number."""
    rows = policy.visible_assets(actor).filter(archived_at=None).select_related("site")
    return _asset_choices(ranked(rows, q, "reference_sort", limit))


def location_search(
    *, actor: Actor, customer_id: UUID | None, q: str = "", limit: int = FEW
) -> list[Choice]:
    """Where an order of this customer may go: its sites and their assets; then, where something
    was typed, sites of others (`linked` False: choosing one links it, with one tick)."""
    if customer_id is None:
        return []
    own = SiteLink.objects.filter(customer=customer_id).values("site")
    sites = policy.visible_sites(actor).filter(archived_at=None)
    assets = policy.visible_assets(actor).filter(archived_at=None, site__archived_at=None)
    mine = assets.filter(site__in=own).select_related("site")
    found = _site_choices(ranked(sites.filter(pk__in=own), q, "name_sort", limit))
    found += _asset_choices(ranked(mine, q, "reference_sort", limit))
    if typed(q) and len(found) < limit:
        others = ranked(sites.exclude(pk__in=own), q, "name_sort", limit - len(found))
        found += _site_choices(others, linked=False)
    return found[:limit]


def _site_choices(rows: Iterable[Site], linked: bool = True) -> list[Choice]:
    return [
        Choice(
            id=row.pk,
            label=row.name,
            detail=_joined([*([] if linked else [_("not linked yet")]), *_address(row)]),
            icon="map-pin",
            kind="site",
            linked=linked,
        )
        for row in rows
    ]


def _asset_choices(rows: Iterable[Asset]) -> list[Choice]:
    return [
        Choice(
            id=row.pk,
            label=str(row),
            detail=_joined([row.manufacturer, row.model, row.serial_number, row.site.name]),
            icon="box",
            kind="asset",
        )
        for row in rows
    ]


def _customer_line(row: Customer, sites: int, assets: int) -> list[str]:
    if row.kind == CustomerKind.PERSON:
        return [_("Person"), row.town, phone_shown(row.phone, fields.home_country())]
    return [
        row.town,
        ngettext("%(count)d site", "%(count)d sites", sites) % {"count": sites},
        ngettext("%(count)d asset", "%(count)d assets", assets) % {"count": assets},
    ]


def _contact_line(row: Contact) -> str:
    phone = phone_shown(row.mobile or row.phone, fields.home_country())
    return _joined([row.job, phone, row.site.name if row.site else ""])


def _address(row: Site) -> list[str]:
    town = f"{row.postcode} {row.town}".strip()
    return [row.street if row.street != row.name else "", town]


def _joined(parts: Iterable[str]) -> str:
    return " · ".join(part for part in parts if part)


def _links(customer_ids: list[UUID]) -> QuerySet[SiteLink]:
    return SiteLink.objects.filter(customer__in=customer_ids, site__archived_at=None)


def _site_counts(customer_ids: list[UUID]) -> dict[UUID, int]:
    rows = _links(customer_ids).values("customer").annotate(n=Count("site", distinct=True))
    return {row["customer"]: row["n"] for row in rows}


def _asset_counts(customer_ids: list[UUID]) -> dict[UUID, int]:
    rows = _links(customer_ids).filter(site__assets__archived_at=None).values("customer")
    counted = rows.annotate(n=Count("site__assets", distinct=True))
    return {row["customer"]: row["n"] for row in counted}
