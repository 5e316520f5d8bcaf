"""Search-as-you-type boxes of this room: a few lines, each with what tells it from the others."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.customers import fields, hooks, policy
from callout.customers.models import Asset, Contact, Customer, CustomerKind, Site, SiteLink
from callout.kernel.actor import Actor
from callout.kernel.checks import phone_shown
from callout.kernel.searching import Choice, found_by, ranked, typed

FEW = 8
MANY = 60  # assets of one site that are listed; the rest is found by typing


@dataclass(frozen=True, slots=True)
class AssetThere:
    """An asset that an order may cover too. `elsewhere` names its site where that is another."""

    id: UUID
    label: str
    detail: str
    chosen: bool
    elsewhere: str


@dataclass(frozen=True, slots=True)
class AssetsThere:
    """The assets of a place; `goes_on` when there are more than are listed."""

    assets: list[AssetThere]
    goes_on: bool

    @property
    def chosen(self) -> list[AssetThere]:
        return [one for one in self.assets if one.chosen]


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


def assets_there(
    *,
    actor: Actor,
    site_id: UUID | None = None,
    asset_id: UUID | None = None,
    chosen: Collection[UUID] = (),
    q: str = "",
) -> AssetsThere:
    """The assets of a site, or of where `asset_id` stands, without that one: first the `chosen`
    ones wherever they stand, then what `q` finds."""
    assets = policy.visible_assets(actor)
    if site_id is None and asset_id is not None:
        site_id = assets.filter(pk=asset_id).values_list("site_id", flat=True).first()
    here = Q(site=site_id, archived_at=None)
    here = here & found_by(q) if typed(q) else here
    rows = assets.filter(here | Q(pk__in=chosen))
    rows = rows.exclude(pk=asset_id) if asset_id else rows
    first = Case(When(pk__in=chosen, then=0), default=1, output_field=IntegerField())
    ordered = rows.select_related("site").order_by(first, "reference_sort", "pk")
    found = list(ordered[: MANY + 1])
    return AssetsThere(
        assets=[
            AssetThere(
                id=row.pk,
                label=str(row),
                detail=_joined([row.manufacturer, row.model, row.serial_number]),
                chosen=row.pk in chosen,
                elsewhere=row.site.name if row.site_id != site_id else "",
            )
            for row in found[:MANY]
        ],
        goes_on=len(found) > MANY,
    )


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
