"""Teams: technicians who are planned together."""

from django.utils.translation import gettext_lazy as _

from callout.web.office.small import Small
from callout.web.office.team.forms import EditTeamForm, TeamForm
from callout.web.office.team.tabs import tabs
from callout.workforce import selectors, services

TEAMS = Small(
    many="teams",
    stem="team_edit",
    new_name="team_new",
    key="team_id",
    place="teams/",
    nav="team",
    tabs=tabs,
    live="team technician",
    title=_("Teams"),
    heads=[_("Team"), _("Technicians")],
    cells=lambda row: [", ".join(one.name for one in row.technicians.all())],
    new_label=_("New team"),
    empty=_("No teams yet"),
    empty_text=_("A team groups technicians who are planned together."),
    placeholder=_("Name"),
    created=_("Team created."),
    fields=["name"],
    form=TeamForm,
    edit_form=EditTeamForm,
    layout=TeamForm.LAYOUT,
    new_note=_("Who is in it is said at each technician."),
    found=selectors.team_list,
    detail=selectors.team_detail,
    create=services.team_create,
    update=services.team_update,
    archive=services.team_archive,
    restore=services.team_restore,
)
