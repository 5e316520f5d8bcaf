"""The form as the templates draw it, made of what was typed so far and nothing else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Refused
from callout.orders.models import Channel, Charge, InterventionType, Priority
from callout.orders.priorities import priority_label
from callout.orders.selectors.catalogue import priority_list, target_of, type_page
from callout.planning import intake_selectors as intake
from callout.planning.ask import Ask
from callout.planning.intake_selectors import PlaceShown
from callout.web.office.new_order import typed
from callout.web.office.new_order.typed import Fields, lenient
from callout.web.office.picks import pick_read, pick_value

Errors = Mapping[str, list[str]]
MORE = (
    *("channel", "received_at", "caller_name", "caller_phone"),
    *("contact_id", "customer_reference", "charge"),
)


def place_of(actor: Actor, fields: Fields, *, open_orders: bool = True) -> PlaceShown:
    """For whom and where, as far as chosen."""
    site_id, asset_id = lenient(typed.location, fields.get("location", "")) or (None, None)
    return intake.place_shown(
        actor=actor,
        customer_id=lenient(typed.identity, fields.get("customer_id", "")),
        site_id=site_id,
        asset_id=asset_id,
        contact_id=lenient(typed.identity, fields.get("contact_id", "")),
        more_asset_ids=lenient(typed.identities, fields.get(typed.SEVERAL, "")) or [],
        open_orders=open_orders,
    )


def with_only_location(actor: Actor, fields: dict[str, str]) -> dict[str, str]:
    """The fields, with the customer's site where there is just one and no other is being typed."""
    customer_id = lenient(typed.identity, fields["customer_id"])
    if customer_id is None or fields["location"] or fields["location_text"].strip():
        return fields
    only = intake.only_location(actor=actor, customer_id=customer_id)
    return fields if only is None else fields | {"location": only.value}


def what(actor: Actor, fields: Fields, errors: Errors, place: PlaceShown) -> dict[str, Any]:
    """Step 1: customer, location, type, priority, and what stands behind "more"."""
    types = type_page(actor=actor, limit=50).items
    priorities = priority_list(actor=actor)
    kind = _chosen_type(types, fields)
    follow_up = lenient(typed.identity, fields.get("follow_up_of_id", ""))
    return {
        "place": place,
        "types": [{"value": t.pk, "label": t.name, "icon": t.icon} for t in types],
        "type": kind,
        "priorities": [_priority(row) for row in priorities],
        "priority": fields.get("priority") or "normal",
        "priority_hints": [_hint(row) for row in priorities],
        "channels": [(value, _channel(value)) for value in Channel.values],
        "charges": [(value, _charge(value)) for value in Charge.values],
        "follow_up": intake.order_shown(actor=actor, order_id=follow_up),
        "more_open": any(errors.get(name) for name in MORE)
        or bool(follow_up or fields.get("received_at")),
    }


def _chosen_type(types: list[InterventionType], fields: Fields) -> InterventionType | None:
    chosen = fields.get("type_id", "")
    return next((t for t in types if str(t.pk) == chosen), types[0] if types else None)


def _priority(row: Priority) -> dict[str, str]:
    icon = {"high": "chevron-up", "urgent": "chevrons-up"}.get(row.code, "")
    return {"value": row.code, "label": priority_label(row.code), "icon": icon}


def _hint(row: Priority) -> dict[str, str]:
    if not row.response_hours:
        return {"code": row.code, "words": ""}
    words = {"label": priority_label(row.code), "hours": row.response_hours}
    if row.working_hours_only:
        return {
            "code": row.code,
            "words": _("%(label)s: answer within %(hours)s working h") % words,
        }
    return {"code": row.code, "words": _("%(label)s: answer within %(hours)s h") % words}


def _channel(value: str) -> str:
    return {
        Channel.PHONE: _("Phone"),
        Channel.EMAIL: _("Email"),
        Channel.FORM: _("Form"),
        Channel.VISIT: _("Visit"),
        Channel.INTERNAL: _("Ourselves"),
    }[Channel(value)]


def _charge(value: str) -> str:
    return {
        Charge.CHARGEABLE: _("Chargeable"),
        Charge.WARRANTY: _("Warranty"),
        Charge.CONTRACT: _("Contract"),
        Charge.GOODWILL: _("Goodwill"),
    }[Charge(value)]


def when(fields: Fields, place: PlaceShown, kind: InterventionType | None) -> dict[str, str]:
    """Step 2's fields, with the type's duration where none was typed."""
    filled = dict(fields)
    proposed = typed.duration_words(kind.duration_minutes if kind else 60)
    if own(fields, "duration") is None:
        filled["duration"] = proposed
    filled["duration_auto"] = proposed
    filled["site_id"] = str(place.site_id or "")
    return filled


def own(fields: Fields, name: str) -> str | None:
    """What the person typed themselves; None for a proposal left alone, or nothing."""
    value = fields.get(name, "")
    return None if value in ("", fields.get(f"{name}_auto", "")) else value


def ask_of(actor: Actor, fields: Fields) -> Ask | None:
    """The question for a slot; None while no place is chosen."""
    site_id = lenient(typed.identity, fields["site_id"])
    if site_id is None:
        return None
    minutes = lenient(typed.duration, fields["duration"]) or 60
    priority = fields["priority"] or "normal"
    received = lenient(typed.wall_clock, fields["received_at"]) or clock.now()
    return Ask(
        site_id=site_id,
        duration_minutes=min(max(minutes, 5), 1440),
        type_id=lenient(typed.identity, fields["type_id"]),
        wish_not_before=typed.day_start(lenient(typed.day, fields["wish_not_before"])),
        wish_due=typed.day_end(lenient(typed.day, fields["wish_due"])),
        wish_from=lenient(typed.hour, fields["wish_from"]),
        wish_to=lenient(typed.hour, fields["wish_to"]),
        due_at=target_of(actor=actor, code=priority, received_at=received),
        # The own one is proposed of whoever goes; what somebody chose is for everybody.
        vehicle_id=lenient(typed.identity, own(fields, "vehicle_id") or ""),
    )


def suggestions(actor: Actor, fields: Fields) -> dict[str, Any]:
    """Who could go, best first, and how many could come today."""
    ask = ask_of(actor, fields)
    if ask is None:
        return {"suggestions": [], "aside": ""}
    chosen = lenient(typed.identity, fields["technician_id"])
    found, aside = intake.who_shown(actor=actor, ask=ask, chosen_id=chosen)
    shown = [(pick_value(one.technician_id, one.start), one) for one in found]
    return {"suggestions": shown, "aside": aside}


def plan(actor: Actor, fields: Fields) -> dict[str, Any]:
    """Who goes, after a choice: the first free slot and the own vehicle in the fields."""
    filled = dict(fields)
    picked, start = pick_read(fields["pick"])
    technician_id = picked or lenient(typed.identity, fields["technician_id"])
    technician = intake.technician_shown(actor=actor, technician_id=technician_id)
    ask = ask_of(actor, fields)
    context: dict[str, Any] = {"fields": filled, "cautions": []}
    if technician is None or ask is None:
        _proposal_dropped(filled)
        _vehicle(filled, "", "")
        return context
    filled["technician_id"], filled["technician_text"] = str(technician.pk), technician.name
    vehicle = technician.vehicle
    _vehicle(filled, str(vehicle.pk) if vehicle else "", str(vehicle or ""))
    slot = _slot(actor, filled, technician.pk, ask, fresh=picked is not None)
    if picked and start and "slot" in slot and slot["slot"].start != start:
        # A later slot than the first free one was suggested: it is the one that was picked.
        later = intake.ask_with(ask, start)
        slot = _slot(actor, filled, technician.pk, later, fresh=True) | {"proposed": True}
    return context | slot


def _slot(
    actor: Actor, filled: dict[str, str], technician_id: UUID, ask: Ask, *, fresh: bool
) -> dict[str, Any]:
    """The first free slot in the fields of date and start, unless somebody typed their own."""
    typed_day, typed_hour = own(filled, "date"), own(filled, "start")
    if not fresh and (typed_hour or (typed_day and not filled["date_auto"])):
        return {"cautions": judged(actor, filled, ask), "skip": 0}
    skip = int(filled["skip"]) if filled["skip"].isdecimal() and len(filled["skip"]) < 4 else 0
    skip = 0 if fresh else skip
    if typed_day and not fresh:
        ask = intake.ask_with(ask, typed.day_start(lenient(typed.day, typed_day)))
    try:
        found = intake.slot_proposed(actor=actor, technician_id=technician_id, ask=ask, skip=skip)
    except Refused as error:
        return {"slot_refused": error.message, "skip": skip}
    filled["date"], filled["start"] = typed.fields_of(found.start)
    filled["date_auto"], filled["start_auto"] = filled["date"], filled["start"]
    return {"slot": found, "cautions": found.cautions, "skip": skip}


def _proposal_dropped(filled: dict[str, str]) -> None:
    """Without a technician no slot is proposed; what somebody typed stays, as the wish."""
    for name in ("date", "start"):
        if own(filled, name) is None:
            filled[name] = ""
        filled[f"{name}_auto"] = ""


def judged(actor: Actor, fields: Fields, ask: Ask | None) -> list[str]:
    """What speaks against the slot that stands in the fields."""
    technician_id = lenient(typed.identity, fields["technician_id"])
    start = typed.moment(lenient(typed.day, fields["date"]), lenient(typed.hour, fields["start"]))
    if ask is None or technician_id is None or start is None:
        return []
    try:
        return intake.slot_judged(actor=actor, technician_id=technician_id, start=start, ask=ask)
    except CalloutError as error:
        return [error.message]


def _vehicle(filled: dict[str, str], value: str, words: str) -> None:
    """The technician's own vehicle, unless another was chosen."""
    if own(filled, "vehicle_id") is None:
        filled["vehicle_id"], filled["vehicle_text"] = value, words
    filled["vehicle_id_auto"] = value


def summary(place: PlaceShown, kind: InterventionType | None) -> dict[str, str]:
    """Step 1 in two lines, over step 2."""
    parts = [place.asset, kind.name if kind else ""]
    return {
        "customer": place.customer.text if place.customer else "",
        "address": place.address,
        "rest": " · ".join(part for part in parts if part),
    }
