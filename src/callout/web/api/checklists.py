"""The checklists of the types, line by line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from callout.fieldwork.models import ChecklistItem
from callout.fieldwork.selectors.checklists import checklist_item_get, checklist_page
from callout.fieldwork.services import checklists as services
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid, NotFound
from callout.kernel.paging import Page
from callout.orders.selectors.catalogue import type_get
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Created, Flag, Ids, Linked, Shape, Shelf
from callout.web.api.links import link
from callout.web.api.resource import Resource, routes
from callout.web.api.writing import changed

Kind = Literal["tick", "number", "text", "choice", "photo"]
Words = Annotated[str, Field(max_length=1000)]
Bound = Annotated[str, Field(max_length=40, examples=["9.5"])] | None


class ChecklistItemOut(Created):
    """A line of the checklist of a type: what the technician answers on each visit."""

    type: Linked
    position: int
    text: str
    kind: Kind
    required: bool = Field(description="The technician cannot complete a visit without it.")
    low: str | None = Field(description="The lowest number taken, as text.")
    high: str | None = Field(description="The highest number taken, as text.")
    unit: str
    choices: list[str]
    archived_at: datetime | None


class ChecklistItemList(Shape):
    items: list[ChecklistItemOut]
    next: str | None


class ChecklistSearch(Shelf):
    type_id: UUID | None = None


class ChecklistItemPatch(Body):
    text: Words = ""
    required: Flag = False
    low: Bound = Field(None, description="For a number: the lowest taken; null for none.")
    high: Bound = Field(None, description="For a number: the highest taken; null for none.")
    unit: Words = Field("", description="For a number.", examples=["ppm"])
    choices: Annotated[list[Words], Field(max_length=100)] = Field(
        [], description="For a choice: two or more."
    )


class ChecklistItemNew(ChecklistItemPatch):
    type_id: UUID
    text: Words
    kind: Kind = Field("tick", description="It stays: add another line for another kind.")


class ChecklistOrder(Body):
    item_ids: Ids = Field(description="All lines in use of this type, in their new order.")


def item_shown(row: ChecklistItem) -> ChecklistItemOut:
    """A line, for whoever works here."""
    return ChecklistItemOut.model_validate(
        {
            "id": row.pk,
            "version": row.version,
            "type": link(row.type),
            "position": row.position,
            "text": row.text,
            "kind": row.kind,
            "required": row.required,
            "low": None if row.low is None else services.plain(row.low),
            "high": None if row.high is None else services.plain(row.high),
            "unit": row.unit,
            "choices": row.choices,
            "archived_at": row.archived_at,
        }
    )


def _found(actor: Actor, search: ChecklistSearch) -> Page[ChecklistItemOut]:
    page = checklist_page(
        actor=actor,
        type_id=search.type_id,
        archived=search.archived,
        cursor=search.cursor,
        limit=search.limit,
    )
    return Page([item_shown(row) for row in page.items], page.next)


def _made(actor: Actor, values: dict[str, Any]) -> UUID:
    """A type that is not there is a wrong field here, no missing address."""
    given = dict(values)
    try:
        type_id: UUID = type_get(actor=actor, type_id=given.pop("type_id")).pk
    except NotFound:
        raise Invalid({"type_id": [_("Choose one of the list.")]}) from None
    return services.checklist_item_create(actor=actor, type_id=type_id, values=given).pk


checklist_items = routes(
    Resource(
        place="/checklist-items",
        tag="Checklists",
        one="a line of a checklist",
        search=ChecklistSearch,
        listed=ChecklistItemList,
        shape=ChecklistItemOut,
        new=ChecklistItemNew,
        patch=ChecklistItemPatch,
        find=_found,
        read=lambda actor, pk: item_shown(checklist_item_get(actor=actor, item_id=pk)),
        create=_made,
        update=lambda actor, pk, version, values: services.checklist_item_update(
            actor=actor, item_id=pk, version=version, values=values
        ),
        archive=lambda actor, pk, version: services.checklist_item_archive(
            actor=actor, item_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.checklist_item_restore(
            actor=actor, item_id=pk, version=version
        ),
        archive_words="It is asked no more; visits where it was answered keep it.",
        create_words="Asked last, on all visits of the type that are open. Managers only.",
    )
)
router = Router(tags=["Checklists"])


@router.put(
    "/types/{uuid:type_id}/checklist-order",
    auth=manager_only,
    response=ChecklistItemList,
    summary="Put the lines of a checklist in order",
)
def checklist_order(request: ApiRequest, type_id: UUID, body: ChecklistOrder) -> HttpResponse:
    """All lines in use, each once; refused where they have changed in the meantime."""
    type_get(actor=request.auth, type_id=type_id)

    def work() -> ChecklistItemList:
        services.checklist_reorder(actor=request.auth, type_id=type_id, item_ids=body.item_ids)
        rows: Sequence[ChecklistItem] = checklist_page(
            actor=request.auth, type_id=type_id, limit=200
        ).items
        return ChecklistItemList(items=[item_shown(row) for row in rows], next=None)

    return changed(request, work)
