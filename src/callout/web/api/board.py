"""The planning board: technicians, their time, and what is to be expected of each visit."""

from collections.abc import Set
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from callout.accounts.company import company
from callout.accounts.zone import company_zone, today
from callout.fieldwork.selectors.late import late_orders_open
from callout.orders.models import Priority
from callout.orders.numbers import numbered
from callout.planning.board import MOST_DAYS, Board, Row, board_read
from callout.planning.board_day import DAYS, Bar, DayBars
from callout.web.api.access import ApiRequest, manager_only
from callout.web.api.kinds import Day, Linked, ListedIds, Moment, Query, Shape
from callout.web.api.writing import as_json, found

router = Router()
Numbers = tuple[str, int]  # how orders are numbered: the prefix, and how many digits


class BoardAsked(Shape):
    """Which part of the board."""

    first: Day | None = Field(None, description="Its first day; today by default.")
    days: int = Field(1, ge=1, le=MOST_DAYS, description="How many days.")
    technician_id: ListedIds = Field(
        [], description="These alone: up to 200 ids, with commas between."
    )
    skill_id: UUID | None = Field(None, description="Those with this skill alone.")


class SpanOut(Shape):
    start: Moment
    end: Moment


class AbsenceOn(SpanOut):
    id: UUID
    label: str
    kind: str


class HolidayOn(Shape):
    day: date
    name: str


class CourseOut(Shape):
    """What becomes of a visit: when it began or will, when it ended or will."""

    start: Moment
    end: Moment
    late_minutes: int = Field(
        description="Before it begins: after its slot's start. Once begun: over its expected end."
    )
    travel_minutes: int | None = Field(description="The drive to it; null without positions.")
    kilometres: float | None
    travel_is_estimate: bool


class HappenedOut(Shape):
    """What really happened; the slot stays the plan."""

    departed_at: Moment | None
    arrived_at: Moment | None
    closed_at: Moment | None


class BarOut(Shape):
    """A visit in a technician's row; a helper's row shows it too."""

    visit_id: UUID
    visit_version: int
    service_order_id: UUID
    number: str
    version: int = Field(description="Of the service order: for If-Match of its actions.")
    title: str
    customer: str
    town: str
    type: str
    type_icon: str
    priority: str
    absent_count: int
    start: Moment
    end: Moment
    technician_status: str
    open: bool
    outcome: str | None
    helper: bool
    pinned: bool
    allow_overlap: bool
    vehicle_id: UUID | None
    promise_from: Moment | None
    promise_to: Moment | None
    promise_broken: bool
    seen_at: Moment | None = Field(
        description="When this row's technician first opened it as it is planned."
    )
    target_at: Moment | None = Field(description="The response target; null once it was answered.")
    target_late: bool = Field(description="The slot begins after it.")
    late_report: bool = Field(description="Something of its order came too late: GET /desk.")
    happened: HappenedOut
    course: CourseOut


class RowOut(Shape):
    technician: Linked
    initials: str
    skills: list[Linked]
    teams: list[Linked]
    hours: list[SpanOut] = Field(description="When they work, absences not taken off.")
    absences: list[AbsenceOn]
    holidays: list[HolidayOn] = Field(description="Of their calendar: nobody works then.")
    visits: list[BarOut]


class BoardOut(Shape):
    first: date
    last: date
    now: Moment
    zone: str = Field(description="The company's time zone: its days begin and end there.")
    rows: list[RowOut]


@router.get(
    "/planning/board",
    auth=manager_only,
    response=BoardOut,
    summary="Read the planning board",
    tags=["Planning"],
)
def planning_board(request: ApiRequest, filters: Query[BoardAsked]) -> HttpResponse:
    """Technicians by name, each with hours, absences and visits in the range; managers only.

    What was unplanned or cancelled is not on it. `course` is told from what was tapped, expected
    ends and travel: a late visit makes the next one late. The slot stays the plan.
    """
    board = board_read(
        actor=request.auth,
        first=filters.first or today(),
        days=filters.days,
        technician_ids=filters.technician_id,
        skill_id=filters.skill_id,
    )
    return found(board_shown(board, late_orders_open(actor=request.auth)))


def board_shown(board: Board, late: Set[UUID] = frozenset()) -> dict[str, Any]:
    """The board by the names that JSON has. `late` are the orders with an open late report."""
    firm = company()
    numbers = firm.number_prefix, firm.number_digits
    return {
        "first": board.first,
        "last": board.last,
        "now": board.now,
        "zone": company_zone().key,
        "rows": [row_shown(row, numbers, late) for row in board.rows],
    }


def row_shown(row: Row, numbers: Numbers, late: Set[UUID]) -> dict[str, Any]:
    """A technician's row."""
    one = row.technician
    return {
        "technician": {"id": one.pk, "name": one.name},
        "initials": one.initials,
        "skills": [{"id": skill.pk, "name": skill.name} for skill in one.skills],
        "teams": [{"id": one.team.pk, "name": one.team.name}] if one.team else [],
        "hours": [{"start": start, "end": end} for start, end in row.hours],
        "absences": [
            {
                "id": away.id,
                "start": away.start,
                "end": away.end,
                "label": away.label,
                "kind": away.kind,
            }
            for away in row.absences
        ],
        "holidays": [{"day": day, "name": name} for day, name in row.holidays.items()],
        "visits": orjson.Fragment(
            b"[%b]" % b",".join([_day_shown(day, numbers, late) for day in row.days])
        ),
    }


def _day_shown(day: DayBars, numbers: Numbers, late: Set[UUID]) -> bytes:
    made = _day_json if day.is_kept else _day_json.__wrapped__
    return made(day, numbers, day.orders & late)


@lru_cache(maxsize=DAYS)
def _day_json(day: DayBars, numbers: Numbers, late: frozenset[UUID]) -> bytes:
    """Its visits as JSON, with commas between."""
    shown = [bar_shown(bar, numbers, bar.visit.order_id in late) for bar in day.bars]
    return as_json(shown)[1:-1]


def bar_shown(bar: Bar, numbers: Numbers, late_report: bool) -> dict[str, Any]:
    """A visit in it."""
    one, course = bar.visit, bar.course
    leg = course.leg
    return {
        "visit_id": one.visit_id,
        "visit_version": one.version,
        "service_order_id": one.order_id,
        "number": numbered(one.number, *numbers),
        "version": one.order_version,
        "title": one.title or one.type,
        "customer": one.customer,
        "town": one.town,
        "type": one.type,
        "type_icon": one.type_icon,
        "priority": Priority.CODES[one.priority_rank],
        "absent_count": one.absent,
        "start": one.start,
        "end": one.end,
        "technician_status": one.status,
        "open": one.is_open,
        "outcome": one.outcome,
        "helper": bar.is_helper,
        "pinned": one.pinned,
        "allow_overlap": bar.overlaps_on_purpose,
        "vehicle_id": one.vehicle_id,
        "promise_from": one.promise_from,
        "promise_to": one.promise_to,
        "promise_broken": bar.promise_broken,
        "seen_at": one.seen_at,
        "target_at": bar.target_at,
        "target_late": bar.target_late,
        "late_report": late_report,
        "happened": {
            "departed_at": one.departed_at,
            "arrived_at": one.arrived_at,
            "closed_at": one.closed_at,
        },
        "course": {
            "start": course.start,
            "end": course.end,
            "late_minutes": int(course.late.total_seconds() // 60),
            "travel_minutes": leg.minutes if leg else None,
            "kilometres": leg.kilometres if leg else None,
            "travel_is_estimate": leg.is_estimate if leg else True,
        },
    }
