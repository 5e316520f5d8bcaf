"""The lists behind an order: types of intervention, priorities, reasons."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from callout.orders import services
from callout.orders.models import InterventionType, Priority, Reason
from callout.orders.selectors.catalogue import (
    priority_get,
    priority_list,
    reason_get,
    reason_page,
    type_get,
    type_page,
)
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Flag,
    Ids,
    Linked,
    Minutes,
    Position,
    Query,
    Search,
    Shape,
)
from callout.web.api.order_shapes import PriorityCode, link
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent

router = Router()
ReasonKind = Literal["cancel", "hand_back", "absent"]
Name = Annotated[str, Field(max_length=200)]

# --- types ---------------------------------------------------------------------------------------


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


# --- priorities ----------------------------------------------------------------------------------


class PriorityOut(Shape):
    """One of the four priorities; its id is its code."""

    id: PriorityCode
    version: int
    rank: int
    name: str
    colour: str
    response_hours: int | None
    working_hours_only: bool


class PriorityList(Shape):
    items: list[PriorityOut]
    next: str | None


class PriorityPatch(Body):
    name: Name = ""
    colour: Name = Field("", examples=["#c3152f"])
    response_hours: Annotated[StrictInt, Field(ge=1, le=8760)] | None = Field(
        None, description="How soon to answer; null for no target."
    )
    working_hours_only: Flag = Field(
        False, description="The hours count within the default calendar's, outside its holidays."
    )


def priority_shown(row: Priority) -> PriorityOut:
    """A priority, for everybody."""
    return PriorityOut.model_validate(
        {
            "id": row.code,
            "version": row.version,
            "rank": row.rank,
            "name": row.label,
            "colour": row.colour,
            "response_hours": row.response_hours,
            "working_hours_only": row.working_hours_only,
        }
    )


def _priority(request: ApiRequest, code: str) -> PriorityOut:
    return priority_shown(priority_get(actor=request.auth, code=code))


@router.get("/priorities", response=PriorityList, summary="List priorities", tags=["Priorities"])
def priority_find(request: ApiRequest) -> HttpResponse:
    """Lowest first; always all four."""
    items = [priority_shown(row) for row in priority_list(actor=request.auth)]
    return found(PriorityList(items=items, next=None))


@router.get(
    "/priorities/{code}", response=PriorityOut, summary="Read a priority", tags=["Priorities"]
)
def priority_read(request: ApiRequest, code: str) -> HttpResponse:
    """By its code."""
    return found(_priority(request, code))


@router.patch(
    "/priorities/{code}",
    auth=manager_only,
    response=PriorityOut,
    summary="Edit a priority",
    tags=["Priorities"],
    openapi_extra=NEEDS_VERSION,
)
def priority_edit(request: ApiRequest, code: str, body: PriorityPatch) -> HttpResponse:
    """Its name, colour and response target; the codes are fixed. Needs If-Match."""
    version = version_needed(request)
    values = body.given()
    if "name" in values:
        values["label"] = values.pop("name")

    def work() -> PriorityOut:
        services.priority_update(actor=request.auth, code=code, values=values, version=version)
        return _priority(request, code)

    return changed(request, work, current=lambda: _priority(request, code))


# --- reasons -------------------------------------------------------------------------------------


class ReasonOut(Created):
    """Why: for cancelling, handing back, an absent customer."""

    kind: ReasonKind
    name: str
    archived_at: datetime | None


class ReasonList(Shape):
    items: list[ReasonOut]
    next: str | None


class ReasonNew(Body):
    kind: ReasonKind
    name: Name


class ReasonPatch(Body):
    name: Name


class ReasonSearch(Search):
    kind: ReasonKind | None = None


def reason_shown(row: Reason) -> ReasonOut:
    """A reason, for everybody."""
    return ReasonOut.model_validate(
        {
            "id": row.pk,
            "version": row.version,
            "kind": row.kind,
            "name": row.label,
            "archived_at": row.archived_at,
        }
    )


def _reason(request: ApiRequest, reason_id: UUID) -> ReasonOut:
    return reason_shown(reason_get(actor=request.auth, reason_id=reason_id))


@router.get("/reasons", response=ReasonList, summary="List reasons", tags=["Reasons"])
def reason_find(request: ApiRequest, filters: Query[ReasonSearch]) -> HttpResponse:
    """Perhaps of one kind only."""
    page = reason_page(
        actor=request.auth,
        archived=filters.archived,
        kind=filters.kind or "",
        q=filters.q,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    return found(ReasonList(items=[reason_shown(row) for row in page.items], next=page.next))


@router.post(
    "/reasons",
    auth=manager_only,
    response={201: ReasonOut},
    summary="Make a reason",
    tags=["Reasons"],
)
def reason_make(request: ApiRequest, body: ReasonNew) -> HttpResponse:
    """Offered for actions of its kind at once."""

    def work() -> ReasonOut:
        row = services.reason_create(actor=request.auth, kind=body.kind, label=body.name)
        return reason_shown(row)

    return changed(request, work, status=201, place="/api/v1/reasons")


@router.get(
    "/reasons/{uuid:reason_id}", response=ReasonOut, summary="Read a reason", tags=["Reasons"]
)
def reason_read(request: ApiRequest, reason_id: UUID) -> HttpResponse:
    """Archived or not."""
    return found(_reason(request, reason_id))


@router.patch(
    "/reasons/{uuid:reason_id}",
    auth=manager_only,
    response=ReasonOut,
    summary="Word a reason anew",
    tags=["Reasons"],
    openapi_extra=NEEDS_VERSION,
)
def reason_edit(request: ApiRequest, reason_id: UUID, body: ReasonPatch) -> HttpResponse:
    """Needs If-Match."""
    version = version_needed(request)

    def work() -> ReasonOut:
        services.reason_update(
            actor=request.auth, reason_id=reason_id, label=body.name, version=version
        )
        return _reason(request, reason_id)

    return changed(request, work, current=lambda: _reason(request, reason_id))


@router.delete(
    "/reasons/{uuid:reason_id}",
    auth=manager_only,
    response=ReasonOut,
    summary="Archive a reason",
    tags=["Reasons"],
    openapi_extra=TAKES_VERSION,
)
def reason_archive(request: ApiRequest, reason_id: UUID) -> HttpResponse:
    """Offered no more; what was closed with it keeps it."""
    version = version_sent(request, required=False)

    def work() -> ReasonOut:
        services.reason_archive(actor=request.auth, reason_id=reason_id, version=version)
        return _reason(request, reason_id)

    return changed(request, work, current=lambda: _reason(request, reason_id))


@router.post(
    "/reasons/{uuid:reason_id}/restore",
    auth=manager_only,
    response=ReasonOut,
    summary="Restore a reason",
    tags=["Reasons"],
    openapi_extra=TAKES_VERSION,
)
def reason_restore(request: ApiRequest, reason_id: UUID) -> HttpResponse:
    """Takes it out of the archive: offered again."""
    version = version_sent(request, required=False)

    def work() -> ReasonOut:
        services.reason_restore(actor=request.auth, reason_id=reason_id, version=version)
        return _reason(request, reason_id)

    return changed(request, work, current=lambda: _reason(request, reason_id))
