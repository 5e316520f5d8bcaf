"""Orders that somebody chose from a list, and what could not be done with each of them now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.orders import policy
from callout.orders.lifecycle import ACTIONS, Stage, Status, allows
from callout.orders.numbers import order_number
from callout.orders.services.several import Seen, count_check
from callout.orders.words import action_label, not_open_words

Wanted = Literal["cancel", "priority", "assign"]


@dataclass(frozen=True, slots=True)
class Selected:
    """One of them, as it is now. `refusal`: why it would stay as it is, "" where it would not."""

    id: UUID
    number: str  # "" for what is not there
    customer: str
    town: str
    status: str  # technician status, or new
    version: int  # the one that was seen
    refusal: str
    planned: bool = False


def orders_selected(*, actor: Actor, seen: Sequence[Seen], wanted: Wanted) -> list[Selected]:
    """All of them, in the order in which they were chosen. For managers; Invalid for too many."""
    policy.manager_required(actor)
    count_check(seen)
    columns = ("number", "customer__name", "site__town", "technician_status", "version", "stage",
               "checked_at")  # fmt: skip
    rows = policy.orders_visible(actor).filter(pk__in=[one.order_id for one in seen])
    found = {row.pk: row for row in rows.values_list("pk", *columns, named=True)}
    return [_selected(one, found.get(one.order_id), wanted) for one in seen]


def _selected(one: Seen, row: Any, wanted: Wanted) -> Selected:
    if row is None:
        return Selected(one.order_id, "", "", "", "new", one.version, NotFound().message)
    return Selected(
        id=one.order_id,
        number=order_number(row.number),
        customer=row.customer__name,
        town=row.site__town,
        status=row.technician_status or "new",
        version=one.version,
        refusal=_refusal(one, row, wanted),
        planned=row.stage == Stage.PLANNED.value,
    )


def _refusal(one: Seen, row: Any, wanted: Wanted) -> str:
    if row.version != one.version:
        return _("It was changed meanwhile.")
    if wanted == "priority":
        checked = _("This order is checked. Uncheck it before changing it.")
        return checked if row.checked_at else ""
    status = Status(row.technician_status) if row.technician_status else None
    action: str = wanted
    pressed = action_label("cancel")
    if wanted == "assign":
        action = "plan" if row.stage == Stage.NEW.value else "replan"
        pressed = _("Assign")
    open_now = allows(ACTIONS[action], status, {"manager"})
    return "" if open_now else not_open_words(pressed, row.technician_status)
