"""Vehicles and skills. They have few fields: their page is the form."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.sections import WORK, Section, add, managers
from callout.web.office.plain import (
    Line,
    Listing,
    deed,
    lines_of,
    list_page,
    options,
    panel,
    version_of,
    wanted,
)
from callout.web.office.team.forms import (
    EditSkillForm,
    EditVehicleForm,
    SkillForm,
    VehicleForm,
)
from callout.web.office.team.tabs import tabs
from callout.web.once import Facts
from callout.workforce import selectors, services
from callout.workforce.models import Skill, Vehicle


def _to_vehicles(_facts: Facts) -> str:
    return reverse("office:vehicles")


def _to_skills(_facts: Facts) -> str:
    return reverse("office:skills")


# --- vehicles --------------------------------------------------------------------------


@manager_page
def vehicles_page(request: ActorRequest) -> HttpResponseBase:
    """All vehicles, by name."""
    page = selectors.vehicle_list(actor=request.actor, **wanted(request))
    listing = Listing(
        title=_("Vehicles"),
        nav="team",
        tabs=tabs(),
        own_tab="office:vehicles",
        live="vehicle technician",
        heads=[_("Vehicle"), _("Registration"), _("Own vehicle of")],
        new_url=reverse("office:vehicle_new"),
        new_label=_("New vehicle"),
        empty=_("No vehicles yet."),
        placeholder=_("Registration or name"),
        in_panel=True,
        **lines_of(page, _vehicle_line),
    )
    return list_page(request, listing)


def _vehicle_line(row: Vehicle) -> Line:
    owners = ", ".join(owner.name for owner in row.technicians.all())
    return Line(
        url=reverse("office:vehicle", args=[row.pk]),
        title=row.name or row.registration,
        cells=[row.registration, owners],
    )


@manager_page
def vehicle_new(request: ActorRequest) -> HttpResponseBase:
    """A new vehicle."""

    def create(given: dict[str, Any]) -> Facts:
        return {"id": str(services.vehicle_create(actor=request.actor, **given).pk)}

    return panel(
        request,
        VehicleForm(request.POST or None),
        create,
        heading=_("New vehicle"),
        done=_to_vehicles,
        said=_("Vehicle created."),
        submit=_("Create"),
        layout=VehicleForm.LAYOUT,
    )


@manager_page
def vehicle_page(request: ActorRequest, vehicle_id: UUID) -> HttpResponseBase:
    """The vehicle's fields."""
    row = selectors.vehicle_detail(actor=request.actor, vehicle_id=vehicle_id)
    initial = {"registration": row.registration, "name": row.name, "version": row.version}

    def change(given: dict[str, Any]) -> Facts:
        services.vehicle_update(actor=request.actor, vehicle_id=vehicle_id, **given)
        return {"id": str(vehicle_id)}

    return panel(
        request,
        EditVehicleForm(request.POST or None, initial=initial),
        change,
        heading=str(row),
        done=_to_vehicles,
        said=_("Saved."),
        layout=VehicleForm.LAYOUT,
        template="office/team/thing.html",
        row=row,
        stem="vehicle",
    )


@require_POST
@manager_page
def vehicle_archive(request: ActorRequest, vehicle_id: UUID) -> HttpResponseBase:
    """Put the vehicle away."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.vehicle_archive(
            actor=request.actor, vehicle_id=vehicle_id, version=version
        ),
        back=reverse("office:vehicles"),
        said=_("Archived."),
    )


@require_POST
@manager_page
def vehicle_restore(request: ActorRequest, vehicle_id: UUID) -> HttpResponseBase:
    """Take the vehicle out of the archive."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.vehicle_restore(
            actor=request.actor, vehicle_id=vehicle_id, version=version
        ),
        back=reverse("office:vehicles"),
        said=_("Restored."),
    )


@manager_page
def vehicle_options(request: ActorRequest) -> HttpResponseBase:
    """Vehicles to choose from, by typing."""
    return options(selectors.vehicle_search(actor=request.actor, q=request.GET.get("q", "")))


# --- skills ----------------------------------------------------------------------------


@manager_page
def skills_page(request: ActorRequest) -> HttpResponseBase:
    """All skills, by name."""
    asked = wanted(request)
    page = selectors.skill_list(
        actor=request.actor, q=asked["q"], archived=asked["archived"], cursor=asked["cursor"]
    )
    listing = Listing(
        title=_("Skills"),
        nav="team",
        tabs=tabs(),
        own_tab="office:skills",
        live="skill",
        heads=[_("Skill")],
        new_url=reverse("office:skill_new"),
        new_label=_("New skill"),
        empty=_("No skills yet. A type of intervention may need some."),
        placeholder=_("Name"),
        in_panel=True,
        **lines_of(page, _skill_line),
    )
    return list_page(request, listing)


def _skill_line(row: Skill) -> Line:
    return Line(url=reverse("office:skill", args=[row.pk]), title=row.name, cells=[])


@manager_page
def skill_new(request: ActorRequest) -> HttpResponseBase:
    """A new skill."""

    def create(given: dict[str, Any]) -> Facts:
        return {"id": str(services.skill_create(actor=request.actor, **given).pk)}

    return panel(
        request,
        SkillForm(request.POST or None),
        create,
        heading=_("New skill"),
        done=_to_skills,
        said=_("Skill created."),
        submit=_("Create"),
        layout=SkillForm.LAYOUT,
    )


@manager_page
def skill_page(request: ActorRequest, skill_id: UUID) -> HttpResponseBase:
    """The skill's name."""
    row = selectors.skill_detail(actor=request.actor, skill_id=skill_id)

    def change(given: dict[str, Any]) -> Facts:
        services.skill_update(actor=request.actor, skill_id=skill_id, **given)
        return {"id": str(skill_id)}

    return panel(
        request,
        EditSkillForm(request.POST or None, initial={"name": row.name, "version": row.version}),
        change,
        heading=row.name,
        done=_to_skills,
        said=_("Saved."),
        layout=SkillForm.LAYOUT,
        template="office/team/thing.html",
        row=row,
        stem="skill",
    )


@require_POST
@manager_page
def skill_archive(request: ActorRequest, skill_id: UUID) -> HttpResponseBase:
    """No longer offered."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.skill_archive(actor=request.actor, skill_id=skill_id, version=version),
        back=reverse("office:skills"),
        said=_("Archived."),
    )


@require_POST
@manager_page
def skill_restore(request: ActorRequest, skill_id: UUID) -> HttpResponseBase:
    """Offered again."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.skill_restore(actor=request.actor, skill_id=skill_id, version=version),
        back=reverse("office:skills"),
        said=_("Restored."),
    )


add(
    Section(
        WORK, _("Skills"), _("What technicians can do"), "office:skills", "certificate", managers
    )
)
