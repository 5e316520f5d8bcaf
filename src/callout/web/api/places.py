"""Where work is done and on what: sites, their links to customers, assets and their moves."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.customers import policy, selectors, services
from callout.customers.models import Asset, AssetMove, Site, SiteLink
from callout.kernel.actor import Actor
from callout.kernel.paging import Page
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Day,
    Latitude,
    Linked,
    Longitude,
    Moment,
    Query,
    Search,
    Shape,
    Text,
    Week,
    Window,
)
from callout.web.api.order_shapes import link, linked
from callout.web.api.resource import Resource, routes
from callout.web.api.versions import NEEDS_VERSION
from callout.web.api.writing import changed, found, version_needed

router = Router()
RoleCode = Literal["owner", "occupant", "manager"]

# --- sites ---------------------------------------------------------------------------------------


class LinkedCustomer(Shape):
    """What a customer is to the site."""

    id: UUID = Field(description="Of the link.")
    customer: Linked
    role: RoleCode


class SiteOut(Created):
    """An address where work is done. Its access code is never here: see access-code."""

    name: str
    street: str
    postcode: str
    town: str
    country: str
    latitude: float | None
    longitude: float | None
    access_notes: str
    parking_notes: str
    key_notes: str
    opening_hours: Week | None = Field(description="Null where nothing is known.")
    links: list[LinkedCustomer]
    archived_at: datetime | None
    parent: Linked | None = Field(None, description="(managers) The site that it lies in.")


class SiteList(Shape):
    items: list[SiteOut]
    next: str | None


class SitePatch(Body):
    name: Text = Field("", description="The street, where left out.")
    parent_id: UUID | None = None
    street: Text = ""
    postcode: Text = ""
    town: Text = ""
    country: Text = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    access_notes: Text = ""
    parking_notes: Text = ""
    key_notes: Text = ""
    opening_hours: Week | None = None


class SiteSearch(Search):
    customer_id: UUID | None = Field(None, description="Linked to this customer.")
    parent_id: UUID | None = None


SITE = (
    *("version", "name", "street", "postcode", "town", "country", "latitude", "longitude"),
    *("access_notes", "parking_notes", "key_notes", "opening_hours", "archived_at"),
)


def site_shown(actor: Actor, row: Site, links: list[SiteLink]) -> SiteOut:
    """A site for this reader."""
    fields: dict[str, Any] = {"id": row.pk, **{name: getattr(row, name) for name in SITE}}
    fields["links"] = [
        LinkedCustomer.model_validate(
            {"id": one.pk, "customer": link(one.customer), "role": one.role}
        )
        for one in links
    ]
    if policy.sees_all_fields(actor):
        fields["parent"] = linked(row.parent)
    return SiteOut(**fields)


def _sites_found(actor: Actor, search: SiteSearch) -> Page[SiteOut]:
    page = selectors.site_list(
        actor=actor,
        q=search.q,
        customer_id=search.customer_id,
        parent_id=search.parent_id,
        archived=search.archived,
        cursor=search.cursor,
        limit=search.limit,
    )
    return Page([site_shown(actor, row, list(row.links.all())) for row in page.items], page.next)


def _site(actor: Actor, pk: UUID) -> SiteOut:
    detail = selectors.site_detail(actor=actor, site_id=pk)
    return site_shown(actor, detail.site, detail.links)


sites = routes(
    Resource(
        place="/sites",
        tag="Sites",
        one="a site",
        search=SiteSearch,
        listed=SiteList,
        shape=SiteOut,
        new=SitePatch,
        patch=SitePatch,
        find=_sites_found,
        read=_site,
        create=lambda actor, values: services.site_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.site_update(
            actor=actor, site_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.site_archive(
            actor=actor, site_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.site_restore(
            actor=actor, site_id=pk, version=version
        ),
        create_words="Link it to its customers with site-links. Managers only.",
        archive_words="Refused (409) while it holds open work, assets in use, or other sites.",
    )
)


class CodeNew(Body):
    code: Text = Field(description="Empty takes it away.")


@router.put(
    "/sites/{uuid:site_id}/access-code",
    auth=manager_only,
    response=SiteOut,
    summary="Keep the access code of a site",
    tags=["Sites"],
    openapi_extra=NEEDS_VERSION,
)
def code_set(request: ApiRequest, site_id: UUID, body: CodeNew) -> HttpResponse:
    """Encrypted, and read by no list, export or search: an assigned technician looks at it through
    the order, from the day before the visit until it closes. Needs If-Match."""
    version = version_needed(request)

    def work() -> SiteOut:
        services.site_code_set(actor=request.auth, site_id=site_id, version=version, code=body.code)
        return _site(request.auth, site_id)

    return changed(request, work, current=lambda: _site(request.auth, site_id))


# --- links ---------------------------------------------------------------------------------------


class SiteLinkOut(Shape):
    """What a customer is to a site."""

    id: UUID
    site: Linked
    customer: Linked
    role: RoleCode


class SiteLinkList(Shape):
    items: list[SiteLinkOut]
    next: str | None


class SiteLinkNew(Body):
    site_id: UUID
    customer_id: UUID
    role: RoleCode = "occupant"


class SiteLinkWindow(Window):
    site_id: UUID | None = None
    customer_id: UUID | None = None


def site_link_shown(row: SiteLink) -> SiteLinkOut:
    """A link between two things that the reader may both know of."""
    plain = {"id": row.pk, "role": row.role}
    return SiteLinkOut.model_validate(
        {**plain, "site": link(row.site), "customer": link(row.customer)}
    )


@router.get("/site-links", response=SiteLinkList, summary="Find links", tags=["Sites"])
def link_find(request: ApiRequest, filters: Query[SiteLinkWindow]) -> HttpResponse:
    """Who is what to which site."""
    page = selectors.site_link_list(
        actor=request.auth,
        site_id=filters.site_id,
        customer_id=filters.customer_id,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    items = [site_link_shown(row) for row in page.items]
    return found(SiteLinkList(items=items, next=page.next))


@router.post(
    "/site-links",
    auth=manager_only,
    response={201: SiteLinkOut},
    summary="Link a site and a customer",
    tags=["Sites"],
)
def link_make(request: ApiRequest, body: SiteLinkNew) -> HttpResponse:
    """They may be several things to each other; 409 for what they are already."""

    def work() -> SiteLinkOut:
        return site_link_shown(services.site_link(actor=request.auth, **body.given()))

    return changed(request, work, status=201)


@router.delete(
    "/site-links/{uuid:link_id}",
    auth=manager_only,
    response={204: None},
    summary="Take a link away",
    tags=["Sites"],
)
def link_remove(request: ApiRequest, link_id: UUID) -> HttpResponse:
    """409 where it is the last between the two and open work or a contact needs it."""

    def work() -> None:
        services.site_unlink(actor=request.auth, link_id=link_id)

    return changed(request, work)


# --- assets --------------------------------------------------------------------------------------


class AssetOut(Created):
    """A piece of equipment."""

    reference: str
    name: str = Field(description="Kind and reference, as people say it.")
    kind: str
    manufacturer: str
    model: str
    serial_number: str
    installed_on: date | None
    warranty_until: date | None
    notes: str
    archived_at: datetime | None
    site: Linked | None = Field(None, description="(managers) Where it stands now.")


class AssetList(Shape):
    items: list[AssetOut]
    next: str | None


class AssetPatch(Body):
    reference: Text = Field("", description="The serial number or the kind, where left out.")
    kind: Text = ""
    manufacturer: Text = ""
    model: Text = ""
    serial_number: Text = ""
    installed_on: Day | None = None
    warranty_until: Day | None = None
    notes: Text = ""


class AssetNew(AssetPatch):
    site_id: UUID


class AssetSearch(Search):
    site_id: UUID | None = None
    customer_id: UUID | None = Field(None, description="At a site of this customer.")


ASSET = (
    *("version", "reference", "kind", "manufacturer", "model", "serial_number"),
    *("installed_on", "warranty_until", "notes", "archived_at"),
)


def asset_shown(actor: Actor, row: Asset) -> AssetOut:
    """An asset for this reader. It may have moved to where a technician has never been."""
    fields: dict[str, Any] = {name: getattr(row, name) for name in ASSET}
    if policy.sees_all_fields(actor):
        fields["site"] = link(row.site)
    return AssetOut(id=row.pk, name=str(row), **fields)


def _assets_found(actor: Actor, search: AssetSearch) -> Page[AssetOut]:
    page = selectors.asset_list(
        actor=actor,
        q=search.q,
        site_id=search.site_id,
        customer_id=search.customer_id,
        archived=search.archived,
        cursor=search.cursor,
        limit=search.limit,
    )
    return Page([asset_shown(actor, row) for row in page.items], page.next)


def _asset(actor: Actor, pk: UUID) -> AssetOut:
    return asset_shown(actor, selectors.asset_detail(actor=actor, asset_id=pk).asset)


assets = routes(
    Resource(
        place="/assets",
        tag="Assets",
        one="an asset",
        search=AssetSearch,
        listed=AssetList,
        shape=AssetOut,
        new=AssetNew,
        patch=AssetPatch,
        find=_assets_found,
        read=_asset,
        create=lambda actor, values: services.asset_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.asset_update(
            actor=actor, asset_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.asset_archive(
            actor=actor, asset_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.asset_restore(
            actor=actor, asset_id=pk, version=version
        ),
    )
)


class MoveNew(Body):
    site_id: UUID = Field(description="Where it went.")
    moved_at: Moment | None = Field(None, description="Now by default.")


class MoveOut(Shape):
    """A move of an asset."""

    id: UUID
    from_site: Linked
    to_site: Linked
    moved_at: datetime
    moved_by: Linked | None


class MoveList(Shape):
    items: list[MoveOut]
    next: str | None


def move_shown(row: AssetMove) -> MoveOut:
    """A move, for managers."""
    return MoveOut(
        id=row.pk,
        from_site=link(row.from_site),
        to_site=link(row.to_site),
        moved_at=row.moved_at,
        moved_by=linked(row.moved_by),
    )


@router.get(
    "/assets/{uuid:asset_id}/moves",
    response=MoveList,
    summary="List the moves of an asset",
    tags=["Assets"],
)
def move_find(request: ApiRequest, asset_id: UUID) -> HttpResponse:
    """The latest first, all in one answer. For managers; a technician reads an empty list."""
    detail = selectors.asset_detail(actor=request.auth, asset_id=asset_id)
    return found(MoveList(items=[move_shown(row) for row in detail.moves], next=None))


@router.post(
    "/assets/{uuid:asset_id}/move",
    auth=manager_only,
    response=AssetOut,
    summary="Move an asset to another site",
    tags=["Assets"],
    openapi_extra=NEEDS_VERSION,
)
def asset_move(request: ApiRequest, asset_id: UUID, body: MoveNew) -> HttpResponse:
    """Past orders keep the site they were made for. Needs If-Match."""
    version = version_needed(request)

    def work() -> AssetOut:
        services.asset_move(
            actor=request.auth,
            asset_id=asset_id,
            version=version,
            site_id=body.site_id,
            moved_at=body.moved_at,
        )
        return _asset(request.auth, asset_id)

    return changed(request, work, current=lambda: _asset(request.auth, asset_id))
