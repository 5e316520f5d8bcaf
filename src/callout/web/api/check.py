"""What will fail on a day: every planned visit, asked by all rules."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.planning.tomorrow import Failure, day_check
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Day, Linked, Moment, Query, Shape
from callout.web.api.writing import found

router = Router(tags=["Planning"])


class CheckAsked(Shape):
    """Which day."""

    day: Day | None = Field(None, description="Tomorrow by default.")


class FailureOut(Shape):
    """One thing that fails. Of an order that nobody is planned for there is no visit."""

    words: str = Field(description="What fails, without the technician's name.")
    mend: str = Field(
        description="What mends it: replan, promise, site (its position), customer (a phone), plan,"
        " close."
    )
    service_order: Linked
    title: str
    technician_status: str | None
    customer: Linked
    site_id: UUID
    town: str
    visit_id: UUID | None
    technician: Linked | None
    start: Moment | None
    end: Moment | None


class GroupOut(Shape):
    """All of one kind, by time."""

    kind: str = Field(
        description="As the reasons of /planning/explain, and: too_short, no_position, no_phone,"
        " unanswered (New, to be answered that day), not_closed (visits of earlier days)."
    )
    label: str
    hard: bool = Field(description="Some of it would be refused if it were planned now.")
    count: int
    items: list[FailureOut]


class CheckOut(Shape):
    day: date
    visits: int = Field(description="How many were looked at: planned for the day and not begun.")
    count: int
    groups: list[GroupOut] = Field(description="Hard ones first; those of nothing are left out.")


@router.get(
    "/planning/check", auth=manager_only, response=CheckOut, summary="Read what will fail on a day"
)
def planning_check(request: ApiRequest, asked: Query[CheckAsked]) -> HttpResponse:
    """Managers only. Absent or archived technicians, vehicles on two jobs, impossible travel, and
    whatever else speaks against visits planned for the day; in words, with what mends it."""
    check = day_check(actor=request.auth, day=asked.day)
    groups = [
        GroupOut(
            kind=group.kind,
            label=group.label,
            hard=group.hard,
            count=len(group.failures),
            items=[_failure(one) for one in group.failures],
        )
        for group in check.groups
    ]
    return found(CheckOut(day=check.day, visits=check.visits, count=check.count, groups=groups))


def _failure(one: Failure) -> FailureOut:
    technician = one.technician_id
    return FailureOut(
        words=one.words,
        mend=one.mend,
        service_order=Linked(id=one.order_id, name=one.number),
        title=one.title,
        technician_status=one.status if one.visit_id else None,
        customer=Linked(id=one.customer_id, name=one.customer),
        site_id=one.site_id,
        town=one.town,
        visit_id=one.visit_id,
        technician=Linked(id=technician, name=one.technician) if technician else None,
        start=one.start,
        end=one.end,
    )
