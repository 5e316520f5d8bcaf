"""Several orders at once: each by its ordinary change, judged and refused by itself.

To plan and re-plan several is a plan draft: drafts.py.
"""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.orders import services
from callout.orders.services import Became, Seen
from callout.orders.services.several import MOST
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Body, Shape, Whole
from callout.web.api.order_shapes import PriorityCode
from callout.web.api.writing import changed

router = Router(tags=["Service orders"])
PLACE = "/service-orders/bulk"


class SeenBody(Body):
    """An order, and the version that was read of it: with another one it stays as it is."""

    id: UUID
    version: Annotated[Whole, Field(ge=1, lt=2**31)]


class SeveralBody(Body):
    orders: Annotated[list[SeenBody], Field(min_length=1, max_length=MOST)]

    def seen(self) -> list[Seen]:
        """The same for the services."""
        return [Seen(one.id, one.version) for one in self.orders]


class SeveralCancelled(SeveralBody):
    """All for one reason: `reason_id`, or a note."""

    reason_id: UUID | None = None
    note: Annotated[str, Field(max_length=4_000)] = ""


class SeveralPriority(SeveralBody):
    priority_id: PriorityCode


class BecameOut(Shape):
    """What became of one of them."""

    id: UUID
    version: int = Field(description="The one it has now; of one refused the one that was sent.")
    refusal: str = Field(description="Why it is as it was, in words; empty where it was done.")


class BecameList(Shape):
    """In the order in which they were sent."""

    items: list[BecameOut]


@router.post(
    f"{PLACE}/cancel", auth=manager_only, response=BecameList,
    summary="Cancel several service orders",
)  # fmt: skip
def orders_cancel(request: ApiRequest, body: SeveralCancelled) -> HttpResponse:
    """Managers only. Each as its own action would be; what is refused says why, the rest is
    done."""
    return _done(
        request,
        lambda: services.orders_cancel(
            actor=request.auth, seen=body.seen(), reason_id=body.reason_id, note=body.note
        ),
    )


@router.post(
    f"{PLACE}/priority", auth=manager_only, response=BecameList,
    summary="Give several service orders a priority",
)  # fmt: skip
def orders_prioritise(request: ApiRequest, body: SeveralPriority) -> HttpResponse:
    """Managers only. What each is to be answered by follows; one that is checked is refused."""
    return _done(
        request,
        lambda: services.orders_prioritise(
            actor=request.auth, seen=body.seen(), priority=body.priority_id
        ),
    )


@router.post(
    f"{PLACE}/undo", auth=manager_only, response=BecameList,
    summary="Undo the last action of several service orders",
)  # fmt: skip
def orders_undo(request: ApiRequest, body: SeveralBody) -> HttpResponse:
    """Managers only. With the versions that cancelling them has answered: what changed since
    stays."""
    return _done(request, lambda: services.orders_undo(actor=request.auth, seen=body.seen()))


def _done(request: ApiRequest, work: Callable[[], list[Became]]) -> HttpResponse:
    def told() -> BecameList:
        items = [
            BecameOut(id=one.order_id, version=one.version, refusal=one.refusal) for one in work()
        ]
        return BecameList(items=items)

    return changed(request, told)
