"""A technician and a slot, weighed: what speaks for it and against, as answers have it."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from callout.planning.fit.cost import Option
from callout.planning.fit.explain import Explanation
from callout.planning.fit.person import Stop
from callout.planning.fit.reason import Reason
from callout.planning.fit.soonest import Dash
from callout.planning.fit.suggest import why
from callout.web.api.kinds import Linked, Shape

MINUTE = timedelta(minutes=1)


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
