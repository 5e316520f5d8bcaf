"""The New order form sent: read strictly, written by one service, refusals beside their fields."""

from datetime import date, time
from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers.services import site_link
from callout.kernel.actor import Actor
from callout.kernel.errors import Invalid
from callout.orders.fields import OrderValues
from callout.orders.numbers import order_number
from callout.orders.services import Command
from callout.planning.intake_selectors import place_shown
from callout.planning.services import order_create_and_plan
from callout.web.office.new_order import typed
from callout.web.office.new_order.typed import Fields, Reader

# Where a service's word about a field belongs in the form.
BESIDE = {
    "site_id": "location",
    "asset_id": "location",
    "duration_minutes": "duration",
    "proposed_vehicle_id": "vehicle_id",
    "wish_start": "date",
    "occurred_at": "date",
}
STEP_TWO = {
    "technician_id", "date", "start", "duration", "vehicle_id", "description",
    "wish_not_before", "wish_due", "wish_from", "wish_to",
}  # fmt: skip


def first_step_check(fields: Fields) -> None:
    """Invalid with what step 1 still misses."""
    wrong = {}
    if not fields.get("customer_id"):
        wrong["customer_id"] = [_("Choose the customer, or create it.")]
    elif not fields.get("location"):
        wrong["location"] = [_("Choose where the work is: a site or an asset.")]
    if not fields.get("type_id"):
        wrong["type_id"] = [_("Choose the type.")]
    if wrong:
        raise Invalid(wrong)


def order_save(actor: Actor, fields: Fields, *, with_technician: bool) -> dict[str, Any]:
    """Write the order, and the plan when a technician is wanted; what the toast says of it.

    Runs inside `once`, so the link of the site and the order are one change.
    """
    first_step_check(fields)
    values, command = read(fields, with_technician=with_technician)
    if fields.get("link_site") and values.get("customer_id"):
        _link(actor, values)
    order = order_create_and_plan(actor=actor, command=command, **values)
    return {
        "id": str(order.pk),
        "number": order_number(order.number),
        "start": order.start.isoformat() if order.start else "",
        "stage": order.stage,
    }


def _link(actor: Actor, values: OrderValues) -> None:
    place = place_shown(
        actor=actor,
        customer_id=values.get("customer_id"),
        site_id=values.get("site_id"),
        asset_id=values.get("asset_id"),
    )
    if place.site_id is not None and place.customer is not None and not place.linked:
        site_link(actor=actor, site_id=place.site_id, customer_id=values["customer_id"])


def read(fields: Fields, *, with_technician: bool) -> tuple[OrderValues, Command]:
    """The order's values and the plan. Invalid with every field that cannot be read."""
    reader = Reader(fields)
    values = _values(reader)
    on, clock_time = reader.get("date", typed.day), reader.get("start", typed.hour)
    technician_id = reader.get("technician_id", typed.identity) if with_technician else None
    minutes, vehicle_id = values.get("duration_minutes"), reader.get("vehicle_id", typed.identity)
    _plan_check(reader, on, clock_time, with_technician, technician_id)
    reader.check()
    if not with_technician and on and not clock_time and not values["wish_not_before"]:
        # A day without an hour is a wish for that day.
        values["wish_not_before"] = typed.day_start(on)
        values["wish_due"] = values["wish_due"] or typed.day_end(on)
    return values, Command(
        technician_id=technician_id,
        vehicle_id=vehicle_id,
        start=typed.moment(on, clock_time),
        duration_minutes=minutes,
    )


def _values(reader: Reader) -> OrderValues:
    site_id, asset_id = reader.get("location", typed.location) or (None, None)
    values: dict[str, Any] = {
        "site_id": site_id,
        "asset_id": asset_id,
        "wish_not_before": typed.day_start(reader.get("wish_not_before", typed.day)),
        "wish_due": typed.day_end(reader.get("wish_due", typed.day)),
        "wish_from": reader.get("wish_from", typed.hour),
        "wish_to": reader.get("wish_to", typed.hour),
    }
    for name in ("customer_id", "contact_id", "type_id", "follow_up_of_id"):
        values[name] = reader.get(name, typed.identity)
    for name in ("description", "caller_name", "caller_phone", "customer_reference"):
        values[name] = reader.fields.get(name, "")
    values["more_asset_ids"] = reader.get(typed.SEVERAL, typed.identities) or []
    received_at = reader.get("received_at", typed.wall_clock)
    if received_at is not None:
        values["received_at"] = received_at
    for name in ("priority", "channel", "charge"):
        if reader.fields.get(name):
            values[name] = reader.fields[name]
    minutes = reader.get("duration", typed.duration)
    if minutes is not None:
        values["duration_minutes"] = minutes
    return cast(OrderValues, values)


def _plan_check(
    reader: Reader,
    on: date | None,
    clock_time: time | None,
    with_technician: bool,
    technician_id: UUID | None,
) -> None:
    """What no field can say alone: an hour has its day, and a plan somebody who goes."""
    if clock_time and not on:
        reader.wrong.setdefault("date", [_("Choose the day too.")])
    if not with_technician:
        return
    if technician_id is None:
        words = _("Choose a technician, or save without one.")
        reader.wrong.setdefault("technician_id", [words])
    elif on and not clock_time:
        reader.wrong.setdefault("start", [_("Choose the hour too.")])


def beside(error: Invalid) -> dict[str, list[str]]:
    """The words of a service, each beside the field of the form that it is about."""
    return {BESIDE.get(name, name): words for name, words in error.fields.items()}


def step_of(errors: dict[str, list[str]], step: int) -> int:
    """The step that shows the first of the errors; `step` when there is none in another."""
    names = set(errors)
    if not names or "" in names:
        return step
    return 2 if names <= STEP_TWO else 1
