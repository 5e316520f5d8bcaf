"""What is read of the team, always for an actor."""

from callout.workforce.calendars import (
    Opening,
    calendar_detail,
    calendar_list,
    holiday_detail,
    holiday_list,
    opening_hours,
    technician_holidays,
)
from callout.workforce.selectors.absences import (
    Away,
    absence_detail,
    absence_list,
    absent_count,
    kind_label,
    technician_absences,
)
from callout.workforce.selectors.means import (
    skill_detail,
    skill_list,
    team_detail,
    team_list,
    vehicle_detail,
    vehicle_list,
    vehicle_search,
)
from callout.workforce.selectors.technicians import (
    TechnicianDetail,
    technician_detail,
    technician_list,
    technician_search,
    technicians_without_position,
    users_to_link,
)
from callout.workforce.selectors.working import (
    Workdays,
    days_ask,
    days_told,
    technician_days,
    technician_hours,
)

__all__ = [
    "Away",
    "Opening",
    "TechnicianDetail",
    "Workdays",
    "absence_detail",
    "absence_list",
    "absent_count",
    "calendar_detail",
    "calendar_list",
    "days_ask",
    "days_told",
    "holiday_detail",
    "holiday_list",
    "kind_label",
    "opening_hours",
    "skill_detail",
    "skill_list",
    "team_detail",
    "team_list",
    "technician_absences",
    "technician_days",
    "technician_detail",
    "technician_holidays",
    "technician_hours",
    "technician_list",
    "technician_search",
    "technicians_without_position",
    "users_to_link",
    "vehicle_detail",
    "vehicle_list",
    "vehicle_search",
]
