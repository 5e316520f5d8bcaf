"""What technicians have and belong to: vehicles, skills, teams."""

from uuid import UUID

from django.db import models

from callout.kernel.actor import Actor
from callout.kernel.paging import Page, page
from callout.kernel.searching import Choice, matching, ranked, typed
from callout.workforce import policy
from callout.workforce.models import Skill, Team, Technician, Vehicle
from callout.workforce.selectors.reading import archived_or_not, one_of

MEMBERS = models.Prefetch(
    "technicians", Technician.objects.filter(archived_at=None).order_by("name_sort", "id")
)


def vehicle_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Vehicle]:
    """Vehicles by name, with the technicians whose own they are."""
    rows = archived_or_not(policy.visible_vehicles(actor), archived).prefetch_related("technicians")
    return page(matching(rows, q), ["name_sort", "id"], cursor=cursor, limit=limit)


def vehicle_detail(*, actor: Actor, vehicle_id: UUID) -> Vehicle:
    """One vehicle."""
    rows = policy.visible_vehicles(actor).prefetch_related("technicians")
    return one_of(rows, vehicle_id)


def vehicle_search(*, actor: Actor, q: str = "", limit: int = 8) -> list[Choice]:
    """Vehicles to choose from, by typing."""
    rows = archived_or_not(policy.visible_vehicles(actor), archived=False).prefetch_related(
        "technicians"
    )
    return [
        Choice(
            id=row.pk,
            label=str(row),
            detail=", ".join(owner.name for owner in row.technicians.all()),
            icon="truck",
        )
        for row in ranked(rows, q, "name_sort", limit)
    ]


def skill_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[Skill]:
    """Skills by name."""
    rows = archived_or_not(policy.visible_skills(actor), archived).filter(
        name_sort__contains=typed(q)
    )
    return page(rows, ["name_sort", "id"], cursor=cursor, limit=limit)


def skill_detail(*, actor: Actor, skill_id: UUID) -> Skill:
    """One skill."""
    return one_of(policy.visible_skills(actor), skill_id)


def team_list(
    *,
    actor: Actor,
    q: str = "",
    archived: bool = False,
    cursor: str | None = None,
    limit: int = 200,
) -> Page[Team]:
    """Teams by name, with the technicians who are in them (those archived left out)."""
    rows = archived_or_not(policy.visible_teams(actor), archived).filter(
        name_sort__contains=typed(q)
    )
    rows = rows.prefetch_related(MEMBERS)
    return page(rows, ["name_sort", "id"], cursor=cursor, limit=limit)


def team_detail(*, actor: Actor, team_id: UUID) -> Team:
    """One team with its technicians."""
    return one_of(policy.visible_teams(actor).prefetch_related(MEMBERS), team_id)
