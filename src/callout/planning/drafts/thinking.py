"""What a draft will be: who could do what and when, read in a constant number of queries and
worked out without any lock.

`autoplan` places what is to plan, `replanned` what is planned and was chosen, `relieved` what an
absent technician cannot hold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.accounts.zone import company_zone, day_bounds, today
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.planning import team
from callout.planning.ask import Days
from callout.planning.drafts.loading import (
    orders_of,
    tasks_of,
    tasks_of_visits,
    visits_of,
    visits_of_orders,
)
from callout.planning.fit.autoplan import GoOn, Proposal, Task, autoplan
from callout.planning.fit.best import BARRED, Unplaced
from callout.planning.fit.cost import Option, cost
from callout.planning.fit.driving import driving
from callout.planning.fit.held import Held
from callout.planning.fit.person import Absence, Fit, Interval, Person, day_of
from callout.planning.fit.relief import relieved
from callout.planning.fit.replan import Wanted, replanned
from callout.planning.fit.suggest import why
from callout.planning.models import LONG, DraftKind, MoveState, PlanDraft, PlanMove
from callout.planning.roads import roads_ask
from callout.travel.book import book_open

AHEAD = timedelta(days=7)  # how long after an absence another slot is looked for
AGAINST = BARRED | {"pinned"}  # what a dispatcher has to look at before it is done


@dataclass(frozen=True, slots=True)
class Worked:
    """What a draft will be: its moves, and each touched technician's driving before and after."""

    moves: list[PlanMove]
    driving: dict[str, list[int]]
    figures: dict[str, Any] = field(default_factory=dict)


def draft_think(actor: Actor, draft: PlanDraft, go_on: GoOn) -> Worked:
    """Work it out. `go_on` is told how far it is, of twice as many as the draft counts."""
    if draft.kind == DraftKind.ABSENCE:
        return _relieved(actor, draft, lambda done: go_on(2 * done))
    return _planned(actor, draft, go_on)


# --- what is to plan, and what was chosen --------------------------------------------------------


def _planned(actor: Actor, draft: PlanDraft, go_on: GoOn) -> Worked:
    asked, now = draft.parameters, clock.now()
    span, wanted = _span(asked), frozenset(UUID(one) for one in asked["technicians"])
    orders = orders_of(actor, [UUID(one) for one in asked["orders"]])
    to_plan = [order for order in orders if order.stage == Stage.NEW.value]
    visits = visits_of_orders(orders) if asked.get("replan") else []
    moving, stay = _parted(visits)
    days = _days(span, moving)
    with book_open() as book:
        people = team.everybody(actor, days)
        tasks = tasks_of(to_plan, days)
        held = [_pinned(one, visit) for one, visit in zip(_held(moving, days), moving, strict=True)]
    roads_ask(book, people, [one.job.place for one in (*tasks, *(one.task for one in held))])
    moved = replanned(
        people,
        held,
        Wanted(span, wanted, asked.get("keep_day", True)),
        now=now,
        zone=days.zone,
        go_on=lambda done: go_on(2 * done),
    )
    takers = [one for one in moved.people.values() if not wanted or one.id in wanted]
    found = autoplan(
        [one.within(*span) for one in takers],
        tasks,
        now=now,
        not_before=max(now, span[0]),
        zone=days.zone,
        go_on=lambda done: go_on(2 * len(held) + done),
    )
    both = Proposal(
        {**moved.placed, **found.placed}, {**moved.unplaced, **found.unplaced},
        {**moved.people, **found.people},
    )  # fmt: skip
    going = defaultdict(list)
    for move in _visit_moves(visits, both, stay, held, people, (now, days)):
        going[move.order_id].append(move)
    moves = [move for order in orders for move in going[order.pk] or [_order_move(order, both)]]
    return Worked(moves, _drivings(people, both, _leaving(held, both)))


def _days(span: Interval, moving: Sequence[Visit]) -> Days:
    """The days asked for and those of what moves. Nothing can be kept of a day that is past:
    however old a visit is, it is not read."""
    midnight = day_bounds(today())[0]
    return Days.around(
        min([span[0], *(max(visit.start, midnight) for visit in moving)]),
        max([span[1], *(visit.end for visit in moving)]),
    )


def _span(asked: Mapping[str, Any]) -> Interval:
    first = date.fromisoformat(asked["first"])
    last = first + timedelta(days=asked["days"] - 1)
    return day_bounds(first)[0], day_bounds(last)[1]


def _parted(visits: Iterable[Visit]) -> tuple[list[Visit], dict[UUID, Unplaced]]:
    """Those that can move, and why the others stay."""
    moving: list[Visit] = []
    stay: dict[UUID, Unplaced] = {}
    for visit in visits:
        why_not = _under_way(visit)
        if why_not is None:
            moving.append(visit)
        else:
            stay[visit.pk] = why_not
    return moving, stay


def _pinned(held: Held, visit: Visit) -> Held:
    """A pin speaks against moving what somebody only chose."""
    job = replace(held.task.job, pinned=visit.pinned)
    return replace(held, task=replace(held.task, job=job))


def _not_new(order: ServiceOrder) -> Unplaced:
    if order.stage == Stage.PLANNED.value:
        return Unplaced("not_new", _("it is planned already"))
    return Unplaced("not_new", _("it has ended already"))


# --- an absence ----------------------------------------------------------------------------------


def _relieved(actor: Actor, draft: PlanDraft, go_on: GoOn) -> Worked:
    technician_id = draft.technician_id
    if technician_id is None:
        raise RuntimeError("an absence of nobody: the database forbids it")
    start, end = (datetime.fromisoformat(draft.parameters[name]) for name in ("start", "end"))
    now = clock.now()
    visits = visits_of(actor, technician_id, (start, end))
    moving, stay = _parted(visits)
    for visit in moving:
        if visit.technician_id != technician_id:
            words = _("goes along as a helper: choose another one on the order’s page")
            stay[visit.pk] = Unplaced("helper", words)
    days = Days.around(max(min(start, now), start - AHEAD), end + AHEAD)
    with book_open() as book:
        people = team.everybody(actor, days, technician_id)
        held = _held([visit for visit in moving if visit.pk not in stay], days)
    roads_ask(book, people, [one.task.job.place for one in held])
    found = relieved(
        people, technician_id, Absence(start, end), held, now=now, zone=days.zone, go_on=go_on
    )
    moves = _visit_moves(visits, found, stay, held, people, (now, days))
    return Worked(moves, _drivings(people, found, _leaving(held, found)))


# --- what is said of each ------------------------------------------------------------------------


def _under_way(visit: Visit) -> Unplaced | None:
    """What is under way is moved by nobody but people."""
    if visit.status == Status.PLANNED:
        return None
    return Unplaced("under_way", _("it is under way"))


def _held(visits: Sequence[Visit], days: Days) -> list[Held]:
    tasks = tasks_of_visits(visits, days)
    return [
        Held(tasks[visit.pk], visit.start, visit.end, visit.technician_id, _helpers(visit))
        for visit in visits
    ]


def _helpers(visit: Visit) -> tuple[UUID, ...]:
    going = visit.assignments.all()
    return tuple(one.technician_id for one in going if one.role == Assignment.HELPER)


def _order_move(order: ServiceOrder, found: Proposal) -> PlanMove:
    """What an order would become of which no visit moves."""
    why_not = found.unplaced.get(order.pk) or _not_new(order)
    return _move(order, found.placed.get(order.pk), why_not)


def _visit_moves(
    visits: Iterable[Visit],
    found: Proposal,
    stay: Mapping[UUID, Unplaced],
    held: Iterable[Held],
    people: Iterable[Person],
    seen: tuple[datetime, Days],
) -> list[PlanMove]:
    """What each of these visits would become."""
    tasks = {one.task.key: one.task for one in held}
    own = {one.id: one for one in people}
    return [_visit_move(visit, found, stay, tasks.get(visit.pk), own, seen) for visit in visits]


def _visit_move(
    visit: Visit,
    found: Proposal,
    stay: Mapping[UUID, Unplaced],
    task: Task | None,
    own: Mapping[UUID, Person],
    seen: tuple[datetime, Days],
) -> PlanMove:
    """What a planned visit would become, with where it is and what it costs there."""
    why_not = stay.get(visit.pk) or found.unplaced.get(visit.pk)
    move = _move(visit.order, found.placed.get(visit.pk), why_not)
    move_held(move, visit)
    now, days = seen
    if task is not None and visit.technician_id in own and visit.start >= days.span[0]:
        without = own[visit.technician_id].without({visit.pk})
        move.travel_before = cost(
            Fit(without, task.job, visit.start, visit.end, now, days.zone)
        ).extra
    return move


def _move(order: ServiceOrder, chosen: Option | None, why_not: Unplaced | None) -> PlanMove:
    move = PlanMove(order=order, order_version=order.version)
    if chosen is not None:
        fit = chosen.fit
        move.to_technician_id, move.to_start, move.to_end = fit.person.id, fit.start, fit.end
        against = [one for one in chosen.reasons if one.code in AGAINST]
        rest = [one for one in chosen.reasons if one.code not in AGAINST]
        move.why = why(replace(chosen, reasons=rest))[:LONG]
        move.reason_code = against[0].code if against else ""
        move.reason = ", ".join(one.words for one in against)[:LONG]
        move.travel_after = chosen.cost.extra
    elif why_not is not None:
        move.state = MoveState.UNPLACED
        move.reason_code, move.reason = why_not.code, why_not.words[:LONG]
    return move


def move_held(move: PlanMove, visit: Visit) -> None:
    """Where it is now."""
    move.visit, move.pinned = visit, visit.pinned
    move.from_technician_id, move.from_start, move.from_end = (
        visit.technician_id,
        visit.start,
        visit.end,
    )
    move.promise_from, move.promise_to = visit.promise_from, visit.promise_to


def _leaving(held: Iterable[Held], found: Proposal) -> dict[UUID, set[UUID]]:
    """Who gives which visits away."""
    left: dict[UUID, set[UUID]] = {}
    for one in held:
        if one.task.key in found.placed:
            left.setdefault(one.technician_id, set()).add(one.task.key)
    return left


def _drivings(
    people: Sequence[Person], found: Proposal, leaving: Mapping[UUID, set[UUID]]
) -> dict[str, list[int]]:
    """Minutes before and after, of everybody touched, on the days that change for them."""
    touched: dict[UUID, set[date]] = {}
    zone = company_zone()
    for chosen in found.placed.values():
        fit = chosen.fit
        touched.setdefault(fit.person.id, set()).add(day_of(fit.start, zone))
    for one in people:
        left = {stop.day for stop in one.stops if stop.visit_id in leaving.get(one.id, ())}
        if left:
            touched.setdefault(one.id, set()).update(left)
    return {
        str(one.id): [
            driving(one, touched[one.id]), driving(found.people[one.id], touched[one.id])
        ]
        for one in people
        if one.id in touched
    }  # fmt: skip
