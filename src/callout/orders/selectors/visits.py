"""An order's visits for its page: who, when, which steps, how it ended."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.lifecycle import Status
from callout.orders.models import Assignment, Visit
from callout.orders.selectors.late import promise_left, visit_late_since
from callout.orders.selectors.reading import AboutOrder, OrderId
from callout.orders.selectors.seen import OrderSeen, SiteSeen
from callout.orders.selectors.when import When
from callout.orders.words import outcome_label
from callout.travel.areas import place_at
from callout.travel.book import book_open
from callout.travel.estimate import travel_leg

STEPS = (Status.PLANNED, Status.EN_ROUTE, Status.ON_SITE, Status.WORKING, Status.DONE)
REACHED_BY = {"depart": Status.EN_ROUTE, "arrive": Status.ON_SITE, "start_work": Status.WORKING}


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five discs: `state` is done, now or todo."""

    status: str
    state: str
    at: str


@dataclass(frozen=True, slots=True)
class VisitSeen:
    """One attempt, in words."""

    id: UUID
    version: int
    sequence: int
    title: str
    planned_by: str
    technician: str
    technician_id: UUID
    initials: str
    helpers: list[str]
    vehicle: str
    slot: str
    start: datetime
    end: datetime
    status: str
    status_before: str  # before the break
    is_open: bool
    outcome: str
    outcome_label: str
    reason: str
    note: str
    times: str
    expected_end: str
    late: str
    promise: str
    promise_broken: bool
    pinned: bool
    overlap: bool
    travel: str
    steps: list[Step]


def visits_seen(
    visits: Iterable[Any], order: OrderSeen, timeline: Iterable[Any], when: When
) -> list[VisitSeen]:
    """The order's visits as VISITS reads them for somebody, the last one first, with what was done
    on each (selectors/detail.py)."""
    entries: dict[UUID | None, list[Any]] = defaultdict(list)
    for entry in timeline:
        if entry.undone_at is None:
            entries[entry.visit_id].append(entry)
    return [_seen(visit, order, entries[visit.id], when) for visit in visits]


COLUMNS = (
    *("id", "version", "sequence", "start", "end", "expected_end", "status", "before_break"),
    *("is_open", "outcome", "closing_note", "pinned", "allow_overlap", "entered_afterwards"),
    *("promise_from", "promise_to", "departed_at", "arrived_at", "work_started_at", "closed_at"),
    *("technician_id", "technician__name", "technician__initials"),
    *("technician__latitude", "technician__longitude", "technician__postcode"),
    *("vehicle__registration", "vehicle__name", "reason__label", "helpers"),
)


def _visits(actor: Actor, order_id: OrderId) -> QuerySet[Visit, Any]:
    helpers = (
        Assignment.objects.filter(visit=OuterRef("pk"), role=Assignment.HELPER)
        .order_by("technician__name_sort")
        .values("technician__name")
    )
    rows = Visit.objects.filter(policy.visit_is_seen(actor), order=order_id)
    rows = rows.annotate(helpers=ArraySubquery(helpers)).order_by("-sequence")
    return rows.values_list(*COLUMNS, named=True)


VISITS = AboutOrder(_visits)


def _seen(visit: Any, order: OrderSeen, entries: Sequence[Any], when: When) -> VisitSeen:
    since = None
    if visit.is_open:
        since = visit_late_since(
            visit.status, visit.start, visit.end, visit.expected_end, visit.promise_to
        )
    return VisitSeen(
        id=visit.id,
        version=visit.version,
        sequence=visit.sequence,
        title=_("Visit %(count)d") % {"count": visit.sequence},
        planned_by=_planned_by(entries, when),
        technician=visit.technician__name,
        technician_id=visit.technician_id,
        initials=visit.technician__initials,
        helpers=visit.helpers,
        vehicle=_vehicle(visit),
        slot=when.slot_full(visit.start, visit.end),
        start=visit.start,
        end=visit.end,
        status=visit.status,
        status_before=visit.before_break,
        is_open=visit.is_open,
        outcome=visit.outcome or "",
        outcome_label=outcome_label(visit.outcome) if visit.outcome else "",
        reason=visit.reason__label or "",
        note=visit.closing_note,
        times=_times(visit, when),
        expected_end=when.moment(visit.expected_end) if visit.expected_end else "",
        late=when.late_by(since) if since else "",
        promise=_promise(visit, when),
        promise_broken=visit.is_open
        and promise_left(visit.promise_from, visit.promise_to, visit.start),
        pinned=visit.pinned,
        overlap=visit.allow_overlap and not visit.entered_afterwards,  # that was no plan
        travel=_travel(visit, order.site),
        steps=_steps(visit, entries, when),
    )


def _planned_by(entries: Sequence[Any], when: When) -> str:
    plans = [entry for entry in entries if entry.action in ("plan", "plan_another", "replan")]
    if not plans:
        return ""
    last = plans[-1]
    if last.actor_id is None:
        return ""
    words = {"time": when.moment(last.recorded_at), "name": last.actor__name}
    return _("planned by %(name)s, %(time)s") % words


def _vehicle(visit: Any) -> str:
    return " · ".join(word for word in (visit.vehicle__registration, visit.vehicle__name) if word)


def _times(visit: Any, when: When) -> str:
    """When it truly began and ended, as far as it did."""
    begin = visit.arrived_at or visit.work_started_at or visit.departed_at
    if begin is None or visit.closed_at is None:
        return ""
    return when.slot_full(begin, visit.closed_at)


def _promise(visit: Any, when: When) -> str:
    if visit.promise_from is None or visit.promise_to is None:
        return ""
    return when.slot_full(visit.promise_from, visit.promise_to)


def _travel(visit: Any, where: SiteSeen) -> str:
    """From the technician's home base."""
    with book_open() as book:
        base = place_at(
            visit.technician__latitude, visit.technician__longitude, visit.technician__postcode
        )
        site = place_at(where.latitude, where.longitude, where.postcode)
    if base is None or site is None:
        return ""
    if book:
        book.learn([(base, site)])
    leg = travel_leg(base, site)
    words = {"km": round(leg.kilometres), "minutes": leg.minutes}
    return _("%(km)d km · %(minutes)d min") % words


def _steps(visit: Any, entries: Sequence[Any], when: When) -> list[Step]:
    """Planned, En route, On site, Working, Done: what was reached, where it is now."""
    reached: dict[Status, datetime] = {}
    for entry in sorted(entries, key=lambda one: (one.at, one.id)):
        if entry.action in REACHED_BY:
            reached.setdefault(REACHED_BY[entry.action], entry.at)
        elif entry.action in ("plan", "plan_another"):
            reached[Status.PLANNED] = entry.at
        elif entry.action == "complete":
            reached[Status.DONE] = entry.at
    now = Status(visit.status)
    here = STEPS.index(now) if now in STEPS else _last_reached(reached)
    steps = []
    for index, status in enumerate(STEPS):
        state = "done" if index < here else "now" if index == here else "todo"
        at = when.moment(reached[status]) if status in reached and index <= here else ""
        steps.append(Step(str(status), state, at))
    return _with_break(steps, here) if now is Status.BREAK else steps


def _last_reached(reached: dict[Status, datetime]) -> int:
    return max((STEPS.index(status) for status in reached), default=0)


def _with_break(steps: list[Step], here: int) -> list[Step]:
    """On a break, the break stands where the visit is."""
    return [*steps[:here], Step(str(Status.BREAK), "now", steps[here].at), *steps[here + 1 :]]
