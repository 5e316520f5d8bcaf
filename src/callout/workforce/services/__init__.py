"""Every change of this room, one function each: actor first, one transaction, one journal entry."""

from callout.workforce.services.absences import absence_create, absence_remove, absence_update
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
    "absence_create",
    "absence_remove",
    "absence_update",
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
