"""The six routes that every plain thing has: find, make, read, edit, archive, restore.

One place, so that all of them ask for a version, answer once for a key, and refuse alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel

from callout.kernel.actor import Actor
from callout.kernel.paging import Page
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Query, Search, Shape, Shelf
from callout.web.api.versions import NEEDS_VERSION, TAKES_VERSION
from callout.web.api.writing import changed, found, version_needed, version_sent

Values = dict[str, Any]
R = TypeVar("R")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Resource:
    """A plain thing: its place, the shapes it is sent and read in, and the functions behind.

    `find` and `read` are selectors (with the shape made of their rows), the others services.
    """

    place: str  # /customers
    tag: str
    one: str  # "a customer", in summaries
    search: type[Shelf]
    listed: type[Shape]
    shape: type[Shape]
    new: type[Body]
    patch: type[Body]
    find: Callable[[Actor, Any], Page[Any]]
    read: Callable[[Actor, UUID], Shape]
    create: Callable[[Actor, Values], UUID]
    update: Callable[[Actor, UUID, int, Values], object]
    archive: Callable[[Actor, UUID, int | None], object]
    restore: Callable[[Actor, UUID, int | None], object]
    archive_words: str = "It is kept with its history, and offered no more."
    create_words: str = "Managers only."


def found_in(listed: Callable[..., Page[R]], shown: Callable[[R], S]) -> Callable[..., Page[S]]:
    """The `find` of a thing that is searched by words alone and reads the same for everybody."""

    def find(actor: Actor, search: Search) -> Page[S]:
        page = listed(
            actor=actor,
            q=search.q,
            archived=search.archived,
            cursor=search.cursor,
            limit=search.limit,
        )
        return Page([shown(row) for row in page.items], page.next)

    return find


def routes(thing: Resource) -> Router:
    """The router of `thing`."""
    router = Router(tags=[thing.tag])
    _reading(router, thing)
    _writing(router, thing)
    _archiving(router, thing)
    return router


def _reading(router: Router, thing: Resource) -> None:
    name = thing.place.strip("/").replace("-", "_")
    search: Any = thing.search
    listed: Any = thing.listed

    @router.get(
        thing.place,
        response=thing.listed,
        summary=f"Find {thing.tag.lower()}",
        operation_id=f"{name}_find",
    )
    def find(request: ApiRequest, filters: Query[search]) -> HttpResponse:
        """In use, unless `archived`. Narrowed to what the reader may see."""
        page = thing.find(request.auth, filters)
        return found(listed(items=page.items, next=page.next))

    @router.get(
        f"{thing.place}/{{uuid:id}}",
        response=thing.shape,
        summary=f"Read {thing.one}",
        operation_id=f"{name}_read",
    )
    def read(request: ApiRequest, id: UUID) -> HttpResponse:  # noqa: A002 - as the address says
        """Archived or not. What is not the reader's is not there."""
        return found(thing.read(request.auth, id))


def _writing(router: Router, thing: Resource) -> None:
    name = thing.place.strip("/").replace("-", "_")
    new: Any = thing.new
    patch: Any = thing.patch

    @router.post(
        thing.place,
        auth=manager_only,
        response={201: thing.shape},
        summary=f"Make {thing.one}",
        description=thing.create_words,
        operation_id=f"{name}_make",
    )
    def make(request: ApiRequest, body: new) -> HttpResponse:
        def work() -> BaseModel:
            return thing.read(request.auth, thing.create(request.auth, body.given()))

        return changed(request, work, status=201, place=f"/api/v1{thing.place}")

    @router.patch(
        f"{thing.place}/{{uuid:id}}",
        auth=manager_only,
        response=thing.shape,
        summary=f"Edit {thing.one}",
        description="Only the fields sent change. Needs If-Match. Managers only.",
        operation_id=f"{name}_edit",
        openapi_extra=NEEDS_VERSION,
    )
    def edit(request: ApiRequest, id: UUID, body: patch) -> HttpResponse:  # noqa: A002
        version = version_needed(request)

        def work() -> BaseModel:
            thing.update(request.auth, id, version, body.given())
            return thing.read(request.auth, id)

        return changed(request, work, current=lambda: thing.read(request.auth, id))


def _archiving(router: Router, thing: Resource) -> None:
    name = thing.place.strip("/").replace("-", "_")

    def turned(request: ApiRequest, id: UUID, service: Any) -> HttpResponse:  # noqa: A002
        version = version_sent(request, required=False)

        def work() -> BaseModel:
            service(request.auth, id, version)
            return thing.read(request.auth, id)

        return changed(request, work, current=lambda: thing.read(request.auth, id))

    @router.delete(
        f"{thing.place}/{{uuid:id}}",
        auth=manager_only,
        response=thing.shape,
        summary=f"Archive {thing.one}",
        description=f"{thing.archive_words} Managers only.",
        operation_id=f"{name}_archive",
        openapi_extra=TAKES_VERSION,
    )
    def archive(request: ApiRequest, id: UUID) -> HttpResponse:  # noqa: A002
        return turned(request, id, thing.archive)

    @router.post(
        f"{thing.place}/{{uuid:id}}/restore",
        auth=manager_only,
        response=thing.shape,
        summary=f"Restore {thing.one}",
        description="Takes it out of the archive. Managers only.",
        operation_id=f"{name}_restore",
        openapi_extra=TAKES_VERSION,
    )
    def restore(request: ApiRequest, id: UUID) -> HttpResponse:  # noqa: A002
        return turned(request, id, thing.restore)
