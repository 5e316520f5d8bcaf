"""What dragging a card to another column means: an action of the table, by hand."""

from django.utils.translation import gettext as _

from callout.kernel.errors import Refused
from callout.orders.lifecycle import Stage, Status

REOPEN_AND_PLAN = "reopen_and_plan"


def move_meant(stage: Stage, status: Status | None, to: Stage) -> str:
    """The action that a drop means ("" for a card that stays). Refused for what makes no sense."""
    if stage is to:
        return ""
    if stage in (Stage.COMPLETED, Stage.CANCELLED):
        if to is Stage.NEW:
            return "reopen"
        if to is Stage.PLANNED:
            return REOPEN_AND_PLAN
        raise Refused(_("The order has ended. Reopen it first."), code="move_makes_no_sense")
    if to is Stage.PLANNED:
        return "plan"
    if to is Stage.COMPLETED:
        return "complete"
    if to is Stage.CANCELLED:
        return "cancel"
    if status is Status.PLANNED:
        return "unplan"
    raise Refused(
        _("The technician is under way. Turn back first, or use “Not finished”."),
        code="move_makes_no_sense",
    )


def given_meant(stage: Stage, status: Status | None, theirs: bool) -> str:
    """The action that a drop on somebody's column means; `theirs`: it is planned for them already.

    Refused for a visit that is under way: who is there has it in hand.
    """
    if stage is Stage.NEW:
        return "plan"
    if stage is not Stage.PLANNED:
        return REOPEN_AND_PLAN
    if theirs:
        return ""
    if status is Status.PLANNED:
        return "replan"
    raise Refused(
        _("The technician is under way. Turn back first, or use “Not finished”."),
        code="move_makes_no_sense",
    )
