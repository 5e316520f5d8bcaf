"""A draft worked out, in the worker: read, think, say how far it is now and then, write once.

Nothing is locked while it thinks; what changes meanwhile is found when the draft is applied, by the
versions that the moves keep.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from callout.accounts.selectors import actor_for_user, user_signed_in
from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import row_save, rows_add, service
from callout.kernel.errors import CalloutError, Forbidden
from callout.orders.policy import manager_required
from callout.planning.drafts.making import draft_lock, recorded
from callout.planning.drafts.thinking import Worked, draft_think
from callout.planning.models import DraftState, MoveState, PlanDraft

OFTEN = 0.4  # seconds between two looks at whether it is to go on

Think = Callable[[Actor, PlanDraft], Worked]


def draft_fill(draft_id: UUID) -> None:
    """Called by the job."""

    def think(actor: Actor, draft: PlanDraft) -> Worked:
        return draft_think(actor, draft, _Progress(actor, draft).go_on)

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

    def __init__(self, actor: Actor, draft: PlanDraft) -> None:
        self.actor, self.draft = actor, draft
        self.told = time.monotonic()

    def go_on(self, steps: int) -> bool:
        """Told steps, of which each thing takes two. An order may have several visits."""
        if time.monotonic() - self.told < OFTEN:
            return True
        self.told = time.monotonic()
        done = min(steps // 2, self.draft.progress_total)
        return draft_progress(actor=self.actor, draft_id=self.draft.pk, done=done)


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
