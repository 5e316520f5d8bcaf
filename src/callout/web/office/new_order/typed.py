"""What was typed into the New order form, read field by field.

Two readers for two moments: while the form is filled in what cannot be read yet counts as empty;
when it is saved it is an error beside its field.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import TypeVar
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from callout.accounts.zone import at, day_bounds, local
from callout.kernel.checks import Wrong
from callout.kernel.errors import Invalid

T = TypeVar("T")
Fields = Mapping[str, str]
SEVERAL = "more_asset_ids"  # the one field that may be sent more than once; kept as "id,id"
NAMES = (
    *("customer_id", "customer_text", "location", "location_text", "link_site", "type_id"),
    *("priority", "channel", "caller_name", "caller_phone", "contact_id", "contact_text"),
    *("customer_reference", "charge", "follow_up_of_id", "follow_up_of_text", "received_at"),
    *("technician_id", "technician_text", "date", "date_auto", "start", "start_auto", "skip"),
    *("duration", "duration_auto", "vehicle_id", "vehicle_id_auto", "vehicle_text", "description"),
    *(
        "wish_not_before",
        "wish_due",
        "wish_from",
        "wish_to",
        "pick",
        "site_id",
        "aside",
        "draft",
        "page",
        "step",
    ),
)

HOURS = re.compile(r"(?:(\d{1,2})\s*(?:h|u|std|:)\s*)?(?:(\d{1,4})\s*(?:m|min|minutes|minuten)?)?")
PARTS = re.compile(r"(\d{1,2})[.,](\d{1,2})\s*(?:h|u|std)?")


def all_of(sent: Mapping[str, str]) -> dict[str, str]:
    """Every field of the form, empty where nothing was sent; nothing else."""
    several = sent.getlist(SEVERAL) if isinstance(sent, QueryDict) else [sent.get(SEVERAL, "")]
    return {name: sent.get(name, "") for name in NAMES} | {SEVERAL: ",".join(several)}


def identities(value: str) -> list[UUID]:
    """The ids of "id,id", each once. Wrong for what is none."""
    found = [identity(one) for one in value.split(",")]
    return list(dict.fromkeys(one for one in found if one is not None))


def identity(value: str) -> UUID | None:
    """An id, or None for nothing. Wrong for what is none."""
    if not value.strip():
        return None
    try:
        return UUID(value.strip())
    except ValueError:
        raise Wrong(_("Choose one of the list.")) from None


def location(value: str) -> tuple[UUID | None, UUID | None]:
    """Site and asset of "site:ID" or "asset:ID"; at most one of them."""
    kind, _colon, rest = value.partition(":")
    if not value:
        return None, None
    if kind not in ("site", "asset"):
        raise Wrong(_("Choose one of the list."))
    found = identity(rest)
    return (found, None) if kind == "site" else (None, found)


def day(value: str) -> date | None:
    """A date as the browser's field gives it."""
    if not value.strip():
        return None
    try:
        found = date.fromisoformat(value.strip())
    except ValueError:
        raise Wrong(_("Choose a date.")) from None
    if not 2000 <= found.year <= 2199:
        raise Wrong(_("This year cannot be right."))
    return found


def hour(value: str) -> time | None:
    """A time of the day: 11:00, 11.00, 11h, 1100."""
    text = value.strip().lower()
    if not text:
        return None
    found = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d\d))?h?", text)
    hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hours > 23 or minutes > 59:
        raise Wrong(_("Type a time like 16:00."))
    return time(hours, minutes)


def duration(value: str) -> int | None:
    """Minutes of "1 h 30", "1:30", "90 min", "1,5 h" or "90"."""
    text = value.strip().lower()
    if not text:
        return None
    if parts := PARTS.fullmatch(text):
        return round(float(f"{parts[1]}.{parts[2]}") * 60)
    found = HOURS.fullmatch(text)
    if found is None or not (found[1] or found[2]):
        raise Wrong(_("Type a duration like 1 h 30 or 45 min."))
    return int(found[1] or 0) * 60 + int(found[2] or 0)


def duration_words(minutes: int) -> str:
    """The same as people write it."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(count)d min") % {"count": minutes}
    words = _("%(count)d h") % {"count": hours}
    return f"{words} {rest:02d}" if rest else words


def wall_clock(value: str) -> datetime | None:
    """A day and an hour by the company's clock, as the browser's field gives them."""
    if not value.strip():
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Wrong(_("Choose a day and an hour.")) from None
    if found.tzinfo is not None or not 2000 <= found.year <= 2199:
        raise Wrong(_("Choose a day and an hour."))
    return at(found.date(), found.time())


def moment(on: date | None, clock_time: time | None) -> datetime | None:
    """Day and hour by the company's clock; None unless both are there."""
    return at(on, clock_time) if on and clock_time else None


def fields_of(moment: datetime) -> tuple[str, str]:
    """Date and time as the browser's fields hold them."""
    here = local(moment)
    return f"{here:%Y-%m-%d}", f"{here:%H:%M}"


def lenient(read: Callable[[str], T], value: str) -> T | None:
    """What `read` makes of `value`, None while it cannot be read."""
    with suppress(Wrong, OverflowError):
        return read(value)
    return None


class Reader:
    """Reads fields strictly and keeps every error beside its field."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.wrong: dict[str, list[str]] = {}

    def get(self, name: str, read: Callable[[str], T]) -> T | None:
        """The field's value; None, and an error kept, when it cannot be read."""
        try:
            return read(self.fields.get(name, ""))
        except (Wrong, OverflowError) as error:
            self.wrong[name] = [str(error)]
            return None

    def check(self) -> None:
        """Invalid with everything that was wrong."""
        if self.wrong:
            raise Invalid(self.wrong)


def day_start(on: date | None) -> datetime | None:
    """The first moment of the company's day."""
    return day_bounds(on)[0].astimezone(UTC) if on else None


def day_end(on: date | None) -> datetime | None:
    """The moment after the company's day."""
    return day_bounds(on)[1].astimezone(UTC) if on else None
