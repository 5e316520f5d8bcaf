"""Optimisations of routes: asked for, looked at. Each is a plan draft, and applied as one."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.accounts.zone import today
from callout.orders.numbers import order_number
from callout.planning.models import PlanMove
from callout.routing import starting
from callout.routing.asked import (
    LEAST_SECONDS,
    MOST_DAYS,
    MOST_SECONDS,
    Asked,
    Pinned,
)
from callout.routing.engine.problem import MOST_ORDERS
from callout.routing.selectors import optimisation_read
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.draft_shapes import MOST_PEOPLE, DraftOut, head
from callout.web.api.kinds import Body, Day, Flag, Shape, Whole
from callout.web.api.writing import changed, found

router = Router(tags=["Planning"])
PLACE = "/planning/optimisations"
ONE = f"{PLACE}/{{uuid:draft_id}}"
Many = Annotated[list[UUID], Field(max_length=MOST_ORDERS)]
People = Annotated[list[UUID], Field(max_length=MOST_PEOPLE)]


class PinnedBody(Body):
    """What stays whatever else moves. What is pinned on the board, and what is under way, always
    does."""

    visit_ids: Many = Field([], description="Where and when they are.")
    time_visit_ids: Many = Field([], description="At their time, whoever goes.")
    technician_ids: People = Field([], description="All that these have.")


class OptimisationBody(Body):
    """Which days, of whom, and what may move."""

    days: Annotated[list[Day], Field(min_length=1, max_length=MOST_DAYS)]
    technician_ids: People = Field([], description="By default everybody.")
    moves: Literal["order", "technician", "unplanned"] = Field(
        "order",
        description=(
            "`order`: the order of each route only; `technician`: also who goes, and on which of "
            "the days; `unplanned`: also orders of the to-plan pile."
        ),
    )
    pinned: PinnedBody = Field(default_factory=lambda: PinnedBody.model_validate({}))
    objective: Literal["served", "least_change"] | None = Field(
        None, description="By default `served`, or `least_change` with today."
    )
    relax_wishes: Flag = False
    seconds: Annotated[Whole, Field(ge=LEAST_SECONDS, le=MOST_SECONDS)] = 10
    lunch_taken: People = Field([], description="Who has had lunch today.")
    out: People = Field(
        [], description="Who is not there any more today: what they have goes to others."
    )

    def asked(self) -> Asked:
        """The same for the service."""
        return Asked(
            days=tuple(self.days),
            technician_ids=tuple(self.technician_ids),
            moves=self.moves,
            objective=self.objective or ("least_change" if today() in self.days else "served"),
            pinned=Pinned(
                frozenset(self.pinned.visit_ids),
                frozenset(self.pinned.time_visit_ids),
                frozenset(self.pinned.technician_ids),
            ),
            relax_wishes=self.relax_wishes,
            seconds=self.seconds,
            lunch_taken=frozenset(self.lunch_taken),
            out=frozenset(self.out),
        )


class ProgressOut(Shape):
    """How far it is, and the best so far."""

    elapsed: float
    seconds: int
    served: int
    urgent_served: int
    driving_minutes: int


class FiguresOut(Shape):
    """Of all that is on the days of the technicians chosen."""

    served: int
    urgent_served: int
    targets_missed: int = Field(
        0, description="Response targets, of what is served before and after."
    )
    lateness_minutes: int = Field(description="After what was promised, of the same.")
    driving_minutes: int
    kilometres: float


class BothOut(Shape):
    before: FiguresOut
    after: FiguresOut


class StopOut(Shape):
    order_id: UUID
    start: datetime
    end: datetime


class RouteOut(Shape):
    """One technician's day, in visiting order."""

    technician_id: UUID
    day: Day
    stops: list[StopOut]


class RoutesOut(Shape):
    before: list[RouteOut]
    after: list[RouteOut]


class ChangesOut(Shape):
    technician_id: UUID
    count: int = Field(description="Visits that come, go, or begin at another time.")


class UnservedOut(Shape):
    """What is not served, and why, in the language of who asked."""

    order_id: UUID
    number: str
    visit_id: UUID | None = Field(description="The visit that stays as it is.")
    code: str
    reason: str
    remedy: str = Field(description="What would help most cheaply; empty where nothing is known.")


class LeftOut(Shape):
    """Somebody whose day took no part, and why."""

    technician_id: UUID
    code: str
    words: str


class OptimisationOut(DraftOut):
    """A draft of routes. Its moves are read, applied, stopped, dropped and undone at
    /planning/drafts/{id}."""

    progress: ProgressOut | None = Field(description="Null before the first plan.")
    figures: BothOut | None = Field(description="Null until it is made.")
    is_estimate: bool = Field(description="Whether drives are estimates.")
    changes: list[ChangesOut]
    customers_moved: int
    helped: int = Field(description="Visits with helpers: they stay, for all who go.")
    unserved: list[UnservedOut]
    left_out: list[LeftOut]
    orders_left_out: int = Field(description="Waiting orders that were too many to be looked at.")
    routes: RoutesOut


@router.post(
    PLACE, auth=manager_only, response={202: OptimisationOut}, summary="Optimise routes"
)  # fmt: skip
def optimisation_make(request: ApiRequest, body: OptimisationBody) -> HttpResponse:
    """Managers only. It comes back `making`; a job works it out in so many seconds. Nothing is
    planned until its draft is applied."""

    def work() -> OptimisationOut:
        draft = starting.optimisation_start(actor=request.auth, asked=body.asked())
        return _read(request, draft.pk)

    return changed(request, work, status=202, place=f"/api/v1{PLACE}")


@router.get(ONE, auth=manager_only, response=OptimisationOut, summary="Read an optimisation")
def optimisation_look(request: ApiRequest, draft_id: UUID) -> HttpResponse:
    """Managers only."""
    return found(_read(request, draft_id))


def _read(request: ApiRequest, draft_id: UUID) -> OptimisationOut:
    one = optimisation_read(actor=request.auth, draft_id=draft_id)
    draft, told = one.draft, one.draft.figures
    routes = told.get("routes", {"before": [], "after": []})
    progress: dict[str, Any] = draft.progress
    return OptimisationOut(
        **head(draft),
        progress=ProgressOut(**progress) if progress else None,
        figures=BothOut(before=told["before"], after=told["after"]) if told else None,
        is_estimate=told.get("is_estimate", True),
        changes=[
            ChangesOut(technician_id=technician_id, count=count)
            for technician_id, count in told.get("changes", {}).items()
        ],
        customers_moved=told.get("customers_moved", 0),
        helped=told.get("helped", 0),
        unserved=[_unserved(move, told.get("unserved", {})) for move in one.unserved],
        left_out=[LeftOut(**left) for left in told.get("left_out", [])],
        orders_left_out=draft.parameters["left_out"],
        routes=RoutesOut(**routes),
    )


def _unserved(move: PlanMove, remedies: dict[str, str]) -> UnservedOut:
    return UnservedOut(
        order_id=move.order_id,
        number=order_number(move.order.number),
        visit_id=move.visit_id,
        code=move.reason_code,
        reason=move.reason,
        remedy=remedies.get(str(move.visit_id or move.order_id), ""),
    )
