"""What is read of drafts, for managers: the list, and one with all its moves and its sums."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.orders.policy import manager_required
from callout.planning.models import DONE, OPEN, RUNNING, TO_DECIDE, MoveState, PlanDraft, PlanMove
from callout.workforce.models import Technician

COUNTED = {
    f"{state.value}_count": Count("moves", filter=Q(moves__state=state.value))
    for state in MoveState
}


@dataclass(frozen=True, slots=True)
class Share:
    """What a draft does to one technician: the moves to them, and the minutes of driving before
    and after, None where nothing of theirs changes."""

    technician: Technician
    moves: list[PlanMove]
    before: int | None
    after: int | None

    @property
    def has_proposals(self) -> bool:
        """Whether anything of it can be applied."""
        return any(move.state == MoveState.PROPOSED for move in self.moves)


@dataclass(frozen=True, slots=True)
class DraftDetail:
    """A draft as its screen shows it."""

    draft: PlanDraft
    shares: list[Share]
    unplaced: list[PlanMove]
    counts: dict[str, int]
    before: int  # minutes of driving of all who are touched
    after: int
    promises: int  # moves of visits for which an arrival was promised
    promises_broken: int
    promises_left: int  # proposed moves that would take a visit out of what was promised

    @property
    def can_apply(self) -> bool:
        """Whether anything is left to be done."""
        return self.draft.state in OPEN and self.counts[MoveState.PROPOSED] > 0

    @property
    def can_undo(self) -> bool:
        """Whether anything of it was done."""
        return self.draft.state in DONE and self.counts[MoveState.APPLIED] > 0

    @property
    def can_drop(self) -> bool:
        """Whether there is a proposal to be let go, or one in the making."""
        return self.draft.state in RUNNING


def draft_list(
    *, actor: Actor, to_decide: bool = False, cursor: str | None = None, limit: int = 50
) -> Page[PlanDraft]:
    """Drafts, the newest first, or those that somebody has to decide about; each with how many of
    its moves stand how (`applied_count`...). Without
    their figures: those of one plan of routes can be half a megabyte."""
    manager_required(actor)
    rows = PlanDraft.objects.select_related("made_by", "technician").annotate(**COUNTED)
    rows = rows.defer("figures", "driving", "progress")
    if to_decide:
        rows = rows.filter(state__in=TO_DECIDE)
    return page(rows, ["-created_at", "id"], cursor=cursor, limit=limit)


def drafts_to_decide(*, actor: Actor) -> int:
    """How many wait for somebody to apply or drop them, or are in the making."""
    manager_required(actor)
    return PlanDraft.objects.filter(state__in=TO_DECIDE).count()


def draft_head(*, actor: Actor, draft_id: UUID) -> PlanDraft:
    """A draft without its moves: how far it is."""
    manager_required(actor)
    draft = PlanDraft.objects.select_related("made_by", "technician").filter(pk=draft_id).first()
    if draft is None:
        raise NotFound
    return draft


def draft_detail(*, actor: Actor, draft_id: UUID) -> DraftDetail:
    """One draft: what moves, by the technician to whom, and what stays and why."""
    draft = draft_head(actor=actor, draft_id=draft_id)
    moves = list(_moves(draft))
    counts = {state.value: 0 for state in MoveState}
    for move in moves:
        counts[move.state] += 1
    going = [move for move in moves if move.to_technician_id is not None]
    promised = [move for move in moves if move.promise_kept is not None]
    driving = {UUID(one): minutes for one, minutes in draft.driving.items()}
    return DraftDetail(
        draft=draft,
        shares=_shares(going, driving),
        unplaced=[move for move in moves if move.to_technician_id is None],
        counts=counts,
        before=sum(before for before, _after in driving.values()),
        after=sum(after for _before, after in driving.values()),
        promises=len(promised),
        promises_broken=sum(move.promise_kept is False for move in promised),
        promises_left=sum(
            move.state == MoveState.PROPOSED and move.leaves_promise for move in moves
        ),
    )


def _moves(draft: PlanDraft) -> list[PlanMove]:
    named = ["from_technician", "to_technician", "visit"]
    order = ["order__customer", "order__site", "order__type", "order__priority"]
    return list(draft.moves.select_related(*named, *order).order_by("position"))


def _shares(moves: list[PlanMove], driving: dict[UUID, list[int]]) -> list[Share]:
    """By technician, in the order of names; theirs in the order of time. Whoever only gives work
    away comes too: their driving changes."""
    people: dict[UUID, Technician] = {}
    by_technician: dict[UUID, list[PlanMove]] = {}
    for move in moves:
        if move.to_technician is not None:
            people[move.to_technician.pk] = move.to_technician
            by_technician.setdefault(move.to_technician.pk, []).append(move)
        if move.from_technician is not None:
            people[move.from_technician.pk] = move.from_technician
    return [
        Share(
            one,
            sorted(by_technician.get(one.pk, []), key=lambda move: (move.to_start, move.position)),
            *driving.get(one.pk, (None, None)),
        )
        for one in sorted(people.values(), key=lambda one: (one.name_sort, one.pk))
    ]
