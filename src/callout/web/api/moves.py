"""Visits placed on the board by hand: several at once, all or none, and taken back as one."""

from collections.abc import Callable
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.planning.fit.explain import Remedy
from callout.planning.judging import Move
from callout.planning.placing import (
    MOST,
    Done,
    NotPlaced,
    Placed,
    PromiseAnswer,
    Promised,
    visits_place,
)
from callout.planning.taking_back import visits_place_undo
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Flag, Linked, Minutes, Moment, Shape, Whole
from callout.web.api.slots import ReasonOut, reason_shown
from callout.web.api.writing import changed

router = Router(tags=["Planning"])


class MoveBody(Body):
    """A visit in its new slot."""

    service_order_id: UUID
    version: Whole = Field(description="Of the service order, as it was read.")
    visit_id: UUID | None = Field(None, description="The visit to move; null plans a new order.")
    technician_id: UUID
    start: Moment
    duration_minutes: Minutes
    allow_overlap: Flag = Field(False, description="Beside another visit on purpose.")


class PromiseBody(Body):
    """What becomes of a promise that is left: it is kept, kept and a note says that the customer is
    to be called, or made anew."""

    choice: Literal["keep", "call", "anew"]
    promise_from: Moment | None = None
    promise_to: Moment | None = None


class MovesBody(Body):
    """All or nothing."""

    moves: Annotated[list[MoveBody], Field(min_length=1, max_length=MOST)]
    confirmed: Flag = Field(False, description="Whatever warns has been looked at.")
    promise: PromiseBody | None = None


class DoneBody(Body):
    """An order as a move has left it. Members of the answer that are not needed may stand in it."""

    service_order_id: UUID
    version: Whole
    visit_id: UUID | None = None


class UndoBody(Body):
    done: Annotated[list[DoneBody], Field(min_length=1, max_length=MOST)]


class DoneOut(Shape):
    service_order_id: UUID
    version: int
    visit_id: UUID | None


class MovesOut(Shape):
    """What was done, in words; `done` takes it back."""

    words: str
    done: list[DoneOut]


class RemedyShort(Shape):
    """What would do instead."""

    kind: Literal["another_slot", "another_technician", "allow_overlap"]
    words: str
    technician: Linked
    start: Moment
    end: Moment


class PromiseOut(Shape):
    """What was promised, and whom to call about it."""

    promise_from: Moment = Field(serialization_alias="from")
    promise_to: Moment = Field(serialization_alias="to")
    customer: str
    contact: str
    phone: str


class Why(Shape):
    """What a refusal adds to its problem details."""

    reasons: list[ReasonOut]
    remedies: list[RemedyShort]
    promise: PromiseOut | None


@router.post(
    "/planning/moves", auth=manager_only, response=MovesOut, summary="Plan and move visits"
)
def moves_make(request: ApiRequest, body: MovesBody) -> HttpResponse:
    """Managers only. All or nothing, each judged as if all others were done. 409 `refused_plan`
    with `reasons` and `remedies` of the first that cannot be; 409 `asks_plan` with the `reasons`
    that warn, until `confirmed`, and with the `promise` that is left, until `promise` says what
    becomes of it; 412 when somebody was faster."""
    promise = PromiseAnswer(**body.promise.model_dump()) if body.promise else None
    moves = [
        Move(
            order_id=one.service_order_id,
            version=one.version,
            visit_id=one.visit_id,
            technician_id=one.technician_id,
            start=one.start,
            minutes=one.duration_minutes,
            allow_overlap=one.allow_overlap,
        )
        for one in body.moves
    ]
    return changed(
        request,
        lambda: _told(
            lambda: visits_place(
                actor=request.auth, moves=moves, confirmed=body.confirmed, promise=promise
            )
        ),
    )


@router.post(
    "/planning/moves/undo", auth=manager_only, response=MovesOut, summary="Take moves back"
)
def moves_undo(request: ApiRequest, body: UndoBody) -> HttpResponse:
    """Managers only. Also takes back what was unplanned. All or nothing; 409 `built_on` where
    something has changed since."""
    done = [Done(one.service_order_id, one.version, one.visit_id) for one in body.done]
    return changed(request, lambda: _told(lambda: visits_place_undo(actor=request.auth, done=done)))


def _told(work: Callable[[], Placed]) -> MovesOut:
    try:
        placed = work()
    except NotPlaced as error:
        error.extra |= _why(error).model_dump(mode="json", by_alias=True)
        raise
    return MovesOut(words=placed.words, done=[_done(one) for one in placed.done])


def _done(one: Done) -> DoneOut:
    return DoneOut(service_order_id=one.order_id, version=one.version, visit_id=one.visit_id)


def _why(error: NotPlaced) -> Why:
    return Why(
        reasons=[reason_shown(one) for one in error.reasons],
        remedies=[_remedy(one) for one in error.remedies],
        promise=_promise(error.promise) if error.promise else None,
    )


def _remedy(one: Remedy) -> RemedyShort:
    fit = one.option.fit
    return RemedyShort(
        kind=one.kind,
        words=one.words,
        technician=Linked(id=fit.person.id, name=fit.person.name),
        start=fit.start,
        end=fit.end,
    )


def _promise(one: Promised) -> PromiseOut:
    return PromiseOut(
        promise_from=one.start,
        promise_to=one.end,
        customer=one.customer,
        contact=one.contact,
        phone=one.phone,
    )
