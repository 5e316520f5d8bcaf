"""How an order stands with the office: it waits for something, or it has been checked."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.change import fields_set, row_lock, row_save, service
from callout.kernel.checks import cleaned
from callout.kernel.errors import Invalid, Refused
from callout.orders import policy
from callout.orders.fields import WAITING
from callout.orders.lifecycle import Stage
from callout.orders.models import ServiceOrder
from callout.orders.services.intake import order_record


@service
def order_wait(
    *,
    actor: Actor,
    order_id: UUID,
    version: int | None = None,
    waiting_for: str = "",
    waiting_until: date | None = None,
    waiting_note: str = "",
) -> ServiceOrder:
    """Say what an order in New waits for, and until when ("" takes it back to the pile)."""
    policy.manager_required(actor)
    clean = cleaned(
        WAITING,
        {
            "waiting_for": waiting_for,
            "waiting_until": waiting_until,
            "waiting_note": waiting_note,
        },
    )
    order = row_lock(policy.orders_visible(actor), order_id, version)
    if order.stage != Stage.NEW:
        raise Refused(_("Only an order in New can wait. Unplan it first."), code="not_new")
    if clean["waiting_for"] and clean["waiting_until"] is None:
        raise Invalid({"waiting_until": [_("Choose the date when it comes back.")]})
    if not clean["waiting_for"]:
        clean = {"waiting_for": "", "waiting_until": None, "waiting_note": ""}
    changed = fields_set(order, clean)
    if changed:
        row_save(order, changed)
        order_record(actor, order, "wait" if order.waiting_for else "wait_end", changed)
    return order


@service
def order_check(*, actor: Actor, order_id: UUID, version: int | None = None) -> ServiceOrder:
    """Mark a completed order as checked: nothing of it changes until it is unchecked."""
    return _checked_set(actor, order_id, version, True)


@service
def order_uncheck(*, actor: Actor, order_id: UUID, version: int | None = None) -> ServiceOrder:
    """Take the checked mark back."""
    return _checked_set(actor, order_id, version, False)


def _checked_set(actor: Actor, order_id: UUID, version: int | None, checked: bool) -> ServiceOrder:
    policy.manager_required(actor)
    order = row_lock(policy.orders_visible(actor), order_id, version)
    if order.stage != Stage.COMPLETED:
        raise Refused(_("Only a completed order can be checked."), code="not_completed")
    if bool(order.checked_at) == checked:
        words = _("It is checked already.") if checked else _("It is not checked.")
        raise Refused(words, code="checked" if checked else "not_checked")
    order.checked_at = clock.now() if checked else None
    order.checked_by_id = actor.user_id if checked else None
    row_save(order, ["checked_at", "checked_by"])
    order_record(actor, order, "check" if checked else "uncheck", [])
    return order
