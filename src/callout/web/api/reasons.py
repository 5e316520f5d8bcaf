"""Why an order is cancelled, handed back, or nobody was there."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders import services
from callout.orders.models import Reason
from callout.orders.selectors.catalogue import (
    reason_get,
    reason_page,
)
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Query,
    Search,
    Shape,
)
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent

router = Router()
ReasonKind = Literal["cancel", "hand_back", "absent"]
Name = Annotated[str, Field(max_length=200)]


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
