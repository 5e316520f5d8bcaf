"""What each field of this room takes, and what is worked out from it (sort and search columns)."""

import re
from typing import Any

from django.utils.translation import gettext as _

from callout.customers.fields import ADDRESS, PHONE, phone_words
from callout.kernel import checks, hours
from callout.kernel.checks import Check, Wrong, choice, text
from callout.kernel.text import normalise
from callout.workforce.models import AbsenceKind, Technician, Vehicle


def registration(value: Any) -> str:
    """A number plate, as it is compared: capitals, blanks as dashes."""
    given = str(text(20, required=True)(value)).upper().replace(" ", "-")
    given = str(text(20)(given))  # ß is two letters in capitals
    if not re.fullmatch(r"[A-Z0-9-]*[A-Z0-9][A-Z0-9-]*", given):
        raise Wrong(_("Type letters, digits and dashes only, like 1-ABC-234."))
    return given


def opening(value: Any) -> hours.Week:
    """A week in which some hour is open: a target that no hour brings nearer has no end."""
    week = hours.week(value)
    if not any(week):
        raise Wrong(_("Open on one day of the week at least."))
    return week


SKILL: dict[str, Check] = {"name": text(80, required=True)}
TEAM: dict[str, Check] = {"name": text(80, required=True)}
VEHICLE: dict[str, Check] = {"registration": registration, "name": text(80)}
TECHNICIAN: dict[str, Check] = {
    **ADDRESS,
    "name": text(120, required=True),
    "initials": text(4),
    "phone": PHONE,
    "email": checks.email,
    "is_subcontractor": checks.flag,
    "latitude": checks.degrees(90),
    "longitude": checks.degrees(180),
    "vehicle_id": checks.id_or_none,
    "team_id": checks.id_or_none,
    "calendar_id": checks.id_or_none,
    "user_id": checks.id_or_none,
}
CALENDAR: dict[str, Check] = {"name": text(80, required=True), "days": opening}
HOLIDAY: dict[str, Check] = {"date": checks.day(required=True), "name": text(80, required=True)}
WEEK: dict[str, Check] = {"valid_from": checks.day(required=True), "days": hours.week}
ABSENCE: dict[str, Check] = {
    "kind": choice(AbsenceKind.values),
    "start": checks.moment,
    "end": checks.moment,
    "note": text(500),
}

# Which values are codes that a journal's fact may hold; everything else is personal.
CODES = {
    "skill": frozenset({"name"}),
    "team": frozenset({"name"}),
    "calendar": frozenset({"name", "days", "is_default"}),
    "vehicle": frozenset({"registration", "name"}),
    "technician": frozenset(
        {"is_subcontractor", "vehicle_id", "team_id", "calendar_id", "user_id", "country"}
    ),
    "absence": frozenset({"technician_id", "start", "end"}),
}


def technician_columns(row: Technician) -> None:
    """The columns that lists sort by and searches read."""
    row.name_sort = normalise(row.name)[:160]
    row.search = normalise(" ".join([row.name, row.town, row.email, phone_words(row.phone)]))


def vehicle_columns(row: Vehicle) -> None:
    """The same for a vehicle; the plate also without its dashes."""
    row.name_sort = normalise(f"{row.name or row.registration} {row.registration}")[:160]
    plain = row.registration.replace("-", "")
    row.search = normalise(f"{row.name} {row.registration} {plain}")
