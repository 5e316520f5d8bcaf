"""Every change of this room, one function each: actor first, one transaction, one journal entry."""

from callout.workforce.services.absences import absence_create, absence_remove, absence_update
from callout.workforce.services.calendars import (
    calendar_archive,
    calendar_create,
    calendar_make_default,
    calendar_restore,
    calendar_update,
)
from callout.workforce.services.equipment import (
    skill_archive,
    skill_create,
    skill_restore,
    skill_update,
    vehicle_archive,
    vehicle_create,
    vehicle_restore,
    vehicle_update,
)
from callout.workforce.services.holidays import (
    Filled,
    holiday_add,
    holiday_remove,
    holiday_update,
    holidays_fill,
    holidays_import,
)
from callout.workforce.services.teams import (
    team_archive,
    team_create,
    team_restore,
    team_update,
)
from callout.workforce.services.technicians import (
    technician_archive,
    technician_create,
    technician_restore,
    technician_update,
)
from callout.workforce.services.weeks import working_week_remove, working_week_set

__all__ = [
    "Filled",
    "absence_create",
    "absence_remove",
    "absence_update",
    "calendar_archive",
    "calendar_create",
    "calendar_make_default",
    "calendar_restore",
    "calendar_update",
    "holiday_add",
    "holiday_remove",
    "holiday_update",
    "holidays_fill",
    "holidays_import",
    "skill_archive",
    "skill_create",
    "skill_restore",
    "skill_update",
    "team_archive",
    "team_create",
    "team_restore",
    "team_update",
    "technician_archive",
    "technician_create",
    "technician_restore",
    "technician_update",
    "vehicle_archive",
    "vehicle_create",
    "vehicle_restore",
    "vehicle_update",
    "working_week_remove",
    "working_week_set",
]
