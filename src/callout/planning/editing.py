"""An order edited, and planned or moved in the same breath: what a program sends as one change."""

from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel.actor import Actor
from callout.kernel.change import row_lock, service
from callout.kernel.errors import Invalid
from callout.orders import policy, services
from callout.orders.fields import OrderValues
from callout.orders.lifecycle import Stage
from callout.orders.models import Assignment, Visit
from callout.orders.services.booking import technicians_lock, visit_helpers
from callout.planning.services import order_act


class PlanValues(TypedDict, total=False):
    """The part of an edit that is the plan's."""

    technician_id: UUID | None
    helper_ids: list[UUID]
    vehicle_id: UUID | None
    start: Any
    allow_overlap: bool


class WaitingValues(TypedDict, total=False):
    waiting_for: str
    waiting_until: Any
    waiting_note: str


@service
def order_edit(
    *,
    actor: Actor,
    order_id: UUID,
    version: int,
    plan: PlanValues,
    waiting: WaitingValues,
    **values: Unpack[OrderValues],
) -> None:
    """Change fields of an order, and its plan: in New a technician plans it, and without one start
    and vehicle are the wish and the proposal; once planned, the current visit is re-planned."""
    policy.manager_required(actor)
    _technicians_locked(order_id, plan)
    order = row_lock(policy.orders_visible(actor), order_id, version)
    is_new = order.stage == Stage.NEW
    if is_new and not plan.get("technician_id"):
        values = values | _as_wish(plan)
        plan = {}
    elif order.visit is not None:
        plan = _what_differs(plan, order.visit)
    if values:
        services.order_update(actor=actor, order_id=order_id, version=version, **values)
    if waiting:
        services.order_wait(
            actor=actor,
            order_id=order_id,
            waiting_for=waiting.get("waiting_for", order.waiting_for),
            waiting_until=waiting.get("waiting_until", order.waiting_until),
            waiting_note=waiting.get("waiting_note", order.waiting_note),
        )
    if plan:
        command = _command(plan, values.get("duration_minutes"))
        action = "plan" if is_new else "replan"
        order_act(actor=actor, order_id=order_id, action=action, command=command)


def _technicians_locked(order_id: UUID, plan: PlanValues) -> None:
    """Technicians before the order, as every planning service does: see orders/booking."""
    if not plan:
        return
    open_ones = Assignment.objects.filter(visit__order=order_id, is_open=True)
    ids = {*open_ones.values_list("technician_id", flat=True), *plan.get("helper_ids", [])}
    technician_id = plan.get("technician_id")
    technicians_lock([*ids, *([technician_id] if technician_id else [])])


def _what_differs(plan: PlanValues, visit: Visit) -> PlanValues:
    """The values that are not the visit's already: who sends all fields back moves nothing."""
    same: PlanValues = {
        "technician_id": visit.technician_id,
        "helper_ids": visit_helpers(visit),
        "vehicle_id": visit.vehicle_id,
        "start": visit.start,
        "allow_overlap": visit.allow_overlap,
    }
    differing: PlanValues = {}
    for name, value in plan.items():
        if name == "helper_ids" and set(plan["helper_ids"]) == set(same["helper_ids"]):
            continue
        if value != same.get(name):
            differing |= {name: value}  # type: ignore[misc]  # a name of the same type
    return differing


def _as_wish(plan: PlanValues) -> OrderValues:
    if plan.get("helper_ids"):
        raise Invalid({"helper_ids": [_("Choose who answers for the visit first.")]})
    wish = OrderValues()
    if "start" in plan:
        wish["wish_start"] = plan["start"]
    if "vehicle_id" in plan:
        wish["proposed_vehicle_id"] = plan["vehicle_id"]
    return wish


def _command(plan: PlanValues, duration_minutes: int | None) -> services.Command:
    for name in ("technician_id", "vehicle_id", "start"):
        if name in plan and plan.get(name) is None:
            words = _("It is replaced by another one; the action unplan takes the plan away.")
            raise Invalid({name: [words]})
    helpers = plan.get("helper_ids")
    return services.Command(
        technician_id=plan.get("technician_id"),
        helper_ids=None if helpers is None else tuple(helpers),
        vehicle_id=plan.get("vehicle_id"),
        start=plan.get("start"),
        duration_minutes=duration_minutes,
        allow_overlap=plan.get("allow_overlap", False),
    )


@service
def visit_edit(
    *,
    actor: Actor,
    order_id: UUID,
    visit_id: UUID,
    version: int,
    promise_from: datetime | None = None,
    promise_to: datetime | None = None,
    pinned: bool | None = None,
) -> None:
    """Promise the customer an arrival, pin the visit or free it: one change for both."""
    policy.manager_required(actor)
    row_lock(policy.orders_visible(actor), order_id, version)
    if promise_from and promise_to:
        services.visit_promise(
            actor=actor,
            order_id=order_id,
            visit_id=visit_id,
            promise_from=promise_from,
            promise_to=promise_to,
        )
    if pinned is not None:
        services.visit_pin(actor=actor, order_id=order_id, visit_id=visit_id, pinned=pinned)
