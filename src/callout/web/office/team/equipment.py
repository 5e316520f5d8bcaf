"""Vehicles and skills."""

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from callout.web.access import ActorRequest, manager_page
from callout.web.office.account.sections import WORK, Section, add, managers
from callout.web.office.plain import options
from callout.web.office.small import Small
from callout.web.office.team.forms import (
    EditSkillForm,
    EditVehicleForm,
    SkillForm,
    VehicleForm,
)
from callout.web.office.team.tabs import tabs
from callout.workforce import selectors, services

VEHICLES = Small(
    many="vehicles",
    stem="vehicle",
    new_name="vehicle_new",
    key="vehicle_id",
    place="vehicles/",
    nav="team",
    tabs=tabs,
    live="vehicle technician",
    title=_("Vehicles"),
    heads=[_("Vehicle"), _("Registration"), _("Own vehicle of")],
    cells=lambda row: [row.registration, ", ".join(one.name for one in row.technicians.all())],
    new_label=_("New vehicle"),
    empty=_("No vehicles yet"),
    empty_text=_("A technician’s own vehicle is proposed with them."),
    placeholder=_("Registration or name"),
    created=_("Vehicle created."),
    fields=["registration", "name"],
    form=VehicleForm,
    edit_form=EditVehicleForm,
    layout=VehicleForm.LAYOUT,
    found=selectors.vehicle_list,
    detail=selectors.vehicle_detail,
    create=services.vehicle_create,
    update=services.vehicle_update,
    archive=services.vehicle_archive,
    restore=services.vehicle_restore,
)

SKILLS = Small(
    many="skills",
    stem="skill",
    new_name="skill_new",
    key="skill_id",
    place="settings/skills/",
    nav="team",
    tabs=tabs,
    live="skill",
    title=_("Skills"),
    heads=[_("Skill")],
    cells=lambda _row: [],
    new_label=_("New skill"),
    empty=_("No skills yet"),
    empty_text=_("A type of intervention may need some; who has them is proposed for it."),
    placeholder=_("Name"),
    created=_("Skill created."),
    fields=["name"],
    form=SkillForm,
    edit_form=EditSkillForm,
    layout=SkillForm.LAYOUT,
    found=selectors.skill_list,
    detail=selectors.skill_detail,
    create=services.skill_create,
    update=services.skill_update,
    archive=services.skill_archive,
    restore=services.skill_restore,
)


@manager_page
def vehicle_options(request: ActorRequest) -> HttpResponseBase:
    """Vehicles to choose from, by typing."""
    return options(selectors.vehicle_search(actor=request.actor, q=request.GET.get("q", "")))


add(
    Section(
        WORK,
        _("The team’s week"),
        _("Who works, and who is absent"),
        "office:team_week",
        "calendar-week",
        lambda actor: actor.is_technician and not actor.is_manager,
    )
)
add(
    Section(
        WORK, _("Skills"), _("What technicians can do"), "office:skills", "certificate", managers
    )
)
