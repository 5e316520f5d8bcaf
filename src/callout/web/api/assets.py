"""Assets, and where they stood."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.customers import policy, selectors, services
from callout.customers.models import Asset, AssetMove
from callout.kernel.actor import Actor
from callout.kernel.paging import Page
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Day,
    Linked,
    Moment,
    Search,
    Shape,
    Text,
)
from callout.web.api.links import link, linked
from callout.web.api.resource import Resource, routes
from callout.web.api.versions import NEEDS_VERSION
from callout.web.api.writing import changed, found, version_needed

router = Router()


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
