"""Planning: who should go and when, why not, and who could go at once. Asks, and changes nothing.

Each question is asked of an order that is there (GET), or of a job that is none yet (POST).
"""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.planning.ask import Ask
from callout.planning.fit.cost import Option
from callout.planning.fit.explain import Explanation
from callout.planning.fit.person import Stop
from callout.planning.fit.reason import Reason
from callout.planning.fit.soonest import Dash
from callout.planning.fit.suggest import why
from callout.planning.selectors import (
    ask_for_order_id,
    slot_explained,
    slot_soonest,
    slot_suggestions,
)
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Flag, Hour, Linked, Minutes, Moment, Query, Shape
from callout.web.api.writing import changed, found

router = Router(tags=["Planning"])
FEW = 10
MINUTE = timedelta(minutes=1)


# --- what is answered ----------------------------------------------------------------------------


class ReasonOut(Shape):
    """What speaks against a slot."""

    code: str = Field(description="For the program.")
    words: str = Field(description="For the person; without the technician's name.")
    hard: bool = Field(description="Refused, not only warned of.")
    figures: dict[str, Any]


class CostOut(Shape):
    """Minutes; null where a position or a term is missing. Slack is negative where it is late."""

    travel_minutes: int | None = Field(description="There, from the stop before or from home.")
    travel_kilometres: float | None
    from_home: bool
    on_minutes: int | None = Field(description="On to the stop after, or home.")
    replaced_minutes: int | None = Field(description="The drive that these two replace.")
    extra_minutes: int | None = Field(description="By how much the day's driving grows.")
    known: bool = Field(description="Has been there before.")
    wait_minutes: int
    target_slack_minutes: int | None
    promise_slack_minutes: int | None
    wish_slack_minutes: int | None


class OptionOut(Shape):
    """A technician and a slot, weighed."""

    technician: Linked
    start: datetime
    end: datetime
    why: str = Field(description="What speaks for it and against, in words.")
    reasons: list[ReasonOut] = Field(description="All that speaks against it, hard ones first.")
    cost: CostOut


class MoveOut(Shape):
    """A visit that would have to move."""

    visit_id: UUID | None
    service_order: Linked
    start: datetime
    end: datetime
    pinned: bool


class DashOut(Shape):
    """Somebody who goes as soon as they are free."""

    technician: Linked
    free_at: datetime
    travel_minutes: int | None
    start: datetime
    end: datetime
    reasons: list[ReasonOut] = Field(description="Left once the visits have moved.")
    moves: list[MoveOut]


class SuggestionList(Shape):
    """`soonest` where it was asked for."""

    items: list[OptionOut]
    soonest: list[DashOut]


class RemedyOut(Shape):
    """What would do instead."""

    kind: Literal["another_slot", "another_technician", "allow_overlap"]
    words: str
    slot: OptionOut


class ExplanationOut(Shape):
    """A slot, and, where something speaks against it, what would help: the cheapest first."""

    slot: OptionOut
    remedies: list[RemedyOut]


# --- what is asked -------------------------------------------------------------------------------

Limit = Annotated[int, Field(ge=1, le=FEW, description="How many at most.")]
# Each makes every slot of everybody dearer to look at: a hundred take ten seconds.
Helpers = Annotated[list[UUID], Field(max_length=20)]
URGENT = "Also who is nearest and free soonest, and what would have to move."


class OrderAsked(Shape):
    """A question of an order that is there; its current visit, if any, would move."""

    service_order_id: UUID
    duration_minutes: Annotated[int, Field(ge=1, le=1440)] | None = None
    not_before: Moment | None = None
    helper_id: Helpers = Field([], description="Who goes along; by default those of the visit.")


class SuggestionsAsked(OrderAsked):
    limit: Limit = 3
    urgent: bool = Field(False, description=URGENT)


class ExplanationAsked(OrderAsked):
    technician_id: UUID
    start: Moment | None = Field(None, description="Their first free slot by default.")


class JobBody(Body):
    """A job that is no order yet."""

    site_id: UUID
    duration_minutes: Minutes = 60
    type_id: UUID | None = Field(None, description="Gives the skills that are needed.")
    not_before: Moment | None = None
    wish_not_before: Moment | None = None
    wish_due: Moment | None = None
    wish_from: Hour | None = None
    wish_to: Hour | None = None
    due_at: Moment | None = Field(None, description="The response target.")
    promise_from: Moment | None = None
    promise_to: Moment | None = None
    helper_ids: Helpers = Field([], description="Who goes along.")
    vehicle_id: UUID | None = Field(None, description="The technician's own by default.")


class SuggestionsBody(JobBody):
    limit: Limit = 3
    urgent: Flag = Field(False, description=URGENT)


class ExplanationBody(JobBody):
    technician_id: UUID
    start: Moment | None = Field(None, description="Their first free slot by default.")


# --- the routes ----------------------------------------------------------------------------------


@router.get(
    "/planning/suggestions", auth=manager_only, response=SuggestionList,
    summary="Suggest who should carry out an order, and when",
)  # fmt: skip
def suggestions_read(request: ApiRequest, asked: Query[SuggestionsAsked]) -> HttpResponse:
    """Managers only. The best technician-and-slot pairs of the next 14 days."""
    return found(_suggestions(request, _of_order(request, asked), asked.limit, asked.urgent))


@router.post(
    "/planning/suggestions", auth=manager_only, response=SuggestionList,
    summary="Suggest who should do a job that is no order yet, and when",
)  # fmt: skip
def suggestions_ask(request: ApiRequest, body: SuggestionsBody) -> HttpResponse:
    """Managers only. Changes nothing."""
    return changed(request, lambda: _suggestions(request, _of_job(body), body.limit, body.urgent))


@router.get(
    "/planning/explain", auth=manager_only, response=ExplanationOut,
    summary="Explain why a technician does not fit an order",
)  # fmt: skip
def explanation_read(request: ApiRequest, asked: Query[ExplanationAsked]) -> HttpResponse:
    """Managers only. Every rule that fails, hard ones first, and what would help."""
    return found(_explanation(request, _of_order(request, asked), asked.technician_id, asked.start))


@router.post(
    "/planning/explain", auth=manager_only, response=ExplanationOut,
    summary="Explain why a technician does not fit a job that is no order yet",
)  # fmt: skip
def explanation_ask(request: ApiRequest, body: ExplanationBody) -> HttpResponse:
    """Managers only. Changes nothing."""
    ask = _of_job(body)
    return changed(request, lambda: _explanation(request, ask, body.technician_id, body.start))


def _of_order(request: ApiRequest, asked: OrderAsked) -> Ask:
    return ask_for_order_id(
        actor=request.auth,
        order_id=asked.service_order_id,
        minutes=asked.duration_minutes,
        not_before=asked.not_before,
        helper_ids=asked.helper_id or None,
    )


def _of_job(body: JobBody) -> Ask:
    given = body.model_dump(include=set(JobBody.model_fields))
    for name in ("wish_from", "wish_to"):
        given[name] = time.fromisoformat(given[name]) if given[name] else None
    given["helper_ids"] = tuple(given["helper_ids"])
    return Ask(**given)


def _suggestions(request: ApiRequest, ask: Ask, limit: int, urgent: bool) -> SuggestionList:
    items = slot_suggestions(actor=request.auth, ask=ask, limit=limit)
    dashes = slot_soonest(actor=request.auth, ask=ask, limit=limit) if urgent else []
    return SuggestionList(
        items=[option_shown(one) for one in items], soonest=[dash_shown(one) for one in dashes]
    )


def _explanation(
    request: ApiRequest, ask: Ask, technician_id: UUID, start: datetime | None
) -> ExplanationOut:
    return explanation_shown(
        slot_explained(actor=request.auth, technician_id=technician_id, ask=ask, start=start)
    )


# --- how it reads --------------------------------------------------------------------------------


def option_shown(one: Option) -> OptionOut:
    """A pair with all its figures."""
    cost, leg = one.cost, one.cost.leg
    return OptionOut(
        technician=Linked(id=one.fit.person.id, name=one.fit.person.name),
        start=one.fit.start,
        end=one.fit.end,
        why=why(one),
        reasons=[reason_shown(reason) for reason in one.reasons],
        cost=CostOut(
            travel_minutes=leg.minutes if leg else None,
            travel_kilometres=leg.kilometres if leg else None,
            from_home=cost.from_base,
            on_minutes=cost.on,
            replaced_minutes=cost.between,
            extra_minutes=cost.extra,
            known=cost.known,
            wait_minutes=cost.wait // MINUTE,
            target_slack_minutes=_minutes(cost.to_target),
            promise_slack_minutes=_minutes(cost.to_promise),
            wish_slack_minutes=_minutes(cost.to_wish),
        ),
    )


def reason_shown(reason: Reason) -> ReasonOut:
    """One reason."""
    return ReasonOut(
        code=reason.code, words=reason.words, hard=reason.hard, figures=dict(reason.figures)
    )


def dash_shown(dash: Dash) -> DashOut:
    """Who could go at once."""
    fit = dash.option.fit
    return DashOut(
        technician=Linked(id=fit.person.id, name=fit.person.name),
        free_at=dash.free_at,
        travel_minutes=dash.travel_minutes,
        start=fit.start,
        end=fit.end,
        reasons=[reason_shown(reason) for reason in dash.option.reasons],
        moves=[_move(stop) for stop in dash.moves],
    )


def _move(stop: Stop) -> MoveOut:
    return MoveOut(
        visit_id=stop.visit_id,
        service_order=Linked.model_validate({"id": stop.order_id, "name": stop.name}),
        start=stop.start,
        end=stop.end,
        pinned=stop.pinned,
    )


def explanation_shown(found: Explanation) -> ExplanationOut:
    """A slot with its remedies."""
    return ExplanationOut(
        slot=option_shown(found.option),
        remedies=[
            RemedyOut(kind=one.kind, words=one.words, slot=option_shown(one.option))
            for one in found.remedies
        ],
    )


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else length // MINUTE
