"""The form as the templates draw it, made of what was typed so far and nothing else."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from callout.kernel import clock
from callout.kernel.actor import Actor
from callout.kernel.errors import CalloutError, Refused
from callout.orders.models import Channel, Charge, InterventionType, Priority
from callout.orders.selectors.catalogue import priority_list, type_page
from callout.planning import intake_selectors as intake
from callout.planning.intake_selectors import PlaceShown
from callout.planning.selectors import Ask
from callout.web.office.new_order import typed
from callout.web.office.new_order.typed import Fields, lenient

Errors = Mapping[str, list[str]]
MORE = ("channel", "caller_name", "caller_phone", "contact_id", "customer_reference", "charge")


def place_of(actor: Actor, fields: Fields) -> PlaceShown:
    """For whom and where, as far as chosen."""
    site_id, asset_id = lenient(typed.location, fields.get("location", "")) or (None, None)
    return intake.place_shown(
        actor=actor,
        customer_id=lenient(typed.identity, fields.get("customer_id", "")),
        site_id=site_id,
        asset_id=asset_id,
        contact_id=lenient(typed.identity, fields.get("contact_id", "")),
    )


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
        "more_open": any(errors.get(name) for name in MORE) or bool(follow_up),
    }


def _chosen_type(types: list[InterventionType], fields: Fields) -> InterventionType | None:
    chosen = fields.get("type_id", "")
    return next((t for t in types if str(t.pk) == chosen), types[0] if types else None)


def _priority(row: Priority) -> dict[str, str]:
    icon = {"high": "chevron-up", "urgent": "chevrons-up"}.get(row.code, "")
    return {"value": row.code, "label": row.label, "icon": icon}


def _hint(row: Priority) -> dict[str, str]:
    if not row.response_hours:
        return {"code": row.code, "words": ""}
    words = {"label": row.label, "hours": row.response_hours}
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


def minutes_of(fields: Fields, kind: InterventionType | None) -> int:
    """The duration typed, else the type's own."""
    proposed = kind.duration_minutes if kind else 60
    if fields.get("duration", "") in ("", fields.get("duration_auto", "")):
        return proposed
    given = lenient(typed.duration, fields.get("duration", ""))
    return given if given and 5 <= given <= 1440 else proposed


def ask_of(
    actor: Actor, fields: Fields, place: PlaceShown, kind: InterventionType | None
) -> Ask | None:
    """The question for a slot; None while no place is chosen."""
    if place.site_id is None:
        return None
    priority = fields.get("priority") or "normal"
    hours = {row.code: row.response_hours for row in priority_list(actor=actor)}.get(priority)
    return Ask(
        site_id=place.site_id,
        duration_minutes=minutes_of(fields, kind),
        type_id=kind.pk if kind else None,
        wish_not_before=typed.day_start(lenient(typed.day, fields.get("wish_not_before", ""))),
        wish_due=typed.day_end(lenient(typed.day, fields.get("wish_due", ""))),
        wish_from=lenient(typed.hour, fields.get("wish_from", "")),
        wish_to=lenient(typed.hour, fields.get("wish_to", "")),
        due_at=clock.now() + timedelta(hours=hours) if hours else None,
    )


def plan(
    actor: Actor, fields: Fields, place: PlaceShown, kind: InterventionType | None
) -> dict[str, Any]:
    """Step 2's upper part: who, when, with which vehicle; what was not typed is proposed."""
    ask = ask_of(actor, fields, place, kind)
    if ask is None:
        return {"fields": dict(fields), "suggestions": [], "cautions": []}
    picked = lenient(typed.identity, fields.get("pick", ""))
    technician_id = picked or lenient(typed.identity, fields.get("technician_id", ""))
    technician = intake.technician_shown(actor=actor, technician_id=technician_id)
    suggestions, aside = intake.who_shown(
        actor=actor, ask=ask, chosen_id=technician.pk if technician else None
    )
    filled = dict(fields)
    filled["duration"] = filled["duration_auto"] = ""
    words = typed.duration_words(ask.duration_minutes)
    filled["duration"] = words if _own(fields, "duration") is None else fields["duration"]
    filled["duration_auto"] = words
    context: dict[str, Any] = {
        "suggestions": suggestions,
        "aside": aside,
        "technician": technician,
        "cautions": [],
    }
    if technician is not None:
        filled["technician_id"] = str(technician.pk)
        context |= _slot(actor, filled, technician.pk, ask, fresh=picked is not None)
    else:
        _proposal_dropped(filled)
    _vehicle(filled, str(technician.vehicle_id or "") if technician else "")
    context["vehicle"] = intake.vehicle_shown(
        actor=actor, vehicle_id=lenient(typed.identity, filled.get("vehicle_id", ""))
    )
    context["vehicle_own"] = bool(technician) and filled["vehicle_auto"] == filled["vehicle_id"]
    return context | {"fields": filled}


def _own(fields: Fields, name: str) -> str | None:
    """What the person typed themselves; None for a proposal left alone, or nothing."""
    value = fields.get(name, "")
    return None if value in ("", fields.get(f"{name}_auto", "")) else value


def _slot(
    actor: Actor, filled: dict[str, str], technician_id: UUID, ask: Ask, *, fresh: bool
) -> dict[str, Any]:
    """The first free slot in the fields of date and start, unless somebody typed their own."""
    typed_day, typed_hour = _own(filled, "date"), _own(filled, "start")
    if not fresh and (typed_hour or (typed_day and not filled.get("date_auto"))):
        return {"cautions": judged(actor, filled, technician_id, ask), "skip": 0}
    skip = int(filled["skip"]) if filled.get("skip", "").isdecimal() else 0
    skip = 0 if fresh else min(skip, 200)
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
        if _own(filled, name) is None:
            filled[name] = ""
        filled[f"{name}_auto"] = ""


def judged(actor: Actor, fields: Fields, technician_id: UUID | None, ask: Ask) -> list[str]:
    """What speaks against the slot that stands in the fields."""
    start = typed.moment(
        lenient(typed.day, fields.get("date", "")), lenient(typed.hour, fields.get("start", ""))
    )
    if technician_id is None or start is None:
        return []
    try:
        return intake.slot_judged(actor=actor, technician_id=technician_id, start=start, ask=ask)
    except CalloutError as error:
        return [error.message]


def _vehicle(filled: dict[str, str], own: str) -> None:
    """The technician's own vehicle, unless another was chosen."""
    if _own(filled, "vehicle_id") is None:
        filled["vehicle_id"] = own
    filled["vehicle_auto"] = own


def kept(actor: Actor, fields: Fields) -> dict[str, Any]:
    """Step 2's fields as they were left, while step 1 is shown."""
    read = typed.identity
    technician_id = lenient(read, fields.get("technician_id", ""))
    vehicle_id = lenient(read, fields.get("vehicle_id", ""))
    return {
        "technician": intake.technician_shown(actor=actor, technician_id=technician_id),
        "vehicle": intake.vehicle_shown(actor=actor, vehicle_id=vehicle_id),
    }


def summary(place: PlaceShown, kind: InterventionType | None) -> dict[str, str]:
    """Step 1 in two lines, over step 2."""
    parts = [place.asset, kind.name if kind else ""]
    return {
        "customer": place.customer.text if place.customer else "",
        "address": place.address,
        "rest": " · ".join(part for part in parts if part),
    }
