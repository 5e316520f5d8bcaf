"""Who sees the team, and who may change it.

A manager sees and changes all. A technician sees the colleagues' names and reach (they are helpers
of each other), the teams, calendars, vehicles and skills; of absences and hours only own
ones. Everybody else sees nothing.
"""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from callout.kernel.actor import Actor, actor_required
from callout.kernel.errors import Forbidden
from callout.workforce.models import (
    Absence,
    Holiday,
    Skill,
    Team,
    Technician,
    Vehicle,
    WorkingCalendar,
    WorkingWeek,
)

M = TypeVar("M", bound=models.Model)

# What a technician may read of a colleague; of themselves they read all.
COLLEAGUE_FIELDS = frozenset({"id", "version", "name", "initials", "phone", "email", "archived_at"})


def manage(actor: Actor) -> None:
    """Forbidden but for a manager."""
    if not actor_required(actor).is_manager:
        raise Forbidden(_("Only a manager may do this."))


def sees_all_fields(actor: Actor, technician_id: object) -> bool:
    """Whether the whole of a technician is for this reader, or `COLLEAGUE_FIELDS` only."""
    return actor_required(actor).is_manager or actor.technician_id == technician_id


def sees_absence_kind(actor: Actor, technician_id: object) -> bool:
    """Why somebody is away is for managers and for that person; others read "absent"."""
    return sees_all_fields(actor, technician_id)


def visible_technicians(actor: Actor) -> QuerySet[Technician]:
    """The technicians that `actor` may know of."""
    return _team(Technician.objects.all(), actor)


def visible_vehicles(actor: Actor) -> QuerySet[Vehicle]:
    """The vehicles that `actor` may know of."""
    return _team(Vehicle.objects.all(), actor)


def visible_skills(actor: Actor) -> QuerySet[Skill]:
    """The skills that `actor` may know of."""
    return _team(Skill.objects.all(), actor)


def visible_teams(actor: Actor) -> QuerySet[Team]:
    """The teams that `actor` may know of."""
    return _team(Team.objects.all(), actor)


def visible_calendars(actor: Actor) -> QuerySet[WorkingCalendar]:
    """The working calendars that `actor` may know of."""
    return _team(WorkingCalendar.objects.all(), actor)


def visible_holidays(actor: Actor) -> QuerySet[Holiday]:
    """The holidays that `actor` may know of."""
    return _team(Holiday.objects.all(), actor)


def visible_absences(actor: Actor) -> QuerySet[Absence]:
    """All absences for a manager; own ones for a technician."""
    return _own(Absence.objects.all(), actor)


def visible_weeks(actor: Actor) -> QuerySet[WorkingWeek]:
    """All working weeks for a manager; own ones for a technician."""
    return _own(WorkingWeek.objects.all(), actor)


def _team(rows: QuerySet[M], actor: Actor) -> QuerySet[M]:
    allowed = actor_required(actor).is_manager or actor.technician_id is not None
    return rows if allowed else rows.none()


def _own(rows: QuerySet[M], actor: Actor) -> QuerySet[M]:
    if actor_required(actor).is_manager:
        return rows
    if actor.technician_id is None:
        return rows.none()
    return rows.filter(technician=actor.technician_id)
