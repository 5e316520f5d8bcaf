"""What is read of this room, always for an actor: lists, single things. Choices: `choices`."""

from dataclasses import dataclass
from typing import Literal, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from callout.customers import policy
from callout.customers.choices import (
    AssetsThere,
    asset_search,
    assets_there,
    contact_search,
    customer_search,
    location_search,
    site_search,
)
from callout.customers.duplicates import Duplicate, customer_duplicates, duplicates_of
from callout.customers.history import history
from callout.customers.models import Area, Asset, AssetMove, Contact, Customer, Site, SiteLink
from callout.customers.positions import Problem, with_problem
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.kernel.searching import matching, typed

__all__ = [
    "AssetDetail",
    "AssetsThere",
    "CustomerDetail",
    "Duplicate",
    "SiteDetail",
    "area_detail",
    "area_list",
    "asset_detail",
    "asset_list",
    "asset_search",
    "assets_there",
    "contact_detail",
    "contact_list",
    "contact_search",
    "customer_detail",
    "customer_duplicates",
    "customer_list",
    "customer_search",
    "duplicates_of",
    "history",
    "location_search",
    "site_detail",
    "site_link_list",
    "site_list",
    "site_search",
]

M = TypeVar("M", bound=models.Model)
BY_NAME = ["name_sort", "id"]
SITE_CODE = "site__access_code_encrypted"  # never travels with a site
SHOWN = 200  # of a thing's own things, on its page


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """All that a customer's page shows. `all_fields` says whether the reader may see the whole."""

    customer: Customer
    contacts: list[Contact]
    links: list[SiteLink]
    assets: list[Asset]
    billed: list[Customer]
    all_fields: bool


@dataclass(frozen=True, slots=True)
class SiteDetail:
    """All that a site's page shows; `has_code` says that a code is kept, never which."""

    site: Site
    links: list[SiteLink]
    contacts: list[Contact]
    assets: list[Asset]
    children: list[Site]
    has_code: bool


@dataclass(frozen=True, slots=True)
class AssetDetail:
    """All that an asset's page shows."""

    asset: Asset
    links: list[SiteLink]
    moves: list[AssetMove]


# --- lists ---------------------------------------------------------------------------------------


def customer_list(
    *,
    actor: Actor,
    q: str = "",
    area_id: UUID | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Customer]:
    """Customers by name, with who pays for them; each row carries `site_count`."""
    sites = SiteLink.objects.filter(customer=OuterRef("pk"), site__archived_at=None)
    counted = sites.order_by().values("customer").annotate(n=Count("site", distinct=True))
    rows = _of(policy.visible_customers(actor), archived).select_related("bill_to")
    rows = _in_area(actor, rows, area_id)
    rows = rows.annotate(site_count=Coalesce(Subquery(counted.values("n")), 0))
    return page(matching(rows, q), BY_NAME, cursor=cursor, limit=limit)


def area_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[Area]:
    """Areas by name; `q` is looked for in the name, or is a postcode's beginning as written."""
    rows = _of(policy.visible_areas(actor), archived)
    word = typed(q)
    if word:
        rows = rows.filter(Q(name_sort__contains=word) | Q(postcodes__icontains=word))
    return page(rows, BY_NAME, cursor=cursor, limit=limit)


def contact_list(
    *,
    actor: Actor,
    q: str = "",
    customer_id: UUID | None = None,
    site_id: UUID | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Contact]:
    """Contacts by name, with their customer and site."""
    rows = _of(policy.visible_contacts(actor), archived).select_related("customer", "site")
    rows = rows.filter(_given(customer=customer_id, site=site_id))
    return page(matching(rows, q), BY_NAME, cursor=cursor, limit=limit)


def site_list(
    *,
    actor: Actor,
    q: str = "",
    customer_id: UUID | None = None,
    parent_id: UUID | None = None,
    position: Problem | Literal["doubtful"] | None = None,
    area_id: UUID | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Site]:
    """Sites by name, each with its links and their customers.

    `position`: those whose position has this problem, or any ("doubtful"), each with its
    `problem`. For managers: it is told from all sites.
    """
    rows = _of(policy.visible_sites(actor), archived).filter(_given(parent=parent_id))
    rows = _in_area(actor, rows, area_id)
    if position is not None:
        policy.manage(actor)
        rows = with_problem(rows, position)
    if customer_id is not None:
        rows = rows.filter(pk__in=SiteLink.objects.filter(customer=customer_id).values("site"))
    links = _links(actor)
    rows = rows.select_related("parent").prefetch_related(models.Prefetch("links", links))
    return page(matching(rows, q), BY_NAME, cursor=cursor, limit=limit)


def site_link_list(
    *,
    actor: Actor,
    site_id: UUID | None = None,
    customer_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[SiteLink]:
    """Who is what to which site."""
    rows = _links(actor).filter(_given(site=site_id, customer=customer_id))
    rows = rows.select_related("site").defer(SITE_CODE)
    return page(rows, ["id"], cursor=cursor, limit=limit)


def asset_list(
    *,
    actor: Actor,
    q: str = "",
    site_id: UUID | None = None,
    customer_id: UUID | None = None,
    area_id: UUID | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Asset]:
    """Assets by reference, with their site."""
    rows = _of(policy.visible_assets(actor), archived).select_related("site")
    rows = rows.defer(SITE_CODE).filter(_given(site=site_id))
    rows = _in_area(actor, rows, area_id, "site__postcode")
    if customer_id is not None:
        rows = rows.filter(site__in=SiteLink.objects.filter(customer=customer_id).values("site"))
    return page(matching(rows, q), ["reference_sort", "id"], cursor=cursor, limit=limit)


# --- single things -------------------------------------------------------------------------------


def customer_detail(*, actor: Actor, customer_id: UUID) -> CustomerDetail:
    """One customer with contacts, sites, their assets, and whom it pays for."""
    customer = _one(policy.visible_customers(actor).select_related("bill_to"), customer_id)
    contacts = policy.visible_contacts(actor).filter(customer=customer).select_related("site")
    links = _links(actor).filter(customer=customer, site__in=policy.visible_sites(actor))
    links = links.select_related("site").defer(SITE_CODE).order_by("site__name_sort", "role")
    sites = SiteLink.objects.filter(customer=customer).values("site")
    assets = policy.visible_assets(actor).filter(site__in=sites, archived_at=None)
    all_fields = policy.sees_all_fields(actor)
    billed = customer.billed_customers.filter(archived_at=None).order_by("name_sort")
    return CustomerDetail(
        customer=customer,
        contacts=list(contacts.order_by("archived_at", "name_sort")[:SHOWN]),
        links=list(links[:SHOWN]),
        assets=list(assets.select_related("site").order_by("reference_sort")[:SHOWN]),
        billed=list(billed[:SHOWN]) if all_fields else [],
        all_fields=all_fields,
    )


def contact_detail(*, actor: Actor, contact_id: UUID) -> Contact:
    """One contact with customer and site."""
    return _one(policy.visible_contacts(actor).select_related("customer", "site"), contact_id)


def site_detail(*, actor: Actor, site_id: UUID) -> SiteDetail:
    """One site with who is what to it, whom to call, what stands there, what lies inside."""
    rows = policy.visible_sites(actor).select_related("parent")
    with_code = Q(access_code_encrypted__isnull=False)
    site = _one(rows.annotate(coded=models.ExpressionWrapper(with_code, BOOLEAN)), site_id)
    links = _links(actor).filter(site=site).order_by("customer__name_sort", "role")
    contacts = policy.visible_contacts(actor).filter(site=site, archived_at=None)
    assets = policy.visible_assets(actor).filter(site=site, archived_at=None)
    children = policy.visible_sites(actor).filter(parent=site, archived_at=None)
    return SiteDetail(
        site=site,
        links=list(links[:SHOWN]),
        contacts=list(contacts.select_related("customer").order_by("name_sort")[:SHOWN]),
        assets=list(assets.order_by("reference_sort")[:SHOWN]),
        children=list(children.order_by("name_sort")[:SHOWN]),
        has_code=bool(site.coded),  # type: ignore[attr-defined]  # annotated above
    )


def asset_detail(*, actor: Actor, asset_id: UUID) -> AssetDetail:
    """One asset with its site, whose it is, and where it stood before."""
    asset = _one(policy.visible_assets(actor).select_related("site"), asset_id)
    links = _links(actor).filter(site=asset.site_id).order_by("customer__name_sort", "role")
    moves = AssetMove.objects.filter(asset=asset).select_related("from_site", "to_site", "moved_by")
    # Where it stood before is other people's address: for the office only.
    known = moves if policy.sees_all_fields(actor) else moves.none()
    return AssetDetail(
        asset=asset, links=list(links[:SHOWN]), moves=list(known.order_by("-moved_at")[:SHOWN])
    )


BOOLEAN = models.BooleanField()


def _links(actor: Actor) -> QuerySet[SiteLink]:
    """Links between a site and a customer that the actor may both know of."""
    rows = SiteLink.objects.select_related("customer").order_by("customer__name_sort", "role")
    if policy.sees_all_fields(actor):
        return rows
    return rows.filter(
        customer__in=policy.visible_customers(actor).values("pk"),
        site__in=policy.visible_sites(actor).values("pk"),
    )


def _given(**wanted: UUID | None) -> Q:
    return Q(**{name: value for name, value in wanted.items() if value is not None})


def _in_area(
    actor: Actor, rows: QuerySet[M], area_id: UUID | None, column: str = "postcode"
) -> QuerySet[M]:
    """The rows of this area's postcodes, as they are written there; of an area that is not there
    none."""
    if area_id is None:
        return rows
    area = policy.visible_areas(actor).filter(pk=area_id).first()
    holder = Customer if rows.model is Customer else Site
    known = holder.objects.exclude(postcode="").order_by().values_list("postcode", flat=True)
    codes = [one for one in known.distinct() if area and area.covers(one)]
    return rows.filter(**{f"{column}__in": codes})


def area_detail(*, actor: Actor, area_id: UUID) -> Area:
    """One area."""
    return _one(policy.visible_areas(actor), area_id)


def _of(rows: QuerySet[M], archived: bool) -> QuerySet[M]:
    return rows.filter(archived_at__isnull=not archived)


def _one(rows: QuerySet[M], pk: UUID) -> M:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
