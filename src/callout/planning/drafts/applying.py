"""A draft done: each move by the ordinary action, behind a savepoint of its own. See undoing.py.

What changed meanwhile is refused in words, and the rest stands. Locks: the draft, then all the
technicians, then all the orders, each in the order of their ids, as everywhere.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_lock, service
from callout.kernel.errors import CalloutError, Invalid, Refused, Stale
from callout.kernel.taken_back import attempted
from callout.orders.models import Assignment, TimelineEntry
from callout.orders.policy import orders_visible
from callout.orders.services import Command
from callout.orders.services.booking import technicians_lock
from callout.orders.services.plan_effects import promise_check
from callout.planning.drafts.making import draft_lock, recorded
from callout.planning.fit.person import Interval
from callout.planning.fit.turns import Slot, Turn, in_turns
from callout.planning.models import (
    LONG,
    OPEN,
    DraftState,
    MoveState,
    PlanDraft,
    PlanMove,
)
from callout.planning.placing import call_noted
from callout.planning.services import order_act

LeftPromise = Literal["keep", "call"]  # of several visits at once; anew is said of each by itself
TOGETHER = 40  # rings of moves behind one savepoint


@service
def draft_apply(
    *,
    actor: Actor,
    draft_id: UUID,
    technician_ids: Sequence[UUID] | None = None,
    move_ids: Sequence[UUID] | None = None,
    promise: LeftPromise | None = None,
    promises_anew: Mapping[UUID, Interval] | None = None,
    version: int | None = None,
) -> PlanDraft:
    """Do what is proposed: all of it, or what goes to these technicians, or these moves alone.

    `promises_anew` says of a move the arrival that was promised anew, `promise` what becomes of
    all other promises that are left. What is said of a move to somebody else than these
    technicians waits, as the move does.

    Each move says afterwards what became of it. Refused ("nothing_left") where nothing of what is
    asked is left to be done, or where one that is promised anew is not: somebody else was faster;
    and ("asks_plan") where visits that were chosen leave what was promised, until it is said what
    becomes of that.
    """
    draft = draft_lock(actor, draft_id, version)
    if draft.is_awaited:
        raise Refused(_("It is still being worked out."), code="still_making")
    moves = list(draft.moves.order_by("position"))
    chosen = _chosen(moves, technician_ids, move_ids)
    if draft.state not in OPEN or not chosen:
        raise Refused(_("Nothing of this is left to be applied."), code="nothing_left")
    theirs = {move.pk for move in moves if not _is_to(move, technician_ids)}
    anew = {pk: said for pk, said in (promises_anew or {}).items() if pk not in theirs}
    _anew_check(moves, chosen, anew)
    left = [move for move in chosen if move.leaves_promise and move.pk not in anew]
    if left and promise is None:
        words = ngettext(
            "%(count)d visit leaves what was promised. Say whether the customer is called.",
            "%(count)d visits leave what was promised. Say whether the customers are called.",
            len(left),
        )
        raise Refused(words % {"count": len(left)}, code="asks_plan")
    going = moves_locked(actor, chosen)
    _Applying(actor, moves, left if promise == "call" else (), anew).all_of(chosen, going)
    for move in chosen:
        if move.state == MoveState.APPLIED and move.pk in anew:
            move.promise_from, move.promise_to = anew[move.pk]
    return _applied(actor, draft, moves, chosen)


# --- what is asked -------------------------------------------------------------------------------


def _chosen(
    moves: Iterable[PlanMove],
    technician_ids: Sequence[UUID] | None,
    move_ids: Sequence[UUID] | None,
) -> list[PlanMove]:
    moves = list(moves)
    if move_ids is not None and not {move.pk for move in moves}.issuperset(move_ids):
        raise Invalid({"move_ids": [_("One of these moves is not of this draft.")]})
    return [
        move
        for move in moves
        if move.state == MoveState.PROPOSED
        and _is_to(move, technician_ids)
        and (move_ids is None or move.pk in move_ids)
    ]


def _is_to(move: PlanMove, technician_ids: Sequence[UUID] | None) -> bool:
    return technician_ids is None or move.to_technician_id in technician_ids


def _anew_check(
    all_: Iterable[PlanMove], chosen: Iterable[PlanMove], anew: Mapping[UUID, Interval]
) -> None:
    """A promise is made anew where the one there is would be left, and the slot keeps it."""
    moves = {move.pk: move for move in chosen if move.leaves_promise}
    done = {MoveState.APPLIED, MoveState.REFUSED}
    if any(move.state in done for move in all_ if move.pk in anew):
        # A customer was told of it: to leave it out without a word would lose that.
        words = _(
            "A visit whose promise is made anew was applied or refused meanwhile. Look again; its"
            " promise can be changed at its order."
        )
        raise Refused(words, code="nothing_left")
    if not moves.keys() >= anew.keys():
        words = _("Promise anew only where a visit that is applied leaves what was promised.")
        raise Invalid({"promises_anew": [words]})
    for pk, (begin, end) in anew.items():
        promise_check("promises_anew", begin, end)
        start = moves[pk].to_start
        if start is None or not begin <= start <= end:
            raise Invalid(
                {"promises_anew": [_("The slot begins outside the arrival promised anew.")]}
            )


Going = dict[UUID, set[UUID]]  # who goes on a visit


def moves_locked(actor: Actor, moves: Sequence[PlanMove]) -> Going:
    """Lock everybody who is touched, then the orders."""
    ids = {move.order_id for move in moves}
    touched = {move.to_technician_id for move in moves} | {
        move.from_technician_id for move in moves
    }
    # Whoever goes on another visit of these orders too: each action locks them as well.
    technicians_lock(touched, going_on=ids)
    rows_lock(orders_visible(actor).filter(pk__in=ids).only("pk"))
    visits = {move.visit_id for move in moves} - {None}
    rows = Assignment.objects.filter(visit__in=visits, is_open=True)
    going: Going = defaultdict(set)
    for visit_id, technician_id in rows.values_list("visit_id", "technician_id"):
        going[visit_id].add(technician_id)
    return going


# --- doing it ------------------------------------------------------------------------------------


class _Applying:
    def __init__(
        self,
        actor: Actor,
        moves: Iterable[PlanMove],
        to_call: Iterable[PlanMove],
        anew: Mapping[UUID, Interval],
    ) -> None:
        self.actor, self.anew = actor, anew
        self.to_call = {move.pk for move in to_call}
        # One order may have several visits that move: what was done with one raises its version.
        self.begun = {move.order_id for move in moves if move.state == MoveState.APPLIED}
        self.versions: dict[UUID, int] = {}

    def all_of(self, moves: Sequence[PlanMove], going: Going) -> None:
        rings = in_turns([_turn(move, going) for move in moves])
        tried_all(rings, MoveState.APPLIED, self._rings)

    def _rings(self, rings: Sequence[Sequence[PlanMove]]) -> None:
        versions, begun = dict(self.versions), set(self.begun)
        try:
            for ring in rings:
                for place, move in enumerate(ring):
                    self._one(move, ring[place + 1 :])
        except CalloutError:
            self.versions, self.begun = versions, begun
            raise

    def _one(self, move: PlanMove, to_leave: Sequence[PlanMove]) -> None:
        if move.to_start is None or move.to_end is None:
            raise RuntimeError("a proposal without a slot: the database forbids it")
        promise_from, promise_to = self.anew.get(move.pk, (None, None))
        order = order_act(
            actor=self.actor,
            order_id=move.order_id,
            action="replan" if move.visit_id else "plan",
            command=Command(
                visit_id=move.visit_id,
                technician_id=move.to_technician_id,
                start=move.to_start,
                duration_minutes=int((move.to_end - move.to_start).total_seconds() // 60),
                promise_from=promise_from,
                promise_to=promise_to,
                with_last=move.order_id in self.begun,
                leaving=tuple(other.visit_id for other in to_leave if other.visit_id),
            ),
            version=self.versions.get(move.order_id, move.order_version),
        )
        self.versions[move.order_id] = order.version
        self.begun.add(move.order_id)
        if move.pk in self.to_call and move.promise_from and move.promise_to:
            promised = (move.promise_from, move.promise_to)
            call_noted(self.actor, move.order_id, move.visit_id, move.to_start, promised)


Ring = Sequence[PlanMove]


def tried_all(
    rings: Sequence[Ring], done: MoveState, work: Callable[[Sequence[Ring]], None]
) -> None:
    """Each of the rings whole, or not and why. Some behind one savepoint while nothing is refused:
    a plan of a large team is a thousand moves."""
    for first in range(0, len(rings), TOGETHER):
        some = rings[first : first + TOGETHER]
        if len(some) > 1 and _tried(some, done, work):
            continue
        for ring in some:
            _tried([ring], done, work)


def _tried(rings: Sequence[Ring], done: MoveState, work: Callable[[Sequence[Ring]], None]) -> bool:
    """All of these, or none of them; of one alone, with why."""
    try:
        attempted(partial(work, rings))
    except CalloutError as error:
        words = _("It was changed meanwhile.") if isinstance(error, Stale) else error.message
        for move in rings[0] if len(rings) == 1 else ():
            move.refusal = words[:LONG]
            if done == MoveState.APPLIED:
                move.state = MoveState.REFUSED
        return False
    for ring in rings:
        for move in ring:
            move.state, move.refusal = done, ""
    return True


def _applied(
    actor: Actor, draft: PlanDraft, moves: Sequence[PlanMove], chosen: Sequence[PlanMove]
) -> PlanDraft:
    done = {move.order_id for move in chosen if move.state == MoveState.APPLIED}
    last = last_entries(done)
    versions = dict(orders_visible(actor).filter(pk__in=done).values_list("pk", "version"))
    asked = {move.pk for move in chosen}
    for move in moves:
        if move.order_id in done:
            # The same order's other visits: this draft's own step is no change by somebody else.
            move.order_version = versions[move.order_id]
            if move.state == MoveState.APPLIED:
                move.entry_id = last[move.order_id]
        if move.order_id in done or move.pk in asked:
            fields = ["state", "refusal", "order_version", "entry_id"]
            row_save(move, [*fields, "promise_from", "promise_to"])
    count = sum(move.state == MoveState.APPLIED for move in chosen)
    open_or_refused = {MoveState.PROPOSED, MoveState.REFUSED}
    if any(move.state == MoveState.APPLIED for move in moves):
        left = any(move.state in open_or_refused for move in moves)
        draft.state = DraftState.PARTLY_APPLIED if left else DraftState.APPLIED
        draft.applied_at = clock.now()
    row_save(draft, ["state", "applied_at"])
    recorded(actor, draft, "applied", applied=count, refused=len(chosen) - count)
    return draft


def last_entries(orders: Iterable[UUID]) -> dict[UUID, int]:
    """What was done with each of these orders last."""
    rows = TimelineEntry.objects.filter(order__in=set(orders)).order_by("order", "-id")
    return dict(rows.distinct("order").values_list("order_id", "id"))


def _turn(move: PlanMove, going: Going) -> Turn[PlanMove]:
    return Turn(move, slots_taken(move, going, "from"), slots_taken(move, going, "to"))


def slots_taken(move: PlanMove, going: Going, end: str) -> tuple[Slot, ...]:
    """Whose time it takes at either end: the technician's, and of those who go along."""
    technician_id: Any = getattr(move, f"{end}_technician_id")
    begin, finish = getattr(move, f"{end}_start"), getattr(move, f"{end}_end")
    if technician_id is None or begin is None or finish is None:
        return ()
    ends = {move.from_technician_id, move.to_technician_id}
    along = going.get(move.visit_id, set()) - ends if move.visit_id else set()
    return tuple((one, begin, finish) for one in sorted({technician_id, *along}))
