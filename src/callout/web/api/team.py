"""What technicians share: teams, vehicles, skills."""

from datetime import datetime

from pydantic import Field

from callout.web.api.kinds import Body, Created, Linked, Search, Shape, Text
from callout.web.api.links import link
from callout.web.api.resource import Resource, found_in, routes
from callout.workforce import selectors, services
from callout.workforce.models import Skill, Team, Vehicle

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
        find=found_in(selectors.team_list, team_shown),
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
        find=found_in(selectors.vehicle_list, vehicle_shown),
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
        find=found_in(selectors.skill_list, skill_shown),
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
