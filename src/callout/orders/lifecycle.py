"""The life of a service order, as one table: who may do what from which status, and what follows.

Plain data and pure functions, no Django: buttons, API, Kanban, phone and tests are derived from
here. `None` is the technician status of an order in New, which has no current visit.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Role = Literal["manager", "technician"]


class Status(StrEnum):
    """Where the responsible technician is with a visit."""

    PLANNED = "planned"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    WORKING = "working"
    BREAK = "break"
    DONE = "done"
    CANCELLED = "cancelled"


class Stage(StrEnum):
    NEW = "new"
    PLANNED = "planned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How a visit ended. An open visit has none."""

    DONE = "done"
    CUSTOMER_ABSENT = "customer_absent"
    HANDED_BACK = "handed_back"
    UNPLANNED = "unplanned"
    CANCELLED = "cancelled"


class To(StrEnum):
    """Where an action leads when that is not one fixed status."""

    SAME = "same"
    NEXT = "next"  # the status of the next planned visit, else none
    BEFORE_BREAK = "before_break"
    BEFORE = "before"  # Undo: what was before the action undone
    NONE = "none"


P, E, S, W, B = Status.PLANNED, Status.EN_ROUTE, Status.ON_SITE, Status.WORKING, Status.BREAK
OPEN = frozenset({P, E, S, W, B})
UNDER_WAY = frozenset({E, S, W})
ENDED = frozenset({Status.DONE, Status.CANCELLED})
ANY: frozenset[Status | None] = frozenset({None, *Status})
MANAGER: frozenset[Role] = frozenset({"manager"})
BOTH: frozenset[Role] = frozenset({"manager", "technician"})


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the table.

    `sources` are the statuses of the visit it acts on; `manager_from_new` adds New for a manager.
    `closes` is the outcome that the visit ends with. `wants_reason`: a reason or a note is
    required; `takes_reason`: one may be given, from the list of reasons of that kind. `at_desk`:
    a decision with a service of its own, no button.
    """

    code: str
    roles: frozenset[Role]
    sources: frozenset[Status | None]
    to: Status | To
    closes: Outcome | None = None
    manager_from_new: bool = False
    takes_reason: str = ""
    wants_reason: bool = False
    plans: bool = False
    at_desk: bool = False


TABLE: tuple[Action, ...] = (
    Action("plan", MANAGER, frozenset({None}), P, plans=True),
    Action("plan_another", MANAGER, frozenset(OPEN), To.SAME, plans=True),
    Action("replan", MANAGER, frozenset({P}), P, plans=True),
    Action("extend", BOTH, frozenset(OPEN), To.SAME),
    Action("unplan", MANAGER, frozenset({P}), To.NEXT, Outcome.UNPLANNED),
    Action("depart", BOTH, frozenset({P, S, W, B}), E),
    Action("arrive", BOTH, frozenset({P, E}), S),
    Action("start_work", BOTH, frozenset({P, E, S}), W),
    Action("break", BOTH, frozenset({E, S, W}), B),
    Action("resume", BOTH, frozenset({B}), To.BEFORE_BREAK),
    Action("turn_back", BOTH, frozenset({E, S}), P),
    Action(
        "hand_back",
        BOTH,
        frozenset({E, S, W, B}),
        To.NEXT,
        Outcome.HANDED_BACK,
        takes_reason="hand_back",
        wants_reason=True,
    ),
    Action(
        "customer_absent",
        BOTH,
        frozenset({P, E, S}),
        To.NEXT,
        Outcome.CUSTOMER_ABSENT,
        takes_reason="absent",
    ),
    Action("complete", BOTH, frozenset(OPEN), Status.DONE, Outcome.DONE, manager_from_new=True),
    Action(
        "cancel",
        BOTH,
        frozenset(OPEN),
        Status.CANCELLED,
        Outcome.CANCELLED,
        manager_from_new=True,
        takes_reason="cancel",
        wants_reason=True,
    ),
    Action("undo", BOTH, ANY, To.BEFORE),
    Action("reopen", MANAGER, frozenset(ENDED), To.NONE),
    # The same, or Done where the manager says that it finishes the order: services/attempt.py.
    Action("apply_late_report", MANAGER, ANY, To.SAME, at_desk=True),
)
# What is pressed: every door of order_act offers these.
ACTIONS: dict[str, Action] = {action.code: action for action in TABLE if not action.at_desk}
# The one big button of each status.
NEXT_SENSIBLE: dict[Status | None, str] = {
    None: "plan",
    P: "depart",
    E: "arrive",
    S: "start_work",
    W: "complete",
    B: "resume",
    Status.DONE: "reopen",
    Status.CANCELLED: "reopen",
}
UNDO_MINUTES = 10  # how long a technician may undo


def stage_of(status: Status | None) -> Stage:
    """The stage that a technician status makes; the database computes the same in a column."""
    if status is None:
        return Stage.NEW
    if status is Status.DONE:
        return Stage.COMPLETED
    if status is Status.CANCELLED:
        return Stage.CANCELLED
    return Stage.PLANNED


def allows(action: Action, status: Status | None, roles: Collection[Role]) -> bool:
    """Whether someone with `roles` may do `action` on a visit in `status` (None: order in New).

    Says nothing of whose visit it is: that is the policy's part.
    """
    if not action.roles & set(roles):
        return False
    if status in action.sources:
        return True
    return status is None and action.manager_from_new and "manager" in roles


def status_after(
    action: Action,
    status: Status | None,
    *,
    before_break: Status | None = None,
    next_planned: Status | None = None,
) -> Status | None:
    """The order's technician status after `action`; Undo's comes from what was kept instead."""
    if isinstance(action.to, Status):
        return action.to
    if action.to is To.SAME:
        return status
    if action.to is To.BEFORE_BREAK:
        return before_break
    if action.to is To.NEXT:
        return next_planned
    if action.to is To.NONE:
        return None
    raise ValueError("what an undo leads to is kept with the action undone")


class Verdict(StrEnum):
    """What one entry is to the timeline that it stands in."""

    MOVES = "moves"
    SAME = "same"  # it says what holds already, and keeps the time of what said it first
    PASSED = "passed"  # it makes no sense there, and changes nothing


@dataclass(frozen=True, slots=True)
class Fold:
    """A visit after its timeline. One that ends otherwise than Done or Cancelled keeps its last
    status; `verdicts` and `statuses` are those of each entry, and after it."""

    status: Status
    before_break: Status | None
    outcome: Outcome | None
    verdicts: tuple[Verdict, ...]
    statuses: tuple[Status, ...]


def fold(actions: Iterable[str], status: Status = P, before_break: Status | None = None) -> Fold:
    """What a visit in `status` is after `actions`, in the order of true time.

    The phone has the same in TypeScript; frontend/tests/fold-vectors.json holds them together.
    What is undone is left out by the caller; what only the office does is passed over.
    """
    outcome: Outcome | None = None
    verdicts, statuses = [], []
    for code in actions:
        action = ACTIONS.get(code)
        verdict = _verdict(action, status, outcome)
        if action is not None and verdict is Verdict.MOVES:
            to = status_after(action, status, before_break=before_break, next_planned=status)
            if to is not status and not action.closes:
                before_break = status if to is B else None
            status, outcome = to or status, action.closes
        verdicts.append(verdict)
        statuses.append(status)
    return Fold(status, before_break, outcome, tuple(verdicts), tuple(statuses))


def _verdict(action: Action | None, status: Status, outcome: Outcome | None) -> Verdict:
    if action is None or "technician" not in action.roles or action.to is To.BEFORE:
        return Verdict.PASSED
    if action.closes and action.closes is outcome:
        return Verdict.SAME
    if outcome is not None:
        return Verdict.PASSED
    if status in action.sources:
        return Verdict.MOVES
    return Verdict.SAME if action.to is status else Verdict.PASSED
