"""A draft that was applied, taken back as one: each order by the ordinary undo. See applying.py."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.change import row_save, service, statement_add
from callout.kernel.errors import Refused
from callout.orders.models import Visit
from callout.orders.services import Command
from callout.planning.drafts.applying import (
    Going,
    Ring,
    last_entries,
    moves_locked,
    slots_taken,
    tried_all,
)
from callout.planning.drafts.making import DROP, draft_lock, recorded
from callout.planning.fit.turns import Turn, in_turns
from callout.planning.models import DONE, DraftState, MoveState, PlanDraft, PlanMove
from callout.planning.services import order_act
from callout.planning.taking_back import visits_open


@service
def draft_undo(*, actor: Actor, draft_id: UUID, version: int | None = None) -> PlanDraft:
    """Take back all of it that was applied, as one.

    An order on which something was done since stays as it is, and its move says so. Refused
    ("nothing_to_undo") where that is all of them.
    """
    draft = draft_lock(actor, draft_id, version)
    moves = list(draft.moves.order_by("position"))
    chosen = [move for move in moves if move.state == MoveState.APPLIED]
    if draft.state not in DONE or not chosen:
        raise Refused(_("There is nothing to undo."), code="nothing_to_undo")
    going = moves_locked(actor, chosen)
    _undone(actor, chosen, going)
    taken_back = [move for move in chosen if move.state == MoveState.UNDONE]
    if not taken_back:
        raise Refused(chosen[0].refusal, code="nothing_to_undo")
    visits = Visit.objects.in_bulk([move.visit_id for move in taken_back if move.visit_id])
    for move in chosen:
        if move.visit_id in visits:  # what was promised anew is not any more
            visit = visits[move.visit_id]
            move.promise_from, move.promise_to = visit.promise_from, visit.promise_to
        row_save(move, ["state", "refusal", "promise_from", "promise_to"])
    whole = len(taken_back) == len(chosen)
    if whole:
        statement_add(DROP, [MoveState.DROPPED, draft.pk, MoveState.PROPOSED])
    draft.state = DraftState.UNDONE if whole else DraftState.PARTLY_APPLIED
    row_save(draft, ["state"])
    recorded(actor, draft, "undone", undone=len(taken_back), refused=len(chosen) - len(taken_back))
    return draft


def _undone(actor: Actor, chosen: Sequence[PlanMove], going: Going) -> None:
    last = last_entries(move.order_id for move in chosen)
    by_order: dict[UUID, list[PlanMove]] = defaultdict(list)
    for move in reversed(chosen):
        by_order[move.order_id].append(move)

    def undo(rings: Sequence[Ring]) -> None:
        for ring in rings:
            ids = list(dict.fromkeys(move.order_id for move in ring))
            # Alone it is in the way of nobody but itself, which is seen to there.
            command = Command(leaving=visits_open(ids) if len(ids) > 1 else ())
            for order_id in ids:
                if last.get(order_id) != by_order[order_id][0].entry_id:
                    raise Refused(_("Something was done with it since."), code="built_on")
                order_act(actor=actor, order_id=order_id, action="undo", command=command)

    turns = [_back(moves, going) for moves in by_order.values()]
    rings = [[move for moves in ring for move in moves] for ring in in_turns(turns)]
    tried_all(rings, MoveState.UNDONE, undo)


def _back(moves: Sequence[PlanMove], going: Going) -> Turn[Sequence[PlanMove]]:
    leaves = tuple(slot for move in moves for slot in slots_taken(move, going, "to"))
    takes = tuple(slot for move in moves for slot in slots_taken(move, going, "from"))
    return Turn(moves, leaves, takes)
