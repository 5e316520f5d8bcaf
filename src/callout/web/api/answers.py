"""What the rows of the board answer while an order is dragged. Asks, and changes nothing."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.planning.answer_selectors import MOST_DAYS, Answers, Picked, answers_read, spans_read
from callout.planning.fit.answers import Answer, Span, late_minutes
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Day, Moment, Query, Shape
from callout.web.api.writing import found

router = Router(tags=["Planning"])
Verdict = Literal["fits", "asks", "no"]


class AnswersAsked(Shape):
    """What is dragged, over which days."""

    service_order_id: UUID
    visit_id: UUID | None = Field(None, description="The visit that moves; else the current one.")
    duration_minutes: Annotated[int, Field(ge=1, le=1440)] | None = Field(
        None, description="As long as it is planned to last by default."
    )
    first: Day
    days: int = Field(1, ge=1, le=MOST_DAYS, description="How many days.")

    def picked(self) -> Picked:
        """The same for the selector."""
        return Picked(
            order_id=self.service_order_id,
            visit_id=self.visit_id,
            minutes=self.duration_minutes,
            first=self.first,
            days=self.days,
        )


class AnswerOut(Shape):
    """One row: the best slot of its technician in these days, and what speaks against it."""

    technician_id: UUID
    fit: Verdict = Field(description="`no` where no slot of these days can be proposed.")
    start: Moment | None
    end: Moment | None
    travel_minutes: int | None
    extra_minutes: int | None = Field(description="By how much the day's driving grows.")
    late_minutes: int | None = Field(description="After the response target.")
    words: str
    code: str = Field(description="Of the reason that `words` says; empty where it fits.")


class AnswerList(Shape):
    duration_minutes: int
    rows: list[AnswerOut]


class AnswerSpan(Shape):
    """The same answer for every start on a quarter of an hour, `from` <= start < `until`."""

    start: Moment = Field(alias="from")
    until: Moment
    fit: Verdict
    hard: bool = Field(description="A drop there is refused; else it asks.")
    words: str
    travel_minutes: int | None
    code: str


class AnswerSpans(Shape):
    spans: list[AnswerSpan]


@router.get(
    "/planning/answers", auth=manager_only, response=AnswerList,
    summary="Ask every technician whether an order fits",
)  # fmt: skip
def answers_ask(request: ApiRequest, asked: Query[AnswersAsked]) -> HttpResponse:
    """Managers only. Each technician's best slot in the days asked about, by the same rank as the
    suggestions; of an order that is planned, its visit moves."""
    return found(_rows(answers_read(actor=request.auth, picked=asked.picked())))


@router.get(
    "/planning/answers/{uuid:technician_id}", auth=manager_only, response=AnswerSpans,
    summary="Ask one technician about every quarter of an hour",
)  # fmt: skip
def spans_ask(request: ApiRequest, technician_id: UUID, asked: Query[AnswersAsked]) -> HttpResponse:
    """Managers only. What a drop at each quarter of an hour would do."""
    spans = spans_read(actor=request.auth, picked=asked.picked(), technician_id=technician_id)
    return found({"spans": [_span(one) for one in spans]})


# Written by hand, as the board is: two hundred rows are told while somebody holds a card.
def _rows(found: Answers) -> dict[str, Any]:
    return {"duration_minutes": found.minutes, "rows": [_row(one) for one in found.rows]}


def _row(one: Answer) -> dict[str, Any]:
    slot, price = one.option and one.option.fit, one.option and one.option.cost
    return {
        "technician_id": one.person.id,
        "fit": one.fit,
        "start": slot.start if slot else None,
        "end": slot.end if slot else None,
        "travel_minutes": price.leg.minutes if price and price.leg else None,
        "extra_minutes": price.extra if price else None,
        "late_minutes": late_minutes(price) if price else None,
        "words": one.words,
        "code": one.code,
    }


def _span(one: Span) -> dict[str, Any]:
    return {
        "from": one.start,
        "until": one.until,
        "fit": one.fit,
        "hard": one.hard,
        "words": one.words,
        "travel_minutes": one.travel,
        "code": one.code,
    }
