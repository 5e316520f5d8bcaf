"""Where a tap belongs among those that stand, by when it truly happened. Pure, no database.

The rule, measured against all others: an entry goes where its time says, if it unseats nothing
that is placed; what only says what holds already is the same; and where the office has pressed the
same button for the technician, the technician's own tap takes that entry's place.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from callout.orders.lifecycle import ACTIONS, Verdict, fold
from callout.orders.models import TimelineEntry


class Where(StrEnum):
    NEW = "new"  # an entry of its own
    INSTEAD = "instead"  # it takes the place of `entry`, which the office made
    SAME = "same"  # `entry` has said it
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Place:
    where: Where
    entry: TimelineEntry | None = None


def by_time(steps: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """By true time; of two at once the one written first, and what is not written yet last."""
    return sorted(steps, key=lambda step: (step.at, step.pk is None, step.pk or 0))


def place(
    steps: Sequence[TimelineEntry], new: TimelineEntry, stands_in: Callable[[TimelineEntry], bool]
) -> Place:
    """Where `new` belongs among the standing `steps` of its visit.

    `stands_in` says of a step of the same action whether the office made it for the technician.
    """
    trial = _verdicts([*steps, new])
    unseated = _unseated(steps, trial)
    if trial[id(new)] is Verdict.MOVES and not unseated:
        return Place(Where.NEW)
    same_action = [step for step in steps if step.action == new.action]
    for stand_in in sorted(same_action, key=lambda step: abs(step.at - new.at)):
        if stands_in(stand_in):
            others = [step for step in steps if step is not stand_in]
            instead = _verdicts([*others, new])
            if instead[id(new)] is Verdict.MOVES and not _unseated(steps, instead, stand_in):
                return Place(Where.INSTEAD, stand_in)
    # A break is told before its end: until that comes, what the office pressed meanwhile waits.
    waits = all(stands_in(step) for step in unseated)
    if new.action == "break" and trial[id(new)] is Verdict.MOVES and waits:
        return Place(Where.NEW)
    if trial[id(new)] is Verdict.SAME and not unseated:
        return Place(Where.SAME, _said_by(by_time([*steps, new]), new, trial))
    # Tapped on two phones: the one that came first has said it, though it was tapped second.
    twins = [step for step in unseated if step.action == new.action]
    if twins == unseated and [trial[id(step)] for step in twins] == [Verdict.SAME]:
        return Place(Where.SAME, twins[0])
    return Place(Where.NOWHERE)


def _verdicts(steps: Iterable[TimelineEntry]) -> dict[int, Verdict]:
    ordered = by_time(steps)
    folded = fold(step.action for step in ordered)
    return {id(step): one for step, one in zip(ordered, folded.verdicts, strict=True)}


def _unseated(
    steps: Sequence[TimelineEntry], then: dict[int, Verdict], but: TimelineEntry | None = None
) -> list[TimelineEntry]:
    """What moved the visit and would not any more."""
    now = _verdicts(steps)
    return [
        step
        for step in steps
        if step is not but
        and now[id(step)] is Verdict.MOVES
        and then[id(step)] is not Verdict.MOVES
    ]


def _said_by(
    ordered: list[TimelineEntry], new: TimelineEntry, verdicts: dict[int, Verdict]
) -> TimelineEntry | None:
    """The last step before `new` that moved the visit; none where it was planned so."""
    earlier = ordered[: next(n for n, step in enumerate(ordered) if step is new)]
    moved = [step for step in earlier if verdicts[id(step)] is Verdict.MOVES]
    return moved[-1] if moved else None


def closing_of(steps: Iterable[TimelineEntry]) -> TimelineEntry | None:
    """The step that ended the visit, if it ended by one of its own."""
    return next((step for step in by_time(steps) if ACTIONS[step.action].closes), None)
