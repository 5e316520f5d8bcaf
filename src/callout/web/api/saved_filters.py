"""Filters of the orders that are kept by a name: one's own, and those shared in the office."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders import services
from callout.orders.selectors.views import Kept, filter_list, filter_seen
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Created, Flag, Linked, Shape
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent

router = Router(tags=["Saved filters"])
PLACE = "/saved-filters"
ONE = f"{PLACE}/{{uuid:filter_id}}"
View = Literal["list", "kanban", "team", "map", "table"]
Name = Annotated[str, Field(max_length=80)]
Address = Annotated[
    str,
    Field(
        max_length=4_000,
        description="The filter as the office’s address has it, like"
        " `stage=new&priority=urgent,high`.",
    ),
]
Columns = Annotated[
    str,
    Field(
        max_length=200,
        description="Columns of the list in their order, with commas between; empty for those of"
        " whoever looks.",
    ),
]


class SavedFilterOut(Created):
    """A filter with its view."""

    name: str
    view: View
    query: str
    columns: str
    shared: bool = Field(description="There for everybody in the office.")
    owner: Linked
    changeable: bool = Field(description="Yours, or, for an admin, shared.")
    starred: bool = Field(description="Your list opens with it.")


class SavedFilterList(Shape):
    """Own ones first, then those shared by others: 400 at most."""

    items: list[SavedFilterOut]
    next: None


class SavedFilterNew(Body):
    name: Name
    view: View = "list"
    query: Address = ""
    columns: Columns = ""
    shared: Flag = False


class SavedFilterPatch(Body):
    """Only what is sent changes; nothing of it may be null."""

    name: Name = ""
    view: View = "list"
    query: Address = ""
    columns: Columns = ""
    shared: Flag = False


@router.get(PLACE, auth=manager_only, response=SavedFilterList, summary="List saved filters")
def filters_list(request: ApiRequest) -> HttpResponse:
    """Managers only."""
    items = [_shown(one) for one in filter_list(actor=request.auth)]
    return found(SavedFilterList(items=items, next=None))


@router.post(
    PLACE, auth=manager_only, response={201: SavedFilterOut}, summary="Save a filter"
)  # fmt: skip
def filter_make(request: ApiRequest, body: SavedFilterNew) -> HttpResponse:
    """Managers only. What cannot be filtered by, and a name that you have already, are refused."""

    def work() -> SavedFilterOut:
        row = services.filter_save(actor=request.auth, **body.given())
        return _read(request, row.pk)

    return changed(request, work, status=201, place=f"/api/v1{PLACE}")


@router.get(ONE, auth=manager_only, response=SavedFilterOut, summary="Read a saved filter")
def filter_read(request: ApiRequest, filter_id: UUID) -> HttpResponse:
    """Managers only. One's own, or a shared one."""
    return found(_read(request, filter_id))


@router.patch(
    ONE, auth=manager_only, response=SavedFilterOut, summary="Rename, share or change a filter",
    openapi_extra=NEEDS_VERSION,
)  # fmt: skip
def filter_edit(request: ApiRequest, filter_id: UUID, body: SavedFilterPatch) -> HttpResponse:
    """One's own; an admin any shared one. Needs If-Match."""
    version = version_needed(request)

    def work() -> SavedFilterOut:
        services.filter_update(
            actor=request.auth, filter_id=filter_id, version=version, **body.given()
        )
        return _read(request, filter_id)

    return changed(request, work, current=lambda: _read(request, filter_id))


@router.delete(
    ONE, auth=manager_only, response={204: None}, summary="Remove a saved filter",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def filter_delete(request: ApiRequest, filter_id: UUID) -> HttpResponse:
    """One's own; an admin any shared one. The orders stay; a list that opened with it opens as
    usual."""
    version = version_sent(request, required=False)

    def work() -> None:
        services.filter_remove(actor=request.auth, filter_id=filter_id, version=version)

    return changed(request, work, current=lambda: _read(request, filter_id))


@router.post(
    f"{ONE}/star", auth=manager_only, response=SavedFilterOut, summary="Open the list with a filter"
)  # fmt: skip
def filter_star(request: ApiRequest, filter_id: UUID) -> HttpResponse:
    """Managers only. Your own list opens with it from now on, instead of another one."""
    return _starred(request, filter_id, services.own_filter_set)


@router.post(
    f"{ONE}/unstar", auth=manager_only, response=SavedFilterOut,
    summary="Open the list as usual again",
)  # fmt: skip
def filter_unstar(request: ApiRequest, filter_id: UUID) -> HttpResponse:
    """Managers only. Where your list opens with this one; else nothing changes."""
    return _starred(request, filter_id, services.own_filter_clear)


def _starred(request: ApiRequest, filter_id: UUID, service: Any) -> HttpResponse:
    def work() -> SavedFilterOut:
        service(actor=request.auth, filter_id=filter_id)
        return _read(request, filter_id)

    return changed(request, work)


def _read(request: ApiRequest, filter_id: UUID) -> SavedFilterOut:
    return _shown(filter_seen(actor=request.auth, filter_id=filter_id))


def _shown(kept: Kept) -> SavedFilterOut:
    row = kept.filter
    return SavedFilterOut(
        id=row.pk,
        version=row.version,
        name=row.name,
        view=row.view,  # type: ignore[arg-type]  # one of its choices: the service says so
        query=row.query,
        columns=row.columns,
        shared=row.shared,
        owner=Linked(id=row.owner_id, name=kept.owner),
        changeable=kept.changeable,
        starred=kept.opens,
    )
