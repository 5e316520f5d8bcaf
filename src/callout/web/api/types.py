"""Types of intervention: how long they take, and which skills they need."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders import services
from callout.orders.models import InterventionType
from callout.orders.selectors.catalogue import (
    type_get,
    type_page,
)
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Ids,
    Linked,
    Minutes,
    Position,
    Query,
    Search,
    Shape,
)
from callout.web.api.links import link
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent

router = Router()
Name = Annotated[str, Field(max_length=200)]


class TypeOut(Created):
    """A kind of intervention: how long it takes by default, and the skills it needs."""

    name: str
    icon: str
    duration_minutes: int
    position: int
    skills: list[Linked]
    archived_at: datetime | None


class TypeList(Shape):
    items: list[TypeOut]
    next: str | None


class TypePatch(Body):
    name: Name = ""
    icon: Name = "tool"
    duration_minutes: Minutes = 60
    position: Position = 0
    skill_ids: Ids = []


class TypeNew(TypePatch):
    name: Name


def type_shown(row: InterventionType) -> TypeOut:
    """A type, for everybody."""
    return TypeOut(
        id=row.pk,
        version=row.version,
        name=row.name,
        icon=row.icon,
        duration_minutes=row.duration_minutes,
        position=row.position,
        skills=[link(skill) for skill in row.skills.all()],
        archived_at=row.archived_at,
    )


def _type(request: ApiRequest, type_id: UUID) -> TypeOut:
    return type_shown(type_get(actor=request.auth, type_id=type_id))


@router.get("/types", response=TypeList, summary="List types", tags=["Types"])
def type_find(request: ApiRequest, filters: Query[Search]) -> HttpResponse:
    """As the settings sort them."""
    page = type_page(
        actor=request.auth,
        archived=filters.archived,
        q=filters.q,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    return found(TypeList(items=[type_shown(row) for row in page.items], next=page.next))


@router.post(
    "/types",
    auth=manager_only,
    response={201: TypeOut},
    summary="Make a type",
    tags=["Types"],
)
def type_make(request: ApiRequest, body: TypeNew) -> HttpResponse:
    """Offered for new orders at once."""

    def work() -> TypeOut:
        return _type(request, services.type_create(actor=request.auth, values=body.given()).pk)

    return changed(request, work, status=201, place="/api/v1/types")


@router.get("/types/{uuid:type_id}", response=TypeOut, summary="Read a type", tags=["Types"])
def type_read(request: ApiRequest, type_id: UUID) -> HttpResponse:
    """Archived or not."""
    return found(_type(request, type_id))


@router.patch(
    "/types/{uuid:type_id}",
    auth=manager_only,
    response=TypeOut,
    summary="Edit a type",
    tags=["Types"],
    openapi_extra=NEEDS_VERSION,
)
def type_edit(request: ApiRequest, type_id: UUID, body: TypePatch) -> HttpResponse:
    """Needs If-Match."""
    version = version_needed(request)

    def work() -> TypeOut:
        services.type_update(
            actor=request.auth, type_id=type_id, version=version, values=body.given()
        )
        return _type(request, type_id)

    return changed(request, work, current=lambda: _type(request, type_id))


@router.delete(
    "/types/{uuid:type_id}",
    auth=manager_only,
    response=TypeOut,
    summary="Archive a type",
    tags=["Types"],
    openapi_extra=TAKES_VERSION,
)
def type_archive(request: ApiRequest, type_id: UUID) -> HttpResponse:
    """Offered no more; the orders that have it keep it."""
    version = version_sent(request, required=False)

    def work() -> TypeOut:
        services.type_archive(actor=request.auth, type_id=type_id, version=version)
        return _type(request, type_id)

    return changed(request, work, current=lambda: _type(request, type_id))


@router.post(
    "/types/{uuid:type_id}/restore",
    auth=manager_only,
    response=TypeOut,
    summary="Restore a type",
    tags=["Types"],
    openapi_extra=TAKES_VERSION,
)
def type_restore(request: ApiRequest, type_id: UUID) -> HttpResponse:
    """Takes it out of the archive: offered again."""
    version = version_sent(request, required=False)

    def work() -> TypeOut:
        services.type_restore(actor=request.auth, type_id=type_id, version=version)
        return _type(request, type_id)

    return changed(request, work, current=lambda: _type(request, type_id))
