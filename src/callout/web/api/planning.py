"""Planning: who should go and when, why not, and who could go at once. Asks, and changes nothing.

Each question is asked of an order that is there (GET), or of a job that is none yet (POST).
"""

from datetime import datetime, time
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.planning.ask import Ask
from callout.planning.selectors import (
    ask_for_order_id,
    slot_explained,
    slot_soonest,
    slot_suggestions,
)
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Flag, Hour, Minutes, Moment, Query, Shape
from callout.web.api.slots import (
    ExplanationOut,
    SuggestionList,
    dash_shown,
    explanation_shown,
    option_shown,
)
from callout.web.api.writing import changed, found

router = Router(tags=["Planning"])
FEW = 10


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
