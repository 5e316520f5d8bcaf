"""How the response target of an order stands, for list, Kanban, order page and pile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from callout.orders.lifecycle import Stage
from callout.orders.selectors.narrow import NOT_THERE
from callout.orders.selectors.when import When

Tone = Literal["", "soon", "late"]


@dataclass(frozen=True, slots=True)
class Countdown:
    """`words` are "2 h left" or "1 h overdue", and `full` names the target; `due` is when."""

    words: str
    due: datetime
    tone: Tone
    when: When

    @property
    def full(self) -> str:
        """Made where it is shown: the pile has a thousand of them and shows none."""
        return _("Response target: %(time)s") % {"time": self.when.full(self.due)}


def countdown(
    when: When,
    due: datetime | None,
    *,
    stage: str,
    status: str | None,
    start: datetime | None,
    waits: bool,
) -> Countdown | None:
    """Of what is to plan and does not wait, and of what is planned and will miss its target, or
    has; None of all else. `start` is the slot's, where the reader may know it."""
    if due is None or waits:
        return None
    if stage != Stage.NEW and not _misses(when, due, status, start):
        return None
    if due <= when.now:
        tone: Tone = "late"
    else:
        tone = "soon" if when.is_at_risk(due) else ""
    return Countdown(when.left(due), due, tone, when)


def _misses(when: When, due: datetime, status: str | None, start: datetime | None) -> bool:
    """Planned for later than that, or late for a slot that would have met it."""
    if status not in NOT_THERE or start is None:
        return False
    return start > due or max(start, due) < when.now
