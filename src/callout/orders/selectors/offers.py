"""The actions of the table as an order's page offers them: open now, or greyed with the reason."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.orders import policy
from callout.orders.lifecycle import (
    ACTIONS,
    ENDED,
    NEXT_SENSIBLE,
    UNDER_WAY,
    Action,
    Status,
    allows,
)
from callout.orders.selectors.seen import OrderSeen
from callout.orders.selectors.visits import VisitSeen
from callout.orders.services.undo import undo_refusal
from callout.orders.words import action_label

OF_THE_ORDER = {"plan", "plan_another", "undo", "reopen"}  # rather than of one of its visits


@dataclass(frozen=True, slots=True)
class Offer:
    """One action. `leads_to` is the status that gives the button its colour; `why` greys it."""

    code: str
    label: str
    leads_to: str
    next: bool  # the one sensible action now
    why: str

    @property
    def open(self) -> bool:
        return not self.why


def offers_of(actor: Actor, order: OrderSeen, last: Any) -> dict[str, Offer]:
    """Every action of the table in its order, for the order's current visit.

    `last`: the newest entry of the order's timeline, which Undo would take back, as
    selectors/detail.py reads it; None for none.
    """
    status = Status(order.technician_status) if order.technician_status else None
    roles = policy.roles_on(actor, order.technician_id)
    found = {}
    for code, action in ACTIONS.items():
        if code == "undo":
            why = undo_refusal(actor, last, order, built_on=last is not None and last.built_on)
        elif code == "reopen" and order.checked_at:
            why = _("This order is checked. Uncheck it first.")
        elif allows(action, status, roles):
            why = ""
        elif not action.roles & roles:
            why = _("Only the office may do this.")
        else:
            why = why_not(action, status)
        leads_to = action.to if isinstance(action.to, Status) else ""
        found[code] = Offer(
            code, action_label(code), str(leads_to), code == NEXT_SENSIBLE[status] and not why, why
        )
    return found


def visit_offers(actor: Actor, visit: VisitSeen, current: VisitSeen | None) -> list[Offer]:
    """What the table opens for an open visit that is not the order's current one, in its order.

    While the current one is under way nobody can be on this one too: that stands greyed.
    """
    busy = current is not None and current.is_open and current.status != Status.PLANNED
    roles = policy.roles_on(actor, visit.technician_id)
    status = Status(visit.status)
    found = []
    for code, action in ACTIONS.items():
        if code in OF_THE_ORDER or not (visit.is_open and allows(action, status, roles)):
            continue
        leads_to = action.to if isinstance(action.to, Status) else ""
        why = ""
        if busy and (leads_to in UNDER_WAY or leads_to == Status.BREAK):
            why = _("Another visit of this order is under way.")
        found.append(Offer(code, action_label(code), str(leads_to), False, why))
    return found


def why_not(action: Action, status: Status | None) -> str:
    """Why a status does not allow an action, in words that say what does."""
    if action.code == "reopen":
        return _("Only an order that has ended is reopened.")
    if status in ENDED:
        return _("The order has ended. Reopen it first.")
    if status is None:
        return _("Nobody is planned yet. Plan it first.")
    return _why_not_open(action.code, status)


def _why_not_open(code: str, status: Status) -> str:
    if code == "plan":
        return _("It is planned already: re-plan it, or plan another visit.")
    if code in ("replan", "unplan"):
        return _("Only before the departure.")
    if code == "resume":
        return _("Only after a break.")
    if status is Status.BREAK and code in ("arrive", "start_work"):
        return _("On a break: resume first.")
    if status is Status.BREAK and code == "break":
        return _("Already on a break.")
    if code == "depart":
        return _("Already on the way.")
    if code == "arrive":
        return _("Already on site.")
    if code == "start_work":
        return _("Already working.")
    if code in ("turn_back", "customer_absent") and status is not Status.PLANNED:
        return _("Work has begun: use “Not finished”.")
    return _("Nobody has left yet.")
