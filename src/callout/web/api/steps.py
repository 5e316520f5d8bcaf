"""The steps of an order's visits, and their true times set afterwards."""

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders import services
from callout.orders.models import TimelineEntry
from callout.orders.selectors.steps import step_list
from callout.orders.selectors.whole import order_seen, order_whole
from callout.web.api.access import ApiRequest
from callout.web.api.kinds import Body, Moment, Query, Shape, Window
from callout.web.api.order_shapes import OrderOut, order_shown
from callout.web.api.writing import KEY, Values, changed, found

router = Router(tags=["Visits"])


class StepOut(Shape):
    id: int
    visit_id: UUID | None
    technician_id: UUID | None
    action: str
    status: str | None = Field(description="Of the visit, afterwards.")
    at: datetime = Field(description="When it truly happened.")
    first_at: datetime | None = Field(description="What stood there before it was corrected.")
    recorded_at: datetime
    who: str
    door: str


class StepList(Shape):
    items: list[StepOut]
    next: str | None


class StepCorrection(Body):
    at: Moment
    was: Moment | None = Field(
        None, description="What the sender saw: 412 when somebody else was faster."
    )


def step_shown(entry: TimelineEntry) -> StepOut:
    return StepOut(
        id=entry.pk,
        visit_id=entry.visit_id,
        technician_id=entry.technician_id,
        action=entry.action,
        status=entry.status,
        at=entry.at,
        first_at=entry.first_at,
        recorded_at=entry.recorded_at,
        who=entry.actor.name if entry.actor else "",
        door=entry.door,
    )


@router.get(
    "/service-orders/{uuid:order_id}/timeline",
    response=StepList,
    summary="List the steps of an order",
)
def step_find(request: ApiRequest, order_id: UUID, filters: Query[Window]) -> HttpResponse:
    """What happened on its visits and stands, by true time. A technician reads those of the visits
    that they answered for."""
    page = step_list(
        actor=request.auth, order_id=order_id, cursor=filters.cursor, limit=filters.limit
    )
    return found(StepList(items=[step_shown(row) for row in page.items], next=page.next))


@router.post(
    "/service-orders/{uuid:order_id}/timeline/{int:entry_id}/correct",
    response=OrderOut,
    summary="Correct the time of a step",
)
def step_correct(
    request: ApiRequest, order_id: UUID, entry_id: int, body: StepCorrection
) -> HttpResponse:
    """Within its day and between the steps beside it; a technician their own. The first value
    stays; hours and visit follow. The answer is the order as it stands afterwards."""
    actor = request.auth
    if KEY in request.headers:  # authorised before replaying; else the service itself will say
        order_seen(actor=actor, order_id=order_id)

    def work() -> Values:
        services.step_correct(
            actor=actor, entry_id=entry_id, at=body.at, order_id=order_id, was=body.was
        )
        return order_shown(actor, order_whole(actor=actor, order_id=order_id))

    return changed(request, work)
