"""How the response target of an order stands, for list, Kanban, order page and pile."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from callout.orders.lifecycle import Stage
from callout.orders.selectors.late import target_counts
from callout.orders.selectors.when import When

Tone = Literal["", "soon", "late"]


@dataclass(frozen=True, slots=True)
class Countdown:
    """`words` are "2 h left" or "1 h overdue", and `full` names the target; `due` is when. Of what
    is planned: by how much it misses the target, which does not change by itself."""

    words: str
    due: datetime
    tone: Tone
    when: When = field(compare=False)
    planned: bool = False

    @property
    def full(self) -> str:
        """Made where it is shown: the pile has a thousand of them and shows none."""
        said = {"time": self.when.full(self.due)}
        if self.planned:
            return _("Planned for later than the response target: %(time)s") % said
        return _("Response target: %(time)s") % said


def countdown(
    when: When,
    target: datetime | None,
    *,
    stage: str,
    status: str | None,
    start: datetime | None,
    waits: bool,
) -> Countdown | None:
    """None where the target does not matter now: see `late.target_counts`."""
    counts = target_counts(target, when.now, stage=stage, status=status, start=start, waits=waits)
    if target is None or not counts:
        return None
    if stage != Stage.NEW and start is not None:
        words = when.after_target(max(start, when.now) - target)
        return Countdown(words, target, "soon", when, planned=True)
    if target < when.now:
        tone: Tone = "late"
    else:
        tone = "soon" if when.is_at_risk(target) else ""
    return Countdown(when.left(target), target, tone, when)
