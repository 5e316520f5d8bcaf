"""Technicians, with what they can, where they live and whose team they are in."""

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
from callout.workforce.models import Skill, Technician


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
