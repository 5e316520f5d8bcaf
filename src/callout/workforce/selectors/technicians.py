"""Technicians: lists, one of them with all that is theirs, and to choose from by typing."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from callout.accounts.models import User
from callout.accounts.zone import today
from callout.customers.positions import problem_of, region
from callout.kernel.actor import Actor
from callout.kernel.errors import NotFound
from callout.kernel.paging import Page, page
from callout.kernel.searching import Choice, matching, ranked
from callout.workforce import policy
from callout.workforce.models import Skill, Technician, WorkingWeek
from callout.workforce.selectors.absences import Away, away_of
from callout.workforce.selectors.reading import archived_or_not

SKILLS = models.Prefetch("skills", Skill.objects.order_by("name_sort"))


@dataclass(frozen=True, slots=True)
class TechnicianDetail:
    """All that a technician's page shows."""

    technician: Technician
    skills: list[Skill]
    weeks: list[WorkingWeek]
    week_now: WorkingWeek | None
    absences: list[Away]


def technician_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    skill_id: UUID | None = None,
    team_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Technician]:
    """Technicians by name, with their skills, team and own vehicle."""
    rows = archived_or_not(policy.visible_technicians(actor), archived)
    rows = rows.select_related("vehicle", "team", "calendar", "user").prefetch_related(SKILLS)
    if skill_id is not None:
        rows = rows.filter(skills=skill_id)
    if team_id is not None:
        rows = rows.filter(team=team_id)
    return page(matching(rows, q), ["name_sort", "id"], cursor=cursor, limit=limit)


def technician_detail(*, actor: Actor, technician_id: UUID) -> TechnicianDetail:
    """One technician with skills, weeks and the absences that are not long past."""
    rows = policy.visible_technicians(actor).select_related("vehicle", "team", "calendar", "user")
    technician = rows.filter(pk=technician_id).first()
    if technician is None:
        raise NotFound
    weeks = list(policy.visible_weeks(actor).filter(technician=technician).order_by("-valid_from"))
    begun = [week for week in weeks if week.valid_from <= today()]
    absences = policy.visible_absences(actor).filter(technician=technician, archived_at=None)
    return TechnicianDetail(
        technician=technician,
        skills=list(technician.skills.order_by("name_sort")),
        weeks=weeks,
        week_now=begun[0] if begun else None,
        absences=[away_of(actor, row) for row in absences.order_by("-start")[:100]],
    )


def technicians_without_position(*, actor: Actor) -> list[tuple[Technician, str]]:
    """The technicians in use whose home base is not on the map, or cannot be right, by name, each
    with what is wrong (see `customers.positions`). For managers."""
    policy.manage(actor)
    usual = region()
    rows = policy.visible_technicians(actor).filter(archived_at=None).order_by("name_sort", "id")
    found = [(row, problem_of(row.latitude, row.longitude, usual)) for row in rows]
    return [(row, problem) for row, problem in found if problem]


def technician_search(*, actor: Actor, q: str = "", limit: int = 8) -> list[Choice]:
    """Technicians to choose from, by typing."""
    rows = archived_or_not(policy.visible_technicians(actor), archived=False).prefetch_related(
        SKILLS
    )
    return [
        Choice(
            id=row.pk,
            label=row.name,
            detail=_technician_line(row),
            initials=row.initials,
        )
        for row in ranked(rows, q, "name_sort", limit)
    ]


def _technician_line(row: Technician) -> str:
    parts = [_("Subcontractor")] if row.is_subcontractor else []
    parts += [skill.name for skill in row.skills.all()][:4]
    return " · ".join(parts)


def users_to_link(*, actor: Actor, keep: UUID | None = None) -> list[tuple[UUID, str]]:
    """Users with the role technician whom no technician is yet (or `keep`): id and name."""
    policy.manage(actor)
    taken = Technician.objects.exclude(user=None).exclude(user=keep).values("user_id")
    rows = User.objects.filter(is_active=True, is_technician=True).exclude(pk__in=taken)
    return [(user.pk, f"{user.name} ({user.email})") for user in rows.order_by("name")]
