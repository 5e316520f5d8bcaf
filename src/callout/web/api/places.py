"""Where work is done: sites, and what customers are to them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.customers import policy, selectors, services
from callout.customers.models import Site, SiteLink
from callout.kernel.actor import Actor
from callout.kernel.paging import Page
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Latitude,
    Linked,
    Longitude,
    Query,
    Search,
    Shape,
    Text,
    Week,
    Window,
)
from callout.web.api.links import link, linked
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
    position: Literal["missing", "zero", "far", "shared", "doubtful"] | None = Field(
        None,
        description="(managers) Those whose position is missing, at 0/0, far from where the "
        "company works, or shared by three streets or more; doubtful: any of these.",
    )


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
        position=search.position,
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
