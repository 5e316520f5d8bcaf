"""What is read of optimisations, for managers. Each is a plan draft: its moves are planning's."""

from dataclasses import dataclass
from uuid import UUID

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.planning.drafts.selectors import draft_head
from callout.planning.models import DraftKind, MoveState, PlanDraft, PlanMove


@dataclass(frozen=True, slots=True)
class Optimisation:
    """A draft of routes with what is not served; its figures are as `figures.py` made them."""

    draft: PlanDraft
    unserved: list[PlanMove]


def optimisation_read(*, actor: Actor, draft_id: UUID) -> Optimisation:
    """One of them: how far it is, or what was found."""
    draft = draft_head(actor=actor, draft_id=draft_id)
    if draft.kind != DraftKind.ROUTES:
        raise NotFound
    moves = draft.moves.filter(state=MoveState.UNPLACED).select_related("order")
    return Optimisation(draft, list(moves.order_by("position")))
