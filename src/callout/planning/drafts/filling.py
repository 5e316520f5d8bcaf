"""A draft worked out, in the worker: read, think, say how far it is now and then, write once.

Nothing is locked while it thinks; what changes meanwhile is found when the draft is applied, by the
versions that the moves keep.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from callout.accounts.selectors import actor_for_user, user_signed_in
from callout.accounts.zone import company_zone, day_bounds
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_add, service
from callout.kernel.errors import CalloutError, Forbidden
from callout.orders.lifecycle import Stage, Status
from callout.orders.models import Assignment, ServiceOrder, Visit
from callout.orders.policy import manager_required
from callout.planning import team
from callout.planning.ask import Days
from callout.planning.drafts.loading import orders_of, tasks_of, tasks_of_visits, visits_of
from callout.planning.drafts.making import draft_lock, recorded
from callout.planning.fit.autoplan import GoOn, Proposal, Unplaced, autoplan
from callout.planning.fit.cost import Option, cost
from callout.planning.fit.driving import driving
from callout.planning.fit.person import Absence, Fit, Person, day_of
from callout.planning.fit.relief import Held, relieved
from callout.planning.fit.suggest import why
from callout.planning.models import LONG, DraftKind, DraftState, MoveState, PlanDraft, PlanMove
from callout.planning.roads import roads_ask
from callout.travel.book import book_open

AHEAD = timedelta(days=7)  # how long after an absence another slot is looked for
OFTEN = 0.4  # seconds between two looks at whether it is to go on


@dataclass(frozen=True, slots=True)
class Worked:
    """What a draft will be: its moves, and each touched technician's driving before and after."""

    moves: list[PlanMove]
    driving: dict[str, list[int]]
    figures: dict[str, Any] = field(default_factory=dict)


Think = Callable[[Actor, PlanDraft], Worked]


def draft_fill(draft_id: UUID) -> None:
    """Called by the job."""

    def think(actor: Actor, draft: PlanDraft) -> Worked:
        return _worked(actor, draft, _Progress(actor, draft_id))

    draft_work(draft_id, think)


def draft_work(draft_id: UUID, think: Think, again: tuple[type[Exception], ...] = ()) -> None:
    """Have the draft thought out, as who asked for it, in their language, and written once.

    Does nothing for one that nobody waits for (any more). One that was stopped is written all the
    same, also by the next worker where the first was killed meanwhile. It says why it failed,
    except after an exception of `again`: the job is tried once more.
    """
    drafts = PlanDraft.objects.select_related("made_by")
    draft = drafts.filter(pk=draft_id).first()
    if draft is None or not draft.is_awaited:
        return
    with translation.override(draft.made_by.language):
        try:
            actor = _maker(draft)
            worked = think(actor, draft)
            draft_filled(actor=actor, draft_id=draft_id, worked=worked)
        except CalloutError as error:
            _draft_failed(draft_id, error.message)
        except again:
            raise
        except Exception:
            _draft_failed(draft_id, _("Something went wrong here. Try again."))
            raise


def _maker(draft: PlanDraft) -> Actor:
    """Whoever asked for it, as they are now. Forbidden where they may not plan any more."""
    user = user_signed_in(draft.made_by_id)
    if user is None or not user.is_manager:
        raise Forbidden(_("Whoever asked for it may not plan any more."))
    return actor_for_user(user, "system")


class _Progress:
    """Says how far it is, seldom, each time in a transaction of its own; asks whether to go on."""

    def __init__(self, actor: Actor, draft_id: UUID) -> None:
        self.actor, self.draft_id = actor, draft_id
        self.told = time.monotonic()

    def of(self, steps: int) -> GoOn:
        """To be told steps of which each thing takes so many."""

        def go_on(done: int) -> bool:
            if time.monotonic() - self.told < OFTEN:
                return True
            self.told = time.monotonic()
            return draft_progress(actor=self.actor, draft_id=self.draft_id, done=done // steps)

        return go_on


@service
def draft_progress(
    *, actor: Actor, draft_id: UUID, done: int, best: Mapping[str, Any] | None = None
) -> bool:
    """Keep how far it is, and the best so far; whether it is to go on. No entry: it changes nothing
    for anybody."""
    manager_required(actor)
    rows = PlanDraft.objects.filter(pk=draft_id, state=DraftState.MAKING)
    told: dict[str, Any] = {} if best is None else {"progress": best}
    return bool(rows.update(progress_done=done, **told))


@service
def draft_filled(*, actor: Actor, draft_id: UUID, worked: Worked) -> None:
    """Write what was worked out: of a stopped draft what was found, of a dropped one nothing."""
    draft = draft_lock(actor, draft_id)
    if not draft.is_awaited:
        return
    _maker(draft)  # thinking takes its time: they may have been deactivated meanwhile
    for place, move in enumerate(worked.moves):
        move.draft, move.position = draft, place
    rows_add(*worked.moves)
    placed = sum(move.state == MoveState.PROPOSED for move in worked.moves)
    draft.finished_at = clock.now()
    if draft.state == DraftState.MAKING:
        draft.state = DraftState.READY
    draft.progress_done = draft.progress_total = len(worked.moves)
    draft.driving, draft.figures = worked.driving, worked.figures
    kept = ["progress_done", "progress_total", "driving", "figures"]
    row_save(draft, ["state", "finished_at", *kept])
    recorded(actor, draft, "ready", proposed=placed, unplaced=len(worked.moves) - placed)


def _draft_failed(draft_id: UUID, words: str) -> None:
    """As the installation: whoever asked may be gone."""
    draft_fail(actor=Actor.system("planning"), draft_id=draft_id, words=words)


@service
def draft_fail(*, actor: Actor, draft_id: UUID, words: str) -> None:
    """It could not be worked out; in words why."""
    draft = draft_lock(actor, draft_id)
    if not draft.is_awaited:
        return
    draft.state, draft.finished_at = DraftState.FAILED, clock.now()
    draft.failure = words[:300]
    row_save(draft, ["state", "finished_at", "failure"])
    recorded(actor, draft, "failed")


# --- thinking ------------------------------------------------------------------------------------


def _worked(actor: Actor, draft: PlanDraft, progress: _Progress) -> Worked:
    if draft.kind == DraftKind.ABSENCE:
        return _relieved(actor, draft, progress.of(1))
    return _auto_planned(actor, draft, progress.of(2))


def _auto_planned(actor: Actor, draft: PlanDraft, go_on: GoOn) -> Worked:
    asked = draft.parameters
    first = date.fromisoformat(asked["first"])
    last = first + timedelta(days=asked["days"] - 1)
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    now = clock.now()
    days = Days.around(begin, end)
    orders = orders_of(actor, [UUID(one) for one in asked["orders"]])
    to_plan = [order for order in orders if order.stage == Stage.NEW.value]
    with book_open() as book:
        people = _within(_people(actor, days, asked["technicians"]), begin, end)
        tasks = tasks_of(to_plan, days)
    roads_ask(book, people, [task.job.place for task in tasks])
    found = autoplan(
        people,
        tasks,
        now=now,
        not_before=max(now, begin),
        zone=days.zone,
        go_on=go_on,
    )
    moves = [
        _move(order, found.placed.get(order.pk), found.unplaced.get(order.pk) or _planned())
        for order in orders
    ]
    return Worked(moves, _drivings(people, found))


def _planned() -> Unplaced:
    return Unplaced("not_new", _("it is planned, or ended, already"))


def _people(actor: Actor, days: Days, ids: Sequence[str]) -> list[Person]:
    people = team.everybody(actor, days)
    wanted = {UUID(one) for one in ids}
    return [one for one in people if one.id in wanted] if wanted else people


def _within(people: list[Person], begin: datetime, end: datetime) -> list[Person]:
    """With what they work between the two: the days loaded at either side are for nights."""
    return [
        replace(
            one,
            hours=tuple(
                (max(start, begin), min(finish, end))
                for start, finish in one.hours
                if start < end and finish > begin
            ),
        )
        for one in people
    ]


def _relieved(actor: Actor, draft: PlanDraft, go_on: GoOn) -> Worked:
    technician_id = draft.technician_id
    if technician_id is None:
        raise RuntimeError("an absence of nobody: the database forbids it")
    start, end = (datetime.fromisoformat(draft.parameters[name]) for name in ("start", "end"))
    now = clock.now()
    visits = visits_of(actor, technician_id, (start, end))
    stay = {visit.pk: why_not for visit in visits if (why_not := _stays(visit, technician_id))}
    moving = [visit for visit in visits if visit.pk not in stay]
    days = Days.around(max(min(start, now), start - AHEAD), end + AHEAD)
    with book_open() as book:
        people = team.everybody(actor, days, technician_id)
        tasks = tasks_of_visits(moving, days)
    roads_ask(book, people, [task.job.place for task in tasks.values()])
    held = [
        Held(tasks[visit.pk], visit.start, visit.end, tuple(_helpers(visit))) for visit in moving
    ]
    found = relieved(
        people, technician_id, Absence(start, end), held, now=now, zone=days.zone, go_on=go_on
    )
    own = {one.id: one for one in people}
    moves = []
    for visit in visits:
        why_not = stay.get(visit.pk) or found.unplaced.get(visit.pk)
        move = _move(visit.order, found.placed.get(visit.pk), why_not)
        move_held(move, visit)
        task = tasks.get(visit.pk)
        if task and technician_id in own:
            without = own[technician_id].without({visit.pk})
            fit = Fit(without, task.job, visit.start, visit.end, now, days.zone)
            move.travel_before = cost(fit).extra
        moves.append(move)
    return Worked(moves, _drivings(people, found, leaving=(technician_id, set(found.placed))))


def _stays(visit: Visit, technician_id: UUID) -> Unplaced | None:
    """Why a visit is not to be moved by anybody but people."""
    if visit.status != Status.PLANNED:
        return Unplaced("under_way", _("it is under way"))
    if visit.technician_id != technician_id:
        words = _("goes along as a helper: choose another one on the order’s page")
        return Unplaced("helper", words)
    return None


def _helpers(visit: Visit) -> list[UUID]:
    return [one.technician_id for one in visit.assignments.all() if one.role == Assignment.HELPER]


def _move(order: ServiceOrder, chosen: Option | None, why_not: Unplaced | None) -> PlanMove:
    move = PlanMove(order=order, order_version=order.version)
    if chosen is not None:
        fit = chosen.fit
        move.to_technician_id, move.to_start, move.to_end = fit.person.id, fit.start, fit.end
        move.why = why(chosen)[:LONG]
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


def _drivings(
    people: Sequence[Person], found: Proposal, leaving: tuple[UUID, set[UUID]] | None = None
) -> dict[str, list[int]]:
    """Minutes before and after, of everybody touched, on the days that change for them."""
    touched: dict[UUID, set[date]] = {}
    after = dict(found.people)
    zone = company_zone()
    for chosen in found.placed.values():
        fit = chosen.fit
        touched.setdefault(fit.person.id, set()).add(day_of(fit.start, zone))
    if leaving:
        who, visits = leaving
        for one in people:
            if one.id == who:
                left = {stop.day for stop in one.stops if stop.visit_id in visits}
                touched.setdefault(who, set()).update(left)
    return {
        str(one.id): [driving(one, touched[one.id]), driving(after[one.id], touched[one.id])]
        for one in people
        if one.id in touched
    }
