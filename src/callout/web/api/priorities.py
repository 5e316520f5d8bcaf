"""The four priorities: what they are called, and how soon to answer."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StrictInt

from callout.orders import services
from callout.orders.models import Priority
from callout.orders.selectors.catalogue import (
    priority_get,
    priority_list,
)
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Flag,
    Shape,
)
from callout.web.api.order_shapes import PriorityCode
from callout.web.api.versions import NEEDS_VERSION
from callout.web.api.writing import changed, found, version_needed

router = Router()
Name = Annotated[str, Field(max_length=200)]


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
