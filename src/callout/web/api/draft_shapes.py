"""What the API says and takes of plan drafts."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from callout.orders.numbers import order_number
from callout.planning.drafts.applying import LeftPromise
from callout.planning.drafts.making import MOST_DAYS, MOST_ORDERS
from callout.planning.drafts.selectors import DraftDetail
from callout.planning.models import PlanDraft, PlanMove
from callout.web.api.kinds import (
    Body,
    Created,
    Day,
    Flag,
    Ids,
    Linked,
    Moment,
    Shape,
    Whole,
)
from callout.workforce.models import Technician

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


def draft_shown(detail: DraftDetail) -> DraftDetailOut:
    """A draft with its moves, in their order."""
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
