"""The team: technicians with their weeks and absences, teams, vehicles, skills."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from callout.kernel.actor import Actor
from callout.kernel.paging import Page
from callout.web.api.kinds import (
    Body,
    Created,
    Flag,
    Ids,
    Latitude,
    Linked,
    Longitude,
    Search,
    Shape,
    Text,
    Week,
)
from callout.web.api.links import link, linked
from callout.web.api.resource import Resource, routes
from callout.workforce import policy, selectors, services
from callout.workforce.models import Skill, Team, Technician, Vehicle

# --- technicians ---------------------------------------------------------------------------------


class TechnicianOut(Created):
    """Who works in the field. A technician reads of colleagues the fields without (managers)."""

    name: str
    initials: str
    phone: str
    email: str
    archived_at: datetime | None
    is_subcontractor: bool = Field(False, description="(managers)")
    street: str = Field("", description="(managers) Of the home base.")
    postcode: str = Field("", description="(managers)")
    town: str = Field("", description="(managers)")
    country: str = Field("", description="(managers)")
    latitude: float | None = Field(None, description="(managers)")
    longitude: float | None = Field(None, description="(managers)")
    vehicle: Linked | None = Field(None, description="(managers) Their own.")
    team: Linked | None = Field(None, description="(managers) With whom they are planned.")
    calendar: Linked | None = Field(None, description="(managers) Null: the company's default.")
    user_id: UUID | None = Field(None, description="(managers)")
    skills: list[Linked] = Field([], description="(managers)")


class TechnicianList(Shape):
    items: list[TechnicianOut]
    next: str | None


class TechnicianPatch(Body):
    name: Text = ""
    initials: Text = Field("", description="Made from the name where left out.")
    phone: Text = ""
    email: Text = ""
    is_subcontractor: Flag = False
    street: Text = ""
    postcode: Text = ""
    town: Text = ""
    country: Text = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    vehicle_id: UUID | None = None
    team_id: UUID | None = None
    calendar_id: UUID | None = None
    user_id: UUID | None = None
    skill_ids: Ids = []


class TechnicianNew(TechnicianPatch):
    name: Text
    days: Week | None = Field(None, description="The working week; an ordinary one by default.")


class TechnicianSearch(Search):
    skill_id: UUID | None = None
    team_id: UUID | None = None


COLLEAGUE = ("version", "name", "initials", "phone", "email", "archived_at")
WHOLE = (
    *("is_subcontractor", "street", "postcode", "town", "country", "latitude", "longitude"),
    "user_id",
)


def technician_shown(actor: Actor, row: Technician, skills: list[Skill]) -> TechnicianOut:
    """A technician for this reader."""
    fields: dict[str, Any] = {"id": row.pk, **{name: getattr(row, name) for name in COLLEAGUE}}
    if policy.sees_all_fields(actor, row.pk):
        fields |= {name: getattr(row, name) for name in WHOLE}
        fields |= {"vehicle": linked(row.vehicle), "team": linked(row.team)}
        fields["calendar"] = linked(row.calendar)
        fields["skills"] = [link(skill) for skill in skills]
    return TechnicianOut(**fields)


def _technicians_found(actor: Actor, search: TechnicianSearch) -> Page[TechnicianOut]:
    page = selectors.technician_list(
        actor=actor,
        q=search.q,
        archived=search.archived,
        skill_id=search.skill_id,
        team_id=search.team_id,
        cursor=search.cursor,
        limit=search.limit,
    )
    items = [technician_shown(actor, row, list(row.skills.all())) for row in page.items]
    return Page(items, page.next)


def _technician(actor: Actor, pk: UUID) -> TechnicianOut:
    detail = selectors.technician_detail(actor=actor, technician_id=pk)
    return technician_shown(actor, detail.technician, detail.skills)


technicians = routes(
    Resource(
        place="/technicians",
        tag="Technicians",
        one="a technician",
        search=TechnicianSearch,
        listed=TechnicianList,
        shape=TechnicianOut,
        new=TechnicianNew,
        patch=TechnicianPatch,
        find=_technicians_found,
        read=_technician,
        create=lambda actor, values: services.technician_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.technician_update(
            actor=actor, technician_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.technician_archive(
            actor=actor, technician_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.technician_restore(
            actor=actor, technician_id=pk, version=version
        ),
        archive_words="No more planning, no more sign-in as a technician; the history stays.",
    )
)

# --- teams ---------------------------------------------------------------------------------------


class TeamOut(Created):
    """Technicians who are planned together."""

    name: str
    technicians: list[Linked] = Field(description="Who is in it.")
    archived_at: datetime | None


class TeamList(Shape):
    items: list[TeamOut]
    next: str | None


class TeamNew(Body):
    name: Text


def team_shown(row: Team) -> TeamOut:
    """A team, for whoever works here."""
    return TeamOut(
        id=row.pk,
        version=row.version,
        name=row.name,
        technicians=[link(technician) for technician in row.technicians.all()],
        archived_at=row.archived_at,
    )


def _teams_found(actor: Actor, search: Search) -> Page[TeamOut]:
    page = selectors.team_list(
        actor=actor, q=search.q, archived=search.archived, cursor=search.cursor, limit=search.limit
    )
    return Page([team_shown(row) for row in page.items], page.next)


teams = routes(
    Resource(
        place="/teams",
        tag="Teams",
        one="a team",
        search=Search,
        listed=TeamList,
        shape=TeamOut,
        new=TeamNew,
        patch=TeamNew,
        find=_teams_found,
        read=lambda actor, pk: team_shown(selectors.team_detail(actor=actor, team_id=pk)),
        create=lambda actor, values: services.team_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.team_update(
            actor=actor, team_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.team_archive(
            actor=actor, team_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.team_restore(
            actor=actor, team_id=pk, version=version
        ),
    )
)

# --- vehicles ------------------------------------------------------------------------------------


class VehicleOut(Created):
    """A service vehicle."""

    registration: str
    name: str
    technicians: list[Linked] = Field(description="Whose own it is.")
    archived_at: datetime | None


class VehicleList(Shape):
    items: list[VehicleOut]
    next: str | None


class VehiclePatch(Body):
    registration: Text = Field("", examples=["1-ABC-234"])
    name: Text = ""


class VehicleNew(VehiclePatch):
    registration: Text


def vehicle_shown(row: Vehicle) -> VehicleOut:
    """A vehicle, for the whole team."""
    return VehicleOut(
        id=row.pk,
        version=row.version,
        registration=row.registration,
        name=row.name,
        technicians=[link(technician) for technician in row.technicians.all()],
        archived_at=row.archived_at,
    )


def _vehicles_found(actor: Actor, search: Search) -> Page[VehicleOut]:
    page = selectors.vehicle_list(
        actor=actor, q=search.q, archived=search.archived, cursor=search.cursor, limit=search.limit
    )
    return Page([vehicle_shown(row) for row in page.items], page.next)


vehicles = routes(
    Resource(
        place="/vehicles",
        tag="Vehicles",
        one="a vehicle",
        search=Search,
        listed=VehicleList,
        shape=VehicleOut,
        new=VehicleNew,
        patch=VehiclePatch,
        find=_vehicles_found,
        read=lambda actor, pk: vehicle_shown(selectors.vehicle_detail(actor=actor, vehicle_id=pk)),
        create=lambda actor, values: services.vehicle_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.vehicle_update(
            actor=actor, vehicle_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.vehicle_archive(
            actor=actor, vehicle_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.vehicle_restore(
            actor=actor, vehicle_id=pk, version=version
        ),
    )
)

# --- skills --------------------------------------------------------------------------------------


class SkillOut(Created):
    """What a type of intervention may need and a technician may have."""

    name: str
    archived_at: datetime | None


class SkillList(Shape):
    items: list[SkillOut]
    next: str | None


class SkillNew(Body):
    name: Text


def skill_shown(row: Skill) -> SkillOut:
    """A skill, for the whole team."""
    return SkillOut(id=row.pk, version=row.version, name=row.name, archived_at=row.archived_at)


def _skills_found(actor: Actor, search: Search) -> Page[SkillOut]:
    page = selectors.skill_list(
        actor=actor, q=search.q, archived=search.archived, cursor=search.cursor, limit=search.limit
    )
    return Page([skill_shown(row) for row in page.items], page.next)


skills = routes(
    Resource(
        place="/skills",
        tag="Skills",
        one="a skill",
        search=Search,
        listed=SkillList,
        shape=SkillOut,
        new=SkillNew,
        patch=SkillNew,
        find=_skills_found,
        read=lambda actor, pk: skill_shown(selectors.skill_detail(actor=actor, skill_id=pk)),
        create=lambda actor, values: services.skill_create(actor=actor, **values).pk,
        update=lambda actor, pk, version, values: services.skill_update(
            actor=actor, skill_id=pk, version=version, **values
        ),
        archive=lambda actor, pk, version: services.skill_archive(
            actor=actor, skill_id=pk, version=version
        ),
        restore=lambda actor, pk, version: services.skill_restore(
            actor=actor, skill_id=pk, version=version
        ),
    )
)
