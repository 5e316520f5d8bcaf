"""Plan drafts: proposals that are worked out, looked at, and applied whole or in part."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from callout.accounts.zone import today
from callout.kernel.errors import Invalid
from callout.orders.numbers import order_number
from callout.planning.drafts import making, selectors
from callout.planning.drafts.applying import LeftPromise, draft_apply
from callout.planning.drafts.making import MOST_DAYS, MOST_ORDERS
from callout.planning.drafts.undoing import draft_undo
from callout.planning.models import PlanDraft, PlanMove
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import (
    Body,
    Created,
    Day,
    Flag,
    Ids,
    Linked,
    Moment,
    Query,
    Shape,
    Whole,
    Window,
)
from callout.web.api.versions import TAKES_VERSION
from callout.web.api.writing import changed, found, version_sent
from callout.workforce.models import Technician

router = Router(tags=["Planning"])
PLACE = "/planning/drafts"
ONE = f"{PLACE}/{{uuid:draft_id}}"

MOST_MOVES, MOST_PEOPLE = 2_000, 400  # of a draft of routes
Kind = Literal["auto_plan", "absence", "routes"]
State = Literal[
    "making", "ready", "stopped", "failed", "applied", "partly_applied", "dropped", "undone"
]


class DraftOut(Created):
    """A draft without its moves."""

    kind: Kind
    state: State = Field(description="`making` until its job is done; look again, or listen.")
    made_by: Linked
    made_at: datetime
    technician: Linked | None = Field(description="Who is absent.")
    progress_done: int
    progress_total: int
    finished_at: datetime | None
    applied_at: datetime | None
    failure: str = Field(description="Why it failed, in words.")


class DraftList(Shape):
    items: list[DraftOut]
    next: str | None


class SideOut(Shape):
    """Who, and when, at either end of a move."""

    technician: Linked
    start: datetime
    end: datetime


class MoveOut(Shape):
    """A visit as it was when the draft was made, and what it would become."""

    id: UUID
    service_order: Linked
    order_version: int
    visit_id: UUID | None = Field(description="Null for an order in New.")
    pinned: bool
    before: SideOut | None = Field(description="Null for an order in New.")
    after: SideOut | None = Field(description="Null for what stays: `reason` says why.")
    promise_from: datetime | None
    promise_to: datetime | None
    promise_kept: bool | None = Field(description="Null where nothing was promised.")
    why: str
    reason_code: str
    reason: str = Field(
        description="Why it stays, or what speaks against its slot; in the language of who made"
        " the draft."
    )
    travel_before_minutes: int | None = Field(description="What the visit adds to its day.")
    travel_after_minutes: int | None
    state: Literal["proposed", "unplaced", "applied", "refused", "dropped", "undone"]
    refusal: str = Field(description="Why it could not be applied or undone, in words.")


class DrivingOut(Shape):
    """Minutes of a technician on the days that change, if all of the draft is applied."""

    technician: Linked
    before_minutes: int
    after_minutes: int


class DraftDetailOut(DraftOut):
    """A draft with all its moves."""

    moves: list[MoveOut]
    driving: list[DrivingOut]


class DraftBody(Body):
    """What is to be worked out. `auto_plan` takes the first eight, `absence` the last four."""

    kind: Literal["auto_plan", "absence"]
    first: Day | None = Field(None, description="Its first day; today by default.")
    days: Annotated[Whole, Field(ge=1, le=MOST_DAYS)] = 5
    order_ids: Annotated[list[UUID], Field(max_length=MOST_ORDERS)] | None = Field(
        None, description="These orders; by default the whole to-plan pile."
    )
    technician_ids: Ids = []
    team_id: UUID | None = None
    area_id: UUID | None = Field(None, description="What of the pile lies in it.")
    replan: Flag = Field(
        False, description="The planned visits of the orders named move too, not only new orders."
    )
    keep_day: Flag = Field(
        True, description="Of these, on the day on which each is planned, where it fits."
    )
    absence_id: UUID | None = Field(None, description="One that is entered; or the next three.")
    technician_id: UUID | None = None
    start: Moment | None = None
    end: Moment | None = None


class AnewBody(Body):
    """The arrival that was promised anew to the customer of one move."""

    move_id: UUID
    promise_from: Moment
    promise_to: Moment


class ApplyBody(Body):
    """Nothing: all of it."""

    technician_ids: Annotated[list[UUID], Field(max_length=MOST_PEOPLE)] | None = Field(
        None, description="Only what goes to these."
    )
    move_ids: Annotated[list[UUID], Field(max_length=MOST_MOVES)] | None = Field(
        None, description="Only these moves."
    )
    promise: LeftPromise | None = Field(
        None,
        description="What becomes of promises that are left: they are kept, or kept and a note on"
        " each order says that the customer is to be called.",
    )
    promises_anew: Annotated[list[AnewBody], Field(max_length=MOST_MOVES)] = Field(
        default_factory=list,
        description="Promises that are left and were made anew, each with its visit's new time in"
        " it; they are undone with the draft.",
    )


@router.get(PLACE, auth=manager_only, response=DraftList, summary="Find plan drafts")
def drafts_find(request: ApiRequest, window: Query[Window]) -> HttpResponse:
    """Managers only; the newest first."""
    page = selectors.draft_list(actor=request.auth, cursor=window.cursor, limit=window.limit)
    return found(DraftList(items=[DraftOut(**head(one)) for one in page.items], next=page.next))


@router.post(
    PLACE, auth=manager_only, response={201: DraftDetailOut}, summary="Make a plan draft"
)  # fmt: skip
def draft_make(request: ApiRequest, body: DraftBody) -> HttpResponse:
    """Managers only. It comes back `making`; a job fills it. Nothing is planned until it is
    applied."""

    def work() -> DraftDetailOut:
        return _read(request, _made(request, body).pk)

    return changed(request, work, status=201, place=f"/api/v1{PLACE}")


def _made(request: ApiRequest, body: DraftBody) -> PlanDraft:
    if body.kind == "absence":
        _unused(body, {"first", "days", "order_ids", "technician_ids", "team_id", "area_id"})
        _unused(body, {"replan", "keep_day"})
        return making.draft_absence(
            actor=request.auth,
            absence_id=body.absence_id,
            technician_id=body.technician_id,
            start=body.start,
            end=body.end,
        )
    _unused(body, {"absence_id", "technician_id", "start", "end"})
    return making.draft_auto_plan(
        actor=request.auth,
        first=body.first or today(),
        days=body.days,
        order_ids=body.order_ids,
        technician_ids=body.technician_ids,
        team_id=body.team_id,
        area_id=body.area_id,
        replan=body.replan,
        keep_day=body.keep_day,
    )


def _unused(body: DraftBody, names: set[str]) -> None:
    """What says nothing to this kind is refused, never ignored."""
    sent = sorted(body.model_fields_set & names)
    if sent:
        raise Invalid({name: [_("A draft of this kind does not take it.")] for name in sent})


@router.get(ONE, auth=manager_only, response=DraftDetailOut, summary="Read a plan draft")
def draft_read(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only."""
    return found(_read(request, draft_id))


@router.post(
    f"{ONE}/apply", auth=manager_only, response=DraftDetailOut, summary="Apply a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_do(request: ApiRequest, draft_id: UUID, body: ApplyBody) -> HttpResponse:
    """Managers only. All of it, or some. What changed meanwhile is refused and says why in its
    move; the rest stands. 409 where nothing is left to be applied, and `asks_plan` where visits
    leave what was promised, until `promise` or
    `promises_anew` says what becomes of it."""

    def work() -> object:
        return draft_apply(
            actor=request.auth,
            draft_id=draft_id,
            technician_ids=body.technician_ids,
            move_ids=body.move_ids,
            promise=body.promise,
            promises_anew={
                one.move_id: (one.promise_from, one.promise_to) for one in body.promises_anew
            },
            version=version_sent(request, required=False),
        )

    return _answered(request, draft_id, work)


@router.post(
    f"{ONE}/undo", auth=manager_only, response=DraftDetailOut, summary="Undo a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_take_back(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only. All that was applied, as one; an order on which something was done since
    stays."""
    return _turned(request, draft_id, draft_undo)


@router.post(
    f"{ONE}/stop", auth=manager_only, response=DraftDetailOut, summary="Stop making a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_halt(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only. What was found so far is the draft; its moves come within a second."""
    return _turned(request, draft_id, making.draft_stop)


@router.post(
    f"{ONE}/drop", auth=manager_only, response=DraftDetailOut, summary="Drop a plan draft",
    openapi_extra=TAKES_VERSION,
)  # fmt: skip
def draft_let_go(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only. Nothing of it is applied, or nothing more."""
    return _turned(request, draft_id, making.draft_drop)


def _turned(request: ApiRequest, draft_id: UUID, service: Any) -> HttpResponse:
    version = version_sent(request, required=False)
    return _answered(
        request,
        draft_id,
        lambda: service(actor=request.auth, draft_id=draft_id, version=version),
    )


def _answered(request: ApiRequest, draft_id: UUID, service: Callable[[], object]) -> HttpResponse:
    def work() -> DraftDetailOut:
        service()
        return _read(request, draft_id)

    return changed(request, work, current=lambda: _read(request, draft_id))


# --- how it reads --------------------------------------------------------------------------------


def head(draft: PlanDraft) -> dict[str, Any]:
    """What the list and each kind of draft show of it."""
    return {
        "id": draft.pk,
        "version": draft.version,
        "kind": draft.kind,
        "state": draft.state,
        "made_by": Linked(id=draft.made_by.pk, name=draft.made_by.name),
        "made_at": draft.created_at,
        "technician": _linked(draft.technician),
        "progress_done": draft.progress_done,
        "progress_total": draft.progress_total,
        "finished_at": draft.finished_at,
        "applied_at": draft.applied_at,
        "failure": draft.failure,
    }


def _read(request: ApiRequest, draft_id: UUID) -> DraftDetailOut:
    detail = selectors.draft_detail(actor=request.auth, draft_id=draft_id)
    moves = [*detail.unplaced, *(move for share in detail.shares for move in share.moves)]
    return DraftDetailOut(
        **head(detail.draft),
        moves=[_move(move) for move in sorted(moves, key=lambda move: move.position)],
        driving=[
            DrivingOut(
                technician=Linked(id=share.technician.pk, name=share.technician.name),
                before_minutes=share.before,
                after_minutes=share.after,
            )
            for share in detail.shares
            if share.before is not None and share.after is not None
        ],
    )


def _linked(row: Technician | None) -> Linked | None:
    return None if row is None else Linked(id=row.pk, name=row.name)


def _side(
    technician: Technician | None, start: datetime | None, end: datetime | None
) -> SideOut | None:
    if technician is None or start is None or end is None:
        return None
    return SideOut(technician=Linked(id=technician.pk, name=technician.name), start=start, end=end)


def _move(move: PlanMove) -> MoveOut:
    return MoveOut(
        id=move.pk,
        service_order=Linked(id=move.order_id, name=order_number(move.order.number)),
        order_version=move.order_version,
        visit_id=move.visit_id,
        pinned=move.pinned,
        before=_side(move.from_technician, move.from_start, move.from_end),
        after=_side(move.to_technician, move.to_start, move.to_end),
        promise_from=move.promise_from,
        promise_to=move.promise_to,
        promise_kept=move.promise_kept,
        why=move.why,
        reason_code=move.reason_code,
        reason=move.reason,
        travel_before_minutes=move.travel_before,
        travel_after_minutes=move.travel_after,
        state=move.state,  # type: ignore[arg-type]  # one of its choices: the database says so
        refusal=move.refusal,
    )
