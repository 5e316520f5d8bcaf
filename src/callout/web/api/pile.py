"""The to-plan pile: what waits for a technician and a slot."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders.selectors.pile import MOST, PileOrder, pile_read
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Linked, Moment, Query, Shape
from callout.web.api.writing import found

router = Router(tags=["Planning"])


class PileAsked(Shape):
    """Which tab of the pile, and what narrows it."""

    tab: Literal["to_plan", "waiting"] = "to_plan"
    skill_id: UUID | None = Field(None, description="Those whose type needs this skill.")
    area_id: UUID | None = Field(None, description="Those with their site in this area.")
    type_id: UUID | None = None
    q: Annotated[str, Field(max_length=100)] = Field(
        "", description="A number, or words of three letters or more."
    )
    at_risk: bool = Field(
        False, description="Those with less than 4 hours of their response target left, or none."
    )
    limit: int = Field(MOST, ge=1, le=MOST, description="How many at most.")


class PlaceOut(Shape):
    latitude: float
    longitude: float


class TypeOut(Linked):
    icon: str


class WishOut(Shape):
    """When the customer would like it: in words ("" for no wish), and as it was given."""

    words: str
    not_before: Moment | None
    due: Moment | None
    from_hour: str | None = Field(description="HH:MM, the company's time.")
    to_hour: str | None
    start: Moment | None = Field(description="A date given without a technician.")


class PileOrderOut(Shape):
    """An order to plan."""

    id: UUID
    version: int = Field(description="For If-Match of its actions.")
    number: str
    title: str
    customer: str
    town: str
    postcode: str
    position: PlaceOut | None
    type: TypeOut
    skill_ids: list[UUID] = Field(description="The skills that its type needs.")
    priority: str
    absent_count: int
    duration_minutes: int
    received_at: datetime
    due_at: Moment | None = Field(description="The response target; null once it was answered.")
    left: str = Field(description="How that stands, in words: “2 h left”, “1 h overdue”.")
    at_risk: bool
    wish: WishOut
    waiting_for: str = Field(description="Empty, or what it waits for until `waiting_until`.")
    waiting_until: date | None
    proposed_vehicle: Linked | None


class CountsOut(Shape):
    """How many each tab has with these filters; exact up to 1,000, then “1,000+”."""

    to_plan: str
    waiting: str


class PileOut(Shape):
    tab: Literal["to_plan", "waiting"]
    counts: CountsOut
    items: list[PileOrderOut]


@router.get(
    "/planning/pile", auth=manager_only, response=PileOut, summary="Read the to-plan pile"
)  # fmt: skip
def planning_pile(request: ApiRequest, asked: Query[PileAsked]) -> HttpResponse:
    """Managers only. Every New order, the most urgent first, then by response target; 500 at most.

    What waits for something until a day to come stands in the tab `waiting`, and comes back by
    itself.
    """
    pile = pile_read(
        actor=request.auth, tab=asked.tab, skill_id=asked.skill_id, area_id=asked.area_id,
        type_id=asked.type_id, search=asked.q, at_risk=asked.at_risk, limit=asked.limit,
    )  # fmt: skip
    return found(
        {
            "tab": pile.tab,
            "counts": pile.counts,
            "items": [pile_order_shown(one) for one in pile.orders],
        }
    )


def pile_order_shown(one: PileOrder) -> dict[str, Any]:
    """One order of it."""
    return {
        "id": one.id,
        "version": one.version,
        "number": one.number,
        "title": one.title,
        "customer": one.customer,
        "town": one.town,
        "postcode": one.postcode,
        "position": _place(one),
        "type": {"id": one.type_id, "name": one.type, "icon": one.type_icon},
        "skill_ids": one.skill_ids,
        "priority": one.priority,
        "absent_count": one.absent,
        "duration_minutes": one.duration_minutes,
        "received_at": one.received_at,
        "due_at": one.due_at,
        "left": one.left,
        "at_risk": one.at_risk,
        "wish": _wish(one),
        "waiting_for": one.waiting_for,
        "waiting_until": one.waiting_until,
        "proposed_vehicle": {"id": one.vehicle_id, "name": one.vehicle} if one.vehicle_id else None,
    }


def _place(one: PileOrder) -> dict[str, Any] | None:
    if one.latitude is None or one.longitude is None:
        return None
    return {"latitude": one.latitude, "longitude": one.longitude}


def _wish(one: PileOrder) -> dict[str, Any]:
    return {
        "words": one.wish,
        "not_before": one.wish_not_before,
        "due": one.wish_due,
        "from_hour": f"{one.wish_from:%H:%M}" if one.wish_from else None,
        "to_hour": f"{one.wish_to:%H:%M}" if one.wish_to else None,
        "start": one.wish_start,
    }
