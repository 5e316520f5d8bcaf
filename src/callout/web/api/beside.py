"""Beside an order: its visits, notes, journal, and the code of its site's door."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from callout.kernel.errors import Invalid
from callout.orders import services
from callout.orders.models import Note
from callout.orders.selectors.beside import JournalRow, note_get, note_list, order_journal
from callout.orders.selectors.whole import (
    order_seen,
    order_whole,
    visit_get,
    visit_list,
    visit_page,
)
from callout.planning import editing
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Created, Flag, Linked, Moment, Query, Shape, Text, Window
from callout.web.api.links import linked
from callout.web.api.order_shapes import (
    OrderOut,
    VisitAlone,
    VisitOut,
    order_shown,
    visit_shown,
    visit_shown_alone,
)
from callout.web.api.versions import NEEDS_VERSION
from callout.web.api.writing import Values, changed, found, version_needed

router = Router()

# --- visits --------------------------------------------------------------------------------------


class VisitList(Shape):
    items: list[VisitOut]
    next: str | None


class VisitPatch(Body):
    """What is promised to the customer (both together), and whether the visit stays put."""

    promise_from: Moment | None = None
    promise_to: Moment | None = None
    pinned: Flag = False


@router.get(
    "/service-orders/{uuid:order_id}/visits",
    response=VisitList,
    summary="List the visits of an order",
    tags=["Visits"],
)
def visit_find(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """In their order, all in one answer. A technician sees past visits, and own open ones."""
    rows = visit_list(actor=request.auth, order_id=order_id)
    return found({"items": [visit_shown(row, row.order) for row in rows], "next": None})


class VisitsAlone(Shape):
    items: list[VisitAlone]
    next: str | None


class VisitWindow(Window):
    service_order_id: UUID | None = None
    technician_id: UUID | None = Field(None, description="Responsible or helper.")
    open: bool | None = Field(None, description="false: those that have ended")


@router.get("/visits", response=VisitsAlone, summary="Find visits", tags=["Visits"])
def visits_find(request: ApiRequest, filters: Query[VisitWindow]) -> HttpResponse:
    """Of all orders that the reader sees, the latest made first."""
    page = visit_page(
        actor=request.auth,
        order_id=filters.service_order_id,
        technician_id=filters.technician_id,
        is_open=filters.open,
        cursor=filters.cursor,
        limit=filters.limit,
    )
    items = [visit_shown_alone(visit) for visit in page.items]
    return found({"items": items, "next": page.next})


@router.get("/visits/{uuid:visit_id}", response=VisitAlone, summary="Read a visit", tags=["Visits"])
def visit_read(request: ApiRequest, visit_id: UUID) -> HttpResponse:
    """Past ones of an order that the reader sees, and own open ones."""
    return found(visit_shown_alone(visit_get(actor=request.auth, visit_id=visit_id)))


@router.patch(
    "/service-orders/{uuid:order_id}/visits/{uuid:visit_id}",
    auth=manager_only,
    response=OrderOut,
    summary="Promise or pin a visit",
    tags=["Visits"],
    openapi_extra=NEEDS_VERSION,
)
def visit_edit(
    request: ApiRequest, order_id: UUID, visit_id: UUID, body: VisitPatch
) -> HttpResponse:
    """Needs If-Match with the ETag of the order. Its plan and status are changed by actions."""
    version = version_needed(request)
    given = body.given()
    moments = (given.get("promise_from"), given.get("promise_to"))
    if any(moments) != all(moments) or not all(given[n] for n in given if n != "pinned"):
        raise Invalid({"promise_to": [_("Give both promise_from and promise_to.")]})

    def work() -> Values:
        editing.visit_edit(
            actor=request.auth, order_id=order_id, visit_id=visit_id, version=version, **given
        )
        return _order(request, order_id)

    return changed(request, work, current=lambda: _order(request, order_id))


def _order(request: ApiRequest, order_id: UUID) -> Values:
    return order_shown(request.auth, order_whole(actor=request.auth, order_id=order_id))


# --- notes ---------------------------------------------------------------------------------------


class NoteOut(Created):
    """Something said about an order."""

    order_id: UUID
    visit_id: UUID | None
    kind: Literal["internal", "technician", "call"]
    text: str
    author: Linked | None
    created_at: datetime


class NoteList(Shape):
    items: list[NoteOut]
    next: str | None


class NoteNew(Body):
    """A note. `internal` ones and `call`s are the office's; `technician` is for everybody."""

    text: Text
    kind: Literal["internal", "technician", "call"] | None = Field(
        None, description="internal by default; technician for a technician"
    )
    visit_id: UUID | None = None


def note_shown(note: Note) -> NoteOut:
    """A note that the reader sees."""
    names = ("version", "order_id", "visit_id", "kind", "text", "created_at")
    plain: dict[str, Any] = {name: getattr(note, name) for name in names}
    return NoteOut(id=note.pk, author=linked(note.author), **plain)


@router.get(
    "/service-orders/{uuid:order_id}/notes",
    response=NoteList,
    summary="List the notes of an order",
    tags=["Notes"],
)
def note_find(request: ApiRequest, order_id: UUID, filters: Query[Window]) -> HttpResponse:
    """Oldest first. A technician reads those that are for them."""
    page = note_list(
        actor=request.auth, order_id=order_id, cursor=filters.cursor, limit=filters.limit
    )
    return found(NoteList(items=[note_shown(note) for note in page.items], next=page.next))


@router.post(
    "/service-orders/{uuid:order_id}/notes",
    response={201: NoteOut},
    summary="Add a note",
    tags=["Notes"],
)
def note_add(request: ApiRequest, order_id: UUID, body: NoteNew) -> HttpResponse:
    """Does not raise the order's version."""
    order_seen(actor=request.auth, order_id=order_id)

    def work() -> NoteOut:
        note = services.note_add(
            actor=request.auth,
            order_id=order_id,
            text=body.text,
            kind=body.kind or "",
            visit_id=body.visit_id,
        )
        return note_shown(note)

    return changed(request, work, status=201, place="/api/v1/notes")


@router.get("/notes/{uuid:note_id}", response=NoteOut, summary="Read a note", tags=["Notes"])
def note_read(request: ApiRequest, note_id: UUID) -> HttpResponse:
    """Of an order that the reader sees."""
    return found(note_shown(note_get(actor=request.auth, note_id=note_id)))


# --- journal -------------------------------------------------------------------------------------


class JournalOut(Shape):
    """What happened: who, what, when, when it was recorded, by which door."""

    id: int
    at: datetime
    recorded_at: datetime
    who: str
    door: str
    kind: str = Field(description="An action, or create, update, note_add, file_add, ...")
    visit_id: UUID | None = Field(None, description="(managers)")
    facts: dict[str, Any] = Field(
        {}, description="(managers) Ids, codes, and the names of the fields that changed."
    )
    personal: dict[str, Any] | None = Field(
        None, description="(managers) Texts and positions; null once they were erased."
    )


class JournalList(Shape):
    items: list[JournalOut]
    next: str | None


def journal_shown(row: JournalRow, *, whole: bool) -> JournalOut:
    """An entry that the reader sees; `whole` with what stands in it."""
    entry = row.entry
    facts: dict[str, Any] = entry.facts
    inside: dict[str, Any] = {
        "visit_id": facts.get("visit"),
        "facts": facts,
        "personal": entry.personal,
    }
    return JournalOut(
        id=entry.pk,
        at=entry.at,
        recorded_at=entry.recorded_at,
        who=row.who,
        door=entry.door,
        kind=entry.kind,
        **(inside if whole else {}),
    )


@router.get(
    "/service-orders/{uuid:order_id}/journal",
    response=JournalList,
    summary="Read the journal of an order",
    tags=["Journal"],
)
def journal_find(request: ApiRequest, order_id: UUID, filters: Query[Window]) -> HttpResponse:
    """Newest first. A technician reads who did what when, of what concerned them."""
    actor = request.auth
    page = order_journal(actor=actor, order_id=order_id, cursor=filters.cursor, limit=filters.limit)
    items = [journal_shown(row, whole=actor.is_manager) for row in page.items]
    return found(JournalList(items=items, next=page.next))


# --- the code of the door ------------------------------------------------------------------------


class CodeOut(Shape):
    code: str


@router.get(
    "/service-orders/{uuid:order_id}/access-code",
    response=CodeOut,
    summary="Look at the access code of an order's site",
    tags=["Service orders"],
)
def code_look(request: ApiRequest, order_id: UUID) -> HttpResponse:
    """For a technician who is assigned, from the day before the visit until it closes. Each look
    is written in the journal. The answer must not be stored."""
    return found(CodeOut(code=services.order_code_look(actor=request.auth, order_id=order_id)))
