"""Teams. They have few fields: their page is the form."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callout.web.access import ActorRequest, manager_page
from callout.web.office.plain import (
    Line,
    Listing,
    deed,
    lines_of,
    list_page,
    panel,
    version_of,
    wanted,
)
from callout.web.office.team.forms import EditTeamForm, TeamForm
from callout.web.office.team.tabs import tabs
from callout.web.once import Facts
from callout.workforce import selectors, services
from callout.workforce.models import Team


def _to_teams(_facts: Facts) -> str:
    return reverse("office:teams")


@manager_page
def teams_page(request: ActorRequest) -> HttpResponseBase:
    """All teams, by name."""
    page = selectors.team_list(actor=request.actor, limit=50, **wanted(request))
    listing = Listing(
        title=_("Teams"),
        nav="team",
        tabs=tabs(),
        own_tab="office:teams",
        live="team technician",
        heads=[_("Team"), _("Technicians")],
        new_url=reverse("office:team_new"),
        new_label=_("New team"),
        empty=_("No teams yet. A team groups technicians who are planned together."),
        placeholder=_("Name"),
        in_panel=True,
        **lines_of(page, _line),
    )
    return list_page(request, listing)


def _line(row: Team) -> Line:
    return Line(
        url=reverse("office:team_edit", args=[row.pk]),
        title=row.name,
        cells=[", ".join(technician.name for technician in row.technicians.all())],
    )


@manager_page
def team_new(request: ActorRequest) -> HttpResponseBase:
    """A new team."""

    def create(given: dict[str, Any]) -> Facts:
        return {"id": str(services.team_create(actor=request.actor, **given).pk)}

    return panel(
        request,
        TeamForm(request.POST or None),
        create,
        heading=_("New team"),
        done=_to_teams,
        said=_("Team created."),
        submit=_("Create"),
        layout=TeamForm.LAYOUT,
        note=_("Who is in it is said at each technician."),
    )


@manager_page
def team_page(request: ActorRequest, team_id: UUID) -> HttpResponseBase:
    """The team's name."""
    row = selectors.team_detail(actor=request.actor, team_id=team_id)

    def change(given: dict[str, Any]) -> Facts:
        services.team_update(actor=request.actor, team_id=team_id, **given)
        return {"id": str(team_id)}

    return panel(
        request,
        EditTeamForm(request.POST or None, initial={"name": row.name, "version": row.version}),
        change,
        heading=row.name,
        done=_to_teams,
        said=_("Saved."),
        layout=TeamForm.LAYOUT,
        template="office/team/thing.html",
        row=row,
        stem="team_edit",
    )


@require_POST
@manager_page
def team_archive(request: ActorRequest, team_id: UUID) -> HttpResponseBase:
    """Put the team away."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.team_archive(actor=request.actor, team_id=team_id, version=version),
        back=reverse("office:teams"),
        said=_("Archived."),
    )


@require_POST
@manager_page
def team_restore(request: ActorRequest, team_id: UUID) -> HttpResponseBase:
    """Take the team out of the archive."""
    version = version_of(request)
    return deed(
        request,
        lambda: services.team_restore(actor=request.actor, team_id=team_id, version=version),
        back=reverse("office:teams"),
        said=_("Restored."),
    )
