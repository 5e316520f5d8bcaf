"""What each field of an order takes."""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, TypedDict
from uuid import UUID

from django.utils.translation import gettext as _

from callout.customers.fields import PHONE
from callout.kernel.checks import Check, Wrong, choice, day, id_or_none, id_required, moment, text
from callout.orders.models import Channel, Charge, Priority, Waiting

DESCRIPTION = 20_000
SHORTEST, LONGEST = 5, 1440  # minutes


class OrderValues(TypedDict, total=False):
    """What an order is written with. Ids of what it points at; times aware; `priority` a code."""

    customer_id: UUID
    site_id: UUID | None
    asset_id: UUID | None
    more_asset_ids: list[UUID]
    contact_id: UUID | None
    type_id: UUID
    priority: str
    description: str
    duration_minutes: int
    received_at: datetime
    channel: str
    caller_name: str
    caller_phone: str
    customer_reference: str
    charge: str
    follow_up_of_id: UUID | None
    wish_not_before: datetime | None
    wish_due: datetime | None
    wish_from: time | None
    wish_to: time | None
    wish_start: datetime | None
    proposed_vehicle_id: UUID | None


def moment_or_none(value: Any) -> datetime | None:
    """An aware time, or None."""
    return None if value in (None, "") else moment(value)


def hour_or_none(value: Any) -> time | None:
    """A time of the day (or its text, 16:00), or None."""
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            raise Wrong(_("Type a time like 16:00.")) from None
    if not isinstance(value, time) or value.tzinfo is not None:
        raise Wrong(_("Type a time like 16:00."))
    return value


def minutes(value: Any) -> int:
    """A duration in whole minutes, from 5 to 1,440."""
    if isinstance(value, bool) or not isinstance(value, int) or not SHORTEST <= value <= LONGEST:
        raise Wrong(_("A duration is 5 minutes to 24 hours."))
    return value


def ids(value: Any) -> list[UUID]:
    """A list of ids, each once, at most 100."""
    if not isinstance(value, list | tuple) or len(value) > 100:
        raise Wrong(_("Choose at most 100 of the list."))
    return list(dict.fromkeys(id_required(one) for one in value))


ORDER: dict[str, Check] = {
    "customer_id": id_required,
    "site_id": id_or_none,
    "asset_id": id_or_none,
    "more_asset_ids": ids,
    "contact_id": id_or_none,
    "type_id": id_required,
    "priority": choice(list(Priority.CODES.values())),
    "description": text(DESCRIPTION, lines=True),
    "duration_minutes": minutes,
    "received_at": moment,
    "channel": choice(Channel.values),
    "caller_name": text(120),
    "caller_phone": PHONE,
    "customer_reference": text(80),
    "charge": choice(Charge.values),
    "follow_up_of_id": id_or_none,
    "wish_not_before": moment_or_none,
    "wish_due": moment_or_none,
    "wish_from": hour_or_none,
    "wish_to": hour_or_none,
    "wish_start": moment_or_none,
    "proposed_vehicle_id": id_or_none,
}
WAITING: dict[str, Callable[[Any], Any]] = {
    "waiting_for": choice(Waiting.values, blank=True),
    "waiting_until": day(),
    "waiting_note": text(200),
}
