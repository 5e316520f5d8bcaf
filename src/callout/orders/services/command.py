"""What an action is told, and what its steps hand to each other."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from callout.kernel import checks
from callout.kernel.actor import Actor
from callout.orders.lifecycle import Action, Status
from callout.orders.models import Reason, ServiceOrder, TimelineEntry, Visit
from callout.workforce.models import Technician

NOTE = checks.text(4000, lines=True)
PROMISE_FIELDS = ("promise_from", "promise_to", "promised_at", "promised_by_id")


def as_json(value: Any) -> Any:
    """As JSON: what a timeline entry keeps for Undo."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True, slots=True)
class Command:
    """What an action may be told. Each action reads what concerns it.

    `occurred_at` is when it truly happened (now by default). `other_action` ("complete" or
    "break") and `other_at` say what became of the visit that the technician is still under way
    on. `duration_minutes` is the slot's length, and for Extend how much longer it takes.
    `said_at` is what a phone's clock said, where that is another time than was settled on.
    `with_last`: one gesture with the order's last action, so that Undo takes both back.
    `leaving`: visits that the same change moves out of the way of a Plan, Re-plan or Undo; the
    database has the last word on whether it did.
    """

    visit_id: UUID | None = None
    occurred_at: datetime | None = None
    said_at: datetime | None = None
    reason_id: UUID | None = None
    note: str = ""
    technician_id: UUID | None = None
    helper_ids: tuple[UUID, ...] | None = None
    vehicle_id: UUID | None = None
    start: datetime | None = None
    duration_minutes: int | None = None
    expected_end: datetime | None = None
    allow_overlap: bool = False
    latitude: float | None = None
    longitude: float | None = None
    other_action: str = ""
    other_at: datetime | None = None
    promise_from: datetime | None = None
    promise_to: datetime | None = None
    with_last: bool = False
    leaving: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit that can be planned: checked under its technicians' locks."""

    technician_id: UUID
    helper_ids: list[UUID]
    vehicle_id: UUID | None
    start: datetime
    end: datetime


@dataclass(slots=True)
class Acting:
    """One action under way on a locked order."""

    actor: Actor
    action: Action
    command: Command
    order: ServiceOrder
    visits: list[Visit]
    visit: Visit | None  # the one acted on
    status: Status | None  # of that visit; of the order without one
    at: datetime  # when it truly happened
    technicians: dict[UUID, Technician]  # those locked
    act: Callable[..., ServiceOrder]  # order_act itself, for the visit left behind
    created: Visit | None = None
    entries: list[TimelineEntry] = field(default_factory=list)  # STEPS of the order
    hours: list[tuple[Any, ...]] | None = None  # what was DERIVED of them, if that was read
    others: list[Visit] = field(default_factory=list)  # where its technicians are under way
    reason: Reason | None = None  # the command's, if the action offers it
    plan: Plan | None = None  # where it was asked beforehand: plan_effects.plan_check
    # what happened on the visit before, by true time; None where the action is no step
    steps: list[TimelineEntry] | None = None
    changed: list[str] = field(default_factory=list)  # fields of the order to save
    minutes: int | None = None  # of Extend: how much longer
    promise: dict[str, Any] | None = None  # the visit's, as it was before it was made anew

    def __post_init__(self) -> None:
        """Whoever says it, by whichever door: the note is kept as every other text is. Invalid
        where it cannot be."""
        note = checks.checked("note", NOTE, self.command.note)
        if note != self.command.note:
            self.command = replace(self.command, note=note)

    def visit_there(self) -> Visit:
        """The visit acted on, for actions that the table never allows in New."""
        if self.visit is None:
            raise RuntimeError(
                f"{self.action.code} without a visit: the table and its effect differ"
            )
        return self.visit
